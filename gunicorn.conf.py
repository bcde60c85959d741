"""How the site is served: `gunicorn`, started in this folder, reads this file by itself."""

import gc
import os
import sys

wsgi_app = "ecosystem.wsgi"
bind = "127.0.0.1:" + os.environ.get("PORT", "8000")

# Measured: two processes of four threads serve more pages on two cores than four processes.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4

loglevel = "warning"
# No access log: addresses of readers are not kept. No control socket: it would lie in $HOME.
accesslog = None
control_socket_disable = True


def post_fork(server, worker):
    """Leave what every page shares to itself: collecting it again and again is lost time."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 1000)


def post_worker_init(worker):
    """Leave the secrets of mailed links out of what is said about requests that fail."""
    from ecosystem.logs import WithoutSecrets

    worker.log.error_log.addFilter(WithoutSecrets())


def when_ready(server):
    """Say where to look, once there is something to see."""
    address = f"http://{bind}/"
    sys.stdout.write(
        f"\n  L’annuaire vous attend sur {address} (Ctrl-C l’arrête)."
        f"\n  The directory awaits you at {address}en/ (Ctrl-C stops it).\n\n"
    )
    sys.stdout.flush()

"""Understanding answers in processes of their own: what takes too long or too much is ended.

A reader never asks for anything itself. What it lacks it names, and begins again with all of it:
so no reader waits for the network, and two are enough for many hosts at a time.
"""

import os
import resource
import subprocess
import sys
import threading
import traceback
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from .reading import SourceError, Unreadable

SECONDS = 10
MEMORY = 1_500_000_000
# One reading may ask for so many addresses: pages of an archive, an index and what it lists.
MOST_ASKED = 12

# A fresh interpreter, which knows nothing of whoever starts it: neither locks nor connections.
PROGRAM = f"import sys; from {__name__} import serve; serve(int(sys.argv[1]))"


class OurFault(Exception):
    """A reader failed in a way nobody foresaw. The text says where."""


class Needs(BaseException):
    """No `except Exception` of a kind may swallow it: its reader lacks this answer."""

    def __init__(self, url):
        super().__init__(url)
        self.url = url


class Readers:
    """A few processes that understand answers; threads share them.

    `run("helpers.sources.feed", "read", ask, url, context)` calls that function there.
    """

    def __init__(self, count=2, *, seconds=SECONDS):
        self.seconds = seconds
        self._free = [Reader() for _ in range(count)]
        self._is_free = threading.Semaphore(count)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for reader in self._free:
            reader.end()

    def run(self, module, function, ask, *arguments):
        """Return what the function returns. Raise what it may raise, or `OurFault`.

        Too slow or too large is `Unreadable` too: a source can be so, and all others go on.
        """
        answers = {}
        while True:
            outcome, value = self._once((module, function, answers, arguments))
            match outcome:
                case "returned":
                    return value
                case "raised":
                    raise value
                case "failed":
                    raise OurFault(value)
            if len(answers) == MOST_ASKED:
                raise Unreadable("too_slow")
            answers[value] = self._asked(ask, value)

    @staticmethod
    def _asked(ask, url):
        try:
            return ask(url)
        except SourceError as failure:
            return failure

    def _once(self, job):
        with self._is_free:
            reader = self._free.pop()
            try:
                return reader.run(job, self.seconds)
            finally:
                self._free.append(reader)


class Reader:
    """One process, started when it is needed and started again when it had to be ended."""

    def __init__(self):
        self.process = self.pipe = None

    def run(self, job, seconds):
        if self.process is None or self.process.poll() is not None:
            self._start()
        try:
            self.pipe.send(job)
            if self.pipe.poll(seconds):
                return self.pipe.recv()
        except (EOFError, OSError):
            # It was ended from outside: more memory than it may have, as a rule.
            self.end()
            return "raised", Unreadable("too_large")
        self.end()
        return "raised", Unreadable("too_slow")

    def _start(self):
        self.end()
        self.pipe, other = Pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(other.fileno())],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
        )
        other.close()
        # What it takes to start is not what it takes to understand.
        try:
            is_ready = self.pipe.poll(60) and self.pipe.recv() == "ready"
        except EOFError:
            is_ready = False
        if not is_ready:
            self.end()
            raise OurFault("A reader did not start.")

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.pipe.close()
            self.process = self.pipe = None


def serve(number):
    """Understand what comes through pipe ``number``, until whoever holds its other end is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe = Connection(number)
    import_module(f"{__package__}.kinds")
    pipe.send("ready")
    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        pipe.send(outcome_of(*job))


def outcome_of(module, function, answers, arguments):
    """Return what became of one call, as a pair that can be sent."""

    def ask(url):
        if url not in answers:
            raise Needs(url)
        if isinstance(answers[url], Exception):
            raise answers[url]
        return answers[url]

    try:
        return "returned", getattr(import_module(module), function)(ask, *arguments)
    except Needs as needs:
        return "needs", needs.url
    except SourceError as expected:
        return "raised", expected
    except MemoryError:
        return "raised", Unreadable("too_large")
    # The one place where anything may happen: a stranger's text met our parser.
    except Exception:
        return "failed", traceback.format_exc()

#!/usr/bin/env bash
# Set up whatever is missing and serve on this machine: `run.sh [PORT]`.
set -euo pipefail
cd "$(dirname "$0")/.."

export PORT="${1:-8000}"

is_taken() {
    (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

if ! [[ $PORT =~ ^[1-9][0-9]{0,4}$ ]] || [ "$PORT" -gt 65535 ]; then
    echo "« $PORT » n’est pas un numéro de port : essayez « make run PORT=8000 »." >&2
    echo "“$PORT” is no port number: try “make run PORT=8000”." >&2
    exit 1
fi
if is_taken "$PORT"; then
    free=$((PORT < 65000 ? PORT + 1 : 8000))
    while is_taken "$free"; do free=$((free + 1)); done
    echo "Le port $PORT est déjà pris : essayez « make run PORT=$free »." >&2
    echo "Port $PORT is taken already: try “make run PORT=$free”." >&2
    exit 1
fi

# A database of one's own is not for playing: no demo there, unless DEMO says so.
if [ -z "${DATABASE_URL:-}" ]; then
    export DEMO="${DEMO:-1}"
fi
scripts/setup.sh
# shellcheck source=scripts/environment.sh
. scripts/environment.sh
if [ -z "${DATABASE_URL:-}" ]; then
    .venv/bin/python manage.py load_demo --if-empty
fi
# The demo contacts nobody: what it reads is answered on this machine, at a port that is free.
case "${DEMO:-}" in
1 | true | True | yes | on)
    export ANSWERS_PORT="${ANSWERS_PORT:-8900}"
    while is_taken "$ANSWERS_PORT"; do ANSWERS_PORT=$((ANSWERS_PORT + 1)); done
    .venv/bin/python manage.py serve_answers --beside $$ &
    ;;
esac
# What happens by itself: mail leaves, reminders are written, what is old goes. It gives way to
# readers, and ends with the server, however that ends: this process becomes the server.
nice -n 5 .venv/bin/python manage.py worker --beside $$ &
exec .venv/bin/python -m gunicorn

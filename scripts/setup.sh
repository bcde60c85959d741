#!/usr/bin/env bash
# Set up everything but the demo: dependencies, translations, static files, a key, the database.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install.sh
# shellcheck source=scripts/environment.sh
. scripts/environment.sh

.venv/bin/python scripts/messages.py compile
# The manifest is the last file that collecting writes, so its date tells whether it is behind.
manifest="$DATA_DIR/static/staticfiles.json"
if [ ! -e "$manifest" ] || [ -n "$(find static .venv/requirements.txt -newer "$manifest")" ]; then
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0
fi
.venv/bin/python manage.py migrate --noinput --verbosity 0

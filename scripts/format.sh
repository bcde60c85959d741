#!/usr/bin/env bash
# Put Python and templates in the house's format, and mend what can be mended without thought.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python -m ruff check --fix-only --quiet .
.venv/bin/python -m ruff format .
find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

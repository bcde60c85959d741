#!/usr/bin/env bash
# Write requirements*.txt from pyproject.toml: every version and hash, for every platform, and no
# word about where they come from. `lock.sh` keeps what is pinned, `lock.sh --upgrade` takes the newest.
# Needs uv; takes one from .venv or the path.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH="$PWD/.venv/bin:$PATH"
if ! command -v uv >/dev/null; then
    echo "This needs uv: .venv/bin/python -m pip install uv" >&2
    exit 1
fi
# Folders and indexes of this machine may hold other builds of the same version.
unset PIP_EXTRA_INDEX_URL PIP_FIND_LINKS PIP_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_INDEX
export UV_NO_CONFIG=1 UV_CUSTOM_COMPILE_COMMAND=scripts/lock.sh

lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links "$@" pyproject.toml
}
lock "$@" --output-file requirements.txt
lock "$@" --extra dev --constraints requirements.txt --output-file requirements-dev.txt

#!/usr/bin/env bash
# Make .venv and put the pinned dependencies in it: `install.sh` for what the site needs to run,
# `install.sh development` for tests and checks too. Does nothing, at once, where that is done.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

# The newest Python that is old enough for every dependency to have a wheel for it.
find_python() {
    local name
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        # Asked, not looked up: a version manager may offer a name that does not run.
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "This needs Python 3.11 or newer, and found none." \
        "On Debian or Ubuntu: apt-get install python3 python3-venv. On macOS: brew install python."
}

# Debian keeps the part of Python that makes virtual environments in a package of its own.
make_sure_of_venv() {
    local package
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $package, which this Python lacks…"
        { apt-get update && apt-get install --yes --no-install-recommends "$package"; } \
            </dev/null >/dev/null && return
    fi
    stop "This Python cannot make virtual environments: its package $package is missing." \
        "Install it (sudo apt-get install $package), then run the same command again."
}

is_usable() {
    .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

wanted=requirements.txt
if [ "${1:-}" = development ]; then
    wanted=requirements-dev.txt
fi
# What was installed is kept beside it: a changed list is noticed, whatever the dates of the files.
if is_usable && cmp -s "$wanted" ".venv/$wanted"; then
    exit
fi

if ! is_usable; then
    python="$(find_python)"
    make_sure_of_venv "$python"
    echo "Making .venv with $("$python" --version)…"
    "$python" -m venv --clear .venv
fi
echo "Installing the dependencies into .venv (up to a minute)…"
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$wanted" ||
    stop "The dependencies could not be installed; the reason stands above." \
        "What was done is kept: run the same command again."
# The longer list holds the shorter one, at the same versions.
cp requirements.txt .venv/
[ "$wanted" = requirements.txt ] || cp "$wanted" .venv/

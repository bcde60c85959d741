#!/usr/bin/env bash
# Everything that can be said about the sources without running the tests. All of it is run, so
# that one round shows all there is to mend.
set -euo pipefail
cd "$(dirname "$0")/.."

# Settings as in production, and nothing of the shell's: what is found must not depend on who asks.
unset ANSWERS_PORT CACHE_URL CONTACT_EMAIL DATABASE_URL DEBUG DEMO EMAIL_URL MAIL_FROM REVIEW_FIRST \
    SECRET_KEY_FILE SOURCES_ALLOWED SOURCE_WORKERS TILE_ATTRIBUTION TILE_URL TRUSTED_PROXIES
DATA_DIR="$(mktemp -d)"
trap 'rm -rf "$DATA_DIR"' EXIT
SECRET_KEY="$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')"
export DATA_DIR SECRET_KEY
export ALLOWED_HOSTS=directory.example.org SITE_URL=https://directory.example.org
# 2026-11: the one that is excused is set on purpose; it goes away with Django 6.0.
strict=(-W error -W "ignore:The FORMS_URLFIELD_ASSUME_HTTPS transitional setting is deprecated")

failed=()
check() {
    local name="$1"
    shift
    if "$@"; then
        printf 'ok      %s\n' "$name"
    else
        printf 'FAILED  %s\n' "$name"
        failed+=("$name")
    fi
}

python=.venv/bin/python
check "format of Python" $python -m ruff format --check --quiet .
check "lint of Python" $python -m ruff check --quiet .
check "format of templates" \
    find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
check "lint of templates" $python -m djlint --lint --quiet templates
check "translations" $python scripts/messages.py check
check "migrations" $python "${strict[@]}" manage.py makemigrations --check --dry-run
check "settings" $python "${strict[@]}" manage.py check --deploy --fail-level WARNING

if [ "${#failed[@]}" -gt 0 ]; then
    printf '%s\n' "${#failed[@]} of the checks failed." >&2
    exit 1
fi

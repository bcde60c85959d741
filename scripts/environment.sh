# To be read by the other scripts, from the top of the project: where data lies, and a key.

export DATA_DIR="${DATA_DIR:-$PWD/var}"
mkdir -p "$DATA_DIR"

# A key of this copy's own, kept so that nobody is signed out by a restart.
if [ -z "${SECRET_KEY:-}" ] && [ -z "${SECRET_KEY_FILE:-}" ]; then
    export SECRET_KEY_FILE="$DATA_DIR/secret_key"
    if [ ! -s "$SECRET_KEY_FILE" ]; then
        (
            umask 077
            .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' \
                >"$SECRET_KEY_FILE.new"
        )
        mv "$SECRET_KEY_FILE.new" "$SECRET_KEY_FILE"
    fi
fi

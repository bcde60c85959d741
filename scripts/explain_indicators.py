"""Write docs/*/indicators.md from what the program says of its indicators; a test compares them."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecosystem.settings")
    # Nothing is signed or stored here.
    os.environ.setdefault("SECRET_KEY", "explain-" * 8)
    import django

    django.setup()
    from django.utils import translation

    from helpers.explanations import as_markdown

    for language in ("en", "fr"):
        with translation.override(language):
            path = ROOT / "docs" / language / "indicators.md"
            path.write_text(as_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()

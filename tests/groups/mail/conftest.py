"""A mail server, and templates of mails to put into the queue."""

import pytest

from tests.smtp import open_post_office, use


@pytest.fixture
def post_office(settings):
    with open_post_office() as office:
        use(settings, office.port)
        yield office


@pytest.fixture
def templates(settings, tmp_path):
    """Add a mail, “greeting”, to the product's templates. Return the folder, to add more."""
    folder = tmp_path / "mail"
    folder.mkdir()
    write_template(folder, "greeting", "{{ words }}", "Text: {{ words }}", "<p>{{ words }}</p>")
    engine = settings.TEMPLATES[0]
    dirs = [*engine["DIRS"], tmp_path]
    settings.TEMPLATES = [{**engine, "DIRS": dirs}, *settings.TEMPLATES[1:]]
    return folder


def write_template(folder, name, subject, text, html):
    (folder / f"{name}.subject.txt").write_text(f"{subject}\n", encoding="utf-8")
    (folder / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    (folder / f"{name}.html").write_text(f"{html}\n", encoding="utf-8")

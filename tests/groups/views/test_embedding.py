import gzip

import pytest

from tests.factories import make_ecosystem, make_group
from tests.markup import problems_of

pytestmark = pytest.mark.django_db


def test_the_script_is_small_and_kept_for_a_day(client):
    response = client.get("/embed.js")

    assert len(gzip.compress(response.content)) <= 2_000
    assert response["Content-Type"].startswith("text/javascript")
    assert "max-age=86400" in response["Cache-Control"]
    assert client.get("/embed.js", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_choices_become_the_preview_and_the_lines_to_copy(client):
    make_ecosystem("rivages", name="Rivages & Cie")
    make_group(keywords=["rivages"], name="<b>Jardins</b>", kind="support")

    response = client.get("/ecosystems/rivages/embed/?view=cards&kind=support&limit=5&country=")

    snippets = response.context["snippets"]
    assert 'data-ecosystem="rivages" data-view="cards" data-kind="support"' in snippets["script"]
    assert (
        "/ecosystems/rivages/widget/?view=cards&amp;kind=support&amp;limit=5" in snippets["frame"]
    )
    assert "&lt;b&gt;Jardins&lt;/b&gt;" in snippets["plain"]
    assert 'rel="license">CC BY-SA 4.0</a>' in snippets["plain"]
    assert problems_of(response.text, language="fr") == []
    assert "frame-src 'self'" in response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response.cookies == {}


def test_a_word_nobody_shows_cannot_be_embedded(client):
    make_group(keywords=["secret"], review="pending")

    assert client.get("/ecosystems/secret/embed/").status_code == 404

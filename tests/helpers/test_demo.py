"""The demo contacts nobody: a server on this machine answers in everybody's place."""

import threading
from http.server import ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command

from helpers.collecting import own_fetcher
from helpers.demo.agreeing import agree
from helpers.demo.answering import Answering, answer_of
from helpers.models import Rhythm, Source
from tests.collecting import NOON
from tests.factories import make_group


@pytest.fixture
def demo(settings):
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.DEMO = True
        settings.ANSWERS_PORT = server.server_address[1]
        yield
        server.shutdown()


def test_whatever_is_asked_in_the_demo_is_answered_on_this_machine(demo):
    fetcher = own_fetcher()

    page = fetcher.fetch("https://jardins-lagune.example/nouvelles/")
    feed = fetcher.fetch("https://jardins-lagune.example/nouvelles/feed.xml")
    fetcher.close()

    assert b'href="/nouvelles/feed.xml"' in page.body
    assert feed.body.count(b"<item>") == 20


def test_a_post_of_the_demo_keeps_its_name_and_its_day():
    before, later = (
        answer_of("a.example", "/news/feed.xml", moment)[2].decode() for moment in (NOON, NOON)
    )

    assert before == later


def test_names_that_somebody_may_have_do_not_answer():
    assert answer_of("example.org", "/", NOON)[0] == 404


@pytest.mark.django_db
def test_groups_of_the_demo_agreed_to_be_read():
    for name in ("jardins-lagune", "korrigans", "teral-quartier"):
        make_group(short_name=name, services={"news": f"https://{name}.example/nouvelles/"})

    assert agree(NOON) == 2
    assert {each.state for each in Source.objects.all()} == {"new"}
    assert Rhythm.objects.filter(has_source=True).count() == 2


@pytest.mark.django_db
def test_only_the_demo_has_saved_answers():
    with pytest.raises(CommandError):
        call_command("serve_answers")

"""From an address that a facilitator pastes to a source that is read, and back."""

from datetime import timedelta

import pytest

from helpers import accepting
from helpers.collecting import collect
from helpers.models import LinkCheck, Look, Rhythm, Sighting, Source
from helpers.sources.addresses import NotAnAddress
from tests.collecting import NOON, feed_answer, make_source
from tests.factories import make_group, make_person
from tests.hostile import answer

pytestmark = pytest.mark.django_db

PAGE = b"""<!doctype html><html><head><title>The garden</title>
<link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Hello</body></html>"""


@pytest.fixture
def garden(site):
    """A site with a feed that its page names."""
    site.answers["/"] = answer(PAGE, kind="text/html")
    site.answers["/feed"] = feed_answer(1, 8, 15, 22)
    return site


@pytest.fixture
def look(garden, tools):
    """A look that was taken at the garden."""
    wanted = accepting.ask_for_look(
        make_group(), garden.url(host="garden.test"), make_person(), NOON
    )
    collect(tools=tools, at_once=0)
    wanted.refresh_from_db()
    return wanted


def accept(look, now=NOON, **choices):
    choices = {"position": position_of_feed(look), "indicator": "news"} | choices
    return accepting.accept(look, choices["position"], choices["indicator"], look.asked_by, now)


def position_of_feed(look):
    [position] = [number for number, each in enumerate(look.found) if each["kind"] == "feed"]
    return position


def test_a_look_shows_what_would_be_counted_and_counts_nothing(look):
    found = look.found[position_of_feed(look)]

    assert (look.done_at, look.problem) == (NOON, "")
    assert found["url"].endswith("/feed")
    assert (found["indicator"], found["total"], len(found["days"])) == ("news", 4, 4)
    assert not Sighting.objects.exists()
    assert not Source.objects.exists()


def test_what_is_accepted_is_read_and_its_indicator_turns_from_unknown_to_on_track(look, tools):
    source = accept(look)
    before = Rhythm.objects.get(group=look.group, indicator="news").status

    collect(tools=tools, at_once=0)

    source.refresh_from_db()
    assert (source.accepted_at, source.accepted_by) == (NOON, look.asked_by)
    assert (before, source.state) == ("unknown", "fine")
    assert Rhythm.objects.get(group=look.group, indicator="news").status == "on_track"


def test_what_is_accepted_twice_is_read_once(look):
    assert accept(look) == accept(look)
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "choices",
    [{"position": -1}, {"position": 99}, {"now": NOON + timedelta(days=7, seconds=1)}],
)
def test_what_was_not_found_or_long_ago_cannot_be_accepted(look, choices):
    assert accept(look, **choices) is None
    assert not Source.objects.exists()


def test_a_group_has_so_many_sources_and_no_more(look, site):
    for number in range(accepting.MOST_SOURCES):
        make_source(site, f"/{number}", group=look.group)

    assert accept(look) is None


def test_what_is_stopped_is_not_read_any_more_and_what_was_counted_stays(look, tools, garden):
    source = accept(look)
    collect(tools=tools, at_once=0)
    LinkCheck.objects.create(group=look.group, kind="home", url="http://a.test/", host="a.test")
    asked = len(garden.asked)

    assert accepting.stop(source, look.asked_by, NOON)

    assert not accepting.stop(source, look.asked_by, NOON)
    tools.now += timedelta(days=30)
    assert collect(tools=tools, at_once=0) == {}
    assert len(garden.asked) == asked
    assert Sighting.objects.filter(source=source).count() == 4
    assert not LinkCheck.objects.exists()
    assert not Rhythm.objects.get(group=look.group, indicator="news").has_source


def test_a_move_to_another_site_is_followed_once_a_facilitator_says_so(look, tools, garden):
    source = accept(look)
    moved = garden.url("/moved", host="other.test")
    garden.answers["/feed"] = answer(status="301 Moved", Location=moved)
    garden.answers["/moved"] = feed_answer(1)
    collect(tools=tools, at_once=0)
    assert not Sighting.objects.exists()

    assert accepting.follow_move(source, look.asked_by, NOON)
    collect(tools=tools, at_once=0)

    source.refresh_from_db()
    assert (source.url, source.host, source.state) == (moved, "other.test", "fine")
    assert Sighting.objects.count() == 1
    assert not accepting.follow_move(source, look.asked_by, NOON)


def test_a_look_that_finds_nothing_says_why(site, tools):
    wanted = accepting.ask_for_look(make_group(), site.url("/none", host="a.test"), None, NOON)

    assert collect(tools=tools, at_once=0) == {"hosts": 1, "looks": 1}
    wanted.refresh_from_db()
    assert (wanted.found, wanted.problem, wanted.http_status) == ([], "gone", 404)


def test_an_address_is_looked_at_once_however_often_it_was_asked_for(site):
    group = make_group()
    for _ in range(3):
        accepting.ask_for_look(group, site.url(host="garden.test"), None, NOON)

    assert Look.objects.count() == 1


def test_what_is_no_address_is_not_looked_at():
    with pytest.raises(NotAnAddress):
        accepting.ask_for_look(make_group(), "http://user:word@garden.test/", None, NOON)
    assert not Look.objects.exists()


def test_a_look_comes_before_what_is_due(site, tools):
    for number in range(3):
        make_source(site, f"/{number}", next_check_at=NOON - timedelta(days=9))
    accepting.ask_for_look(make_group(), site.url("/look", host="garden.test"), None, NOON)

    collect(tools=tools, at_once=0)

    assert site.paths()[1] == "/look"

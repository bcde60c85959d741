"""Links of groups that let us read: dead after three failures over fourteen days, told to few."""

import random
from datetime import timedelta

import pytest

from groups.models import Mail
from helpers.checking import follow_links, note_answer
from helpers.collecting import collect
from helpers.models import LinkCheck
from tests.collecting import NOON, make_source
from tests.factories import make_facilitator, make_group
from tests.hostile import answer

pytestmark = pytest.mark.django_db
DICE = random.Random(7)


@pytest.fixture
def group(site):
    """A group whose facilitator accepted one source, and whose links lie at `site`."""
    links = {"home": "/", "join": "/join", "follow_up": "/secret"}
    group = make_group(
        services={kind: site.url(path, host="garden.test") for kind, path in links.items()}
    )
    make_source(site, group=group, next_check_at=NOON + timedelta(days=900))
    make_facilitator(group)
    return group


def test_public_links_of_groups_that_let_us_read_are_checked_and_no_others(site, group):
    make_group(services={"home": site.url("/other")})

    follow_links(NOON)
    follow_links(NOON)

    checks = LinkCheck.objects.values_list("group", "kind").order_by("kind")
    assert list(checks) == [(group.pk, "home"), (group.pk, "join")]


def test_a_link_that_was_changed_begins_anew_and_one_taken_away_is_forgotten(site, group):
    follow_links(NOON)
    LinkCheck.objects.update(state="dead")
    group.services.filter(kind="join").update(url=site.url("/new", host="garden.test"))
    group.services.filter(kind="home").delete()

    follow_links(NOON)

    [check] = LinkCheck.objects.all()
    assert (check.kind, check.state) == ("join", "new")


def test_who_lets_us_read_nothing_any_more_is_not_checked_either(group):
    follow_links(NOON)
    group.sources.update(stopped_at=NOON)

    follow_links(NOON)

    assert not LinkCheck.objects.exists()


def test_a_link_is_asked_for_and_its_page_not_read(site, group, tools):
    site.answers["/"] = answer(b"hello", kind="video/mp4")
    site.answers["/join"] = answer(status="404 Not Found")
    follow_links(NOON)

    tally = collect(tools=tools, at_once=0)

    assert tally == {"hosts": 1, "links": 2}
    checks = LinkCheck.objects.order_by("kind").values_list("kind", "state", "http_status")
    assert list(checks) == [("home", "fine", 200), ("join", "failing", 404)]


def note(check, days, status=404, code=None):
    note_answer(check.pk, status, code, NOON + timedelta(days=days), DICE)
    check.refresh_from_db()
    return check.state


@pytest.fixture
def check(group):
    follow_links(NOON)
    return LinkCheck.objects.get(kind="join")


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ([0, 7, 14], "dead"),
        ([0, 7, 13.99], "failing"),
        ([0, 14], "failing"),
        ([0, 7, 14, 90], "dead"),
    ],
)
def test_a_link_is_dead_after_three_failures_over_fourteen_days(check, days, state):
    assert [note(check, day) for day in days][-1] == state


@pytest.mark.parametrize("status", [401, 403, 405, 407, 429, 999])
def test_what_says_nothing_to_programs_is_unknown(check, status):
    note(check, 0)

    assert note(check, 20, status) == "unknown"
    assert (check.failures, check.failing_since) == (0, None)


def test_what_robots_txt_forbids_is_unknown(check):
    assert note(check, 0, None, "robots") == "unknown"


def test_one_good_answer_and_it_is_fine(check):
    for day in (0, 7, 14):
        note(check, day)

    assert note(check, 21, 200) == "fine"
    assert (check.failures, check.failing_since) == (0, None)


def test_the_facilitators_alone_are_told_and_once(check, group):
    for day in (0, 7, 14, 21, 28):
        note(check, day)

    [mail] = Mail.objects.all()
    assert mail.person_id == group.facilitators.get().person_id
    assert not mail.is_asked
    assert mail.subject == f"Un lien de « {group.name} » ne mène plus nulle part"
    assert "« S’inscrire » répond 404 depuis le 27 novembre 2026." in mail.text


def test_a_link_that_dies_again_is_told_again(check):
    for day, status in [(0, 404), (7, 404), (14, 404), (21, 200), (30, 404), (40, 500), (50, 404)]:
        note(check, day, status)

    assert Mail.objects.count() == 2

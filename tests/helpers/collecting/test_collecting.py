"""`collect`: what is due is read, whatever one source does, and nothing is lost or doubled."""

import time
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from helpers import collecting, outcomes, recording
from helpers.claiming import claim_hosts, renew
from helpers.collecting import collect
from helpers.models import Host, Rhythm, Run, Sighting, Source
from tests.collecting import NOON, feed_answer, make_source
from tests.factories import make_group
from tests.hostile import answer
from tests.sharing import at_once

pytestmark = pytest.mark.django_db


def again(source):
    source.refresh_from_db()
    return source


def days_of(source):
    return sorted(Sighting.objects.filter(source=source).values_list("day", flat=True))


def test_a_source_is_read_and_its_rhythm_known(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1, 8, 15)

    tally = collect(tools=tools, at_once=0)

    assert tally == {"hosts": 1, "read": 1}
    assert days_of(source) == [date(2026, 11, 12), date(2026, 11, 19), date(2026, 11, 26)]
    assert again(source).state == "fine"
    assert source.collected_through == date(2026, 11, 27)
    rhythm = Rhythm.objects.get(group=source.group, indicator="news")
    assert (rhythm.status, rhythm.last_on) == ("on_track", date(2026, 11, 26))


def test_what_is_read_twice_counts_once(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1, 8)
    collect(tools=tools, at_once=0)

    tools.now += timedelta(days=2)
    site.answers["/feed"] = feed_answer(-2, 1, 8)
    collect(tools=tools, at_once=0)

    assert len(days_of(source)) == 3


def test_what_is_not_due_or_not_accepted_is_not_asked_for(site, tools):
    archived = make_group(activity="archived")
    pending = make_group(review="pending")
    make_source(site, "/1", next_check_at=NOON + timedelta(microseconds=1))
    make_source(site, "/2", accepted_at=None)
    make_source(site, "/3", stopped_at=NOON)
    make_source(site, "/4", group=archived)
    make_source(site, "/5", group=pending)

    assert collect(tools=tools, at_once=0) == {}
    assert site.asked == []


def test_the_most_overdue_is_read_first(site, tools):
    for hours in (1, 3, 2):
        make_source(
            site,
            f"/{hours}",
            host=f"host-{hours}.test",
            next_check_at=NOON - timedelta(hours=hours),
        )

    collect(tools=tools, at_once=0)

    assert [path for path in site.paths() if path != "/robots.txt"] == ["/3", "/2", "/1"]


def test_an_answer_that_is_as_before_is_not_read_again(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1, ETag='"one"')
    collect(tools=tools, at_once=0)

    site.answers["/feed"] = answer(status="304 Not Modified")
    tools.now += timedelta(days=1)
    tally = collect(tools=tools, at_once=0)

    assert tally == {"hosts": 1, "unchanged": 1}
    assert site.asked[-1][1]["If-None-Match"] == '"one"'
    assert again(source).collected_through == date(2026, 11, 28)


def test_once_a_week_it_is_read_in_full_all_the_same(site, tools):
    make_source(site)
    site.answers["/feed"] = feed_answer(1, ETag='"one"')
    collect(tools=tools, at_once=0)

    tools.now += timedelta(days=7)
    collect(tools=tools, at_once=0)

    assert "If-None-Match" not in site.asked[-1][1]


def test_what_changes_is_asked_for_more_often_and_what_does_not_less(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1)
    collect(tools=tools, at_once=0)
    first = again(source).interval

    for _ in range(5):
        tools.now = again(source).next_check_at
        collect(tools=tools, at_once=0)

    assert (first, again(source).interval) == (timedelta(hours=12), timedelta(days=3))


# ── Broken is not silent ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answered", "state", "problem"),
    [
        (answer(status="500 Oops"), "failing", "server_error"),
        (answer(status="404 Not Found"), "failing", "gone"),
        (answer(status="410 Gone"), "gone", "gone"),
        (answer(status="401 Who are you"), "needs_login", "needs_login"),
        (answer(status="403 No"), "needs_login", "needs_login"),
        (answer(b"GIF89a", kind="image/gif"), "unreadable", "wrong_type"),
        (answer(status="301 Moved", Location="http://elsewhere.test:{port}/new"), "moved", "moved"),
    ],
)
def test_what_cannot_be_read_has_a_state_of_its_own(site, tools, answered, state, problem):
    source = make_source(site)
    site.answers["/feed"] = answered.replace(b"{port}", str(site.port).encode())
    site.answers["/new"] = feed_answer(1)

    assert collect(tools=tools, at_once=0) == {"hosts": 1, "failed": 1}
    assert (again(source).state, source.problem) == (state, problem)
    assert source.failing_since == NOON
    assert source.collected_through is None
    assert not Sighting.objects.exists()


def test_what_is_not_found_is_gone_after_three_times_over_three_days(site, tools):
    source = make_source(site)
    states = []

    for days in (0, 1, 2, 3):
        tools.now = NOON + timedelta(days=days)
        Source.objects.update(next_check_at=tools.now)
        collect(tools=tools, at_once=0)
        states.append(again(source).state)

    assert states == ["failing", "failing", "failing", "gone"]


def test_an_indicator_whose_only_source_fails_becomes_unknown_and_not_silent(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1, 8, 15)
    collect(tools=tools, at_once=0)

    site.answers["/feed"] = answer(status="500 Oops")
    for days in (3, 6, 9):
        tools.now = NOON + timedelta(days=days)
        Source.objects.update(next_check_at=tools.now)
        Host.objects.update(not_before=None)
        collect(tools=tools, at_once=0)

    rhythm = Rhythm.objects.get(group=source.group, indicator="news")
    assert (rhythm.status, rhythm.unknown_reason) == ("unknown", "unreadable")
    assert again(source).failures == 3


def test_empty_where_there_was_something_is_a_failure(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1)
    collect(tools=tools, at_once=0)

    site.answers["/feed"] = feed_answer()
    tools.now += timedelta(days=1)
    collect(tools=tools, at_once=0)

    assert (again(source).state, source.problem) == ("unreadable", "emptied")
    assert source.collected_through == date(2026, 11, 27)


def test_a_source_that_is_read_again_is_fine_again(site, tools):
    source = make_source(site)
    collect(tools=tools, at_once=0)
    site.answers["/feed"] = feed_answer(1)

    tools.now += timedelta(days=1)
    collect(tools=tools, at_once=0)

    assert again(source).state == "fine"
    assert (source.problem, source.failures, source.failing_since) == ("", 0, None)


def test_a_source_that_fails_is_asked_less_and_less_often(site, tools):
    source = make_source(site)
    pauses = []

    for _ in range(9):
        collect(tools=tools, at_once=0)
        pauses.append(again(source).next_check_at - tools.now)
        tools.now = source.next_check_at

    assert timedelta(minutes=30) <= pauses[0] <= timedelta(minutes=90)
    assert pauses[3] > pauses[0] * 2
    assert max(pauses) <= timedelta(days=3)


def test_a_move_within_the_site_is_followed(site, tools):
    source = make_source(site)
    site.answers["/feed"] = answer(
        status="301 Moved", Location=site.url("/new", host="www.garden.test")
    )
    site.answers["/new"] = feed_answer(1)

    collect(tools=tools, at_once=0)

    assert again(source).url == site.url("/new", host="www.garden.test")
    assert (source.host, source.state) == ("www.garden.test", "fine")


def test_a_move_to_another_site_is_not_followed_by_itself(site, tools):
    source = make_source(site)
    site.answers["/feed"] = answer(status="308 Moved", Location=site.url("/a", host="spam.test"))
    site.answers["/a"] = feed_answer(1)

    collect(tools=tools, at_once=0)

    assert again(source).moved_to == site.url("/a", host="spam.test")
    assert source.url == site.url("/feed", host="garden.test")


# ── Manners ─────────────────────────────────────────────────────────────────────────────────────


def test_a_host_that_does_not_answer_is_asked_once_and_its_other_sources_wait(site, tools):
    for number in range(3):
        make_source(site, f"/{number}")
    site.answers["/robots.txt"] = lambda connection, headers: time.sleep(3)

    tally = collect(tools=tools, at_once=0)

    assert tally == {"hosts": 1, "failed": 3}
    assert site.paths() == ["/robots.txt"]
    assert {each.problem for each in Source.objects.all()} == {"timed_out"}
    assert Host.objects.get().not_before > NOON


def test_a_host_that_wants_fewer_visits_gets_fewer(site, tools):
    first, second = make_source(site, "/1"), make_source(site, "/2")
    site.answers["/1"] = answer(status="429 Too Many Requests", Retry_After="7200")
    site.answers["/2"] = feed_answer(1)
    collect(tools=tools, at_once=0)

    tools.now = NOON + timedelta(minutes=119)
    Source.objects.update(next_check_at=tools.now)
    assert collect(tools=tools, at_once=0) == {}

    site.answers["/1"] = feed_answer(2)
    tools.now = NOON + timedelta(minutes=120)
    assert collect(tools=tools, at_once=0)["read"] == 2
    assert {again(first).state, again(second).state} == {"fine"}


def test_the_rules_of_a_site_are_remembered_by_the_next_process(site, tools):
    make_source(site)
    site.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /feed")
    collect(tools=tools, at_once=0)

    tools.fetcher.robots.clear()
    Source.objects.update(next_check_at=NOON)
    collect(tools=tools, at_once=0)

    assert site.paths() == ["/robots.txt"]
    assert Source.objects.get().problem == "robots"


# ── One bad source ──────────────────────────────────────────────────────────────────────────────


def break_for(monkeypatch, broken):
    """Let our own program fail for one source."""
    see_all = recording.see_all

    def failing(source, *args, **kwargs):
        if source.pk == broken.pk:
            raise ZeroDivisionError
        return see_all(source, *args, **kwargs)

    monkeypatch.setattr(outcomes.recording, "see_all", failing)


def test_a_fault_of_ours_stops_one_source_and_no_other(site, tools, monkeypatch, caplog):
    broken, *others = [make_source(site, f"/{number}") for number in range(3)]
    for number in range(3):
        site.answers[f"/{number}"] = feed_answer(1)
    break_for(monkeypatch, broken)

    tally = collect(tools=tools, at_once=0)

    assert tally == {"hosts": 1, "faults": 1, "read": 2}
    assert "ZeroDivisionError" in caplog.text
    assert again(broken).problem == "own_fault"
    assert broken.next_check_at > NOON
    assert {again(each).state for each in others} == {"fine"}


def test_the_command_sums_up_and_fails_only_by_a_fault_of_ours(
    site, tools, monkeypatch, capsys, caplog
):
    @contextmanager
    def these(stop):
        yield tools

    monkeypatch.setattr(collecting, "own_tools", these)
    monkeypatch.setattr(collecting, "collect", lambda **_: collect(tools=tools, at_once=0))
    good, _bad = make_source(site, "/good"), make_source(site, "/bad")
    site.answers["/good"] = feed_answer(1)

    with translation.override("en"):
        call_command("collect")
    assert capsys.readouterr().out == (
        "Sites asked: 1. Sources: 1 read, 0 unchanged, 1 failed, 0 stopped. Links: 0. Looks: 0. "
        "Faults of ours: 0.\n"
    )
    assert Run.objects.get().tally == {"hosts": 1, "read": 1, "failed": 1}

    break_for(monkeypatch, good)
    Source.objects.update(next_check_at=NOON)
    with pytest.raises(CommandError):
        call_command("collect")


def test_a_source_stopped_while_it_was_read_counts_nothing(site, tools):
    source = make_source(site)

    def stopped_meanwhile(connection, headers):
        return feed_answer(1)

    site.answers["/feed"] = stopped_meanwhile
    run = tools.readers.run

    class Stopping:
        def run(self, *args):
            reading = run(*args)
            Source.objects.update(stopped_at=NOON)
            return reading

    tools.readers = Stopping()

    assert collect(tools=tools, at_once=0) == {"hosts": 1, "stopped": 1}
    assert days_of(source) == []


# ── Several at once ─────────────────────────────────────────────────────────────────────────────


def test_a_host_is_claimed_by_one_and_left_to_the_next_when_its_time_is_over(site):
    make_source(site)

    [host] = claim_hosts(NOON, 5)

    assert claim_hosts(NOON + timedelta(minutes=5, microseconds=-1), 5) == []
    [next_one] = claim_hosts(NOON + timedelta(minutes=5), 5)
    assert not renew(host, NOON)
    assert renew(next_one, NOON)


def test_whoever_was_too_slow_writes_nothing(site, tools):
    source = make_source(site)
    site.answers["/feed"] = feed_answer(1)
    [slow] = claim_hosts(NOON, 1)
    claim_hosts(NOON + timedelta(minutes=6), 1)

    assert outcomes.read(source.pk, slow, tools) == ("stopped", None)
    assert days_of(source) == []


@pytest.mark.django_db(transaction=True)
def test_two_collectors_at_once_read_everything_once(shared, site, readers, tools):
    for number in range(12):
        make_source(site, f"/{number}", host=f"host-{number % 4}.test")
        site.answers[f"/{number}"] = feed_answer(1, 8)
    tallies = []

    def run():
        tallies.append(collect(tools=tools, at_once=0))

    assert at_once(shared, run, run) == []
    assert sum(each["read"] for each in tallies) == 12
    assert sorted(path for path in site.paths() if path != "/robots.txt") == sorted(
        f"/{number}" for number in range(12)
    )
    assert Sighting.objects.count() == 24

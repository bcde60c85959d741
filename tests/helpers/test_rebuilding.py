import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from groups.models import Pause
from helpers import rebuilding
from helpers.models import Rhythm, Transition
from helpers.rebuilding import MADE_AGAIN, most_processes, rebuild
from helpers.recording import announce, declare_rhythm, open_poll, see
from helpers.refreshing import refresh
from tests.factories import make_group
from tests.helpers.factories import DAY, NOW, TODAY, every, make_source

pytestmark = pytest.mark.django_db


def make_busy_world():
    """Some of everything that a rhythm follows from."""
    group = make_group()
    Pause.objects.create(group=group, from_day=TODAY - 60 * DAY, until_day=TODAY - 40 * DAY)
    see(group, "meetings", every(30, last=TODAY - 80 * DAY), now=NOW)
    open_poll(group, "meetings", now=NOW)
    discussion = make_source(group, indicator="discussion")
    counts = {TODAY - ago * DAY: 1 + ago % 7 for ago in range(300)}
    see(group, "discussion", counts, source=discussion, now=NOW)
    other = make_group(time_zone="Pacific/Kiritimati")
    see(other, "news", every(20), source=make_source(other, indicator="news"), now=NOW)
    declare_rhythm(other, "news", 30.4, by=None, now=NOW)
    announce(other, "meetings", TODAY + 9 * DAY, now=NOW)
    refresh(NOW)


def state():
    return list(Rhythm.objects.order_by("pk").values_list(*MADE_AGAIN))


def test_what_was_kept_is_what_the_evidence_says():
    make_busy_world()
    before = state()

    assert rebuild(NOW) == (10, 0)
    assert state() == before


def test_what_is_wrong_is_made_right_and_a_status_that_was_is_a_row():
    make_busy_world()
    before = state()
    since = MADE_AGAIN.index("status_since")
    rows = Transition.objects.count()
    Rhythm.objects.update(
        gaps=[], first_on=None, last_on=None, weeks=[], silent_on=None, status="too_busy"
    )

    assert rebuild(NOW) == (10, 10)

    def without_since(rows):
        return [[*row[:since], *row[since + 1 :]] for row in rows]

    assert without_since(state()) == without_since(before)
    assert Transition.objects.count() == rows + 10
    assert rebuild(NOW) == (10, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "10 indicateurs regardés, 3 modifiés.\n"),
        (["--today"], "3 états modifiés.\n"),
    ],
)
def test_the_command_says_what_it_did(options, said, capsys, time_machine):
    make_busy_world()
    time_machine.move_to(NOW + timedelta(days=200), tick=False)

    call_command("refresh_indicators", *options)

    assert capsys.readouterr().out == said


# Servers of other tests may have threads; nothing of theirs is used in the processes.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_several_processes_say_what_one_says(monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one process write at a time: only one rebuilds there.")
    for _ in range(4):
        make_busy_world()
    before = state()
    Rhythm.objects.update(gaps=[], last_on=None, silent_on=None, status="too_busy")
    monkeypatch.setattr(rebuilding, "GROUPS_A_STEP", 3)

    assert rebuild(NOW, processes=3) == (40, 40)

    since = MADE_AGAIN.index("status_since")
    assert [row[:since] for row in state()] == [row[:since] for row in before]
    assert rebuild(NOW, processes=3) == (40, 0)


def test_sqlite_lets_one_process_rebuild_and_postgresql_as_many_as_there_are_processors():
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )

    assert most_processes() == (1 if connection.vendor == "sqlite" else processors)

"""What each answer of a check-in does, in whose name, and how a later one corrects it."""

from datetime import timedelta

import pytest

from groups.models import Mail, Pause
from helpers import recording
from helpers.answering import Said, answer
from helpers.models import Announcement, CheckIn, HelpRequest, Nudge, Rhythm, Sighting
from helpers.questions import HELP, PAUSING
from tests.factories import make_facilitator, make_group, make_person
from tests.helpers.factories import DAY, NOW, TODAY, every, make_source
from tests.sharing import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada():
    return make_person("ada@example.org", language="en")


@pytest.fixture
def check_in(ada):
    """A check-in about meetings that have been silent for 70 days, and news nobody knows of."""
    group = make_group()
    make_facilitator(group, ada)
    recording.see(group, "meetings", every(30, times=6, last=TODAY - 70 * DAY), now=NOW)
    recording.rhythms_of(group, NOW)
    return CheckIn.objects.create(
        person=ada,
        group=group,
        month=TODAY,
        indicators=["meetings", "news"],
        expires_at=NOW + 60 * DAY,
    )


def rhythm(check_in, indicator="meetings"):
    return Rhythm.objects.get(group=check_in.group, indicator=indicator)


def by_hand(check_in):
    return list(Sighting.objects.filter(person=check_in.person).values_list("indicator", "day"))


# What each does


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (Said("held", day=TODAY), "on_track"),
        (Said("held", day=TODAY - 69 * DAY), "silent"),
        (Said("ahead", day=TODAY + 14 * DAY), "on_track"),
        (Said("nothing"), "silent"),
        (Said("stopped", words="The hall is gone."), "archived"),
    ],
)
def test_an_answer_about_meetings_turns_their_status(check_in, said, status):
    assert rhythm(check_in).status == "silent"

    answer(check_in, {"meetings": said}, now=NOW)

    assert rhythm(check_in).status == status
    assert rhythm(check_in, "news").unknown_reason == "no_source"


@pytest.mark.parametrize(
    ("said", "status", "why"),
    [
        (Said("held", day=TODAY - 3 * DAY), "on_track", ""),
        (Said("ahead", day=TODAY + 3 * DAY), "on_track", ""),
        (Said("nothing"), "unknown", "nothing_yet"),
        (Said("never"), "archived", ""),
    ],
)
def test_an_answer_about_what_nobody_knew_makes_it_known(check_in, said, status, why):
    answer(check_in, {"news": said}, now=NOW)

    news = rhythm(check_in, "news")
    assert (news.status, news.unknown_reason) == (status, why)


def test_nothing_new_moves_what_is_known_to_today(check_in):
    answer(check_in, {"meetings": Said("nothing"), "news": Said("nothing")}, now=NOW)

    assert rhythm(check_in).noted_through == TODAY
    assert rhythm(check_in, "news").noted_through == TODAY


def test_an_answer_is_worth_as_much_as_a_source(check_in):
    """The same days, once read and once answered, give the same rhythm."""
    source = make_source(indicator="meetings")
    for day in every(30, times=6):
        recording.see(source.group, "meetings", {day: 1}, source=source, through=TODAY, now=NOW)
        answer(check_in, {"news": Said("held", day=day)}, now=NOW)
        CheckIn.objects.update(effects={})

    read = Rhythm.objects.get(group=source.group, indicator="meetings")
    told = rhythm(check_in, "news")
    assert (told.gaps, told.last_on) == (read.gaps, read.last_on)
    assert (told.status, told.usual_days) == (read.status, read.usual_days)


def test_an_answer_covers_where_the_source_could_not_be_read(check_in):
    source = make_source(check_in.group, collected_through=TODAY - 30 * DAY)
    recording.cover(source, TODAY - 30 * DAY, now=NOW)
    assert rhythm(check_in).unknown_reason == "unreadable"

    answer(check_in, {"meetings": Said("nothing")}, now=NOW)

    assert rhythm(check_in).collected_through == TODAY
    assert rhythm(check_in).status == "silent"


def test_a_pause_stops_the_clocks_of_the_whole_group(check_in):
    until = TODAY + 30 * DAY
    answer(check_in, {PAUSING: Said(PAUSING, day=until)}, now=NOW)

    assert Pause.objects.get().until_day == until
    assert set(Rhythm.objects.values_list("status", flat=True)) == {"paused"}


def test_help_is_put_on_the_page_of_the_helpers(check_in, ada):
    answer(check_in, {HELP: Said("difficulty", words="Nobody comes.")}, now=NOW)

    call = HelpRequest.objects.get()
    assert (call.by, call.words, call.occasion) == (ada, "Nobody comes.", "difficulty")


def test_everything_is_recorded_in_the_name_of_whoever_was_asked(check_in, ada):
    said = {
        "meetings": Said("held", day=TODAY),
        "news": Said("ahead", day=TODAY + 3 * DAY),
        PAUSING: Said(PAUSING, day=TODAY + 9 * DAY),
    }
    answer(check_in, said, now=NOW)

    assert Sighting.objects.get(day=TODAY).person == ada
    assert Announcement.objects.get().person == ada
    assert Pause.objects.get().created_by == ada
    changes = rhythm(check_in).transitions.filter(at=NOW)
    assert {each.by for each in changes.exclude(before="unknown")} == {ada}


def test_all_is_recorded_or_nothing(check_in, monkeypatch):
    monkeypatch.setattr("helpers.answering.ask_for_help", lambda *args, **fields: 1 / 0)
    said = {"meetings": Said("held", day=TODAY), HELP: Said("difficulty")}

    with pytest.raises(ZeroDivisionError):
        answer(check_in, said, now=NOW)

    check_in.refresh_from_db()
    assert (by_hand(check_in), check_in.answered_at, check_in.effects) == ([], None, {})


def test_what_was_written_is_kept_where_it_acts_and_nowhere_else(check_in):
    said = {"meetings": Said("stopped", words="Ada is ill."), HELP: Said("difficulty", words="Oh.")}
    answer(check_in, said, now=NOW)

    check_in.refresh_from_db()
    assert check_in.answered_at == NOW
    assert "ill" not in str(check_in.effects) + str(Mail.objects.values_list("text"))
    assert "Oh." not in str(check_in.effects)
    assert rhythm(check_in).ended_why == "Ada is ill."


# A later answer corrects


@pytest.mark.parametrize(
    "first",
    [
        Said("held", day=TODAY),
        Said("ahead", day=TODAY + 14 * DAY),
        Said("stopped", words="Wrong."),
    ],
)
def test_the_last_answer_stands(check_in, first):
    answer(check_in, {"meetings": first}, now=NOW)
    answer(check_in, {"meetings": Said("held", day=TODAY - 5 * DAY)}, now=LATER)

    assert by_hand(check_in) == [("meetings", TODAY - 5 * DAY)]
    assert not Announcement.objects.filter(cancelled_at=None).exists()
    assert (rhythm(check_in).last_on, rhythm(check_in).ended_on) == (TODAY - 5 * DAY, None)
    assert rhythm(check_in).status == "on_track"


def test_what_is_no_longer_said_is_taken_back(check_in):
    until = TODAY + 30 * DAY
    both = {PAUSING: Said(PAUSING, day=until), HELP: Said("difficulty")}
    answer(check_in, {"meetings": Said("nothing"), **both}, now=NOW)
    answer(check_in, {"meetings": Said("nothing")}, now=LATER)

    assert not Pause.objects.exists()
    assert rhythm(check_in).status == "silent"
    assert HelpRequest.objects.get().settled_by == check_in.person


def test_what_nothing_is_said_about_stays_as_it_was_answered(check_in):
    answer(check_in, {"meetings": Said("held", day=TODAY)}, now=NOW)
    answer(check_in, {"news": Said("nothing")}, now=LATER)
    answer(check_in, {"meetings": Said("held", day=TODAY - DAY)}, now=LATER)

    assert by_hand(check_in) == [("meetings", TODAY - DAY)]
    check_in.refresh_from_db()
    assert check_in.effects.keys() == {"meetings", "news"}


def test_said_again_after_it_was_over_it_is_so_again(check_in, ada):
    said = {"news": Said("never"), PAUSING: Said(PAUSING, day=TODAY + 9 * DAY)}
    answer(check_in, said, now=NOW)
    recording.end_pause(check_in.group, by=ada, now=NOW)
    recording.reopen_indicator(check_in.group, "news", by=ada, now=NOW)

    answer(check_in, said, now=LATER)

    assert Pause.objects.get().until_day == TODAY + 9 * DAY
    assert rhythm(check_in, "news").ended_on == TODAY


def test_nothing_new_said_again_later_moves_what_is_known(check_in):
    for days in (0, 20):
        answer(check_in, {"meetings": Said("nothing")}, now=NOW + days * DAY)

    assert rhythm(check_in).noted_through == TODAY + 20 * DAY


def test_the_same_answer_again_changes_nothing(check_in):
    said = {
        "meetings": Said("held", day=TODAY),
        "news": Said("stopped", words="Enough."),
        PAUSING: Said(PAUSING, day=TODAY + 9 * DAY),
        HELP: Said("difficulty", words="Help."),
    }
    answer(check_in, said, now=NOW)
    before = [list(model.objects.values_list()) for model in (Sighting, Pause, HelpRequest, Rhythm)]
    answer(check_in, said, now=LATER)

    after = [list(model.objects.values_list()) for model in (Sighting, Pause, HelpRequest, Rhythm)]
    assert after == before


def test_a_pause_is_moved_not_doubled(check_in):
    for days in (9, 20):
        answer(check_in, {PAUSING: Said(PAUSING, day=TODAY + days * DAY)}, now=NOW)

    assert Pause.objects.get().until_day == TODAY + 20 * DAY


def test_other_words_about_the_same_help_replace_the_first(check_in):
    for words in ("Help.", "Better put: help us."):
        answer(check_in, {HELP: Said("difficulty", words=words)}, now=NOW)

    assert HelpRequest.objects.get().words == "Better put: help us."


def test_what_somebody_else_noted_is_not_taken_back(check_in):
    ben = make_person("ben@example.org")
    recording.see(check_in.group, "meetings", {TODAY: 1}, person=ben, now=NOW - DAY / 24)
    HelpRequest.objects.create(group=check_in.group, by=ben, occasion="difficulty", words="Mine.")
    said = {"meetings": Said("held", day=TODAY), HELP: Said("difficulty", words="Hers.")}
    answer(check_in, said, now=NOW)
    answer(check_in, {"meetings": Said("nothing")}, now=LATER)

    assert Sighting.objects.filter(person=ben, day=TODAY).exists()
    call = HelpRequest.objects.get()
    assert (call.words, call.settled_at) == ("Mine.", None)


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_at_once_records_once(shared, check_in):
    said = {"meetings": Said("held", day=TODAY), HELP: Said("difficulty")}

    assert at_once(shared, *[lambda: answer(check_in, said, now=NOW)] * 3) == []

    assert by_hand(check_in) == [("meetings", TODAY)]
    assert HelpRequest.objects.count() == 1


# The answer to a kind word


@pytest.mark.parametrize(
    ("said", "outcome", "until_day"),
    [
        ({"meetings": Said("held", day=TODAY)}, "answered", None),
        ({"meetings": Said("nothing")}, "answered", None),
        ({PAUSING: Said(PAUSING, day=TODAY + 9 * DAY)}, "on_holiday", TODAY + 9 * DAY),
        ({"meetings": Said("stopped")}, "stopped", None),
        ({"meetings": Said("stopped"), "news": Said("nothing")}, "answered", None),
        ({"meetings": Said("held", day=TODAY), HELP: Said("difficulty")}, "needs_help", None),
    ],
)
def test_answering_a_kind_word_notes_what_came_of_it(check_in, ada, said, outcome, until_day):
    nudge = Nudge.objects.create(group=check_in.group, text="Hello")
    CheckIn.objects.update(nudge=nudge, month=None)

    answer(CheckIn.objects.get(), said, now=NOW)

    nudge.refresh_from_db()
    assert (nudge.outcome, nudge.until_day) == (outcome, until_day)
    assert (nudge.outcome_by, nudge.outcome_at) == (ada, NOW)

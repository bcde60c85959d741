"""A kind word and what comes of it: the links in its mail, and what a helper notes."""

import re

import pytest

from groups.models import Mail, Pause
from helpers import nudging, recording
from helpers.alerts import follow_transitions
from helpers.answering import Said, answer
from helpers.checkins import find
from helpers.models import Alert, CheckIn, HelpRequest, Nudge, Rhythm
from tests.factories import make_facilitator, make_group, make_person
from tests.helpers.factories import DAY, NOW, TODAY, every

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper():
    return make_person("helper@example.org", name="Hanna")


@pytest.fixture
def group():
    """A group of Ada and Ben whose meetings fell silent."""
    group = make_group(name="Velo")
    for name in ("ada", "ben"):
        make_facilitator(group, make_person(f"{name}@example.org", language="en"))
    recording.see(group, "meetings", every(30, times=6, last=TODAY - 70 * DAY), now=NOW)
    recording.rhythms_of(group, NOW)
    follow_transitions(NOW)
    return group


def rhythm_of(group, indicator="meetings"):
    return Rhythm.objects.get(group=group, indicator=indicator)


def send(group, rhythm, helper, way="mail"):
    return nudging.send(group, rhythm, "Hello", way=way, language="en", by=helper, now=NOW)


# The mail


def links_of(mail):
    return re.findall(r"/checkin/([\w-]+)/\?(\w+=\w+)", mail.text)


def test_each_facilitator_gets_links_of_their_own(group, helper):
    nudge = send(group, rhythm_of(group), helper)

    secrets = {}
    for mail in Mail.objects.all():
        said = [answer for _secret, answer in links_of(mail)]
        assert said == ["meetings=held", "pausing=1", "meetings=stopped", "help=1"]
        [secrets[mail.person_id]] = {secret for secret, _answer in links_of(mail)}
    for person_id, secret in secrets.items():
        check_in = find(secret)
        assert (check_in.person_id, check_in.nudge) == (person_id, nudge)
        assert check_in.indicators == ["meetings"]
    assert len(secrets) == 2


def test_sent_twice_there_is_one_check_in_each(group, helper):
    for _again in range(2):
        send(group, rhythm_of(group), helper)

    assert (CheckIn.objects.count(), Mail.objects.count()) == (2, 2)


def test_what_is_said_in_person_has_no_links(group, helper):
    send(group, rhythm_of(group), helper, way="shared")

    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Meetings: did one take place since 23 July?", "We are pausing until…:"]),
        ("fr", ["Rencontres : il y en a eu une depuis le 23 juillet ?", "J’ai besoin d’aide :"]),
    ],
)
def test_the_mail_asks_in_the_language_of_its_reader(group, helper, language, words):
    group.facilitators.first().person.__class__.objects.update(language=language)
    send(group, rhythm_of(group), helper)

    for mail in Mail.objects.all():
        text = mail.text.replace("\u202f", " ").replace("\xa0", " ")
        assert [each for each in words if each not in text] == []


def test_a_word_without_an_occasion_asks_about_meetings(group, helper):
    send(group, None, helper)

    assert [each.indicators for each in CheckIn.objects.all()] == [["meetings"]] * 2


def test_what_fell_silent_together_is_asked_about_together(group, helper):
    lead = Alert.objects.get()
    for indicator in ("news", "space"):
        recording.see(group, indicator, every(30, times=6, last=TODAY - 100 * DAY), now=NOW)
    follow_transitions(NOW)
    Alert.objects.exclude(pk=lead.pk).update(lead=lead)

    send(group, rhythm_of(group), helper)

    assert CheckIn.objects.first().indicators == ["meetings", "news", "space"]


def test_of_too_much_is_not_asked_whether_there_was_any(group, helper):
    Rhythm.objects.filter(group=group, indicator="discussion").update(status="too_busy")

    send(group, rhythm_of(group, "discussion"), helper)

    said = [answer for _secret, answer in links_of(Mail.objects.first())]
    assert said == ["discussion=nothing", "pausing=1", "discussion=stopped", "help=1"]


# What a facilitator answers


@pytest.mark.parametrize(
    ("what", "said", "closed_why"),
    [
        ("meetings", Said("held", day=TODAY), "resumed"),
        ("meetings", Said("ahead", day=TODAY + 9 * DAY), "scheduled"),
        ("meetings", Said("stopped"), "ended"),
        ("pausing", Said("pausing", day=TODAY + 9 * DAY), "paused"),
        ("help", Said("difficulty"), ""),
        ("meetings", Said("nothing"), ""),
    ],
)
def test_an_answer_ends_the_alert_or_leaves_it_open(group, helper, what, said, closed_why):
    send(group, rhythm_of(group), helper)

    answer(CheckIn.objects.first(), {what: said}, now=NOW)
    follow_transitions(NOW)

    assert Alert.objects.get().closed_why == closed_why
    assert Nudge.objects.get().outcome != "waiting"


# What a helper notes


@pytest.fixture
def nudge(group, helper):
    return send(group, rhythm_of(group), helper, way="shared")


def note(nudge, outcome, helper, until_day=None):
    nudging.note_outcome(nudge, outcome, until_day=until_day, by=helper, now=NOW)
    nudge.refresh_from_db()
    assert (nudge.outcome, nudge.outcome_by) == (outcome, helper)


def test_on_holiday_until_a_day_pauses_until_that_day(nudge, group, helper):
    note(nudge, "on_holiday", helper, TODAY + 20 * DAY)

    pause = Pause.objects.get()
    assert (pause.until_day, pause.created_by) == (TODAY + 20 * DAY, helper)
    assert rhythm_of(group).status == "paused"


@pytest.mark.parametrize("until_day", [None, TODAY - DAY])
def test_on_holiday_without_a_day_to_come_is_only_noted(nudge, group, helper, until_day):
    note(nudge, "on_holiday", helper, until_day)

    assert not Pause.objects.exists()


def test_a_longer_pause_of_the_group_itself_stays(nudge, group, helper):
    Pause.objects.create(group=group, from_day=TODAY, until_day=TODAY + 90 * DAY)

    note(nudge, "on_holiday", helper, TODAY + 20 * DAY)

    assert Pause.objects.get().until_day == TODAY + 90 * DAY


def test_stopped_ends_what_the_word_was_about_and_nothing_else(nudge, group, helper):
    note(nudge, "stopped", helper)

    assert [each.indicator for each in Rhythm.objects.exclude(ended_on=None)] == ["meetings"]
    assert rhythm_of(group).status == "archived"


def test_stopped_without_an_occasion_is_only_noted(group, helper):
    note(send(group, None, helper, way="shared"), "stopped", helper)

    assert not Rhythm.objects.exclude(ended_on=None).exists()


def test_needs_help_stands_on_the_page_of_the_helpers_once(nudge, group, helper):
    for _again in range(2):
        note(nudge, "needs_help", helper)

    assert [each.group for each in HelpRequest.objects.all()] == [group]


@pytest.mark.parametrize("outcome", ["asleep", "answered", "hands_over", "no_answer"])
def test_what_is_for_the_group_itself_to_do_is_only_noted(nudge, group, helper, outcome):
    note(nudge, outcome, helper)

    group.refresh_from_db()
    assert group.activity == "active"
    assert rhythm_of(group).status == "silent"


def test_noted_again_nothing_is_done_again(nudge, group, helper):
    note(nudge, "stopped", helper)
    recording.reopen_indicator(group, "meetings", by=helper, now=NOW)

    note(nudge, "stopped", helper)

    assert rhythm_of(group).ended_on is None
    assert Nudge.objects.count() == 1

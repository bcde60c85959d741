"""What is asked of an indicator, and what may be answered."""

from datetime import date

import pytest
from django.utils.translation import override

from helpers.models import Rhythm
from helpers.questions import answers_to, question

TODAY = date(2026, 10, 1)


def rhythm(indicator="meetings", *, last_on=None, status="late"):
    return Rhythm(indicator=indicator, last_on=last_on, status=status)


@pytest.mark.parametrize(
    ("indicator", "asked"),
    [
        ("follow_up", "Project follow-up: has it changed since 1 August?"),
        ("meetings", "Meetings: did one take place since 1 August?"),
        ("news", "News: was any published since 1 August?"),
        ("discussion", "Discussion: did people write since 1 August?"),
        ("space", "Shared space: has it changed since 1 August?"),
    ],
)
def test_a_question_begins_with_the_last_day_that_is_known(indicator, asked):
    with override("en"):
        assert question(rhythm(indicator, last_on=date(2026, 8, 1)), TODAY) == asked


def test_without_such_a_day_or_once_answered_it_asks_about_lately():
    with override("en"):
        for known, is_answered in ((None, False), (TODAY, True)):
            asked = question(rhythm(last_on=known), TODAY, is_answered=is_answered)
            assert asked == "Meetings: did one take place lately?"


@pytest.mark.parametrize(
    ("indicator", "last_on", "answers"),
    [
        ("meetings", TODAY, ["held", "ahead", "nothing", "stopped"]),
        ("meetings", None, ["held", "ahead", "nothing", "stopped", "never"]),
        ("news", TODAY, ["held", "ahead", "nothing", "stopped"]),
        ("space", None, ["held", "nothing", "stopped", "never"]),
    ],
)
def test_what_may_be_answered(indicator, last_on, answers):
    assert [answer for answer, _words in answers_to(rhythm(indicator, last_on=last_on))] == answers


def test_of_too_much_is_asked_whether_it_is_still_a_pleasure():
    busy = rhythm("discussion", last_on=TODAY, status="too_busy")

    with override("en"):
        assert question(busy, TODAY).endswith("Is it still a pleasure to read?")
    assert [answer for answer, _words in answers_to(busy)] == ["nothing", "stopped"]

"""What a check-in asks about one indicator, in plain words, and what may be answered."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .indicators import Indicator, Status
from .sentences import day_in_words


class Answer(models.TextChoices):
    HELD = "held", gettext_lazy("Yes, it took place")
    AHEAD = "ahead", gettext_lazy("Not yet, but a date is set")
    NOTHING = "nothing", gettext_lazy("Nothing new")
    STOPPED = "stopped", gettext_lazy("We stopped on purpose")
    NEVER = "never", gettext_lazy("It is not something we do")


# What concerns the group as a whole, beside its indicators.
PAUSING, HELP = "pausing", "help"
# What is dated beforehand. Nobody announces when people will talk.
IS_ANNOUNCED = {Indicator.MEETINGS, Indicator.NEWS}
ENDS = {Answer.STOPPED, Answer.NEVER}

_SINCE = {
    Indicator.FOLLOW_UP: gettext_lazy("Project follow-up: has it changed since %(day)s?"),
    Indicator.MEETINGS: gettext_lazy("Meetings: did one take place since %(day)s?"),
    Indicator.NEWS: gettext_lazy("News: was any published since %(day)s?"),
    Indicator.DISCUSSION: gettext_lazy("Discussion: did people write since %(day)s?"),
    Indicator.SPACE: gettext_lazy("Shared space: has it changed since %(day)s?"),
}
_LATELY = {
    Indicator.FOLLOW_UP: gettext_lazy("Project follow-up: has it changed lately?"),
    Indicator.MEETINGS: gettext_lazy("Meetings: did one take place lately?"),
    Indicator.NEWS: gettext_lazy("News: was any published lately?"),
    Indicator.DISCUSSION: gettext_lazy("Discussion: did people write lately?"),
    Indicator.SPACE: gettext_lazy("Shared space: has it changed lately?"),
}


def question(rhythm, today, *, is_answered=False):
    """Return what is asked about ``rhythm``: by its last day, where one is known.

    Once it ``is_answered`` that day may be the answer itself.
    """
    if rhythm.status == Status.TOO_BUSY:
        return _("Discussion: it is very lively. Is it still a pleasure to read?")
    if rhythm.last_on is None or is_answered:
        return str(_LATELY[rhythm.indicator])
    return _SINCE[rhythm.indicator] % {"day": day_in_words(rhythm.last_on, today)}


def answers_to(rhythm):
    """Return what may be answered, as (its code, its words)."""
    if rhythm.status == Status.TOO_BUSY:
        return [(Answer.NOTHING, _("Yes, all is well")), (Answer.STOPPED, Answer.STOPPED.label)]
    words = {answer: answer.label for answer in Answer}
    if rhythm.indicator != Indicator.MEETINGS:
        words[Answer.HELD] = _("Yes, there was something")
    if rhythm.indicator not in IS_ANNOUNCED:
        del words[Answer.AHEAD]
    if rhythm.last_on is not None:
        # Whoever did it once does it, or has stopped.
        del words[Answer.NEVER]
    return list(words.items())

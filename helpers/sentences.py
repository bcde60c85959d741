"""Every status in words, with the days and numbers it was decided by, in the reader's language.

What is said of a `state` is said of a `Rhythm` or an `Assessment`. Nothing here reads the clock.
"""

from datetime import timedelta

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from . import arithmetic
from .arithmetic import RHYTHMS, covered, whole
from .indicators import Indicator, Status, UnknownReason
from .weeks import QUIET_WEEKS, WEEKS_COMPARED, middle, usual_week, weeks_by

# Of alerts, how many of a hundred groups came back so many days after, and how many that were still
# silent so many days after an alert never did: measured on 884 real groups.
CAME_BACK = {14: 16, 30: 30, 90: 54, 365: 78}
NEVER_CAME_BACK = {0: 13, 30: 19, 90: 29, 180: 41, 365: 61}

RHYTHM_WORDS = {
    "weekly": gettext_lazy("weekly"),
    "fortnightly": gettext_lazy("every two weeks"),
    "monthly": gettext_lazy("monthly"),
    "every_two_months": gettext_lazy("every two months"),
    "quarterly": gettext_lazy("quarterly"),
    "every_six_months": gettext_lazy("every six months"),
    "yearly": gettext_lazy("yearly"),
}

# A declared number of days is a word where it is nearly one.
NEARLY = 0.02


def sentence(state, today):
    """Return all that there is to say of one indicator on this day."""
    return " ".join(str(part) for part in _parts(state, today))


def _parts(state, today):
    if state.status == Status.ARCHIVED:
        return [_archived(state, today)]
    if state.status == Status.PAUSED:
        return [_paused(state, today)]
    if state.status == Status.UNKNOWN:
        return [_unknown(state, today)]
    if state.status == Status.TOO_BUSY:
        return [_too_busy(state, today), *_habit(state), *_last(state, today)]
    if arithmetic.is_announced(state, today):
        return [_announced(state, today), *_habit(state), *_last(state, today)]
    parts = [*_habit(state), *_last(state, today), _expected(state, today)]
    through = covered(state, today)
    if state.status == Status.LATE and arithmetic.is_poll_open(state, today):
        parts.append(_poll(state, today))
    if state.status == Status.LATE and arithmetic.is_quieter(state, through):
        parts.append(_quieter(state, today))
    return parts


def short_sentence(state, today):
    """Return what fits into the cell of a table: the day or number that matters most."""
    if state.status == Status.ARCHIVED:
        ended_on = getattr(state, "ended_on", None)
        day = ended_on and day_in_words(ended_on, today)
        return _("ended on %(day)s") % {"day": day} if day else _("archived")
    if state.status == Status.PAUSED:
        if state.paused_until and state.paused_from <= today <= state.paused_until:
            return _("until %(day)s") % {"day": day_in_words(state.paused_until, today)}
        return _("asleep")
    if state.status == Status.UNKNOWN:
        return _short_unknown(state, today)
    if state.status == Status.TOO_BUSY:
        count = _last_week(state, today)
        text = ngettext("%(count)s message last week", "%(count)s messages last week", count)
        return text % {"count": count}
    if arithmetic.is_announced(state, today):
        return _("announced for %(day)s") % {"day": day_in_words(state.next_on, today)}
    if state.status == Status.SILENT:
        return _("silent since %(day)s") % {"day": day_in_words(state.silent_on, today)}
    through = covered(state, today)
    if state.status == Status.LATE and through >= state.late_on:
        return _("late since %(day)s") % {"day": day_in_words(state.late_on, today)}
    if state.status == Status.LATE:
        return _("much quieter than usual")
    return _("last on %(day)s") % {"day": day_in_words(state.last_on, today)}


def unknown_reason_sentence(state, today):
    """Return why nothing can be said: no source, unreadable and nothing yet are not the same."""
    return _unknown(state, today)


# ── The habit ───────────────────────────────────────────────────────────────────────────────────

_USUALLY = {
    Indicator.FOLLOW_UP: gettext_lazy("Follow-up document usually changed every %(days)s days"),
    Indicator.MEETINGS: gettext_lazy("Meetings usually every %(days)s days"),
    Indicator.NEWS: gettext_lazy("News usually every %(days)s days"),
    Indicator.DISCUSSION: gettext_lazy("Messages usually every %(days)s days"),
    Indicator.SPACE: gettext_lazy("Shared space usually changed every %(days)s days"),
}


def _habit(state):
    """Say how often is usual, what that is known from, and how surely."""
    if state.gaps:
        usual = _USUALLY[state.indicator] % {"days": whole(state.usual_days)}
        shortest, longest = min(state.gaps), max(state.gaps)
        if shortest < longest:
            span = _("%(usual)s (from %(shortest)s to %(longest)s).")
            yield span % {"usual": usual, "shortest": shortest, "longest": longest}
        else:
            yield _("%(usual)s.") % {"usual": usual}
        if arithmetic.is_irregular(state.gaps):
            yield _("The rhythm is irregular.")
    if state.declared_days:
        yield _("Rhythm declared: %(rhythm)s.") % {"rhythm": rhythm_in_words(state.declared_days)}
    elif arithmetic.is_steady(state):
        yield _("A sign of life every week so far.")
    elif not state.gaps:
        yield _("No rhythm known yet: every %(days)s days is assumed.") % {
            "days": whole(state.usual_days)
        }
    if arithmetic.is_learning(state) and (state.gaps or state.declared_days):
        yield _("Still learning.")
    if arithmetic.is_rhythm_doubted(state):
        yield _("Has the rhythm changed?")


def rhythm_in_words(days):
    """Return "monthly" for 30.4 days, "every 45 days" for what has no word."""
    for name, exact in RHYTHMS.items():
        if abs(days - exact) <= NEARLY * exact:
            return RHYTHM_WORDS[name]
    if whole(days) == 1:
        return _("every day")
    return _("every %(days)s days") % {"days": whole(days)}


# ── The last sign of life, and what is expected ─────────────────────────────────────────────────


def _last(state, today):
    if state.last_on is None:
        return
    day = day_in_words(state.last_on, today)
    count = (covered(state, today) - state.last_on).days
    if count <= 0:
        yield (
            _TODAY[state.indicator]
            if state.last_on == today
            else _("Last: %(day)s.") % {"day": day}
        )
        return
    yield _none_for(state.indicator, count) % {"day": day, "count": count}


_TODAY = {
    Indicator.FOLLOW_UP: gettext_lazy("Last change today."),
    Indicator.MEETINGS: gettext_lazy("Last one today."),
    Indicator.NEWS: gettext_lazy("Last news today."),
    Indicator.DISCUSSION: gettext_lazy("Last message today."),
    Indicator.SPACE: gettext_lazy("Last edit today."),
}


def _none_for(indicator, count):
    match indicator:
        case Indicator.FOLLOW_UP:
            return ngettext(
                "Last change on %(day)s, none for %(count)s day.",
                "Last change on %(day)s, none for %(count)s days.",
                count,
            )
        case Indicator.MEETINGS:
            return ngettext(
                "Last one on %(day)s, none for %(count)s day.",
                "Last one on %(day)s, none for %(count)s days.",
                count,
            )
        case Indicator.NEWS:
            return ngettext(
                "Last news on %(day)s, none for %(count)s day.",
                "Last news on %(day)s, none for %(count)s days.",
                count,
            )
        case Indicator.DISCUSSION:
            return ngettext(
                "Last message on %(day)s, none for %(count)s day.",
                "Last message on %(day)s, none for %(count)s days.",
                count,
            )
        case _:
            return ngettext(
                "Last edit on %(day)s, none for %(count)s day.",
                "Last edit on %(day)s, none for %(count)s days.",
                count,
            )


def _expected(state, today):
    days = {
        "expected": day_in_words(state.expected_on, today),
        "late": day_in_words(state.late_on, today),
        "silent": day_in_words(state.silent_on, today),
    }
    if state.status == Status.SILENT and state.last_on is None:
        days["since"] = day_in_words(state.since, today)
        return _NEVER % days
    through = covered(state, today)
    if through < state.expected_on:
        return _("Expected by %(expected)s.") % days
    if through < state.late_on:
        return _("Expected by %(expected)s; late from %(late)s.") % days
    if state.status == Status.LATE and through >= state.silent_on:
        return _("Expected by %(expected)s; late since %(late)s.") % days
    if through < state.silent_on:
        return _ALERTED % days
    return _("Expected by %(expected)s; late since %(late)s; silent since %(silent)s.") % days


_NEVER = gettext_lazy(
    "Never started: nothing since %(since)s, when following began; silent since %(silent)s."
)
_ALERTED = gettext_lazy(
    "Expected by %(expected)s; late since %(late)s; the helper is alerted on %(silent)s."
)


def _announced(state, today):
    if state.next_on == today:
        return _("The next one is announced for today.")
    return _("The next one is announced for %(day)s.") % {"day": day_in_words(state.next_on, today)}


def _poll(state, today):
    text = _("A date poll has been open since %(day)s: waiting for it until %(until)s.")
    until = state.poll_since + timedelta(days=arithmetic.POLL_DAYS)
    return text % {
        "day": day_in_words(state.poll_since, today),
        "until": day_in_words(until, today),
    }


# ── A discussion that is too busy, or much quieter ──────────────────────────────────────────────


def _last_week(state, today):
    return (weeks_by(state, today) or [0])[-1]


def _too_busy(state, today):
    weeks = weeks_by(state, today)
    count = weeks[-1]
    text = ngettext(
        "%(count)s message last week, %(before)s the week before;",
        "%(count)s messages last week, %(before)s the week before;",
        count,
    )
    said = text % {"count": count, "before": weeks[-2] if len(weeks) > 1 else 0}
    if state.most_a_week:
        most = _("more than %(most)s a week is too much for the group.")
        return " ".join([said, most % {"most": state.most_a_week}])
    usual = usual_week(weeks[:-1]) or usual_week(weeks) or 0
    return " ".join([said, _("usually %(usual)s a week.") % {"usual": whole(usual)}])


def _quieter(state, today):
    weeks = weeks_by(state, today)
    count = sum(weeks[-QUIET_WEEKS:])
    before = weeks[-WEEKS_COMPARED - QUIET_WEEKS : -QUIET_WEEKS]
    text = ngettext(
        "Much quieter than usual: %(count)s message in four weeks, usually %(usual)s a week.",
        "Much quieter than usual: %(count)s messages in four weeks, usually %(usual)s a week.",
        count,
    )
    return text % {"count": count, "usual": whole(middle(before))}


# ── Paused, unknown, archived ───────────────────────────────────────────────────────────────────


def _archived(state, today):
    ended_on = getattr(state, "ended_on", None)
    if not ended_on:
        return _("The group is archived.")
    text = _("Ended by choice on %(day)s.") % {"day": day_in_words(ended_on, today)}
    return f"{text} {state.ended_why}" if state.ended_why else text


def _paused(state, today):
    if not (state.paused_until and state.paused_from <= today <= state.paused_until):
        return _("The group is asleep: its clocks stand still.")
    return _("Paused until %(day)s, by the group's own choice: its clocks stand still.") % {
        "day": day_in_words(state.paused_until, today)
    }


def _unknown(state, today):
    if state.unknown_reason == UnknownReason.NO_SOURCE:
        return _("No source is known and nobody has noted anything: nothing can be said.")
    if state.unknown_reason == UnknownReason.UNREADABLE:
        return _(
            "Nothing could be read since %(day)s: the source is to be mended. This says nothing "
            "of the group."
        ) % {"day": day_in_words(covered(state, today), today)}
    if state.silent_on is None:
        return _("Nothing yet.")
    return _("Nothing yet, followed since %(since)s; the helper is alerted on %(silent)s.") % {
        "since": day_in_words(arithmetic.clock_from(state), today),
        "silent": day_in_words(state.silent_on, today),
    }


def _short_unknown(state, today):
    if state.unknown_reason == UnknownReason.NO_SOURCE:
        return _("no source")
    if state.unknown_reason == UnknownReason.UNREADABLE:
        day = day_in_words(covered(state, today), today)
        return _("unreadable since %(day)s") % {"day": day}
    return _("nothing yet")


# ── What is known of silences ───────────────────────────────────────────────────────────────────


def outlook(state, today):
    """Return what became of groups as silent as this one, or "" where none is silent."""
    if state.status != Status.SILENT:
        return ""
    silent_for = (today - state.silent_on).days
    since = max(days for days in NEVER_CAME_BACK if days <= max(silent_for, 0))
    if since == 0:
        return _(
            "Of a hundred groups as silent as this, %(month)s come back within a month, "
            "%(quarter)s within three; %(never)s never do."
        ) % {"month": CAME_BACK[30], "quarter": CAME_BACK[90], "never": NEVER_CAME_BACK[0]}
    return _(
        "Of a hundred groups still silent %(days)s days after the alert, %(never)s never come "
        "back: a word now matters."
    ) % {"days": since, "never": NEVER_CAME_BACK[since]}


_HAS_MOVED = {
    Indicator.FOLLOW_UP: gettext_lazy("The follow-up document is silent, %(life)s: has it moved?"),
    Indicator.MEETINGS: gettext_lazy("The meetings are silent, %(life)s: have they moved?"),
    Indicator.NEWS: gettext_lazy("The news is silent, %(life)s: has it moved?"),
    Indicator.DISCUSSION: gettext_lazy("The list is silent, %(life)s: has it moved?"),
    Indicator.SPACE: gettext_lazy("The shared space is silent, %(life)s: has it moved?"),
}
_GOES_ON = {
    Indicator.FOLLOW_UP: gettext_lazy("the follow-up document goes on"),
    Indicator.MEETINGS: gettext_lazy("meetings go on"),
    Indicator.NEWS: gettext_lazy("news goes on"),
    Indicator.DISCUSSION: gettext_lazy("the discussion goes on"),
    Indicator.SPACE: gettext_lazy("the shared space goes on"),
}
# A meeting is the surest sign that a group lives.
_SUREST = [
    Indicator.MEETINGS,
    Indicator.DISCUSSION,
    Indicator.NEWS,
    Indicator.SPACE,
    Indicator.FOLLOW_UP,
]


def moved_question(state, others):
    """Ask whether it has moved, where another of the group's five is alive; else return ""."""
    alive = {
        each.indicator
        for each in others
        if each.status in {Status.ON_TRACK, Status.TOO_BUSY} and each.last_on
    }
    for indicator in _SUREST:
        if state.status == Status.SILENT and indicator in alive:
            return _HAS_MOVED[state.indicator] % {"life": _GOES_ON[indicator]}
    return ""


# ── Days ────────────────────────────────────────────────────────────────────────────────────────

# Beyond this a day and a month could be those of another year.
YEAR_IS_SAID_AFTER = timedelta(days=300)


def day_in_words(day, today):
    """Return `10 August`, in French `10 août` or `1er août`; with its year if that is not clear."""
    # Translators: the first day of a month; "1er" in French.
    number = pgettext("first day of a month", "1") if day.day == 1 else day.day
    said = {"day": number, "month": MONTHS[day.month], "year": day.year}
    if abs(day - today) > YEAR_IS_SAID_AFTER:
        return pgettext("day, month and year", "%(day)s %(month)s %(year)s") % said
    return pgettext("day and month", "%(day)s %(month)s") % said

"""What asks for a helper's minute today: few, the most pressing first, each with its reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from groups.models import Facilitator

from .indicators import Indicator, Status, UnknownReason
from .local_days import today_in
from .models import HelpRequest, Nudge, Rhythm
from .sentences import sentence

# Late ones are told to their facilitators; only these ask for a helper.
PRESSING = Q(status__in=[Status.SILENT, Status.TOO_BUSY]) | Q(
    status=Status.UNKNOWN, unknown_reason=UnknownReason.UNREADABLE
)
SHOWN = 6
# Whoever takes a task is left alone with it so long.
TAKEN_FOR = timedelta(days=28)
# A kind word without an answer is brought back after so long.
ANSWER_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Word:
    """One group that needs a word, by the most pressing of its indicators."""

    group: object
    rhythm: Rhythm
    sentence: str
    # The other indicators of the group that ask for a word too.
    others: tuple[str, ...]
    facilitator: str
    opened_on: date | None
    taken_by: str


def words_for(groups, now):
    """Return the `Word`s that ``groups`` (a queryset) need now, one a group. One query."""
    first = Facilitator.objects.filter(
        group=OuterRef("group"), confirmed_at__isnull=False, ended_at=None
    ).order_by("pk")
    rows = (
        Rhythm.objects.filter(PRESSING, group__in=groups)
        .annotate(
            alert=FilteredRelation("alerts", condition=Q(alerts__closed_at=None)),
            snoozed_until=F("alert__snoozed_until"),
            opened_on=F("alert__opened_on"),
            taken_at=F("alert__taken_at"),
            taken_by_name=F("alert__taken_by__name"),
            facilitator_name=Subquery(first.values("person__name")[:1]),
        )
        .exclude(alert__taken_at__gt=now - TAKEN_FOR)
        .select_related("group")
        .order_by("status_since", "pk")
    )
    by_group = {}
    for rhythm in rows:
        today = today_in(rhythm.group.time_zone, now)
        if not (rhythm.snoozed_until and rhythm.snoozed_until > today):
            by_group.setdefault(rhythm.group_id, []).append(rhythm)
    words = [_word(rhythms, now) for rhythms in by_group.values()]
    return sorted(words, key=_pressure)


def _word(rhythms, now):
    first = min(rhythms, key=_rank)
    today = today_in(first.group.time_zone, now)
    others = [each.get_indicator_display() for each in rhythms if each is not first]
    return Word(
        first.group,
        first,
        sentence(first, today),
        tuple(others),
        first.facilitator_name or "",
        first.opened_on,
        first.taken_by_name or "",
    )


def _rank(rhythm):
    statuses = [Status.SILENT, Status.TOO_BUSY, Status.UNKNOWN]
    return statuses.index(rhythm.status), Indicator.values.index(rhythm.indicator)


def _pressure(word):
    """Several silences first; then what has been silent for longest."""
    since = word.rhythm.status_since or date.max
    return _rank(word.rhythm)[0], -len(word.others), since, word.group.pk


def calls_for(groups, now):
    """Return who asked for help, and which kind words still want an outcome. Two queries."""
    asked = HelpRequest.objects.filter(group__in=groups, settled_at=None).select_related("group")
    unanswered = Nudge.objects.filter(
        group__in=groups, outcome=Nudge.Outcome.WAITING, sent_at__lte=now - ANSWER_WITHIN
    ).select_related("group")
    return asked[:SHOWN], unanswered.order_by("sent_at")[:SHOWN]

"""Seasons propose a pause to the groups of a country or an ecosystem; a group says yes or no.

No clock stops by itself: measured over many groups, stopping all of them at Christmas and in August
saves no more false alarms than any other month would. Pauses belong to groups.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups import upkeep
from groups.models import Membership

from .models import Season, SeasonAnswer, Transition
from .pauses import laid_out
from .recording import recompute
from .recording.keeping import pauses_of
from .sentences import day_in_words

# It is proposed so long before it begins, and not any more when so little of it is left.
AHEAD = timedelta(days=30)
LEAST_LEFT = timedelta(days=7)

NAMES = {
    "summer": gettext_lazy("Summer break"),
    "year_end": gettext_lazy("End of the year"),
    "ramadan": gettext_lazy("Ramadan"),
}
_AUGUST, _NEW_YEAR = ((8, 1), (8, 31)), ((12, 20), (1, 4))
_EUROPE = {
    country: {"summer": _AUGUST, "year_end": _NEW_YEAR}
    for country in ("FR", "BE", "CH", "LU", "MC", "IT", "ES", "PT")
}
_CANADA = {"CA": {"summer": ((7, 15), (8, 15)), "year_end": _NEW_YEAR}}
# The same days every year: {country: {key: (first day, last day)}}.
YEARLY = _EUROPE | _CANADA
# A movable feast, by year, as calendars foretell it; the moon may move it by a day.
RAMADANS = {
    2026: (date(2026, 2, 18), date(2026, 3, 19)),
    2027: (date(2027, 2, 8), date(2027, 3, 9)),
    2028: (date(2028, 1, 28), date(2028, 2, 25)),
    2029: (date(2029, 1, 16), date(2029, 2, 13)),
    2030: (date(2030, 1, 6), date(2030, 2, 3)),
}
FASTING = frozenset("BF DJ DZ EG GM GN KM MA ML MR NE SN TD TN".split())


@dataclass(frozen=True)
class Proposal:
    """A season that is coming, or runs: does the group rest?"""

    key: str
    name: str
    first_on: date
    last_on: date


def proposals_for(group, today):
    """Return the seasons to ask ``group`` about, the nearest first. At most four queries.

    Not those it answered, nor those in which it pauses already.
    """
    found = [each for each in _seasons_of(group, today) if _is_near(each, today)]
    if not found or group.activity not in (group.Activity.ACTIVE, group.Activity.PREPARING):
        return []
    answered = set(SeasonAnswer.objects.filter(group=group).values_list("key", "first_on"))
    pauses = laid_out(pauses_of(group), today)
    return sorted(
        (
            each
            for each in found
            if (each.key, each.first_on) not in answered
            and not any(
                first <= each.last_on.toordinal() and each.first_on.toordinal() <= last
                for first, last in pauses
            )
        ),
        key=lambda each: (each.first_on, each.key),
    )


def question(proposal, today):
    """Return what the group is asked."""
    said = _(
        "%(name)s, from %(first)s to %(last)s: does the group rest then? Those days would not "
        "count as silence."
    )
    return said % {
        "name": proposal.name,
        "first": day_in_words(proposal.first_on, today),
        "last": day_in_words(proposal.last_on, today),
    }


def answer(group, key, *, accepts, by, now, today):
    """Note what ``group`` says to a proposal; with yes, its pause. Return the `Proposal` or None.

    Answered twice, or not proposed, nothing happens.
    """
    proposal = next((each for each in proposals_for(group, today) if each.key == key), None)
    if proposal is None:
        return None
    with transaction.atomic():
        _answer, is_new = SeasonAnswer.objects.get_or_create(
            group=group,
            key=key,
            first_on=proposal.first_on,
            defaults={"accepted": accepts, "by": by, "answered_at": now},
        )
        if is_new and accepts:
            upkeep.plan_pause(group, proposal.first_on, proposal.last_on, by, now, proposal.name)
            recompute(group, cause=Transition.Cause.PAUSE, by=by, now=now)
    return proposal


def _seasons_of(group, today):
    """Yield the seasons of the country and the ecosystems of ``group``, of the years around."""
    for key, (first, last) in YEARLY.get(group.country, {}).items():
        yield from _every_year(key, str(NAMES[key]), first, last, today)
    if group.country in FASTING:
        for first_on, last_on in RAMADANS.values():
            yield Proposal("ramadan", str(NAMES["ramadan"]), first_on, last_on)
    ecosystems = Membership.objects.filter(group=group, status=Membership.Status.ACCEPTED)
    own = Season.objects.filter(ecosystem__in=ecosystems.values("ecosystem"))
    if group.country:
        own = own | Season.objects.filter(country=group.country)
    for season in own:
        key = f"season-{season.pk}"
        if season.is_yearly:
            first, last = season.first_on, season.last_on
            days = (first.month, first.day), (last.month, last.day)
            yield from _every_year(key, season.name, *days, today)
        else:
            yield Proposal(key, season.name, season.first_on, season.last_on)


def _every_year(key, name, first, last, today):
    for year in (today.year - 1, today.year, today.year + 1):
        ends = year + 1 if last < first else year
        yield Proposal(key, name, _on(year, *first), _on(ends, *last))


def _on(year, month, day):
    """Return this day of this year; of a leap day that is missing, the day before."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def _is_near(proposal, today):
    return proposal.first_on <= today + AHEAD and today <= proposal.last_on - LEAST_LEFT

"""From dated items to evidence: which dates can be trusted, and what stands twice.

An item is a post, a change, a message: a name of its own, a title that is only compared and never
kept, and the moment it was published. Every source that lists items passes through here.
"""

import datetime
from dataclasses import dataclass

from groups.text import fold

from .dates import local_day
from .reading import MOST_ITEMS, Reading, Seen, name_of

# As many items within so short a time were written by no hand.
_BATCH = 10
_BATCH_WITHIN = datetime.timedelta(minutes=2)
# A feed all of whose dates are the same moment tells when it was made, not when they were written.
_FEWEST_TO_DOUBT = 4
_FEWEST_DAYS_TO_DOUBT = 8
# The server's clock may be ahead of the group's day, never by more.
_CLOCKS_DIFFER = datetime.timedelta(days=1)
# Eight marks of eight characters: what fits in a fingerprint.
_MARK = 8
_MARKS = 8
_REPLIES = ("re ", "re:", "rep ", "tr ", "fwd ", "aw ")


@dataclass(frozen=True)
class Item:
    """One item of a source. ``when`` is an aware moment, a date, or None where nobody can tell."""

    name: str
    when: datetime.datetime | datetime.date | None
    title: str = ""
    link: str = ""


def reading_of_items(items, context):
    """Return the reading of a list of items, in whatever order they come."""
    items = items[:MOST_ITEMS]
    had_items = bool(items)
    items = distinct(items, context)
    if dates_are_one_moment(items):
        # Otherwise a feed that is made anew at every request would be alive for ever.
        items = [Item(item.name, None, item.title, item.link) for item in items]
    items = without_batches(items)
    undated = [item for item in items if item.when is None]
    seen = [
        Seen(name_of(item.name), day)
        for item in items
        if item.when is not None and (day := evidence_day(item, context)) is not None
    ]
    fresh = new_among([item.name for item in undated], context.fingerprint)
    if fresh:
        seen.append(Seen(name_of("new on", context.today, *fresh), context.today, len(fresh)))
    return Reading(
        tuple(sorted(seen, key=lambda each: (each.day, each.outside_id))),
        had_items=had_items,
        fingerprint=marks_of([item.name for item in undated]),
    )


def evidence_day(item, context):
    """Return the local day of an item, None where it is no evidence.

    A post dated tomorrow was published today by a clock ahead of the group's. One dated later is
    scheduled or wrong: it counts once its day has come, for it will still be there.
    """
    day = local_day(item.when, context.time_zone)
    if context.today < day <= context.today + _CLOCKS_DIFFER:
        day = context.today
    return day if context.wants(day) else None


def distinct(items, context):
    """Keep the first of items that stand twice: same name, or same title on the same day.

    Answers are not compared by title: ten people may say "Re: Saturday" on one day.
    """
    known, kept = set(), []
    for item in items:
        keys = {("name", item.name)}
        title = fold(item.title)[:200]
        if title and item.when is not None and not fold(item.title).startswith(_REPLIES):
            keys.add(("title", local_day(item.when, context.time_zone), title))
        if known.isdisjoint(keys):
            kept.append(item)
        known |= keys
    return kept


def dates_are_one_moment(items):
    """Tell whether all dates are one: the moment of the request, or of a migration."""
    moments = [item.when for item in items if item.when is not None]
    if len(moments) < _FEWEST_TO_DOUBT:
        return False
    timed = [moment for moment in moments if isinstance(moment, datetime.datetime)]
    if len(timed) == len(moments):
        return max(timed) - min(timed) <= _BATCH_WITHIN
    return len(moments) >= _FEWEST_DAYS_TO_DOUBT and len(set(moments)) == 1


def without_batches(items):
    """Leave out what was changed by the dozen within two minutes: imports, migrations, robots."""
    timed = sorted(
        (item for item in items if isinstance(item.when, datetime.datetime)),
        key=lambda item: item.when,
    )
    batches, first = set(), 0
    for last, item in enumerate(timed):
        while item.when - timed[first].when > _BATCH_WITHIN:
            first += 1
        if last - first + 1 >= _BATCH:
            batches.update(id(each) for each in timed[max(first, last - _BATCH) : last + 1])
    return [item for item in items if id(item) not in batches]


def marks_of(names):
    """Return short marks of the first and the last names: all that is remembered of them."""
    chosen = names[: _MARKS // 2] + names[_MARKS // 2 :][-(_MARKS // 2) :]
    return "".join(name_of(name)[:_MARK] for name in chosen)


def new_among(names, fingerprint):
    """Return the names that appeared since ``fingerprint`` was left, none at the first look.

    New is what stands before the first, or after the last, name that was known. What vanished is
    not news; where nothing is known any more, something surely happened: that is one.
    """
    if not fingerprint or not names:
        return []
    marks = [fingerprint[at : at + _MARK] for at in range(0, len(fingerprint), _MARK)]
    unknown = [name_of(name)[:_MARK] not in marks for name in names]
    if len(marks) < _MARKS:
        return [name for name, is_new in zip(names, unknown, strict=True) if is_new]
    if all(unknown):
        return names[:1]
    if unknown[0]:
        return names[: unknown.index(False)]
    # A list that grows at its end still begins as it did.
    grew = name_of(names[0])[:_MARK] == marks[0]
    return names[len(names) - unknown[::-1].index(False) :] if grew else []

"""Forty groups whose year is told beforehand, lived day by day with everything that runs by itself.

Each story is lived by two groups, the second of them seventeen days later. Days are counted from
the first day of the year; a story says what is done on which day, and which alerts that opens and
closes. The days are worked out by hand: meetings every 30 days are silent from the 61st day on,
other indicators from the 91st; weekly meetings, which half a gap of 30 days draws to 7.4, from the
23rd.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from groups import upkeep
from groups.freshness import ask_freshness
from groups.mail.sending import send_due
from groups.models import Group, Mail
from helpers import alerts, nudging, recording
from helpers.models import Alert, Digest, Follow
from helpers.planning import plan_mail
from helpers.refreshing import refresh
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

from .factories import make_source

# A Monday, and a year without a leap day.
FIRST = date(2027, 1, 4)
DAYS = 365
LATER = 17
# The worker comes by in the morning of Paris, and in the evening of Montreal.
TIMES = (time(7, 30, tzinfo=UTC), time(23, 30, tzinfo=UTC))
LAST = -10
MONTH, WEEK = 30, 7


def monthly(first, last):
    return [(day, "met") for day in range(first, last, MONTH)]


# name: (every how many days, last sign of life, what is done, which alerts open and close).
STORIES = {
    "steady": (MONTH, LAST, monthly(20, 365), []),
    "dies": (MONTH, LAST, [], [(51, "opened")]),
    "lapses": (
        MONTH,
        LAST,
        monthly(75, 365),
        [(51, "opened"), (75, "resumed")],
    ),
    "announced": (MONTH, LAST, [(40, "announce", 70), *monthly(100, 365)], []),
    "called-off": (
        MONTH,
        LAST,
        [(45, "announce", 90), (65, "call off")],
        [(65, "opened")],
    ),
    "pauses": (MONTH, LAST, [(20, "pause", 50)], [(82, "opened")]),
    "pauses-late": (
        MONTH,
        LAST,
        [(60, "pause", 90)],
        [(51, "opened"), (60, "paused"), (91, "opened again")],
    ),
    "ended": (MONTH, LAST, [(55, "end")], [(51, "opened"), (55, "ended")]),
    "broken": (MONTH, LAST, [(31, "break"), (71, "mend")], [(71, "opened")]),
    "broken-late": (MONTH, LAST, [(60, "break"), (101, "mend")], [(51, "opened")]),
    "weekly": (WEEK, 28, [], [(51, "opened")]),
    "news": (MONTH, LAST, [], [(81, "opened")]),
    "three": (MONTH, LAST, [], [(51, "opened"), (81, "opened"), (81, "opened")]),
    "archived": (MONTH, LAST, [(60, "archive")], [(51, "opened"), (60, "archived")]),
    "asleep": (
        MONTH,
        LAST,
        [(60, "sleep"), (120, "wake")],
        [(51, "opened"), (60, "paused"), (181, "opened")],
    ),
    "slower": (
        MONTH,
        LAST,
        [(55, "twice a year")],
        [(51, "opened"), (55, "rhythm"), (233, "opened again")],
    ),
    "written-to": (
        MONTH,
        LAST,
        [(53, "write"), (60, "met")],
        [(51, "opened"), (60, "resumed"), (121, "opened")],
    ),
    "wrong": (MONTH, LAST, [(54, "wrong")], [(51, "opened"), (54, "wrong")]),
    "completed": (
        MONTH,
        LAST,
        [(56, "it was on", 20)],
        [(51, "opened"), (56, "completed"), (81, "opened")],
    ),
    "snoozed": (MONTH, LAST, [(52, "snooze", 80)], [(51, "opened")]),
}
INDICATORS = {"news": ["news"], "three": ["meetings", "news", "space"]}
FROM_A_SOURCE = ("broken", "broken-late")


class Year:
    """The forty groups, the people around them, and what happens on each day."""

    def __init__(self):
        self.ecosystem = make_ecosystem("rivages", name="Rivages")
        self.people = {
            name: make_person(f"{name}@example.org", name=name.title(), language="en", **fields)
            for name, fields in {
                "bob": {"time_zone": "Europe/Paris"},
                "carol": {"time_zone": "Europe/Paris"},
                "dora": {"time_zone": "America/Montreal"},
                "ada": {"time_zone": "Europe/Paris"},
            }.items()
        }
        for name in ("bob", "carol", "dora"):
            make_role(self.ecosystem, person=self.people[name])
        Digest.objects.create(person=self.people["dora"], weekday=3, hour=18)
        self.groups, self.broken = {}, set()
        for number, name in enumerate(STORIES):
            for later in (0, LATER):
                self._begin(number, name, later)

    def _begin(self, number, name, later):
        """Make one group with a year behind it."""
        short_name = f"{name}-{later}" if later else name
        began = at(0) - timedelta(days=400)
        group = make_group(
            name=short_name, short_name=short_name, confirmed_at=at(0), created_at=began
        )
        every, last, _acts, _expected = STORIES[name]
        for indicator in INDICATORS.get(name, ["meetings"]):
            days = {day_of(last + later - every * ago): 1 for ago in range(13)}
            source = None
            if name in FROM_A_SOURCE:
                source = make_source(group, indicator=indicator, collected_through=None)
            past = {day: 1 for day in days if day < FIRST}
            recording.see(group, indicator, past, now=at(0))
            if source:
                recording.cover(source, FIRST, now=at(0))
        make_membership(group, self.ecosystem)
        mine = self.people["ada"] if number in (1, 2, 3) else make_person(f"{short_name}@g.example")
        make_facilitator(group, mine)
        follower = "bob" if number < 10 else "dora" if number < 17 else ""
        if follower:
            Follow.objects.create(person=self.people[follower], group=group)
        self.groups[short_name] = (group, name, later)

    def live(self, days=DAYS):
        """Live so many days, and return what happened, as lines of text."""
        told = []
        for day in range(days):
            for number, hour in enumerate(TIMES):
                now = datetime.combine(day_of(day), hour)
                if number == 0:
                    self._act(day, now)
                self._run(now)
                told += self._happened(now)
        return told

    def _act(self, day, now):
        for short_name, (group, name, later) in self.groups.items():
            every, last, acts, _expected = STORIES[name]
            if 0 <= day <= last + later and (last + later - day) % every == 0:
                for indicator in INDICATORS.get(name, ["meetings"]):
                    recording.see(group, indicator, {day_of(day): 1}, now=now)
            for when, what, *rest in acts:
                if when + later == day:
                    DEEDS[what](self, group, *[each + later for each in rest], now=now)
            if name in FROM_A_SOURCE and short_name not in self.broken:
                recording.cover(group.sources.get(), day_of(day), now=now)

    def _run(self, now):
        """Do what the worker does by itself."""
        refresh(now)
        plan_mail(now)
        ask_freshness(now)
        send_due(clock=lambda: now)

    def _happened(self, now):
        """Return what was opened, closed and sent at this moment."""
        names, lines = {}, []
        here = timezone.localtime(now)
        for alert in Alert.objects.select_related("rhythm__group").order_by("pk"):
            about = f"{alert.rhythm.group.short_name} {alert.rhythm.indicator}"
            names[str(alert.pk)] = about
            for moment, what in (
                (alert.opened_at, "opened"),
                (alert.reopened_at, "opened again"),
                (alert.closed_at, alert.closed_why),
            ):
                if moment == now:
                    lines.append(f"{here:%Y-%m-%d} alert: {about} {what}")
        parcels = {}
        sent = Mail.objects.filter(sent_at=now, outcome__in=["sent", "joined"])
        for mail in sent.order_by("receiver", "pk"):
            parcels.setdefault((mail.claim, mail.receiver), []).append(mail)
        for (_claim, receiver), mails in parcels.items():
            said = ", ".join(_said(mail.key, names) for mail in mails)
            lines.append(f"{here:%Y-%m-%d %H:%M} mail to {receiver}: {said}")
        return sorted(lines)


def _said(key, names):
    """Return what a mail is about, by its key."""
    kind, number, *rest = key.split(":")
    return f"{rest[1]} {names[number]}" if kind == "alert" else kind


def day_of(day):
    return FIRST + timedelta(days=day)


def at(day):
    return datetime.combine(day_of(day), TIMES[0])


def expected_alerts():
    """Return the lines about alerts that the stories foretell, in order."""
    found = []
    for name, (*_told, expected) in STORIES.items():
        for later in (0, LATER):
            indicators = iter(INDICATORS.get(name, ["meetings"]))
            indicator = ""
            for day, what in expected:
                if (what == "opened" and name == "three") or not indicator:
                    indicator = next(indicators)
                about = f"{name}-{later}" if later else name
                found.append(f"{day_of(day + later)} alert: {about} {indicator} {what}")
    return sorted(found)


# ── What people do ──────────────────────────────────────────────────────────────────────────────


def _met(year, group, now):
    recording.see(group, "meetings", {now.date(): 1}, now=now)


def _it_was_on(year, group, day, now):
    recording.see(group, "meetings", {day_of(day): 1}, now=now)


def _announce(year, group, day, now):
    recording.announce(group, "meetings", day_of(day), now=now)


def _call_off(year, group, now):
    recording.cancel_announcement(group.announcements.get(), by=None, now=now)


def _pause(year, group, until, now):
    recording.pause(group, day_of(until), by=None, now=now)


def _end(year, group, now):
    recording.end_indicator(group, "meetings", "It ended well.", by=None, now=now)


def _break(year, group, now):
    year.broken.add(group.short_name)


def _mend(year, group, now):
    year.broken.discard(group.short_name)


def _archive(year, group, now):
    upkeep.archive(group, None, now)


def _sleep(year, group, now):
    upkeep.put_to_sleep(group, None, now)


def _wake(year, group, now):
    upkeep.wake(Group.objects.get(pk=group.pk), None, now)


def _twice_a_year(year, group, now):
    recording.declare_rhythm(group, "meetings", 182.6, by=None, now=now)


def _open_alert(group):
    return Alert.objects.select_related("rhythm").get(rhythm__group=group, closed_at=None)


def _write(year, group, now):
    rhythm = _open_alert(group).rhythm
    nudging.send(
        group, rhythm, "How are you?", way="mail", language="en", by=year.people["dora"], now=now
    )


def _wrong(year, group, now):
    alerts.close_as(_open_alert(group), Alert.Closed.WRONG, by=year.people["carol"], now=now)


def _snooze(year, group, until, now):
    alerts.snooze(_open_alert(group), day_of(until), by=year.people["carol"], now=now)


DEEDS = {
    "met": _met,
    "it was on": _it_was_on,
    "announce": _announce,
    "call off": _call_off,
    "pause": _pause,
    "end": _end,
    "break": _break,
    "mend": _mend,
    "archive": _archive,
    "sleep": _sleep,
    "wake": _wake,
    "twice a year": _twice_a_year,
    "write": _write,
    "wrong": _wrong,
    "snooze": _snooze,
}

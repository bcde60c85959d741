"""One group's five indicators, for its helpers and its own facilitators."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import nudging, seasons
from ..forms.upkeep import ComingDayForm, EndForm, HelpForm, PastDayForm, RhythmForm, UntilForm
from ..local_days import today_of
from ..models import Alert, Announcement, Follow, HelpRequest, Nudge, Sighting, Source
from ..recording import rhythms_of
from ..strips import Line, strips_of
from .asking import for_readers

SAID = 40
SIGHTINGS = 2000
NOTED = 12
FORMS = {
    "see": PastDayForm,
    "announce": ComingDayForm,
    "rhythm": RhythmForm,
    "pause": UntilForm,
    "end": EndForm,
    "help": HelpForm,
}


@require_safe
@for_readers
def group(request, group, reader):
    return page(request, group, reader)


def page(request, group, reader, *, wrong=None, status=200):
    """Show the page; ``wrong`` is a form that was sent and could not be taken, by its name."""
    now = timezone.now()
    today = today_of(group, now)
    rhythms = list(rhythms_of(group, now).values())
    since = Line(today).start
    sightings = list(
        Sighting.objects.filter(group=group, day__gte=since)
        .select_related("person")
        .order_by("-day", "-pk")[:SIGHTINGS]
    )
    announcements = list(
        Announcement.objects.filter(group=group, cancelled_at=None, settled_at=None).order_by("day")
    )
    alerts = list(
        Alert.objects.filter(rhythm__group=group)
        .select_related("rhythm", "closed_by")
        .order_by("-opened_on")[:SAID]
    )
    nudges = list(
        Nudge.objects.filter(group=group).select_related("alert", "by").order_by("-sent_at")[:SAID]
    )
    calls = list(HelpRequest.objects.filter(group=group).order_by("-asked_at")[:SAID])
    follows = Follow.objects.filter(group=group, ended_at=None).select_related("person")
    forms = {name: form(today=today, prefix_id=f"{name}-") for name, form in FORMS.items()}
    forms["see"].initial = forms["announce"].initial = {"indicator": "meetings", "day": today}
    context = {
        "group": group,
        "reader": reader,
        "strips": strips_of(group, rhythms, sightings, announcements, alerts, nudges, today),
        "announcements": announcements,
        "by_hand": [each for each in sightings if each.source_id is None][:NOTED],
        "sources": Source.objects.filter(group=group, stopped_at=None).order_by("indicator", "pk"),
        "log": _log(alerts, nudges, calls),
        "seasons": _seasons(group, today) if reader.is_facilitator else [],
        "open_calls": [each for each in calls if each.settled_at is None],
        "follows": follows,
        "is_followed": any(each.person_id == reader.person.pk for each in follows),
        "facilitators": nudging.receivers_of(group) if reader.is_helper else [],
        "forms": forms | (wrong or {}),
        "today": today,
        "today_x": Line(today).at(today),
        "section": "helpers",
    }
    return render(request, "helpers/group.html", context, status=status)


def _seasons(group, today):
    return [
        {"key": each.key, "name": each.name, "question": seasons.question(each, today)}
        for each in seasons.proposals_for(group, today)
    ]


def _log(alerts, nudges, calls):
    """Return what was said and done, the newest first, as (moment, kind, record)."""
    said = [(each.opened_at, "alert", each) for each in alerts]
    said += [(each.closed_at, "closed", each) for each in alerts if each.closed_at]
    said += [(each.sent_at, "nudge", each) for each in nudges]
    said += [(each.asked_at, "call", each) for each in calls]
    return sorted(said, key=lambda each: each[0], reverse=True)[:SAID]

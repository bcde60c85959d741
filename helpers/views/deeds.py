"""What is noted on the page of a group: each deed one form, one button, one way back."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import access, alerts, helping, recording, seasons
from ..local_days import today_of
from ..models import Alert, Announcement, Follow, HelpRequest, Sighting
from . import groups
from .asking import for_readers

SNOOZE = timedelta(days=7)


@require_POST
@for_readers
def note(request, group, reader):
    """Do what the pressed button says; show the form again where it could not be understood."""
    name, now = request.POST.get("do", ""), timezone.now()
    if name not in DEEDS:
        raise Http404("No such deed.")
    form = None
    if name in groups.FORMS:
        form = groups.FORMS[name](request.POST, today=today_of(group, now), prefix_id=f"{name}-")
        if not form.is_valid():
            return groups.page(request, group, reader, wrong={name: form}, status=422)
    said = DEEDS[name](group, reader, form.cleaned_data if form else request.POST, now, form)
    messages.success(request, said)
    if request.POST.get("back") == "dashboard" and reader.is_helper:
        return redirect("helpers:dashboard")
    return redirect("helpers:group", group.short_name)


def see(group, reader, data, now, form):
    recording.see(group, data["indicator"], {data["day"]: 1}, person=reader.person, now=now)
    return _("Noted: thank you.")


def unsee(group, reader, data, now, form):
    sighting = _own(Sighting.objects.filter(group=group, source=None), data)
    if sighting:
        recording.unsee(sighting, by=reader.person, now=now)
    return _("Taken back.")


def announce(group, reader, data, now, form):
    recording.announce(group, data["indicator"], data["day"], person=reader.person, now=now)
    return _("Announced: the clock waits for that day.")


def cancel(group, reader, data, now, form):
    announcement = _own(Announcement.objects.filter(group=group), data)
    if announcement:
        recording.cancel_announcement(announcement, by=reader.person, now=now)
    return _("Called off.")


def poll(group, reader, data, now, form):
    recording.open_poll(group, "meetings", person=reader.person, now=now)
    return _("Noted: a date is being looked for. You hear of it if none is found in three weeks.")


def rhythm(group, reader, data, now, form):
    recording.declare_rhythm(
        group,
        data["indicator"],
        form.days(),
        sensitivity=data["sensitivity"],
        by=reader.person,
        now=now,
    )
    return _("The rhythm is noted.")


def pause(group, reader, data, now, form):
    recording.pause(group, data["day"], by=reader.person, now=now)
    return _("Paused: nobody is reminded of anything until then.")


def rest(group, reader, data, now, form):
    return _answer_season(group, reader, data, now, accepts=True)


def no_rest(group, reader, data, now, form):
    return _answer_season(group, reader, data, now, accepts=False)


def _answer_season(group, reader, data, now, *, accepts):
    if not reader.is_facilitator:
        raise PermissionDenied("A group rests by its own choice.")
    today = today_of(group, now)
    key = data.get("key", "")
    done = seasons.answer(group, key, accepts=accepts, by=reader.person, now=now, today=today)
    if done and accepts:
        return _("Good rest: nobody is reminded of anything in that time.")
    return _("Noted: the clocks go on.")


def end(group, reader, data, now, form):
    recording.end_indicator(group, data["indicator"], data["why"], by=reader.person, now=now)
    return _("Noted as stopped by choice. It ended well, and raises no alert.")


def reopen(group, reader, data, now, form):
    if data.get("indicator") in recording.rhythms_of(group, now):
        recording.reopen_indicator(group, data["indicator"], by=reader.person, now=now)
    return _("It is followed again.")


def snooze(group, reader, data, now, form):
    _for_helpers(reader)
    until = today_of(group, now) + SNOOZE
    for alert in Alert.objects.filter(rhythm__group=group, closed_at=None):
        alerts.snooze(alert, until, by=reader.person, now=now)
    return _("Put off for a week.")


def offer(group, reader, data, now, form):
    _for_helpers(reader)
    for alert in Alert.objects.filter(rhythm__group=group, closed_at=None):
        alerts.offer(alert, now=now)
    return _("The other helpers are asked.")


def follow(group, reader, data, now, form):
    viewer = access.viewer_of(reader.person)
    if viewer is None or not access.may_follow(viewer, group):
        raise PermissionDenied("Only helpers of its ecosystems follow a group.")
    Follow.objects.get_or_create(person=reader.person, group=group, ended_at=None)
    return _("You follow this group now.")


def unfollow(group, reader, data, now, form):
    Follow.objects.filter(person=reader.person, group=group, ended_at=None).update(ended_at=now)
    return _("You follow this group no more.")


def ask_for_help(group, reader, data, now, form):
    helping.ask_for_help(group, data["occasion"], data["words"], by=reader.person, now=now)
    return _("Your helpers find it on their page. Somebody gets back to you.")


def settle(group, reader, data, now, form):
    call = _own(HelpRequest.objects.filter(group=group, settled_at=None), data)
    if call:
        HelpRequest.objects.filter(pk=call.pk).update(settled_at=now, settled_by=reader.person)
    return _("Noted as settled.")


def _own(records, data):
    """Return the record that a button names, None where it is gone already."""
    pk = data.get("pk", "")
    is_number = pk.isascii() and pk.isdecimal() and len(pk) < 19
    return records.filter(pk=pk).first() if is_number else None


def _for_helpers(reader):
    if not reader.is_helper:
        raise PermissionDenied("Only helpers look after alerts.")


DEEDS = {
    "see": see,
    "unsee": unsee,
    "announce": announce,
    "cancel": cancel,
    "poll": poll,
    "rhythm": rhythm,
    "pause": pause,
    "rest": rest,
    "no_rest": no_rest,
    "end": end,
    "reopen": reopen,
    "snooze": snooze,
    "offer": offer,
    "follow": follow,
    "unfollow": unfollow,
    "help": ask_for_help,
    "settle": settle,
}

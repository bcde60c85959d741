"""What the answers of a check-in do: evidence, a pause, an end, a call for help.

An answer of a facilitator is worth as much as what a source shows. Whoever answers again corrects:
what the earlier answer recorded is taken back, unless it is still said.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import Pause
from groups.upkeep import latest_pause

from . import nudging, recording
from .helping import ask_for_help
from .local_days import today_of
from .models import Announcement, CheckIn, HelpRequest, Nudge, Rhythm, Sighting
from .questions import ENDS, HELP, PAUSING, Answer

Outcome = Nudge.Outcome


@dataclass(frozen=True)
class Said:
    """One answer: an `Answer`, "pausing", or what help is about; with its day or its words."""

    answer: str
    day: date | None = None
    words: str = ""


def answer(check_in, said, *, now):
    """Record what was ``said``, as {indicator, "pausing" or "help": `Said`}: all, or nothing.

    It is recorded in the name of whoever was asked. An indicator about which nothing is said stays
    as it was answered; a pause or a call for help that is no longer said is taken back.
    """
    with transaction.atomic():
        # The check-in first, then the kind word, then the group: everywhere in this order.
        check_in = CheckIn.objects.select_for_update().get(pk=check_in.pk)
        if check_in.nudge_id:
            Nudge.objects.select_for_update().get(pk=check_in.nudge_id)
        before = check_in.effects
        unsaid = {what: before[what] for what in (PAUSING, HELP) if what in before.keys() - said}
        _take_back(check_in, unsaid, now)
        effects = {what: was for what, was in before.items() if what not in unsaid} | {
            what: _settle(check_in, what, before.get(what), each, now)
            for what, each in said.items()
        }
        CheckIn.objects.filter(pk=check_in.pk).update(answered_at=now, effects=effects)
        if check_in.nudge_id:
            outcome, until_day = _outcome(said)
            nudging.note(check_in.nudge, outcome, until_day, by=check_in.person, now=now)


def _settle(check_in, what, was, said, now):
    """Bring one answer in the place of an earlier one. Return what is kept of it."""
    effect = {"answer": said.answer, "day": said.day and said.day.isoformat()}
    if was and all(was[name] == value for name, value in effect.items()):
        if _still_stands(check_in, what, was, said):
            return was
    elif was:
        _take_back(check_in, {what: was}, now)
    return effect | {"pk": _record(check_in, what, said, now)}


def _still_stands(check_in, what, was, said):
    """Say whether what the same answer recorded is there: then it is not recorded again.

    A meeting that somebody has taken back since stays taken back.
    """
    if said.answer == Answer.NOTHING or what == HELP:
        return False
    if what == PAUSING:
        return Pause.objects.filter(pk=was["pk"], until_day=said.day).exists()
    ended = Rhythm.objects.filter(group=check_in.group, indicator=what, ended_on__isnull=False)
    if said.answer == Answer.STOPPED:
        return ended.filter(ended_why=said.words).exists()
    if said.answer == Answer.NEVER:
        return ended.exists()
    return True


def _record(check_in, what, said, now):
    """Record one answer. Return the key of the record that is ours to take back, or None."""
    group, person = check_in.group, check_in.person
    if what == HELP:
        return _help(group, said, person, now)
    if what == PAUSING:
        return recording.pause(group, said.day, by=person, now=now).pk
    match said.answer:
        case Answer.HELD:
            recording.see(group, what, {said.day: 1}, person=person, now=now)
            # Where somebody else had noted this day, it is theirs.
            own = {"group": group, "indicator": what, "person": person, "noted_at": now}
            return (
                Sighting.objects.filter(source=None, day=said.day, **own)
                .values_list("pk", flat=True)
                .first()
            )
        case Answer.AHEAD:
            announced = recording.announce(group, what, said.day, person=person, now=now)
            return announced.pk if announced.noted_at == now else None
        case Answer.NOTHING:
            rhythm = Rhythm.objects.get(group=group, indicator=what)
            recording.cover(rhythm, today_of(group, now), by=person, now=now)
        case Answer.STOPPED:
            recording.end_indicator(group, what, said.words, by=person, now=now)
        case Answer.NEVER:
            why = _("It is not something the group does.")
            recording.end_indicator(group, what, why, by=person, now=now)
    return None


def _help(group, said, person, now):
    request = ask_for_help(group, said.answer, said.words, by=person, now=now)
    if request.by_id != person.pk:
        return None
    HelpRequest.objects.filter(pk=request.pk).update(words=said.words)
    return request.pk


def _take_back(check_in, effects, now):
    """Take back what these earlier answers recorded, where it still stands.

    That there was nothing new on a day stays true.
    """
    group, person = check_in.group, check_in.person
    for what, was in effects.items():
        own = {"pk": was["pk"], "group": group, "person": person}
        match was["answer"]:
            case Answer.HELD:
                for sighting in Sighting.objects.filter(**own):
                    recording.unsee(sighting, by=person, now=now)
            case Answer.AHEAD:
                for announced in Announcement.objects.filter(**own):
                    recording.cancel_announcement(announced, by=person, now=now)
            case Answer.STOPPED | Answer.NEVER:
                if Rhythm.objects.filter(group=group, indicator=what).exclude(ended_on=None):
                    recording.reopen_indicator(group, what, by=person, now=now)
            case _ if what == PAUSING:
                pause = latest_pause(group, timezone.localdate(now))
                if pause and pause.pk == was["pk"]:
                    recording.end_pause(group, by=person, now=now)
            case _ if what == HELP:
                calls = HelpRequest.objects.filter(pk=was["pk"], settled_at=None)
                calls.update(settled_at=now, settled_by=person)


def _outcome(said):
    """Return what came of the kind word, the most pressing first, and until when."""
    if HELP in said:
        return Outcome.NEEDS_HELP, None
    if PAUSING in said:
        return Outcome.ON_HOLIDAY, said[PAUSING].day
    if said and all(each.answer in ENDS for each in said.values()):
        return Outcome.STOPPED, None
    return Outcome.ANSWERED, None

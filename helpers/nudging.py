"""A kind word to the facilitators of a group: prepared, sent, and what came of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from groups.access import confirmed_facilitators
from groups.contacting import quoted
from groups.links import page_address
from groups.mail import queue_mail
from groups.upkeep import latest_pause

from . import alerts, recording
from .checkins import address_of as check_in_address
from .checkins import in_order, make_for_nudge
from .helping import ask_for_help
from .indicators import Indicator, Status
from .local_days import today_of
from .models import Alert, HelpRequest, Nudge, Rhythm
from .questions import HELP, PAUSING, Answer, answers_to, question
from .sentences import short_sentence

Outcome = Nudge.Outcome


def receivers_of(group):
    """Return the people who facilitate ``group``, the first of them first."""
    return [each.person for each in confirmed_facilitators(group).order_by("pk")]


def prepare(group, rhythm, *, by, receivers, now):
    """Return the words to begin with, in the language of whoever gets them, and that language."""
    language = receivers[0].language if receivers else by.language
    with override(language):
        return _words(group, rhythm, by, receivers, today_of(group, now)), language


def _words(group, rhythm, by, receivers, today):
    name = receivers[0].name.split(" ")[0] if receivers and receivers[0].name else ""
    lines = [_("Hello %(name)s,") % {"name": name} if name else _("Hello,")]
    if rhythm is None:
        said = _("I was thinking of “%(group)s”. How are you all?")
        lines.append(said % {"group": group.name})
    else:
        lines.append(_about(group, rhythm, today))
    lines.append(
        _(
            "Perhaps it went on elsewhere, perhaps you are taking a break, perhaps it is done: all "
            "of it is fine. One word from you is enough, and if a hand would help, I have one."
        )
    )
    lines.append(_("Warmly,"))
    return "\n\n".join(lines) + f"\n{by.name}".rstrip()


def _about(group, rhythm, today):
    what = {
        "group": group.name,
        "indicator": rhythm.get_indicator_display(),
        "fact": short_sentence(rhythm, today),
    }
    if rhythm.status == Status.TOO_BUSY:
        said = _(
            "“%(group)s” is very lively (%(indicator)s: %(fact)s). Is it still a pleasure to read? "
            "Some groups open a second list at such a moment."
        )
    elif rhythm.status == Status.UNKNOWN:
        said = _(
            "I cannot see how “%(group)s” is doing (%(indicator)s: %(fact)s). That says nothing of "
            "you: the link may have changed."
        )
    else:
        said = _(
            "I look after how “%(group)s” is doing, and did not see anything new for a while "
            "(%(indicator)s: %(fact)s)."
        )
    return said % what


def send(group, rhythm, text, *, way, language, by, now):
    """Keep a kind word, and mail it to the facilitators if that is its way. Returns the `Nudge`.

    The same words on the same day are one kind word, however often the button was pressed. The task
    is taken: its reminders rest.
    """
    with transaction.atomic():
        # One after the other: two presses of the button wait here.
        type(group).objects.select_for_update(no_key=True).get(pk=group.pk)
        today = {"group": group, "by": by, "text": text, "way": way, "sent_at__date": now.date()}
        if known := Nudge.objects.filter(**today).first():
            return known
        alert = rhythm and Alert.objects.filter(rhythm=rhythm, closed_at=None).first()
        nudge = Nudge.objects.create(
            group=group, alert=alert, by=by, sent_at=now, way=way, language=language, text=text
        )
        if alert:
            alerts.take(alert, by=by, now=now)
        if way == Nudge.Way.MAIL:
            rhythms = _asked_about(group, rhythm)
            for person in receivers_of(group):
                _mail(nudge, person, rhythms, now)
    return nudge


def _mail(nudge, person, rhythms, now):
    secret = make_for_nudge(nudge, person, rhythms, now)
    page = page_address("helpers:group", nudge.group.short_name, language=person.language)
    queue_mail(
        "nudge",
        person=person,
        key=f"nudge:{nudge.pk}:{person.pk}",
        reply_to=nudge.by.email,
        # Somebody wrote it to somebody: it is no reminder, and does not wait for one.
        is_asked=True,
        now=now,
        context={
            "group": nudge.group.name,
            "name": nudge.by.name,
            "words": nudge.text,
            "quoted": quoted(nudge.text),
            "question": _question(nudge.group, rhythms, person, now),
            "answers": _answers(rhythms, secret, person),
            "page_address": page,
        },
    )


def _asked_about(group, rhythm):
    """Return the rhythms that a kind word asks about: its own and those that fell silent with it.

    A word without an occasion asks about meetings, which tell most of how a group is.
    """
    if rhythm is None:
        meetings = Rhythm.objects.filter(group=group, indicator=Indicator.MEETINGS, ended_on=None)
        return list(meetings)
    joined = Rhythm.objects.filter(
        group=group, alerts__lead__rhythm=rhythm, alerts__closed_at=None, status=Status.SILENT
    )
    return [rhythm, *in_order(joined)]


def _question(group, rhythms, person, now):
    with override(person.language):
        return question(rhythms[0], today_of(group, now)) if rhythms else ""


def _answers(rhythms, secret, person):
    """Return the answers that are one tap away from the mail: their words, and their address."""
    address = check_in_address(secret, person.language)
    with override(person.language):
        answers = [(_("We are pausing until…"), f"{PAUSING}=1"), (_("I need help"), f"{HELP}=1")]
        if rhythms:
            words, about = dict(answers_to(rhythms[0])), rhythms[0].indicator
            first = Answer.HELD if Answer.HELD in words else Answer.NOTHING
            answers.insert(0, (words[first], f"{about}={first}"))
            answers.insert(2, (words[Answer.STOPPED], f"{about}={Answer.STOPPED}"))
        return [{"words": str(said), "address": f"{address}?{query}"} for said, query in answers]


# ── What came of it ─────────────────────────────────────────────────────────────────────────────


def note_outcome(nudge, outcome, *, until_day=None, by, now):
    """Note what came of a kind word, as its helper heard it, and do what follows from it.

    A later answer replaces an earlier one; the same answer does nothing twice. That a group is
    asleep is only noted: to say so is its own choice.
    """
    with transaction.atomic():
        known = Nudge.objects.select_for_update(of=["self"]).select_related(
            "group", "alert__rhythm"
        )
        nudge = known.get(pk=nudge.pk)
        if (nudge.outcome, nudge.until_day) != (outcome, until_day):
            _follow(nudge, outcome, until_day, by, now)
        note(nudge, outcome, until_day, by=by, now=now)


def _follow(nudge, outcome, until_day, by, now):
    group = nudge.group
    if outcome == Outcome.ON_HOLIDAY and until_day:
        today = timezone.localdate(now)
        running = latest_pause(group, today)
        # A pause of the group's own that lasts longer stays as it is.
        if until_day >= max(today, _end(running) or today):
            recording.pause(group, until_day, by=by, now=now)
    elif outcome == Outcome.STOPPED and nudge.alert:
        rhythm = nudge.alert.rhythm
        if rhythm.ended_on is None:
            recording.end_indicator(group, rhythm.indicator, by=by, now=now)
    elif outcome == Outcome.NEEDS_HELP:
        ask_for_help(group, HelpRequest.Occasion.DIFFICULTY, by=by, now=now)


def _end(pause):
    return pause and (pause.until_day or pause.review_on)


def note(nudge, outcome, until_day, *, by, now):
    """Write down what came of a kind word."""
    Nudge.objects.filter(pk=nudge.pk).update(
        outcome=outcome, until_day=until_day, outcome_at=now, outcome_by=by
    )

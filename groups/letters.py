"""The mails about a group and its people: who gets which, and the links that lie in them."""

from datetime import timedelta

from .access import confirmed_facilitators
from .contacting import quoted
from .links import OTHERS_VALID_FOR, link_address, make_link
from .mail import queue_mail
from .models import Link

Purpose = Link.Purpose
# What nobody waits for may be read weeks later.
READ_WITHIN = timedelta(days=30)


# ── Links somebody waits for ────────────────────────────────────────────────────────────────────


def ask_to_confirm(facilitator, now):
    """Send the one mail that an unconfirmed address gets, to whoever was named at registration."""
    _ask_to_confirm(facilitator, "confirm", {}, now)


def invite(facilitator, by, now):
    """Send an invitation of ``by`` to facilitate with them, or in their place."""
    context = {"inviter": name_of(by), "is_handing_over": facilitator.replaces_id is not None}
    _ask_to_confirm(facilitator, "invited", context, now)


def _ask_to_confirm(facilitator, template, context, now):
    person, group = facilitator.person, facilitator.group
    if person.is_active:
        context |= {"address": link(Purpose.CONFIRM, person, group, now), "group": group.name}
        key = f"{template}:{facilitator.pk}:{now.isoformat()}"
        queue_mail(template, person=person, key=key, context=context, is_asked=True, now=now)


def send_link(purpose, person, group, now, *, task=None):
    """Send a link for one purpose to whoever has just asked for it. ``group`` may be None."""
    context = {
        # They wait for it, so it need not last.
        "address": link(purpose, person, group, now, task=task, lasts=OTHERS_VALID_FOR),
        # Lazy: said in the language of the receiver.
        "deed": Purpose(purpose).label,
        "group": group.name if group else "",
        "days": OTHERS_VALID_FOR.days,
    }
    key = f"link:{purpose}:{person.pk}:{group.pk if group else ''}:{now.isoformat()}"
    queue_mail("edit_link", person=person, key=key, context=context, is_asked=True, now=now)


def link(purpose, person, group, now, **fields):
    """Return the address of a new link (`make_link`), as a mail to ``person`` shows it."""
    secret = make_link(purpose, person=person, group=group, now=now, **fields)
    return link_address(secret, person.language)


# ── Changes among the facilitators ──────────────────────────────────────────────────────────────


def tell_removed(group, person, by, now):
    """Tell ``person`` that ``by`` took them off the list of facilitators."""
    _tell("removed", person, group, {"by": name_of(by)}, now)


def tell_handed_over(group, before, successor, now):
    """Tell ``before`` that the one they handed over to is there."""
    _tell("handed_over", before, group, {"successor": name_of(successor)}, now)


# ── Taking over ─────────────────────────────────────────────────────────────────────────────────


def ask_to_confirm_offer(person, group, draft, now):
    """Send whoever offers to take a group over the link that proves their address."""
    context = {
        "address": link(Purpose.TAKE_OVER, person, group, now, draft=draft),
        "group": group.name,
    }
    key = f"take-over:{person.pk}:{group.pk}:{now.isoformat()}"
    queue_mail("take_over_confirm", person=person, key=key, context=context, is_asked=True, now=now)


def ask_last_facilitators(task, now):
    """Ask everybody who facilitates the group whether it may be taken over."""
    for facilitator in confirmed_facilitators(task.group):
        person = facilitator.person
        context = {
            "offerer": name_of(task.person),
            "offer_words": task.words,
            "quoted": quoted(task.words),
            "until": task.shown_from,
            "keep_address": link(Purpose.KEEP, person, task.group, now, task=task),
            "let_go_address": link(Purpose.LET_GO, person, task.group, now, task=task),
        }
        _tell("take_over_asked", person, task.group, context, now)


def tell_offer_was_kept(task, now):
    """Thank whoever offered: the group's own facilitators are there."""
    _tell_offerer("take_over_kept", task, {}, now)


def tell_offer_was_refused(task, reason, now):
    _tell_offerer("take_over_refused", task, {"reason": reason}, now)


def tell_taken_over(task, now):
    """Tell whoever offered that the group is in their hands, and the others who it is."""
    edit = link(Purpose.EDIT, task.person, task.group, now, lasts=READ_WITHIN)
    _tell_offerer("take_over_given", task, {"address": edit}, now)
    others = confirmed_facilitators(task.group).exclude(person=task.person)
    for facilitator in others:
        context = {"successor": name_of(task.person)}
        _tell("taken_over", facilitator.person, task.group, context, now)


def _tell_offerer(template, task, context, now):
    # Whoever erased themselves meanwhile is told nothing.
    if task.person:
        _tell(template, task.person, task.group, context, now)


def _tell(template, person, group, context, now):
    """Send what somebody must know about their group, though they asked for nothing just now."""
    queue_mail(
        template,
        person=person,
        key=f"{template}:{person.pk}:{group.pk}:{now.isoformat()}",
        context={"group": group.name, **context},
        # It reminds of nothing: whoever wants no reminders still learns that a group changes hands.
        is_asked=not person.wants_reminders,
        now=now,
    )


def name_of(person):
    """Return what others may call ``person``: never their address. "" for nobody."""
    return person.name if person else ""

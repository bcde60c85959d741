"""What each kind of mailed link says, and what its button does.

A deed takes the link, the moment and what was answered on its page; it returns whether it was done.
It is not where whoever got the link may no longer act: nothing is done then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import drafts, founding, letters, taking_over, upkeep
from .access import is_facilitator
from .limits import over_limit
from .models import Facilitator, Link, Person
from .models.people import fold_email

Purpose = Link.Purpose

NEW_LINKS = 3
NEW_LINKS_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Deed:
    """One kind of link. Its words name the group as `%(group)s`."""

    # The question the page asks, what follows from a yes, and the button that says it.
    title: Promise
    words: Promise
    button: Promise
    # What the next page says, and which one that is.
    done: Promise | str = ""
    then: str = "groups:group_edit"
    do: Callable = field(default=lambda link, now, **answers: is_facilitator_of(link))


def is_facilitator_of(link):
    return is_facilitator(link.person, link.group)


def by_facilitator(deed):
    """Return ``deed`` of an upkeep module as the deed of a link: for its group, by its person."""

    def do(link, now, **answers):
        if not is_facilitator_of(link):
            return False
        deed(link.group, by=link.person, now=now, **answers)
        return True

    return do


def confirm(link, now):
    listed = Facilitator.objects.filter(person=link.person, group=link.group, ended_at=None)
    facilitator = listed.select_related("person", "group", "replaces__person").first()
    return facilitator is not None and upkeep.confirm_address(facilitator, now)


def keep(link, now):
    return is_facilitator_of(link) and taking_over.keep(link.task, link.person, now)


def let_go(link, now, *, leaves=False):
    if not is_facilitator_of(link):
        return False
    return taking_over.let_go(link.task, link.person, now, leaves=leaves)


def offer(link, now):
    return taking_over.confirm_offer(link, now) is not None


def open_only(link, now):
    return True


def open_kept(link, now):
    upkeep.holder_is_there(link.group, now)
    return True


DEEDS = {
    Purpose.CONFIRM: Deed(
        _("Do you facilitate “%(group)s”?"),
        _(
            "Somebody gave your address as that of a facilitator. Say yes, and you may edit the "
            "entry, and get the mail of the group. If it was not you, close this page: nothing "
            "happens."
        ),
        _("Yes, I do"),
        _("Thank you: your address is confirmed. You facilitate “%(group)s” now."),
        do=confirm,
    ),
    Purpose.EDIT: Deed(
        _("Edit the entry of “%(group)s”"),
        _("The button opens the entry in this browser for two hours."),
        _("Open the entry"),
    ),
    Purpose.ANSWER: Deed(
        _("Answer the question about “%(group)s”"),
        _("Whoever reads your entry has a question. The button shows it, with room to answer."),
        _("Show the question"),
    ),
    Purpose.PEOPLE: Deed(
        _("Add a facilitator to “%(group)s”"),
        _("The button opens the list of facilitators, where you can invite somebody."),
        _("Open the list"),
        then="groups:group_people",
    ),
    Purpose.HAND_OVER: Deed(
        _("Hand “%(group)s” over"),
        _(
            "The button opens the list of facilitators. Invite your successor there; you stay "
            "until they have said yes."
        ),
        _("Open the list"),
        then="groups:group_people",
    ),
    Purpose.STILL_RIGHT: Deed(
        _("Is the entry of “%(group)s” still right?"),
        _("Say yes, and its page tells that it was checked today."),
        _("Yes, still right"),
        _("Thank you: the page of “%(group)s” says that it was checked today."),
        do=by_facilitator(upkeep.confirm_entry),
    ),
    Purpose.SLEEP: Deed(
        _("Put “%(group)s” to sleep?"),
        _(
            "Its page stays and says that the group is asleep. You can wake it whenever you like. "
            "Meanwhile somebody may offer to take it over; you would be asked first."
        ),
        _("Put it to sleep"),
        _("“%(group)s” is asleep now. Its page stays. You can wake it here, now or in a year."),
        then="groups:group_activity",
        do=by_facilitator(upkeep.put_to_sleep),
    ),
    Purpose.PAUSE: Deed(
        _("Let “%(group)s” pause?"),
        _("Nobody will wonder why it is quiet. Until when?"),
        _("Pause"),
        _("“%(group)s” is pausing. You can end the pause here at any time."),
        then="groups:group_activity",
        do=by_facilitator(upkeep.pause),
    ),
    Purpose.WAKE: Deed(
        _("Wake “%(group)s” up?"),
        _("Its page says again that the group is active."),
        _("Wake it up"),
        _("“%(group)s” is awake: its page says so. Is everything in the entry still right?"),
        do=by_facilitator(upkeep.wake),
    ),
    Purpose.ARCHIVE: Deed(
        _("Archive “%(group)s”?"),
        _(
            "For a group that has stopped. Its page stays, so that what it did is not lost, and it "
            "leaves the lists. You can take this back."
        ),
        _("Archive it"),
        _("“%(group)s” is archived. Its page stays. If life returns, you can wake it here."),
        then="groups:group_activity",
        do=by_facilitator(upkeep.archive),
    ),
    Purpose.TAKE_OVER: Deed(
        _("Do you offer to take “%(group)s” over?"),
        _(
            "The button confirms your address and brings your offer before the last facilitators. "
            "If they are silent for fourteen days, a helper decides. If the offer was not yours, "
            "close this page: nothing happens."
        ),
        _("Yes, I offer it"),
        _("Thank you. Your offer is on its way; you will get a mail as soon as it is decided."),
        then="groups:take_over_group",
        do=offer,
    ),
    Purpose.KEEP: Deed(
        _("Keep “%(group)s” in your hands?"),
        _("Whoever offered to take it over is thanked and told that you are there."),
        _("We keep it"),
        _("You keep “%(group)s”, and whoever offered is told so. Would you like to wake it up?"),
        then="groups:group_activity",
        do=keep,
    ),
    Purpose.LET_GO: Deed(
        _("Let somebody else take “%(group)s” over?"),
        _("Whoever offered becomes a facilitator at once. You choose whether you stay beside."),
        _("Hand it over"),
        _("Thank you: “%(group)s” has somebody again."),
        do=let_go,
    ),
    Purpose.ERASE: Deed(
        _("Erase your data?"),
        _("What goes cannot be brought back."),
        _("Erase my data"),
    ),
    Purpose.DRAFT: Deed(
        _("Finish your registration"),
        _("The button brings back what you had typed. Nothing is sent before you say so."),
        _("Go on"),
        do=open_only,
    ),
    Purpose.ECOSYSTEM: Deed(
        _("Do you ask for an ecosystem?"),
        _(
            "The button confirms your address and brings your request before the operators. If it "
            "was not yours, close this page: nothing happens."
        ),
        _("Yes, I ask for it"),
        then="groups:new_ecosystem",
        do=founding.confirm,
    ),
    Purpose.KEPT: Deed(
        _("Edit the entry of “%(group)s”"),
        _(
            "This is the link you kept. The button opens the entry in this browser for two hours. "
            "The link works again as often as you need it."
        ),
        _("Open the entry"),
        do=open_kept,
    ),
}


def send_another(link, now):
    """Send another link of the same purpose to the person of ``link``, if they may still act.

    Return whether there was not too much of it; whether one was sent is nobody's business.
    """
    who = f"person:{link.person_id}" if link.person_id else f"draft:{link.draft_id}"
    if over_limit("", "new_link", times=NEW_LINKS, within=NEW_LINKS_WITHIN, who=who, now=now):
        return False
    person, group = link.person, link.group
    match link.purpose:
        case Purpose.DRAFT:
            draft = link.draft
            drafts.keep_draft(
                draft.typed,
                email=draft.email,
                language=draft.language,
                token=now.isoformat(),
                draft=draft,
                now=now,
            )
        case Purpose.CONFIRM:
            send_link_to(person.email, Purpose.EDIT, group, now)
        case Purpose.ECOSYSTEM:
            if person.is_active and not link.used_at:
                founding.send_confirmation(person, link.draft, now)
        case Purpose.TAKE_OVER:
            if person.is_active and not link.used_at:
                letters.ask_to_confirm_offer(person, group, link.draft, now)
        case _:
            send_link_to(person.email, link.purpose, group, now, task=link.task)
    return True


def send_link_to(email, purpose, group, now, *, task=None):
    """Send the link for ``purpose`` to the facilitator of this address who asks for it.

    One who has not confirmed gets the link to do so; everybody may erase their data. Anybody else
    gets nothing. ``group`` may be None.
    """
    person = Person.objects.filter(email=fold_email(email), is_active=True).first()
    if person is None:
        return
    if purpose == Purpose.ERASE:
        letters.send_link(purpose, person, None, now)
        return
    listed = Facilitator.objects.filter(person=person, group=group, ended_at=None)
    facilitator = listed.select_related("person", "group").first()
    if facilitator is None:
        return
    if facilitator.confirmed_at:
        letters.send_link(purpose, person, group, now, task=task)
    else:
        letters.ask_to_confirm(facilitator, now)

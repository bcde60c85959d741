"""The versions of an entry: who made which, when and why, what changed, and the way back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import history, reviewing
from .access import Grant, grant_for, is_facilitator
from .editing import is_published_at_once
from .entries import save_entry
from .models import Facilitator, Group, Membership, Revision
from .restoring import brought_back
from .reviewing.rights import reviewer_of
from .upkeep import mark_confirmed

A_PAGE = 25
RESTORED = "restored"
BY_KEPT_LINK = "edited_by_kept_link"


@dataclass(frozen=True)
class Reader:
    """Somebody who may read the history of a group; with a grant, they may bring versions back."""

    grant: Grant | None
    sees_private_links: bool


@dataclass(frozen=True)
class Version:
    """One version as the history shows it."""

    pk: int
    at: datetime
    why: str
    who: str
    # None for the first, which has nothing to differ from.
    differences: list[history.Difference] | None
    # The version that was brought back, by its number.
    source: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of the history, the newest version first."""

    versions: list[Version]
    number: int
    last: int
    newest: int | None

    @property
    def before(self):
        return self.number - 1

    @property
    def after(self):
        return self.number + 1


def reader_of(request, group):
    """Return the `Reader` who asks, or None: visitors of a public group have no right to it."""
    if grant := grant_for(request, group):
        return Reader(grant, sees_private_links=True)
    reviewer = reviewer_of(request.user)
    if reviewer is None:
        return None
    memberships = dict(group.memberships.values_list("ecosystem_id", "status"))
    status = Membership.Status
    accepted = {pk for pk, each in memberships.items() if each == status.ACCEPTED}
    asking = {pk for pk, each in memberships.items() if each in (status.ASKED, status.QUESTIONED)}
    may_read = (
        accepted & reviewer.ecosystems
        or asking & reviewer.curated
        or (reviewer.helped and not accepted)
    )
    return Reader(None, reviewer.sees_private_links_of(accepted)) if may_read else None


def page_of(group, reader, number):
    """Return the `Page` of this number, or the last one there is. Four queries."""
    revisions = Revision.objects.filter(group=group).select_related("by")
    last = max(1, -(-revisions.count() // A_PAGE))
    number = min(max(1, number), last)
    start = (number - 1) * A_PAGE
    # One more: the oldest of the page differs from the one before it.
    shown = list(revisions.order_by("-pk")[start : start + A_PAGE + 1])
    facilitators = _ever_facilitated(group)
    versions = [
        _version(each, before, reader, facilitators)
        for each, before in zip(shown, [*shown[1:], None], strict=True)
    ]
    newest = shown[0].pk if shown and number == 1 else None
    return Page(versions[:A_PAGE], number, last, newest)


def version_of(revision, reader):
    """Return the `Version` of one revision, without differences. One query."""
    return _version(revision, None, reader, _ever_facilitated(revision.group))


def whole_of(revision, reader):
    """Return [(label, value)] of everything this version says that ``reader`` may see."""
    new = history.differences({}, revision.entry)
    return [(each.label, each.after) for each in _visible(new, reader)]


def changes_by(revision, current, reader):
    """Return the `history.Difference`s to ``current`` that bringing this version back makes."""
    group = revision.group
    return _visible(
        history.differences(current, brought_back(revision.entry, group, current)), reader
    )


def bring_back(revision, *, group, base, grant, now):
    """Save an earlier version as a new one, or propose it where somebody reads changes first.

    Return "saved", "proposed", "unchanged", "outdated" (somebody saved after version ``base`` was
    shown) or "forbidden" (by a rule it is older than). Pictures stay as they are.
    """
    with transaction.atomic():
        # Whoever saves at the same moment is waited for.
        group = Group.objects.select_for_update().get(pk=group.pk)
        newest = newest_of(group)
        if newest.pk != base:
            return "outdated"
        entry = brought_back(revision.entry, group, newest.entry)
        if not history.differences(newest.entry, entry):
            return "unchanged"
        if not is_published_at_once(group, grant):
            reviewing.propose(group, entry, grant.person, now)
            return "proposed"
        try:
            with transaction.atomic():
                why = f"{RESTORED} {revision.pk}"
                saved = save_entry(entry, group=group, by=grant.person, why=why, now=now)
        except IntegrityError:
            return "forbidden"
        if grant.person and is_facilitator(grant.person, saved):
            mark_confirmed(saved, now)
        reviewing.changed(saved, newest, grant.person, now)
    return "saved"


def newest_of(group):
    return Revision.objects.filter(group=group).order_by("-pk").first()


def _version(revision, before, reader, facilitators):
    why, source = _why(revision.why)
    differences = None
    if before is not None:
        differences = _visible(history.differences(before.entry, revision.entry), reader)
    who = _who(revision, facilitators)
    return Version(revision.pk, revision.created_at, why, who, differences, source)


def _visible(differences, reader):
    if reader.sees_private_links:
        return differences
    return [each for each in differences if each.field not in history.PRIVATE_FIELDS]


def _ever_facilitated(group):
    return set(Facilitator.objects.filter(group=group).values_list("person_id", flat=True))


def _who(revision, facilitators):
    """Return who made a version, in words, "" where the reason says it all; never an address."""
    person, why = revision.by, revision.why
    if person is None:
        return _("by the kept link") if why == BY_KEPT_LINK else ""
    if person.name:
        return _("by %(name)s") % {"name": person.name}
    if person.pk in facilitators:
        return _("by a facilitator")
    return _("by an operator") if person.is_staff else _("by a reviewer")


def _why(code):
    """Return (why a version was made, in words; the number of the version it brings back)."""
    start, _space, rest = code.partition(" ")
    if start == RESTORED:
        return _("An earlier version was brought back"), int(rest) if rest.isdecimal() else None
    if start == "import":
        return _("Brought in by an import"), None
    return _sentences().get(code, code), None


def _sentences():
    return {
        "registered": _("Registered"),
        "edited": _("Edited"),
        BY_KEPT_LINK: _("Edited"),
        "still_right": _("“Still right”, said the group"),
        "asleep": _("Fell asleep"),
        "awake": _("Woke up"),
        "archived": _("Stopped"),
        "paused": _("A pause began, or was changed"),
        "pause_ended": _("A pause ended"),
        "profile_published": _("A profile for other directories was published"),
        "profile_withdrawn": _("The profile for other directories was withdrawn"),
        "published": _("Accepted into the directory"),
        "refused": _("Not accepted into the directory"),
        "sent_again": _("Sent in again"),
        "change accepted": _("A change that was sent in was accepted"),
        "membership": _("An ecosystem decided about the group"),
        "charter_accepted": _("The charter of an ecosystem was accepted"),
        "joined_ecosystem": _("The group asked to join an ecosystem"),
        "left_ecosystem": _("The group left an ecosystem"),
        "taken_over": _("Somebody took the group over"),
        "facilitator_invited": _("Somebody was invited to facilitate"),
        "address_confirmed": _("A facilitator confirmed their address"),
        "facilitator_left": _("A facilitator left"),
        "facilitator_removed": _("A facilitator was taken off the list"),
        "handed_over": _("A facilitator handed over"),
        "kept_link_replaced": _("The kept link was replaced"),
        "admin": _("Changed on the operators’ pages"),
        "demo": _("Came with the demo"),
    }

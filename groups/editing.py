"""Saving what somebody typed over what others did meanwhile: joined, asked about, or proposed.

A form carries what it began with (`base_of`). What only one of two people changed is kept from that
one; where both changed the same field differently, the second sees both and chooses.
"""

from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction

from . import history, reviewing
from .access import is_facilitator, is_trusted
from .entries import entries_of
from .forms.entry import EntryForm, entry_as_typed, group_as_typed
from .forms.fields import sign_picture
from .models import Group, Revision, Task
from .saving import save_form
from .tasks import settle_tasks
from .text import fold
from .upkeep import confirm_entry, holder_is_there, mark_confirmed

SALT = "groups.editing"
# What the form holds and no entry does; by the names of its fields.
EXTRAS = ("position_is_approximate", "members_is_open", "banner_kept", "started_in")


@dataclass(frozen=True)
class Outcome:
    """What became of a form: "saved", "proposed", "unchanged", "conflict" or "invalid"."""

    code: str
    group: Group
    # The form to show where there is one: the joined one, with its conflicts or errors.
    form: EntryForm | None = None
    conflicts: tuple[history.Conflict, ...] = ()
    # Somebody had saved meanwhile, and both changes are kept.
    is_joined: bool = False
    is_confirmed: bool = False


def begin(group, grant):
    """Return the `EntryForm` of ``group`` to begin with, and its base: what it begins with, signed.

    Where a change waits that this browser may go on with, the form shows the group as it would be.
    """
    typed = group_as_typed(group)
    extras = {name: typed[name] for name in EXTRAS}
    proposal = None if is_published_at_once(group, grant) else waiting_proposal(group)
    if proposal:
        typed |= _proposed(proposal)
    revision = proposal.revision_id if proposal else newest_version(group)
    return EntryForm(group=group, typed=typed), signing.dumps([revision, extras], salt=SALT)


def base_of(group):
    """Return, signed, what a form of ``group`` as it is begins with."""
    return signing.dumps([newest_version(group), _extras_of(group)], salt=SALT)


def waiting_proposal(group):
    """Return the change that waits to be read, or None."""
    return Task.objects.filter(group=group, kind=Task.Kind.EDIT, decided_at=None).first()


def is_published_at_once(group, grant):
    """Say whether what this browser changes in ``group`` needs nobody's yes before it is shown."""
    if group.review != Group.Review.PUBLISHED:
        return True
    if grant.may_only_edit:
        return False
    return grant.person.is_operator() or is_trusted(group)


def save_edit(form, *, group, base, grant, now, choices=None, still_right=False):
    """Save, or propose, what was typed into a valid ``form``. Return the `Outcome`.

    ``choices`` answers conflicts: ``{field: "theirs" or "mine"}``. ``still_right`` says that the
    entry is right as it is; a facilitator who changes it says so too.
    """
    with transaction.atomic():
        # Whoever saves at the same moment is waited for, and then joined.
        group = Group.objects.select_for_update().get(pk=group.pk)
        current = entries_of([group])[group.pk]
        began, began_extras, is_outdated = _read_base(base, group, current)
        entry, conflicts = history.merge(began, current, _chosen(form, current, choices))
        extras = _joined_extras(form, group, began_extras)
        is_rebuilt = is_outdated or bool(choices)
        if is_rebuilt:
            form = _form_of(entry, extras, form.cleaned_extras()["logos"], group)
        if conflicts:
            return Outcome("conflict", group, form, tuple(conflicts))
        if is_rebuilt and not form.is_valid():
            return Outcome("invalid", group, form)
        if grant.person is None:
            holder_is_there(group, now)
        if not _changes(current, entry, extras, form, group):
            if not is_published_at_once(group, grant):
                # Whoever typed it back as it is takes a waiting change back.
                settle_tasks(group, Task.Kind.EDIT, now=now)
            if still_right:
                confirm_entry(group, grant.person, now)
            return Outcome("unchanged", group, is_confirmed=still_right)
        return _save(form, group, grant, now, is_joined=is_outdated, still_right=still_right)


def _save(form, group, grant, now, *, is_joined, still_right):
    by = grant.person
    if not is_published_at_once(group, grant):
        if still_right:
            # Beside what is proposed, all that is shown today is right.
            confirm_entry(group, by, now)
        extras = form.cleaned_extras()
        plain = extras | {"started_in": extras["started_in"] and extras["started_in"].pk}
        reviewing.propose(group, form.cleaned_entry(), by, now, extras=plain)
        return Outcome("proposed", group, is_joined=is_joined, is_confirmed=still_right)
    before = Revision.objects.filter(group=group).first()
    try:
        why = "edited" if by else "edited_by_kept_link"
        saved = save_form(form, group=group, by=by, why=why, now=now)
    except IntegrityError:
        # Taken between the check of the form and now: the form says so when it is asked again.
        form.full_clean()
        return Outcome("invalid", group, form)
    is_confirmed = still_right or (by is not None and is_facilitator(by, saved))
    if is_confirmed:
        mark_confirmed(saved, now)
    reviewing.changed(saved, before, by, now)
    return Outcome("saved", saved, is_joined=is_joined, is_confirmed=is_confirmed)


def newest_version(group):
    """Return the number of the newest version of the entry."""
    return Revision.objects.filter(group=group).values_list("pk", flat=True).first()


def _read_base(base, group, current):
    """Return the entry and the extras a form began with, and whether others have changed them."""
    try:
        pk, extras = signing.loads(base, salt=SALT)
    except signing.BadSignature:
        return current, {}, False
    revision = Revision.objects.filter(pk=pk, group=group).first()
    if revision is None:
        return current, {}, False
    return revision.entry, extras, pk != newest_version(group) or extras != _extras_of(group)


def _chosen(form, current, choices):
    """Return what was typed, with what is theirs in the fields where that was chosen."""
    theirs = [field for field, choice in (choices or {}).items() if choice == "theirs"]
    return history.take_fields(form.cleaned_entry(), current, theirs)


def _extras_of(group):
    typed = group_as_typed(group)
    return {name: typed[name] for name in EXTRAS}


def _typed_extras(extras):
    """Return extras as the form of an entry types them."""
    return {
        "position_is_approximate": "1" if extras["position_is_approximate"] else "0",
        "members_is_open": "on" if extras["members_is_open"] else "",
        "banner_kept": sign_picture(extras["banner"]),
        "started_in": extras["started_in"].short_name if extras["started_in"] else "",
    }


def _joined_extras(form, group, began):
    """Return the extras: theirs where this form left them alone, mine where it did not."""
    mine, theirs = _typed_extras(form.cleaned_extras()), _extras_of(group)
    return {name: theirs[name] if mine[name] == began.get(name) else mine[name] for name in EXTRAS}


def _form_of(entry, extras, logos, group):
    """Return the bound form that would have held ``entry``."""
    typed = entry_as_typed(entry) | extras
    for number, partner in enumerate(entry["partners"]):
        if logo := logos.get(fold(partner["name"])):
            typed[f"partner_{number}_logo_kept"] = sign_picture(logo)
    return EntryForm(typed, group=group)


def _changes(current, entry, extras, form, group):
    """Say whether anything would be another afterwards."""
    lacking = group.partners.filter(logo="", name_key__in=form.cleaned_extras()["logos"])
    return bool(
        history.differences(current, entry) or extras != _extras_of(group) or lacking.exists()
    )


def _proposed(proposal):
    """Return what a waiting proposal would show in the form."""
    entry = dict(proposal.entry)
    extras = entry.pop("extras", None)
    if extras is None:
        return entry_as_typed(entry)
    started_in = Group.objects.filter(pk=extras["started_in"]).first()
    return entry_as_typed(entry) | _typed_extras(extras | {"started_in": started_in})

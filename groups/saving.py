"""Saving what a form of an entry holds: the entry, and what its columns have no place for."""

from .derived import changing
from .entries import save_entry
from .models import Group, Partner, Service


def save_form(form, *, group, by, why, review=None, now):
    """Save a valid `EntryForm` as a new group (``group`` None) or over one. Return the group.

    All of it or nothing. Raises IntegrityError where somebody took the short name meanwhile.
    """
    return save_parts(
        form.cleaned_entry(),
        form.cleaned_extras(),
        group=group,
        by=by,
        why=why,
        review=review,
        now=now,
    )


def save_parts(entry, extras, *, group, by, why, review=None, now):
    """Save an entry and those ``extras`` that are given; the others stay as they are."""
    approximate = {name: extras[name] for name in ("position_is_approximate",) if name in extras}
    with changing([group.pk] if group else []) as touched:
        group = save_entry(entry | approximate, group=group, by=by, why=why, review=review, now=now)
        touched.add(group.pk)
        own = [name for name in ("banner", "started_in") if name in extras]
        for name in own:
            setattr(group, name, extras[name])
        group.save(update_fields=own)
        if "members_is_open" in extras:
            Service.objects.filter(group=group, kind=Service.Kind.MEMBERS).update(
                is_open=extras["members_is_open"]
            )
        _give_logos(extras.get("logos", {}))
    return Group.objects.get(pk=group.pk)


def _give_logos(logos):
    """Give partners the logo they lack: one that serves several groups is not ours to change."""
    for partner in Partner.objects.filter(name_key__in=logos, logo=""):
        partner.logo = logos[partner.name_key]
        partner.save(update_fields=["logo"])

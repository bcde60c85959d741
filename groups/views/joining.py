"""Joining an ecosystem with one's group, or leaving it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import joining
from ..charters import changed_lines, charter_of, rules_of
from ..forms.fields import as_typed
from ..models import Group, Membership
from .curating import find_ecosystem, number_of
from .private import private_page


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def join_ecosystem(request, slug):
    ecosystem = find_ecosystem(slug)
    if request.method == "POST":
        return _change(request, ecosystem)
    if ecosystem.keyword.slug != slug:
        return redirect("groups:join_ecosystem", ecosystem.keyword.slug)
    asked = as_typed(request.GET).get("group", "").strip().lower()
    own = joining.groups_of(request)
    if asked and asked not in {group.short_name for group, _person in own}:
        return _lead_to_group(request, ecosystem, asked)
    return _page(request, ecosystem, own, asked=asked)


def _lead_to_group(request, ecosystem, short_name):
    """Lead whoever names a group they may not act for to where they get a link for it."""
    if Group.objects.published().named(short_name) is None:
        sorry = _("No group here has this short name. Its page shows it, under “In short”.")
        own = joining.groups_of(request)
        return _page(request, ecosystem, own, asked=short_name, sorry=sorry, status=404)
    messages.info(
        request,
        _(
            "Ask for a link to your group here. Once you have opened it, come back to the page of "
            "%(name)s and join."
        )
        % {"name": ecosystem.name},
    )
    return redirect("groups:group_edit", short_name)


def _change(request, ecosystem):
    """Join or leave with the group that was chosen, in the name of whoever may act for it."""
    now = timezone.now()
    own = joining.groups_of(request)
    chosen = number_of(request.POST.get("group"))
    found = [(group, person) for group, person in own if group.pk == chosen]
    if not found:
        sorry = _("You may not act for this group from this browser. Ask for a link once more.")
        return _page(request, ecosystem, own, sorry=sorry, status=403)
    ((group, person),) = found
    name = {"group": group.name, "ecosystem": ecosystem.name}
    if request.POST.get("do") == "leave":
        if joining.leave(group, ecosystem, person, now):
            messages.success(request, _("“%(group)s” has left “%(ecosystem)s”.") % name)
        return _back(ecosystem, group)
    if charter_of(ecosystem).rules and "accept" not in request.POST:
        sorry = _("Read the charter and tick that your group accepts it.")
        return _page(request, ecosystem, own, asked=group.short_name, sorry=sorry, status=422)
    try:
        membership = joining.join(
            group, ecosystem, number_of(request.POST.get("version")), person, now
        )
    except joining.CannotJoin as reason:
        return _page(
            request,
            ecosystem,
            own,
            asked=group.short_name,
            sorry=_sorry(reason.code),
            status=409,
        )
    if membership.status == Membership.Status.ACCEPTED:
        messages.success(request, _("“%(group)s” is in “%(ecosystem)s”. Welcome!") % name)
    else:
        messages.success(
            request,
            _("“%(group)s” asks to join “%(ecosystem)s”. Its curators answer by mail.") % name,
        )
    return _back(ecosystem, group)


def _back(ecosystem, group):
    page = reverse("groups:join_ecosystem", args=[ecosystem.keyword.slug])
    return redirect(f"{page}?group={group.short_name}")


def _sorry(code):
    return {
        "changed": _("The charter changed while you were reading. This is how it is now."),
        "refused": _(
            "The curators have refused this group. Talk with them: they can take that back."
        ),
        "full": _("Your group has twelve keywords already. Take one away in its entry first."),
    }[code]


def _page(request, ecosystem, own, *, asked="", sorry="", status=200):
    charter = charter_of(ecosystem)
    memberships = {
        each.group_id: each
        for each in Membership.objects.filter(
            ecosystem=ecosystem, group__in=[group.pk for group, _person in own]
        )
    }
    choices = [
        _choice(group, memberships.get(group.pk), charter)
        for group, _person in own
        if not asked or group.short_name == asked
    ]
    return render(
        request,
        "groups/join_ecosystem.html",
        {
            "section": "ecosystems",
            "ecosystem": ecosystem,
            "accent": ecosystem.accent,
            "charter": charter,
            "choices": choices,
            "has_others": len(choices) < len(own),
            "asked": asked,
            "sorry": sorry,
            "noindex": True,
        },
        status=status,
    )


def _choice(group, membership, charter):
    """Return what the page shows of one group: where it stands, and what it is to accept."""
    accepted = membership.charter_version if membership else None
    is_behind = accepted is not None and accepted < charter.version
    before = rules_of(charter.ecosystem, accepted) if is_behind else ()
    return {
        "group": group,
        "membership": membership,
        "is_in": membership is not None
        and membership.status in ("accepted", "asked", "questioned"),
        "is_up_to_date": accepted == charter.version
        and membership.status in ("accepted", "asked", "questioned"),
        "is_behind": is_behind,
        "changes": changed_lines(before, charter.rules) if before else [],
    }

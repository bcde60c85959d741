"""The gate: where whoever facilitates a group asks for a link, and nobody else learns anything."""

import time
from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import limits
from ..deeds import send_link_to
from ..forms.upkeep import AskForLinkForm, KeptLinkForm
from ..models import Group, Link
from ..taking_over import may_be_taken_over
from .private import private_page

# How long the gate takes to answer, whoever's the address is: its sender learns nothing from it.
TAKES = 0.25
ASKED_BY_NETWORK = 20
ASKED_FOR_ADDRESS = 5
ASKED_WITHIN = timedelta(hours=1)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request, short_name):
    """Send a link to a facilitator who asks for it; say the same to everybody, as slowly."""
    if request.method != "POST":
        return redirect("groups:group_edit", short_name)
    if "kept_link" in request.POST:
        return _open_kept_link(request, short_name)
    form = AskForLinkForm(request.POST)
    if not form.is_valid():
        return show_gate(request, short_name, form=form, status=422)
    began = time.monotonic()
    now = timezone.now()
    email = form.cleaned_data["email"]
    if asked_too_often(request, email, now):
        return show_gate(request, short_name, form=form, sorry=limits.SORRY, status=429)
    group = Group.objects.named(short_name.lower())
    send_link_to(email, form.cleaned_data["purpose"], group, now)
    time.sleep(max(0, began + TAKES - time.monotonic()))
    messages.success(
        request,
        _(
            "If this address belongs to a facilitator of the group, a link is on its way there. "
            "Nothing after ten minutes? Look among the unwanted mail, or try another address."
        ),
    )
    return redirect("groups:group_edit", short_name)


def asked_too_often(request, email, now):
    within = {"within": ASKED_WITHIN, "now": now}
    return limits.over_limit(
        request, "ask_for_link", times=ASKED_BY_NETWORK, **within
    ) or limits.over_limit("", "ask_for_link", times=ASKED_FOR_ADDRESS, who=email, **within)


def _open_kept_link(request, short_name):
    form = KeptLinkForm(request.POST)
    if not form.is_valid():
        return show_gate(request, short_name, kept_form=form, status=422)
    return redirect("groups:mailed_link", form.cleaned_data["kept_link"])


def show_gate(request, short_name, *, form=None, kept_form=None, sorry="", typed=(), status=200):
    """Show where to ask for a link. Of a group that is not public, it shows nothing.

    ``typed`` is what somebody wrote whose two hours had gone by: (label, text) pairs.
    """
    public = Group.objects.published().named(short_name.lower())
    return render(
        request,
        "groups/group_gate.html",
        {
            "short_name": public.short_name if public else short_name.lower(),
            "group": public,
            "may_be_taken_over": public is not None and may_be_taken_over(public),
            "form": form or AskForLinkForm(initial={"purpose": Link.Purpose.EDIT}),
            "kept_form": kept_form or KeptLinkForm(),
            "sorry": sorry,
            "typed": typed,
            "noindex": True,
        },
        status=status,
    )

"""Offering to take over a group that sleeps, or that nobody facilitates."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from .. import taking_over
from ..forms.upkeep import TakeOverForm
from ..limits import SORRY, over_limit
from ..public import card_of
from .groups import find_group
from .private import open_form

OFFERS = 5
OFFERS_WITHIN = timedelta(days=1)


@require_http_methods(["GET", "HEAD", "POST"])
@open_form
def take_over_group(request, short_name):
    group = find_group(short_name)
    address = reverse("groups:take_over_group", args=[group.short_name])
    if request.method != "POST":
        if group.short_name != short_name:
            return redirect(address, permanent=True)
        return _page(request, group, is_sent="sent" in request.GET, form=TakeOverForm())
    now = timezone.now()
    form = TakeOverForm(request.POST, now=now)
    if not form.is_valid():
        return _page(request, group, form=form, status=422)
    # Two ways to flood: many offers from one place, and many mails to one address.
    within = {"times": OFFERS, "within": OFFERS_WITHIN, "now": now}
    if over_limit(request, "take_over", **within) or over_limit(
        "", "take_over", who=form.cleaned_data["email"], **within
    ):
        form.add_error(None, SORRY)
        return _page(request, group, form=form, status=429)
    if not taking_over.may_be_taken_over(group) or taking_over.open_offer(group):
        return _page(request, group, form=form, status=409)
    taking_over.offer(group, **form.cleaned_data, language=get_language(), now=now)
    return redirect(f"{address}?sent")


def _page(request, group, *, status=200, **context):
    context |= {
        "section": "groups",
        "group": card_of(group),
        "may_be_taken_over": taking_over.may_be_taken_over(group),
        "has_offer": taking_over.open_offer(group) is not None,
        "noindex": True,
    }
    return render(request, "groups/take_over_group.html", context, status=status)

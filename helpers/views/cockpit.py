"""The numbers of an ecosystem and its seasons, for its curators and the operators."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groups.views.private import private_page

from ..access import FEWEST, curated_ecosystem
from ..cockpit import cockpit_of
from ..forms.upkeep import SeasonForm
from ..models import Season

MOST_SEASONS = 20


def for_curators(view):
    """Answer by ``view(request, ecosystem)``, for whoever looks after that ecosystem."""

    @private_page
    @login_required
    @wraps(view)
    def page(request, slug):
        ecosystem = curated_ecosystem(request.user, slug)
        if ecosystem is None:
            raise Http404("No such ecosystem, or not theirs to look after.")
        return view(request, ecosystem)

    return page


@require_safe
@for_curators
def cockpit(request, ecosystem):
    context = {"ecosystem": ecosystem, "fewest": FEWEST, "section": "helpers"}
    numbers = cockpit_of(ecosystem, timezone.now())
    return render(request, "helpers/cockpit.html", context | numbers)


@require_http_methods(["GET", "HEAD", "POST"])
@for_curators
def seasons(request, ecosystem):
    """Show the seasons of an ecosystem; add one, or take one away."""
    own = Season.objects.filter(ecosystem=ecosystem)
    gone = request.POST.get("gone", "")
    if gone.isdecimal() and len(gone) < 19:
        own.filter(pk=gone).delete()
        messages.success(request, _("Taken away. The pauses that were accepted stay."))
        return redirect("helpers:seasons", ecosystem.keyword.slug)
    form = SeasonForm(request.POST or None, instance=Season(ecosystem=ecosystem), label_suffix="")
    if form.is_bound and form.is_valid():
        if own.count() < MOST_SEASONS:
            form.save()
            messages.success(request, _("Kept: it is proposed to the groups a month before."))
            return redirect("helpers:seasons", ecosystem.keyword.slug)
        form.add_error(None, _("Twenty seasons are a whole year. Take one away first."))
    context = {"ecosystem": ecosystem, "seasons": own, "form": form, "section": "helpers"}
    return render(request, "helpers/seasons.html", context, status=422 if form.errors else 200)

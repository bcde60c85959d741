"""The numbers of an ecosystem, for its curators and the operators."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from groups.views.private import private_page

from ..access import FEWEST, curated_ecosystem
from ..cockpit import cockpit_of


@require_safe
@private_page
@login_required
def cockpit(request, slug):
    ecosystem = curated_ecosystem(request.user, slug)
    if ecosystem is None:
        raise Http404("No such ecosystem, or not theirs to look after.")
    context = {"ecosystem": ecosystem, "fewest": FEWEST, "section": "helpers"}
    numbers = cockpit_of(ecosystem, timezone.now())
    return render(request, "helpers/cockpit.html", context | numbers)

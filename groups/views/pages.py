"""The pages that stand alone: the home page, and what this is."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..ecosystem_pages import directory_numbers, ecosystem_cards
from ..models import Group
from ..privacy import how_long
from ..public import CARD_FIELDS, members_label, public_cards

NEWEST_SHOWN = 6


@require_safe
def home(request):
    newest = Group.objects.listed().order_by("-created_at", "pk").values_list(*CARD_FIELDS)
    groups, countries, members = directory_numbers()
    return render(
        request,
        "groups/home.html",
        {
            "canonical_path": request.path,
            "ecosystems": ecosystem_cards(),
            "newest": public_cards(newest[:NEWEST_SHOWN]),
            "totals": {
                "groups": groups,
                "countries": countries,
                "members_label": members_label(members),
            },
        },
    )


@require_safe
def about(request):
    return render(
        request,
        "groups/about.html",
        {"section": "about", "demo": settings.DEMO, "canonical_path": request.path},
    )


@require_safe
def privacy(request):
    return render(
        request,
        "groups/privacy.html",
        {
            "canonical_path": request.path,
            "kept": how_long(),
            "contact_email": settings.CONTACT_EMAIL,
            "demo": settings.DEMO,
        },
    )

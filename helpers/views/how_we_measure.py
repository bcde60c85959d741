"""How the five indicators are measured: a public page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import explanations


@require_safe
def how_we_measure(request):
    return render(
        request,
        "helpers/how_we_measure.html",
        {
            "title": explanations.title(),
            "introduction": explanations.introduction(),
            "indicators": explanations.indicators(),
            "formulas": explanations.formulas(),
        },
    )

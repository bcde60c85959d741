"""The network of ecosystems."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..network import network as read_network


@require_safe
def network(request):
    context = {"section": "ecosystems", "canonical_path": request.path, **read_network()}
    return render(request, "groups/network.html", context)

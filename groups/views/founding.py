"""Asking for an ecosystem of one's own, and the operators' page that opens it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import founding
from ..forms.ecosystems import RefusalForm, RequestForm
from ..forms.fields import as_typed
from ..limits import SORRY, over_limit
from ..models import EcosystemRequest
from .account import signed_in
from .curating import number_of
from .private import open_form

ASKED = {"times": 5, "within": timedelta(days=1)}


@require_http_methods(["GET", "HEAD", "POST"])
@open_form
def new_ecosystem(request):
    if request.method != "POST":
        word = as_typed(request.GET).get("keyword", "")[:50]
        form = RequestForm(initial={"keyword": word, "name": word}, person=request.user)
        return _page(request, form, sent=request.GET.get("sent", ""))
    now = timezone.now()
    form = RequestForm(as_typed(request.POST), now=now, person=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    email = request.user.email if request.user.is_authenticated else typed.pop("email")
    if over_limit(request, "new_ecosystem", **ASKED, now=now) or over_limit(
        "", "new_ecosystem", who=email, **ASKED, now=now
    ):
        form.add_error(None, SORRY)
        return _page(request, form, status=429)
    address = reverse("groups:new_ecosystem")
    if request.user.is_authenticated:
        founding.ask(request.user, typed, now)
        return redirect(f"{address}?sent=asked")
    founding.ask_to_confirm(email, typed, get_language(), now)
    return redirect(f"{address}?sent=mail")


def _page(request, form, *, sent="", status=200):
    context = {
        "section": "ecosystems",
        "form": form,
        "forms": [form] if form.errors else [],
        "sent": sent if sent in ("mail", "asked", "confirmed") else "",
        "noindex": True,
    }
    return render(request, "groups/new_ecosystem.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ecosystem_requests(request):
    if not request.user.is_operator():
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request)
    return _requests_page(request)


def _decide(request):
    now, pk = timezone.now(), number_of(request.POST.get("request"))
    asked = EcosystemRequest.objects.select_related("person").filter(pk=pk).first()
    if asked is not None and request.POST.get("do") == "open":
        ecosystem = founding.open_ecosystem(asked, request.user, now)
        if ecosystem:
            messages.success(
                request,
                _("“%(name)s” is open. Whoever asked is its curator, and is told so.")
                % {"name": ecosystem.name},
            )
        else:
            messages.info(request, _("This was decided meanwhile, or the word has a record now."))
        return redirect("groups:ecosystem_requests")
    form = RefusalForm(request.POST, number=pk)
    if asked is None or not form.is_valid():
        return _requests_page(request, sent=pk, form=form, status=422)
    if founding.refuse(asked, request.user, form.cleaned_data["reason"], now):
        messages.success(request, _("Refused. Whoever asked reads your reason."))
    return redirect("groups:ecosystem_requests")


def _requests_page(request, *, sent=0, form=None, status=200):
    waiting = [
        (each, form if each.pk == sent else RefusalForm(number=each.pk), each.pk == sent)
        for each in founding.open_requests()
    ]
    decided = EcosystemRequest.objects.filter(decided_at__isnull=False)
    decided = decided.select_related("decided_by", "ecosystem__keyword").order_by("-decided_at")
    context = {"waiting": waiting, "decided": decided[:20], "noindex": True}
    return render(request, "groups/ecosystem_requests.html", context, status=status)

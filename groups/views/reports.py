"""Saying that something is wrong with an entry, without an account."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..forms.report import ReportForm
from ..limits import SORRY
from ..public import card_of
from ..reporting import report, too_many_reports
from .groups import find_group
from .private import open_form


@require_http_methods(["GET", "HEAD", "POST"])
@open_form
def report_group(request, short_name):
    """Show the form, or put what was reported into the queue."""
    group = find_group(short_name)
    address = reverse("groups:report_group", args=[group.short_name])
    if request.method != "POST":
        if group.short_name != short_name:
            return redirect(address, permanent=True)
        if "sent" in request.GET:
            return _page(request, group, is_sent=True)
        return _page(request, group, form=ReportForm(group=group))
    now = timezone.now()
    form = ReportForm(request.POST, group=group, now=now)
    if not form.is_valid():
        return _page(request, group, form=form, status=422)
    if too_many_reports(request, group, form.cleaned_data["email"], now):
        form.add_error(None, SORRY)
        return _page(request, group, form=form, status=429)
    report(request, group, **form.cleaned_data, now=now)
    return redirect(f"{address}?sent")


def _page(request, group, *, status=200, **context):
    forms = [context["form"]] if "form" in context else []
    context |= {"section": "groups", "group": card_of(group), "forms": forms, "noindex": True}
    return render(request, "groups/report_group.html", context, status=status)

"""Writing to the facilitators of a group without seeing their addresses."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..access import confirmed_facilitators
from ..contacting import relay, too_many_messages
from ..forms.contact import ContactForm
from ..limits import SORRY
from ..public import card_of
from ..taking_over import may_be_taken_over
from .groups import find_group
from .private import open_form


@require_http_methods(["GET", "HEAD", "POST"])
@open_form
def contact_group(request, short_name):
    """Show the form, pass on what was written, or say that nobody would read it."""
    group = find_group(short_name)
    address = reverse("groups:contact_group", args=[group.short_name])
    if request.method != "POST":
        if group.short_name != short_name:
            return redirect(address, permanent=True)
        if "sent" in request.GET:
            return _page(request, group, is_sent=True)
        is_read = confirmed_facilitators(group).exists()
        return _page(request, group, form=ContactForm()) if is_read else _nobody(request, group)
    now = timezone.now()
    form = ContactForm(request.POST, now=now)
    if not form.is_valid():
        return _page(request, group, form=form, status=422)
    if too_many_messages(request, group, form.cleaned_data["email"], now):
        form.add_error(None, SORRY)
        return _page(request, group, form=form, status=429)
    if not relay(group, **form.cleaned_data, now=now):
        return _nobody(request, group, words=form.cleaned_data["words"], status=409)
    return redirect(f"{address}?sent")


def _nobody(request, group, *, words="", status=200):
    """Say that nobody would read a message, and what helps instead."""
    context = {"is_unread": True, "words": words, "may_be_taken_over": may_be_taken_over(group)}
    return _page(request, group, **context, status=status)


def _page(request, group, *, status=200, **context):
    forms = [context["form"]] if "form" in context else []
    context |= {"section": "groups", "group": card_of(group), "forms": forms, "noindex": True}
    return render(request, "groups/contact_group.html", context, status=status)

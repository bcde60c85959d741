"""A mailed link: a page that says what its button does, and the button. Looking changes nothing."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import drafts, privacy
from ..access import is_facilitator, open_session
from ..deeds import DEEDS, send_another
from ..forms.upkeep import LetGoForm, PauseForm
from ..limits import SORRY
from ..links import find_link, is_open, use_link
from ..models import Link
from .private import csrf_by_token, private_page

Purpose = Link.Purpose


@private_page(secret=True)
@csrf_by_token
@require_http_methods(["GET", "HEAD", "POST"])
def mailed_link(request, secret):
    now = timezone.now()
    link = find_link(secret)
    if link is None or not is_open(link, now):
        return _closed(request, link, now)
    form = _form_of(link, request.POST if request.method == "POST" else None, now)
    if request.method != "POST":
        return _page(request, link, form)
    if form and not form.is_valid():
        return _page(request, link, form, status=422)
    return _press(request, link, form, now)


def _form_of(link, data, now):
    """Return the form on the page of ``link``, None for those that only have a button."""
    match link.purpose:
        case Purpose.PAUSE:
            return PauseForm(data, today=timezone.localdate(now))
        case Purpose.LET_GO:
            return LetGoForm(data)


def _page(request, link, form, status=200):
    deed = DEEDS[link.purpose]
    names = {"group": link.group.name if link.group else ""}
    context = {
        "purpose": link.purpose,
        "title": deed.title % names,
        "words": deed.words % names,
        "button": deed.button,
        "form": form,
        "noindex": True,
    }
    if link.task:
        context["offer"] = link.task
    if link.purpose == Purpose.ERASE:
        context |= {
            "left_alone": privacy.groups_left_alone(link.person),
            "is_last_operator": privacy.is_last_operator(link.person),
        }
    return render(request, "groups/mailed_link.html", context, status=status)


def _press(request, link, form, now):
    """Use ``link`` up and do its deed, both or neither, then lead to where it goes on."""
    if link.purpose == Purpose.ERASE:
        return _erase(request, link, now)
    with transaction.atomic():
        if not use_link(link, now):
            return _closed_page(request, link, "used")
        done = DEEDS[link.purpose].do(link, now, **(form.answers() if form else {}))
    if not done:
        return _closed_page(request, link, "late")
    if link.purpose == Purpose.DRAFT:
        return drafts.resume(request, link.draft)
    return _arrive(request, link)


def _arrive(request, link):
    """Open the group to this browser, if the link does so, and go where the deed goes on."""
    deed, group = DEEDS[link.purpose], link.group
    if link.purpose == Purpose.ECOSYSTEM:
        return redirect(f"{reverse(deed.then)}?sent=confirmed")
    if link.purpose == Purpose.KEPT:
        open_session(request, group, may_only_edit=True)
    elif is_facilitator(link.person, group):
        open_session(request, group, person=link.person)
    if deed.done:
        messages.success(request, deed.done % {"group": group.name})
    return redirect(deed.then, group.short_name)


def _erase(request, link, now):
    """Erase the person. Nothing of them is left to lead to: the answer is the page."""
    try:
        with transaction.atomic():
            if not use_link(link, now):
                return _closed_page(request, link, "used")
            privacy.erase(link.person, now)
    except privacy.LastOperator:
        return _page(request, link, None, status=422)
    request.session.flush()
    return render(request, "groups/link_closed.html", {"why": "erased", "noindex": True})


def _closed(request, link, now):
    """Say kindly that this address opens nothing, and send another link if that is asked."""
    if link is None:
        return _closed_page(request, None, "unknown", status=404)
    why = "used" if link.used_at else "ended" if link.ended_at else "expired"
    if "another" not in request.POST or not _may_have_another(link):
        return _closed_page(request, link, why)
    if not send_another(link, now):
        return _closed_page(request, link, why, status=429, sorry=SORRY)
    messages.success(
        request,
        _("If it may still open something, a new link is on its way to the same address."),
    )
    return redirect(request.path)


def _may_have_another(link):
    """Say whether another link can be sent: to whoever got this one, and to nobody else."""
    return link.ended_at is None and (link.person is not None or link.draft is not None)


def _closed_page(request, link, why, *, status=410, sorry=""):
    return render(
        request,
        "groups/link_closed.html",
        {
            "why": why,
            "group": link and link.group,
            "may_have_another": link is not None and _may_have_another(link) and why != "late",
            "sorry": sorry,
            "noindex": True,
        },
        status=status,
    )

"""A check-in: questions that a mail asked, answered without an account. Looking changes nothing."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groups.limits import SORRY
from groups.views.private import csrf_by_token, private_page

from ..answering import answer
from ..checkins import find, is_open, may_answer, rhythms_of, send_another
from ..forms.checkins import CheckInForm
from ..local_days import today_of
from ..models import HelpRequest
from ..questions import HELP, PAUSING, Answer
from ..sentences import sentence


@private_page(secret=True)
@csrf_by_token
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request, secret):
    now = timezone.now()
    asked = find(secret)
    if asked is None:
        return _closed(request, None, "unknown", status=404)
    if not is_open(asked, now):
        return _too_old(request, asked, now)
    if not may_answer(asked):
        return _closed(request, asked, "late")
    rhythms = rhythms_of(asked)
    about = {
        "rhythms": rhythms,
        "answered": asked.effects.keys(),
        "today": today_of(asked.group, now),
        "site_today": timezone.localdate(now),
    }
    if request.method == "POST":
        form = CheckInForm(request.POST, **about)
        if form.is_valid():
            answer(asked, form.said, now=now)
            return redirect(f"{request.path}?thanks=1")
        return _page(request, asked, form, status=422)
    if "thanks" in request.GET and asked.answered_at:
        return _thanks(request, asked, rhythms, now)
    initial = _answered(asked, rhythms, about["today"]) | _preselected(asked, request)
    return _page(request, asked, CheckInForm(initial=initial, **about))


def _answered(asked, rhythms, today):
    """Return what was answered before, as the fields show it; a day to come that is over is not."""
    initial = {}
    for what, was in asked.effects.items():
        day = was["day"] and date.fromisoformat(was["day"])
        if day and day < today and was["answer"] in {PAUSING, Answer.AHEAD}:
            continue
        if what == PAUSING:
            initial |= {"pausing": True, "until": day}
        elif what == HELP:
            call = HelpRequest.objects.filter(pk=was["pk"]).first()
            words = call.words if call else ""
            initial |= {"help": True, "occasion": was["answer"], "words": words}
        else:
            initial |= {what: was["answer"]}
            if day:
                initial[f"{what}-{was['answer']}"] = day
    for rhythm in rhythms:
        if initial.get(rhythm.indicator) == Answer.STOPPED:
            initial[f"{rhythm.indicator}-{Answer.STOPPED}"] = rhythm.ended_why
    return initial


def _preselected(asked, request):
    """Return the answer that the link in the mail chose; the button is still to be pressed."""
    names = [*asked.indicators, PAUSING, HELP]
    return {name: request.GET[name] for name in names if name in request.GET}


def _page(request, asked, form, status=200):
    context = {"check_in": asked, "group": asked.group, "form": form, "noindex": True}
    return render(request, "helpers/check_in.html", context, status=status)


def _thanks(request, asked, rhythms, now):
    today = today_of(asked.group, now)
    context = {
        "check_in": asked,
        "group": asked.group,
        "known": [(rhythm, sentence(rhythm, today)) for rhythm in rhythms],
        "is_helped": HELP in asked.effects,
        "noindex": True,
    }
    return render(request, "helpers/check_in_thanks.html", context)


def _too_old(request, asked, now):
    """Say that the link is too old, and send another if that is asked."""
    if request.method != "POST" or "another" not in request.POST:
        return _closed(request, asked, "expired")
    if not send_another(asked, now):
        return _closed(request, asked, "expired", status=429, sorry=SORRY)
    messages.success(
        request,
        _("If it may still open something, a new link is on its way to the same address."),
    )
    return redirect(request.path)


def _closed(request, asked, why, *, status=410, sorry=""):
    context = {
        "why": why,
        "group": asked and asked.group,
        "may_have_another": why == "expired",
        "sorry": sorry,
        "noindex": True,
    }
    return render(request, "groups/link_closed.html", context, status=status)

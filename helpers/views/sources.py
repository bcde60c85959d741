"""The pages about sources: a group's own, where its facilitators decide, and the operators'."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groups import limits
from groups.access import Grant, grant_for
from groups.models import Group
from groups.taking_over import open_offer
from groups.views.private import private_page

from .. import accepting
from ..access import reader_of
from ..forms.sources import AddressForm
from ..indicators import Indicator
from ..models import Look, Source
from ..source_pages import all_sources, sources_of
from ..sources.addresses import NotAnAddress

LOOKS_BY_GROUP = {"times": 20, "within": timedelta(hours=1)}
LOOKS_BY_NETWORK = {"times": 60, "within": timedelta(days=1)}


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_sources(request, short_name):
    group = Group.objects.published().named(short_name.lower())
    grant = _grant(request, group)
    may_look = group is not None and request.method != "POST"
    if grant is None and not (may_look and reader_of(request, group)):
        return redirect("groups:group_edit", short_name)
    if group.short_name != short_name:
        return redirect("helpers:group_sources", group.short_name)
    if request.method == "POST":
        return _decide(request, group, grant)
    return _page(request, group, grant)


def _grant(request, group):
    """Return what this browser may decide for ``group``, or None.

    The kept link may only edit the entry: to say yes takes somebody who can be asked.
    """
    grant = grant_for(request, group) if group else None
    return None if grant is None or grant.may_only_edit else grant


def _decide(request, group, grant):
    now, what = timezone.now(), request.POST.get("do", "")
    if what == "look":
        return _look(request, group, grant, now)
    if what == "accept":
        _accept(request, group, grant, now)
    elif what in DEEDS:
        source = Source.objects.filter(group=group, pk=_number(request.POST.get("source"))).first()
        deed, sentence = DEEDS[what]
        if source and deed(source, grant, now):
            messages.success(request, sentence)
        else:
            messages.info(request, _("This has changed meanwhile."))
    return redirect("helpers:group_sources", group.short_name)


# What is done with a source, and what is said of it then.
DEEDS = {
    "stop": (
        lambda source, grant, now: accepting.stop(source, grant.person, now),
        _("It is not read any more. What was counted stays."),
    ),
    "follow": (
        lambda source, grant, now: accepting.follow_move(source, grant.person, now),
        _("It is read where it has moved to."),
    ),
    "again": (
        lambda source, grant, now: accepting.look_again(source, now),
        _("It is read again in a moment."),
    ),
}


def _look(request, group, grant, now):
    """Have an address looked at: a link of the group, or one that was pasted."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, group, grant, form=form, status=422)
    is_too_often = limits.over_limit(
        "", "look", who=f"group:{group.pk}", **LOOKS_BY_GROUP, now=now
    ) or limits.over_limit(request, "look", **LOOKS_BY_NETWORK, now=now)
    if is_too_often:
        form.add_error("url", limits.SORRY)
        return _page(request, group, grant, form=form, status=429)
    try:
        accepting.ask_for_look(
            group,
            form.cleaned_data["url"],
            grant.person,
            now,
            indicator=accepting.SERVICES.get(request.POST.get("kind"), ""),
        )
    except NotAnAddress as error:
        form.add_error("url", form.sorry(error.code))
        return _page(request, group, grant, form=form, status=422)
    return redirect("helpers:group_sources", group.short_name)


def _accept(request, group, grant, now):
    look = Look.objects.filter(group=group, pk=_number(request.POST.get("look"))).first()
    indicator = request.POST.get("indicator")
    position = _number(request.POST.get("number")) - 1
    source = None
    if look and indicator in Indicator.values:
        source = accepting.accept(look, position, indicator, grant.person, now)
    if source:
        messages.success(
            request, _("Thank you. It is read from now on, and you can stop that at any time.")
        )
    else:
        messages.info(request, _("This offer is too old, or there are too many: look again."))


def _page(request, group, grant, *, form=None, status=200):
    now = timezone.now()
    context = {
        "group": group,
        "grant": grant or Grant(None, may_only_edit=False),
        "may_decide": grant is not None,
        "tab": "group_sources",
        "offer": open_offer(group),
        "page": sources_of(group, now),
        "form": form or AddressForm(),
        "indicators": Indicator.choices,
        "noindex": True,
    }
    return render(request, "helpers/group_sources.html", context, status=status)


@private_page
@login_required
@require_safe
def source_list(request):
    if not request.user.is_operator():
        raise Http404("For operators.")
    page = all_sources(
        timezone.now(),
        state=request.GET.get("state", ""),
        host=request.GET.get("host", "")[:253],
        page=_number(request.GET.get("page")) or 1,
    )
    return render(request, "helpers/source_list.html", {"page": page, "noindex": True})


def _number(text):
    """Return the number somebody sent, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0

"""Writing a kind word, and noting what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groups.models import Group

from .. import access, nudging
from ..forms.upkeep import NudgeForm, OutcomeForm
from ..indicators import Indicator
from ..local_days import today_of
from ..models import Nudge, Rhythm
from .asking import for_helpers, for_readers


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def write(request, group, reader):
    if not reader.is_helper:
        raise Http404("Helpers write here; facilitators answer.")
    now = timezone.now()
    about = request.POST.get("about") or request.GET.get("about", "")
    rhythm = None
    if about in Indicator.values:
        rhythm = Rhythm.objects.filter(group=group, indicator=about).first()
    receivers = nudging.receivers_of(group)
    words, language = nudging.prepare(group, rhythm, by=reader.person, receivers=receivers, now=now)
    way = Nudge.Way.MAIL if receivers else Nudge.Way.SHARED
    initial = {"text": words, "language": language, "way": way}
    form = NudgeForm(request.POST or None, today=today_of(group, now), initial=initial)
    if form.is_bound and form.is_valid():
        if form.cleaned_data["way"] == Nudge.Way.MAIL and not receivers:
            form.add_error("way", _("Nobody has confirmed an address: share the text yourself."))
        else:
            nudging.send(group, rhythm, **form.cleaned_data, by=reader.person, now=now)
            messages.success(request, _("Your word is on its way. Note here what comes of it."))
            return redirect("helpers:group", group.short_name)
    context = {"group": group, "rhythm": rhythm, "receivers": receivers, "form": form}
    context["section"] = "helpers"
    status = 422 if form.errors else 200
    return render(request, "helpers/write.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_helpers
def outcome(request, viewer, pk):
    nudge = Nudge.objects.filter(pk=pk).select_related("group", "by").first()
    if nudge is None or not _may_see(viewer, nudge):
        raise Http404("No such word, or not theirs to see.")
    now = timezone.now()
    initial = {"outcome": nudge.outcome, "until_day": nudge.until_day}
    form = OutcomeForm(request.POST or None, today=today_of(nudge.group, now), initial=initial)
    if form.is_bound and form.is_valid():
        nudging.note_outcome(nudge, **form.cleaned_data, by=viewer.person, now=now)
        messages.success(request, _("Noted."))
        return redirect("helpers:group", nudge.group.short_name)
    context = {"nudge": nudge, "form": form, "section": "helpers"}
    return render(request, "helpers/outcome.html", context, status=422 if form.errors else 200)


def _may_see(viewer, nudge):
    groups = access.groups_for(viewer)
    return isinstance(nudge.group, Group) and groups.filter(pk=nudge.group_id).exists()

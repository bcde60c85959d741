"""When the weekly digest of a person comes, and what it would say now."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groups.views.account import signed_in

from ..digests import news_for
from ..forms.upkeep import DigestForm
from ..models import Digest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request):
    known = Digest.objects.filter(person=request.user).first() or Digest(person=request.user)
    form = DigestForm(request.POST or None, instance=known, label_suffix="")
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        Digest.objects.update_or_create(person=request.user, defaults=chosen)
        messages.success(request, _("Kept: that is when your digest comes."))
        return redirect("helpers:digest")
    context = {
        "form": form,
        "has_news": bool(news_for(request.user, timezone.now())),
        "section": "helpers",
    }
    return render(request, "helpers/digest.html", context, status=422 if form.errors else 200)

"""The history of an entry: its versions, each of them whole, and the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import versions
from ..editing import is_published_at_once
from ..models import Group, Revision
from ..taking_over import open_offer
from .private import private_page


@private_page
@require_safe
def group_history(request, short_name):
    group, reader = _read(request, short_name)
    if reader is None:
        return redirect("groups:group_edit", short_name)
    if group.short_name != short_name:
        return redirect("groups:group_history", group.short_name)
    page = versions.page_of(group, reader, _number(request.GET.get("page", "")))
    return _page(request, "group_history", group, reader, {"page": page})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def group_revision(request, short_name, pk):
    """Show one version; with POST, bring it back."""
    group, reader = _read(request, short_name)
    if request.method == "POST" and not (reader and reader.grant):
        raise PermissionDenied("Only whoever may edit the group may bring a version back.")
    if reader is None:
        return redirect("groups:group_edit", short_name)
    if group.short_name != short_name and request.method != "POST":
        return redirect("groups:group_revision", group.short_name, pk)
    revisions = Revision.objects.select_related("by", "group")
    revision = get_object_or_404(revisions, pk=pk, group=group)
    sorry = ""
    if request.method == "POST":
        said, sorry = _bring_back(request, revision, reader)
        if said:
            messages.success(request, said)
            return redirect("groups:group_history", Group.objects.get(pk=group.pk).short_name)
    newest = versions.newest_of(group)
    context = {
        "version": versions.version_of(revision, reader),
        "whole": versions.whole_of(revision, reader),
        "differences": versions.changes_by(revision, newest.entry, reader),
        "is_newest": revision == newest,
        "base": str(newest.pk),
        "is_published_at_once": reader.grant and is_published_at_once(group, reader.grant),
        "sorry": sorry,
    }
    return _page(request, "group_revision", group, reader, context, 422 if sorry else 200)


def _bring_back(request, revision, reader):
    """Bring a version back. Return (what to say, "") or ("", why it could not be)."""
    outcome = versions.bring_back(
        revision,
        group=revision.group,
        base=_number(request.POST.get("base", "")),
        grant=reader.grant,
        now=timezone.now(),
    )
    said = {
        "saved": _("This version is back. The one before it stays in the history."),
        "proposed": _("Sent: somebody reads it before it is shown."),
        "unchanged": _("The entry says this already: nothing had to change."),
    }
    sorry = {
        "outdated": _(
            "Somebody saved the entry while you were reading. Below is what would change now; "
            "press the button once more if that is still what you want."
        ),
        "forbidden": _(
            "This version is older than a rule it breaks. Copy what you need of it into the entry."
        ),
    }
    return said.get(outcome, ""), sorry.get(outcome, "")


def _read(request, short_name):
    """Return the group of this name and the `Reader` who asks, (None, None) for all others.

    Whether there is such a group is not said.
    """
    group = Group.objects.named(short_name.lower())
    reader = versions.reader_of(request, group) if group else None
    return (group, reader) if reader else (None, None)


def _page(request, name, group, reader, context, status=200):
    context = {
        "group": group,
        "grant": reader.grant,
        "tab": "group_history",
        "offer": open_offer(group) if reader.grant else None,
        "noindex": True,
        **context,
    }
    return render(request, f"groups/{name}.html", context, status=status)


def _number(text):
    """Return the number somebody sent, 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

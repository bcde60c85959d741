"""The pages made to be framed by others: an ecosystem's widget, a group's card."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from .. import rows
from ..caching import group_version, keyword_version, versioned
from ..embedding.choices import read_card_choices, read_choices
from ..embedding.widgets import (
    card_path,
    entry_of,
    frame_ancestors,
    source,
    widget_of,
    widget_path,
)
from ..models import Group, Keyword


@require_safe
@xframe_options_exempt
def ecosystem_widget(request, slug):
    choices = read_choices(request.GET)
    version = keyword_version(slug.lower())
    if version is None:
        return _moved_widget(slug, choices)

    def build():
        widget = widget_of(version, choices)
        if widget is None:
            raise Http404("No such ecosystem.")
        return _rendered("ecosystem_widget", choices, widget=widget, accent=widget.accent)

    return _answer(request, version, choices, "widget", build)


@require_safe
@xframe_options_exempt
def group_widget(request, short_name):
    choices = read_card_choices(request.GET)
    version = group_version(short_name.lower())
    if version is None:
        return _moved_card(short_name.lower(), choices)

    def build():
        row = rows.card(-version.scope)
        if row is None:
            raise Http404("No such group.")
        return _rendered("group_widget", choices, group=entry_of(row).card)

    return _answer(request, version, choices, "card", build)


def _answer(request, version, choices, kind, build):
    with override(choices.lang):
        try:
            response = versioned(request, version, choices.address(kind), build)
        except Http404:
            return _absent(choices)
    return _framed_by(version.allowed_origins, response)


def _moved_widget(slug, choices):
    keyword = Keyword.objects.formerly(slug)
    if keyword is None:
        return _absent(choices)
    return redirect(choices.address(widget_path(keyword.slug)), permanent=True)


def _moved_card(short_name, choices):
    group = Group.objects.published().named(short_name)
    if group is None:
        return _absent(choices)
    return redirect(choices.address(card_path(group.short_name)), permanent=True)


def _absent(choices):
    """Say within the frame that there is nothing (more) to show, and where to look."""
    with override(choices.lang):
        response = HttpResponse(_rendered("absent", choices), status=404)
    response["Content-Language"] = choices.lang
    return _framed_by((), response)


def _rendered(name, choices, **context):
    return render_to_string(
        f"widgets/{name}.html", {"choices": choices, "source": source(), **context}
    )


def _framed_by(origins, response):
    """Let the frame be shown by whom its ecosystem allows. On a 304 too: it replaces headers."""
    response._csp_replace = {"frame-ancestors": frame_ancestors(origins)}
    return response

"""The pictures other sites show beside a link to us."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_safe

from .. import cards, rows
from ..caching import group_version, versioned
from ..ecosystem_pages import BANDS_IN_A_CLOTH, numbers_in
from ..matches import kept_cube
from ..models import Group, Keyword
from ..public import public_card, public_ecosystem, reader_words

LANGUAGES = ("fr", "en")


@require_safe
def group_card(request, short_name):
    """Answer the picture of a published group, in the language of `?lang`."""
    version = group_version(short_name)
    if version is None:
        group = Group.objects.published().named(short_name.lower())
        if group is None:
            raise Http404("No such group.")
        return redirect("groups-data:group_card", group.short_name, permanent=True)

    def build():
        row = rows.card(-version.scope)
        if row is None:
            raise Http404("No such group.")
        card = public_card(row, reader_words())
        return cards.group_picture(
            card.short_name,
            name=card.name,
            line=card.tagline,
            facts=" · ".join(filter(None, [card.kind_label, card.place])),
            site=_site_name(),
        )

    return _answer(request, version, build)


@require_safe
def ecosystem_card(request, slug):
    """Answer the picture of an ecosystem, or of the page a keyword has."""
    found = rows.ecosystem_page(slug.lower())
    if found is None:
        moved = Keyword.objects.formerly(slug)
        if moved is None:
            raise Http404("No such ecosystem.")
        return redirect("groups-data:ecosystem_card", moved.slug, permanent=True)
    version, keyword, record, _core = found

    def build():
        cube = kept_cube(keyword)
        if not cube and record is None:
            raise Http404("No such ecosystem.")
        bands = rows.cloths([keyword.pk], BANDS_IN_A_CLOTH)[keyword.pk]
        numbers = numbers_in(cube)
        ecosystem = public_ecosystem(keyword, record=record, numbers=numbers, cloth=bands)
        count = ecosystem.group_count
        return cards.ecosystem_picture(
            ecosystem.slug,
            bands,
            name=ecosystem.name,
            line=ecosystem.tagline,
            facts=ngettext("%(count)s group", "%(count)s groups", count) % {"count": count},
            site=_site_name(),
        )

    return _answer(request, version, build)


def _answer(request, version, build):
    language = request.GET.get("lang")
    with override(language if language in LANGUAGES else LANGUAGES[0]):
        return versioned(request, version, "card.png", build, content_type="image/png")


def _site_name():
    return _("Ecosystem of groups")

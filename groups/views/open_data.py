"""The groups as files: of the whole directory, or of one ecosystem."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..caching import directory_version, keyword_version, streamed
from ..filters import read_filters
from ..models import Keyword
from ..moved import with_query
from ..open_data import atom, csv_file, geojson_file, json_file, reading

FORMATS = {"json": json_file, "geojson": geojson_file, "csv": csv_file, "atom": atom}


@require_safe
def directory_file(request, suffix):
    """Answer the groups of the directory that answer the filters of the address."""
    title = _("Ecosystem of groups")
    return _file(request, suffix, directory_version(), None, title, "/groups/")


@require_safe
def ecosystem_file(request, slug, suffix):
    """Answer the groups of one ecosystem that answer the filters of the address."""
    version = keyword_version(slug.lower())
    if version:
        keyword = Keyword.objects.shown().filter(pk=version.scope).first()
    else:
        keyword = Keyword.objects.formerly(slug)
    if keyword is None:
        raise Http404("No such ecosystem.")
    if keyword.slug != slug:
        address = f"/ecosystems/{keyword.slug}/groups.{suffix}"
        return redirect(with_query(address, request), permanent=True)
    return _file(request, suffix, version, keyword, version.title, f"/ecosystems/{version.name}/")


def _file(request, suffix, version, keyword, title, page):
    filters = read_filters(request.GET)
    if filters.keyword:
        # What depends on other words, too, depends on the whole directory.
        version = version._replace(token=f"{version.token} {version.everywhere}")
    form = FORMATS[suffix]

    def lines():
        groups = reading.chosen_groups(filters, keyword)
        source = reading.Source(
            title=title,
            page_url=settings.SITE_URL + filters.address(page),
            own_url=settings.SITE_URL + request.get_full_path(),
            gone=reading.gone_from(keyword.pk if keyword else 0),
        )
        batches = reading.latest(groups) if form is atom else reading.batches(groups)
        return form.lines(source, batches)

    variant = f"file {suffix} {request.get_full_path()}"
    response = streamed(request, version, variant, lines, content_type=form.CONTENT_TYPE)
    response["Link"] = f'<{settings.DATA_LICENCE}>; rel="license"'
    response["Access-Control-Allow-Origin"] = "*"
    if suffix == "csv":
        name = keyword.slug if keyword else "groups"
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response

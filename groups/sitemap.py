"""What search engines may show, as sitemaps.org describes it: each page in both languages."""

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from .models import Group, Keyword, Tagging
from .public import FEWEST_INDEXED

CONTENT_TYPE = "application/xml"
# A file may hold 50,000 addresses; each group has one a language.
GROUPS_A_FILE = 10_000
PAGES = (
    "home",
    "about",
    "api_docs",
    "group_list",
    "new_group",
    "ecosystem_list",
    "network",
    "privacy",
)
_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index_lines():
    """Yield the index: the file of pages, and one for each ten thousand numbers of groups."""
    yield f"{_BEGIN}<sitemapindex {_SPACE}>\n"
    last = Group.objects.listed().aggregate(last=Max("pk"))["last"]
    files = [0, *range(1, 2 + last // GROUPS_A_FILE)] if last else [0]
    for number in files:
        address = reverse("groups-data:sitemap_file", args=[number])
        yield f"<sitemap><loc>{escape(settings.SITE_URL + address)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def file_lines(number):
    """Yield one file: 0 holds pages and ecosystems, the others hold groups."""
    yield f'{_BEGIN}<urlset {_SPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    yield from _group_lines(number - 1) if number else _page_lines()
    yield "</urlset>\n"


def _page_lines():
    for name in PAGES:
        yield _in_each_language(name)
    enough = (
        Tagging.objects.filter(shelf=1)
        .values("tag")
        .annotate(groups=Count("pk"))
        .filter(groups__gte=FEWEST_INDEXED)
    )
    keywords = Keyword.objects.filter(
        Q(ecosystem__isnull=False) | Q(pk__in=enough.values("tag"))
    ).order_by("pk")
    for slug in keywords.values_list("slug", flat=True).iterator():
        yield _in_each_language("ecosystem_detail", slug)


def _group_lines(block):
    first = block * GROUPS_A_FILE
    rows = Group.objects.listed().filter(pk__gte=first, pk__lt=first + GROUPS_A_FILE)
    for short_name, changed_at in rows.order_by("pk").values_list("short_name", "changed_at"):
        yield _in_each_language("group_detail", short_name, changed_on=changed_at.date())


def _in_each_language(name, *args, changed_on=None):
    """Return the entries of a page: one a language, each of which names them all."""
    addresses = {}
    for language, _label in settings.LANGUAGES:
        with override(language):
            addresses[language] = escape(settings.SITE_URL + reverse(f"groups:{name}", args=args))
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{address}"/>'
        for language, address in addresses.items()
    )
    changed = f"<lastmod>{changed_on}</lastmod>" if changed_on else ""
    return "".join(
        f"<url><loc>{address}</loc>{changed}{alternates}</url>\n" for address in addresses.values()
    )

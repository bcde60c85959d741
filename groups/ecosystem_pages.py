"""The numbers and neighbours of ecosystems, read from the counts kept on write."""

from collections import defaultdict

from . import rows
from .counts import EVERYWHERE
from .matches import kept_cube
from .models import Ecosystem, FacetTally, Keyword, KeywordTally
from .public import PublicKeyword, public_card, public_ecosystem, reader_words

KEYWORDS_LISTED = 50
BANDS_IN_A_CLOTH = 4


def numbers_of(scopes):
    """Return ``{scope: (groups, countries, members)}`` of the listed groups. One query."""
    groups, members, countries = defaultdict(int), defaultdict(int), defaultdict(set)
    listed = FacetTally.objects.filter(scope__in=scopes, n__gt=0).exclude(activity="archived")
    for scope, country, n, people in listed.values_list("scope", "country", "n", "members"):
        groups[scope] += n
        members[scope] += people
        if country:
            countries[scope].add(country)
    return {scope: (groups[scope], len(countries[scope]), members[scope]) for scope in scopes}


def numbers_in(cube):
    """Return (groups, countries, members) of the listed groups of a `kept_cube`."""
    listed = [row for row in cube if row[1] != "archived"]
    countries = {country for _kind, _activity, country, _n, _members in listed} - {""}
    return sum(row[3] for row in listed), len(countries), sum(row[4] for row in listed)


def directory_numbers():
    """Return (groups, countries, members) of the whole directory. One query."""
    return numbers_in(kept_cube())


def ecosystem_of(keyword, record, core, cube):
    """Return the `PublicEcosystem` of what `rows.ecosystem_page` found. At most two queries."""
    return public_ecosystem(
        keyword,
        record=record,
        numbers=numbers_in(cube),
        cloth=rows.cloths([keyword.pk], BANDS_IN_A_CLOTH)[keyword.pk],
        core=public_card(core, reader_words()) if core else None,
        charter=rows.charter(record.pk, record.charter_version) if record else (),
    )


def ecosystem_cards():
    """Return the ecosystems that have a record, the largest first. Three queries."""
    records = list(Ecosystem.objects.select_related("keyword"))
    numbers = numbers_of([record.keyword_id for record in records])
    cloths = rows.cloths([record.keyword_id for record in records], BANDS_IN_A_CLOTH)
    records.sort(key=lambda record: (-numbers[record.keyword_id][0], record.name))
    return [
        public_ecosystem(
            record.keyword,
            record=record,
            numbers=numbers[record.keyword_id],
            cloth=cloths[record.keyword_id],
        )
        for record in records
    ]


def shared_groups():
    """Return (first, second, how many) for the pairs of ecosystems that share groups."""
    names = {
        record.keyword_id: PublicKeyword(
            record.name, record.get_absolute_url(), record.keyword.slug
        )
        for record in Ecosystem.objects.select_related("keyword")
    }
    pairs = KeywordTally.objects.filter(scope__in=names, filter="", keyword__in=names, n__gt=0)
    return [
        {"first": names[scope], "second": names[keyword], "count": n}
        for scope, keyword, n in pairs.order_by("-n", "scope", "keyword").values_list(
            "scope", "keyword", "n"
        )
        if scope < keyword
    ]


def largest_keywords():
    """Return the keywords most groups carry, without those that have a record. Two queries."""
    top = dict(
        KeywordTally.objects.filter(scope=EVERYWHERE, filter="", n__gt=0)
        .order_by("-n", "keyword")
        .values_list("keyword", "n")[: KEYWORDS_LISTED * 2]
    )
    words = reader_words()
    plain = Keyword.objects.filter(pk__in=top, ecosystem=None)
    found = sorted(plain, key=lambda keyword: (-top[keyword.pk], keyword.name_key))
    return [
        PublicKeyword(
            keyword.name, f"{words.ecosystems_url}{keyword.slug}/", keyword.slug, top[keyword.pk]
        )
        for keyword in found[:KEYWORDS_LISTED]
    ]

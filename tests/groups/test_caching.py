import gzip
import threading
from datetime import UTC, datetime

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils.translation import override

from groups import caching
from groups.caching import Version, directory_version, group_version, keyword_version, versioned
from groups.models import PageVersion
from tests.factories import make_ecosystem, make_group, make_keyword

VERSION = Version(7, "velo", "token", "everywhere")
LONG = "A page. " * 100


@pytest.fixture(autouse=True)
def _nothing_kept():
    caching.forget_bodies()
    yield
    caching.forget_bodies()


class Page:
    """Builds a page, and counts how often."""

    def __init__(self, body=LONG):
        self.body, self.built = body, 0

    def __call__(self):
        self.built += 1
        return self.body


def ask(page, version=VERSION, variant="", **headers):
    return versioned(RequestFactory().get("/", headers=headers), version, variant, page)


# The answer


def test_a_page_says_how_long_a_copy_is_good():
    response = ask(Page())

    assert response.content.decode() == LONG
    assert response["Content-Type"] == "text/html; charset=utf-8"
    # A frame made from a copy survives a week without us.
    assert response["Cache-Control"] == (
        "public, max-age=60, stale-while-revalidate=86400, stale-if-error=604800"
    )
    assert response["Vary"] == "Accept-Encoding"
    assert response["Content-Language"] == "fr"


def test_a_page_is_built_once():
    page = Page()

    bodies = {ask(page).content for _ in range(3)}

    assert (page.built, len(bodies)) == (1, 1)


def test_whoever_has_the_page_is_told_so_without_building_it():
    tag = ask(Page())["ETag"]
    caching.forget_bodies()
    page = Page()

    response = ask(page, if_none_match=f'"other", W/{tag}')

    assert (response.status_code, response.content, page.built) == (304, b"", 0)
    assert response["ETag"] == tag
    assert "stale-if-error" in response["Cache-Control"]


@pytest.mark.parametrize("header", ["*", '"made-up"', "nonsense", ""])
def test_nobody_learns_by_a_304_that_a_page_exists(header):
    def hidden():
        raise Http404

    with pytest.raises(Http404):
        ask(hidden, if_none_match=header)


def test_a_page_that_raises_is_not_kept():
    with pytest.raises(ZeroDivisionError):
        ask(lambda: 1 / 0)

    assert ask(Page()).content.decode() == LONG


@pytest.mark.parametrize(
    ("version", "variant"),
    [
        (VERSION._replace(token="next"), ""),
        (VERSION._replace(scope=8), ""),
        (VERSION, "kind=support"),
    ],
)
def test_another_version_scope_or_variant_is_another_page(version, variant):
    before = ask(Page("Before"))

    after = ask(Page("After"), version, variant)

    assert after.content == b"After"
    assert after["ETag"] != before["ETag"]


def test_a_page_in_french_is_never_served_to_an_english_reader():
    french = ask(Page("Français"))

    with override("en"):
        english = ask(Page("English"), if_none_match=french["ETag"])

    assert (english.status_code, english.content) == (200, b"English")
    assert english["Content-Language"] == "en"


def test_a_page_is_made_anew_each_day(time_machine):
    time_machine.move_to(datetime(2026, 11, 27, 22, 59, tzinfo=UTC), tick=False)
    before = ask(Page("Friday"))
    time_machine.move_to(datetime(2026, 11, 27, 23, 0, tzinfo=UTC), tick=False)  # midnight in Paris

    after = ask(Page("Saturday"), if_none_match=before["ETag"])

    assert (after.status_code, after.content) == (200, b"Saturday")


def test_another_release_makes_pages_anew(monkeypatch):
    before = ask(Page("Old"))
    monkeypatch.setattr(caching, "release", lambda: "next")

    assert ask(Page("New"), if_none_match=before["ETag"]).content == b"New"


# Compressed


def test_a_compressed_page_is_the_same_under_a_tag_of_its_own():
    page = Page()
    plain = ask(page)

    packed = ask(page, accept_encoding="br, gzip")

    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], page.built) == ("gzip", 1)
    assert packed["ETag"] == plain["ETag"][:-1] + '-gz"'
    assert ask(page, accept_encoding="gzip", if_none_match=packed["ETag"]).status_code == 304


@pytest.mark.parametrize(
    ("header", "is_compressed"),
    [("gzip", True), ("gzip;q=0.5", True), ("gzip;q=0, br", False), ("gzip; q=0.0", False)],
)
def test_a_page_is_compressed_for_whoever_takes_it(header, is_compressed):
    assert ask(Page(), accept_encoding=header).has_header("Content-Encoding") == is_compressed


# What is kept


def test_fifty_variants_of_a_scope_are_kept_the_last_ones_asked_for():
    for number in range(50):
        ask(Page(), variant=str(number))
    ask(Page(), variant="0")
    ask(Page(), variant="one more")
    first, second = Page(), Page()

    ask(first, variant="0")
    ask(second, variant="1")

    assert (first.built, second.built) == (0, 1)


def test_what_is_asked_for_once_pushes_nothing_out():
    page = Page()

    for _ in range(2):
        versioned(RequestFactory().get("/"), VERSION, "odd", page, is_kept=False)

    assert page.built == 2


def test_memory_has_a_bound(monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES", 2_500)
    for scope in range(1, 4):
        ask(Page("x" * 1_000), VERSION._replace(scope=scope))
    first, last = Page("x" * 1_000), Page("x" * 1_000)

    ask(last, VERSION._replace(scope=3))
    ask(first, VERSION._replace(scope=1))

    assert (first.built, last.built) == (1, 0)


def test_a_body_of_an_earlier_version_is_not_kept_beside_the_new_one():
    ask(Page("x" * 1_000))
    size = caching._BODIES.size

    ask(Page("x" * 1_000), VERSION._replace(token="next"))

    assert caching._BODIES.size == size


def test_many_at_once_get_the_page_each_asked_for():
    wrong = []

    def read(number):
        for turn in range(200):
            variant = str((number + turn) % 60)
            response = ask(lambda variant=variant: variant, variant=variant)
            wrong.extend([response] if response.content.decode() != variant else [])

    readers = [threading.Thread(target=read, args=[number]) for number in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert wrong == []


# Versions


@pytest.mark.django_db
def test_a_version_costs_one_query(django_assert_num_queries):
    ecosystem = make_ecosystem("rivages", allowed_origins=["https://example.org"])
    group = make_group(keywords=["rivages"])
    tokens = dict(PageVersion.objects.values_list("scope", "token"))

    with django_assert_num_queries(1):
        everywhere = directory_version()
    with django_assert_num_queries(1):
        keyword = keyword_version("rivages")
    with django_assert_num_queries(1):
        own = group_version(group.short_name)

    assert everywhere == Version(0, "", tokens[0], tokens[0])
    pk = ecosystem.keyword_id
    assert keyword == Version(
        pk,
        "rivages",
        tokens[pk],
        tokens[0],
        title="Rivages",
        accent="indigo",
        allowed_origins=("https://example.org",),
    )
    assert own == Version(-group.pk, group.short_name, tokens[-group.pk], tokens[0])


@pytest.mark.django_db
def test_what_is_not_there_has_no_version():
    group = make_group(review="pending")
    make_keyword("velo")

    assert directory_version() == Version(0, "", "", "")
    assert keyword_version("velo").token == ""
    assert keyword_version("unknown") is None
    assert group_version(group.short_name) is None

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from groups.names import (
    RESERVED,
    SHORT_NAME_FORM,
    SHORT_NAME_HAS_A_LETTER,
    TWO_LETTER_CODE,
    check_short_name,
)
from groups.text import is_short_name


def first_segments(patterns, prefix=""):
    """Yield the first path segment of every address of the site."""
    for each in patterns:
        route = prefix + str(each.pattern)
        head, slash, _rest = route.lstrip("^").partition("/")
        if hasattr(each, "url_patterns") and not slash:
            yield from first_segments(each.url_patterns, route)
        elif "<" not in head:
            yield head


def test_every_first_segment_of_our_addresses_is_reserved():
    segments = set(first_segments(get_resolver().url_patterns))

    assert {"groups", "ecosystems", "healthz", "admin", "media", "map", "about"} <= segments
    assert {each for each in segments if is_short_name(each)} - RESERVED == set()


@pytest.mark.parametrize(
    "segment",
    "api network review account l checkin helpers privacy sitemap robots oembed embed".split(),
)
def test_the_segments_of_pages_to_come_are_reserved(segment):
    assert segment in RESERVED


@pytest.mark.parametrize(
    "name", "postmaster abuse hostmaster webmaster admin noreply www mail new".split()
)
def test_the_names_of_mail_are_reserved(name):
    with pytest.raises(ValidationError) as refusal:
        check_short_name(name)

    assert refusal.value.code == "reserved"


@pytest.mark.parametrize("name", ["fr", "en", "zz"])
def test_two_letters_are_reserved_for_languages(name):
    with pytest.raises(ValidationError) as refusal:
        check_short_name(name)

    assert refusal.value.code == "reserved"


@pytest.mark.parametrize(
    "name", ["", "a", "12", "-ab", "ab-", "AB1", "été", "a b", "a" * 41, "ab\n"]
)
def test_a_malformed_name_gets_a_sentence(name):
    with pytest.raises(ValidationError) as refusal:
        check_short_name(name)

    assert refusal.value.code == "malformed"
    assert "2" in refusal.value.messages[0]


@pytest.mark.parametrize("name", ["b2", "abc", "jardins-lagune", "a" * 40, "1-2"])
def test_a_good_name_passes(name):
    assert check_short_name(name) is None


def test_the_database_and_the_form_agree_on_the_form():
    for name in [
        "a",
        "ab",
        "a1",
        "1a",
        "11",
        "-a",
        "a-",
        "abc",
        "a" * 40,
        "a" * 41,
        "a_b",
        "abc\n",
    ]:
        may = is_short_name(name) and not (len(name) == 2 and name.isalpha())

        fits = (
            re.search(SHORT_NAME_FORM, name)
            and re.search(SHORT_NAME_HAS_A_LETTER, name)
            and not re.search(TWO_LETTER_CODE, name)
            and "\n" not in name
        )
        assert bool(fits) == may, name

from zoneinfo import ZoneInfo

import pytest

from groups.countries import ALIASES, COUNTRIES, country_code, country_name, default_time_zone
from groups.text import fold


def test_every_country_of_iso_and_kosovo_is_there():
    assert len(COUNTRIES) == 250
    assert {"BJ", "FR", "CA", "HT", "RE", "XK"} <= set(COUNTRIES)
    assert all(len(code) == 2 and code.isupper() for code in COUNTRIES)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("BJ", "fr", "Bénin"),
        ("BJ", "en", "Benin"),
        ("CD", "fr-ca", "République démocratique du Congo"),
        ("CI", "en-gb", "Côte d’Ivoire"),
        ("DE", "ht", "Germany"),
        ("XX", "fr", ""),
        ("", "fr", ""),
    ],
)
def test_country_name(code, language, name):
    assert country_name(code, language) == name


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_name_and_code_leads_back_to_its_country(language):
    assert [country_code(country_name(code, language)) for code in COUNTRIES] == list(COUNTRIES)
    assert [country_code(code.lower()) for code in COUNTRIES] == list(COUNTRIES)


def test_every_alias_leads_to_its_country_only():
    pairs = [(alias, code) for code, aliases in ALIASES.items() for alias in aliases]

    assert [(alias, country_code(alias)) for alias, _ in pairs] == pairs
    assert len({fold(alias) for alias, _ in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("COTE D'IVOIRE", "CI"),
        ("la Réunion", "RE"),
        ("The Gambia", "GM"),
        ("L’Allemagne", "DE"),
        ("U.S.A.", "US"),
        ("FRA", "FR"),
        ("Saint Lucia", "LC"),
        ("Trinidad and Tobago", "TT"),
        ("RDC", "CD"),
        ("Congo", None),
        ("Atlantide", None),
        ("", None),
        ("🇫🇷", None),
    ],
)
def test_country_code(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("BJ", "Africa/Porto-Novo"),
        ("CD", "Africa/Kinshasa"),
        ("CA", "America/Toronto"),
        ("FR", "Europe/Paris"),
        ("BV", None),
        ("XX", None),
        ("", None),
    ],
)
def test_default_time_zone(code, zone):
    assert default_time_zone(code) == zone


def test_every_time_zone_exists():
    zones = {zone for code in COUNTRIES if (zone := default_time_zone(code))}

    assert {ZoneInfo(zone).key for zone in zones} == zones

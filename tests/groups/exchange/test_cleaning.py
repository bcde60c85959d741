from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import groups.demo
from groups.exchange.cleaning import clean_row
from groups.exchange.columns import COLUMNS, SERVICE_KINDS
from groups.exchange.problems import Problem
from groups.exchange.reading import read
from groups.exchange.rows import UNFIT

DATA = Path(__file__).resolve().parents[2] / "data"
OSM_COMMUNITIES = Path(groups.demo.__file__).parent / "osm_communities.csv"
WHOLE = {"short_name": "bal", "name": "Bal", "tagline": "On danse.", "kind": "thematic"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def cleaned(column, text):
    """Return what one cell becomes in a row that is right otherwise."""
    result = clean_row({**WHOLE, column: text})
    assert result.errors == []
    return result.entry[column]


def reason(column, text):
    """Return why one cell is refused in a row that is right otherwise."""
    result = clean_row({**WHOLE, column: text})
    [problem] = result.errors
    assert (problem.column, problem.value) == (column, text)
    assert column not in result.entry
    return problem.reason


def test_row_with_the_four_required_fields_is_an_entry():
    result = clean_row(WHOLE)

    assert result.entry == WHOLE
    assert result.notes == []
    assert result.errors == []


def test_whole_row_is_an_entry():
    result = clean_row(
        {
            "short_name": "Jardins-Lagune",
            "name": " Jardins  de la Lagune ",
            "tagline": "Des potagers <b>partagés</b>",
            "kind": "Groupe territorial",
            "description": "<p>Un.</p><p>Deux &amp; trois.</p>",
            "keywords": "jardins, Écoles,, ecoles, #semences",
            "country": "Bénin",
            "region": "Ouémé",
            "latitude": "6,4969",
            "longitude": "2,6289",
            "member_count": "≈ 1 200 membres",
            "activity": "En sommeil",
            "contact_email": "mailto:bonjour@example.org",
            "home_url": "example.org",
            "join_url": "",
            "partners": "Ville|https://ville.example/; Lycée ; |https://radio.example/",
        }
    )

    assert result.errors == []
    assert result.notes == []
    assert result.entry == {
        "short_name": "jardins-lagune",
        "name": "Jardins de la Lagune",
        "tagline": "Des potagers partagés",
        "kind": "territorial",
        "description": "Un.\n\nDeux & trois.",
        "keywords": ["jardins", "Écoles", "semences"],
        "country": "BJ",
        "region": "Ouémé",
        "latitude": 6.4969,
        "longitude": 2.6289,
        "member_count": 1200,
        "activity": "asleep",
        "contact_email": "bonjour@example.org",
        "services": {"home": "https://example.org"},
        "partners": [
            {"name": "Ville", "url": "https://ville.example/"},
            {"name": "Lycée", "url": ""},
            {"name": "radio.example", "url": "https://radio.example/"},
        ],
    }


def test_empty_cells_empty_their_fields_but_not_the_activity():
    result = clean_row(dict.fromkeys(COLUMNS, "") | WHOLE)

    assert result.errors == []
    assert result.entry == WHOLE | {
        "description": "",
        "keywords": [],
        "country": "",
        "region": "",
        "latitude": None,
        "longitude": None,
        "member_count": None,
        "contact_email": "",
        "services": {},
        "partners": [],
    }


def test_short_name_and_line_are_derived_and_said():
    result = clean_row(
        {"name": "Jardins d’Été", "kind": "support", "description": "On sème. Puis on attend."}
    )

    assert result.errors == []
    assert result.entry["short_name"] == "jardins-d-ete"
    assert result.entry["tagline"] == "On sème."
    assert result.notes == [
        "short name “jardins-d-ete”, from the name",
        "the line is the first sentence of the description",
    ]


def test_short_name_is_never_derived_into_one_of_the_sites_own():
    assert clean_row({**WHOLE, "short_name": "", "name": "About"}).entry["short_name"] == (
        "groupe-about"
    )


def test_line_that_is_too_long_is_cut_and_said():
    result = clean_row({**WHOLE, "tagline": "mot " * 60})

    assert len(result.entry["tagline"]) <= 160
    assert result.entry["tagline"].endswith("mot…")
    assert result.notes == ["the line was longer than 160 characters and is cut"]


def test_row_without_anything_says_all_that_is_missing():
    assert clean_row({}).errors == [
        Problem("name", "", "a group has a name"),
        Problem("short_name", "", "there is none, and no name to take it from"),
        Problem("tagline", "", "a group has one line about it, and there is no description either"),
        Problem("kind", "", "say thematic, territorial or support"),
    ]


def test_row_that_does_not_fit_its_columns_is_wrong():
    result = clean_row({**WHOLE, UNFIT: ("rire", "more cells than columns")})

    assert result.errors == [Problem(UNFIT, "rire", "more cells than columns")]


@pytest.mark.parametrize("short_name", ["2024", "a", "jardins d’été", "-bal", "fr", "about"])
def test_short_name_that_cannot_be_is_refused(short_name):
    assert reason("short_name", short_name)


@pytest.mark.parametrize(
    ("column", "length"), [("name", 120), ("region", 80), ("description", 2000)]
)
def test_text_at_its_limit_is_kept_and_one_more_is_refused(column, length):
    assert cleaned(column, "x" * length) == "x" * length
    assert reason(column, "x" * (length + 1)) == f"{length + 1} characters; at most {length}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("thematic", "thematic"),
        ("Thématique", "thematic"),
        ("groupe territorial", "territorial"),
        ("Local", "territorial"),
        ("SUPPORT", "support"),
        ("soutien", "support"),
    ],
)
def test_kind_in_french_and_english(text, kind):
    assert cleaned("kind", text) == kind


def test_kind_that_is_missing_is_the_callers():
    row = {**WHOLE, "kind": ""}

    assert clean_row(row, default_kind="territorial").entry["kind"] == "territorial"
    assert clean_row(row).errors == [Problem("kind", "", "say thematic, territorial or support")]


def test_kind_that_is_unknown_is_refused():
    assert reason("kind", "musical") == ("not a kind we know: say thematic, territorial or support")


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("en préparation", "preparing"),
        ("Actif", "active"),
        ("endormie", "asleep"),
        ("archived", "archived"),
    ],
)
def test_activity_in_french_and_english(text, activity):
    assert cleaned("activity", text) == activity


def test_activity_that_is_unknown_is_refused():
    assert reason("activity", "parfois") == (
        "not a level we know: say preparing, active, asleep or archived"
    )


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("a, b", ["a", "b"]),
        ("a; b | c", ["a", "b", "c"]),
        ("a;b, c", ["a;b", "c"]),
        ("a;b,", ["a;b"]),
        ("jardin partagé", ["jardin partagé"]),
        ("C, C++, C#, c", ["C", "C++", "C#"]),
        (", ,", []),
    ],
)
def test_keywords(text, keywords):
    assert cleaned("keywords", text) == keywords


def test_keyword_without_a_letter_is_left_out_and_said():
    result = clean_row({**WHOLE, "keywords": "🌱, jardin"})

    assert result.entry["keywords"] == ["jardin"]
    assert result.notes == ["“🌱” has no letter, so it is no keyword"]


def test_keywords_have_their_limits():
    twelve = [f"mot{number}" for number in range(12)]

    assert cleaned("keywords", ",".join(twelve)) == twelve
    assert cleaned("keywords", "x" * 50) == ["x" * 50]
    assert reason("keywords", ",".join([*twelve, "un"])) == "13 keywords; a group has at most 12"
    assert reason("keywords", "x" * 51) == f"“{'x' * 30}…” is longer than 50 characters"


def test_country_that_is_unknown_is_refused():
    assert reason("country", "Congo") == (
        "not a country we know: write its name or its two letters, such as BJ"
    )


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("48.1173", "-1.6778", (48.1173, -1.6778)),
        ("48,1173", "−1,6778", (48.1173, -1.6778)),
        ("48.1173°", "1e-05", (48.1173, 0.00001)),
        ("90", "-180", (90, -180)),
        ("48.1, -1.6", "", (48.1, -1.6)),
        ("48.1,-1.6", "", (48.1, -1.6)),
        ("48,1 -1,6", "", (48.1, -1.6)),
        ("48,1 ; -1,6", "", (48.1, -1.6)),
        ("48.1|-1.6", "48.1|-1.6", (48.1, -1.6)),
        ("", "", (None, None)),
    ],
)
def test_position(latitude, longitude, position):
    result = clean_row({**WHOLE, "latitude": latitude, "longitude": longitude})

    assert result.errors == []
    assert (result.entry["latitude"], result.entry["longitude"]) == position


@pytest.mark.parametrize(
    ("latitude", "longitude", "why"),
    [
        ("48.1", "", "a position has a latitude and a longitude"),
        ("", "2", "a position has a latitude and a longitude"),
        ("90.1", "2", "a latitude is from -90 to 90"),
        ("48", "180.1", "a longitude is from -180 to 180"),
        ("9" * 19, "2", "a latitude is from -90 to 90"),
        (
            "48°07′",
            "2",
            "not a position in degrees: write numbers such as 6.4969 and 2.6289",
        ),
        ("nan", "2", "not a position in degrees: write numbers such as 6.4969 and 2.6289"),
    ],
)
def test_position_that_is_wrong_is_refused_whole(latitude, longitude, why):
    result = clean_row({**WHOLE, "latitude": latitude, "longitude": longitude})

    [problem] = result.errors
    assert problem == Problem("latitude", ", ".join(filter(None, [latitude, longitude])), why)
    assert "latitude" not in result.entry
    assert "longitude" not in result.entry


def test_position_nought_nought_is_unknown_and_said():
    result = clean_row({**WHOLE, "latitude": "0", "longitude": "0.0"})

    assert (result.entry["latitude"], result.entry["longitude"]) == (None, None)
    assert result.notes == ["the position 0, 0 stands for an unknown one and is left out"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("180", 180),
        ("0", 0),
        ("≈ 180", 180),
        ("env. 180 personnes", 180),
        ("plus de 1 200", 1200),
        ("1\u202f200", 1200),
        ("1,200", 1200),
        ("1.200", 1200),
        ("180.0", 180),
        ("100+", 100),
        ("10000000", 10_000_000),
    ],
)
def test_member_count(text, count):
    assert cleaned("member_count", text) == count


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-3", "a number of members is not negative"),
        ("beaucoup", "not a number of members: write digits, such as 180"),
        ("100-150", "not a number of members: write digits, such as 180"),
        ("12,5", "not a number of members: write digits, such as 180"),
        ("1 20", "not a number of members: write digits, such as 180"),
        ("10000001", "more members than there can be"),
        ("9" * 5000, "more members than there can be"),
    ],
)
def test_member_count_that_is_wrong_is_refused(text, why):
    assert reason("member_count", text) == why


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://Example.org", "http://Example.org"),
        ("example.org/groupe", "https://example.org/groupe"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("//example.org/x", "https://example.org/x"),
        ("https://école.example/é", "https://école.example/é"),
        ("https://t.me/OSM e Wiki", "https://t.me/OSM%20e%20Wiki"),
    ],
)
def test_link(text, url):
    assert clean_row({**WHOLE, "news_url": text}).entry["services"] == {"news": url}


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//example.org",
        "data:text/html,x",
        "mailto:a@example.org",
        "ftp://example.org/",
        "groupe",
        "notre site",
        "https://",
        "https://localhost/",
        "https://user:secret@example.org/",
        "https://example.org:99999/",
        "https://[::1]/",
        "https://example.org/ https://example.com/",
        "https://example.org/, https://example.com/",
        "https://example.org (ancien)",
        'https://example.org/"onclick="x',
        "https://example.org/<b>",
        "https://example.org\\@example.com/",
        "@groupe",
        "https://example.org/" + "x" * 481,
    ],
)
def test_link_that_is_none_is_refused(text):
    result = clean_row({**WHOLE, "home_url": text, "news_url": "https://example.org/"})

    assert [problem.column for problem in result.errors] == ["home_url"]
    assert result.entry["services"] == {"news": "https://example.org/"}


def test_link_may_have_500_characters():
    url = "https://example.org/" + "x" * 480

    assert clean_row({**WHOLE, "home_url": url}).entry["services"] == {"home": url}


def test_every_kind_of_service_has_its_column():
    row = {f"{kind}_url": f"https://{kind.replace('_', '-')}.example/" for kind in SERVICE_KINDS}

    assert list(clean_row({**WHOLE, **row}).entry["services"]) == list(SERVICE_KINDS)


def test_partner_with_a_bad_link_is_refused():
    assert reason("partners", "Ville|javascript:x") == (
        "not the address of a page: it begins with https:// or http://"
    )


def test_partner_is_named_once():
    assert cleaned("partners", "Ville|https://a.example/;VILLE|https://b.example/") == [
        {"name": "Ville", "url": "https://a.example/"}
    ]


@pytest.mark.parametrize("text", ["bonjour", "a@b", "a b@example.org", "a@example.org, b@c.org"])
def test_contact_that_is_no_address_is_refused(text):
    assert reason("contact_email", text) == "not an e-mail address"


def test_every_real_community_is_clean():
    for number, row in read(OSM_COMMUNITIES).rows:
        result = clean_row(row)
        assert (number, result.errors, result.notes) == (number, [], [])


def test_yeswiki_entries_are_clean_but_for_the_kind_they_do_not_say():
    first, second = (
        clean_row(row, default_kind="territorial")
        for _, row in read(DATA / "yeswiki_bazar.json").rows
    )

    assert first.errors == second.errors == []
    assert first.entry == {
        "short_name": "jardins-de-la-lagune",
        "name": "Jardins de la Lagune",
        "tagline": "Des potagers partagés dans les cours d’école.",
        "kind": "territorial",
        "description": (
            "Des potagers partagés dans les cours d’école.\u00a0On y vient à tout âge.\n\n"
            "Deux fois par mois."
        ),
        "keywords": ["jardins", "écoles", "agroécologie"],
        "region": "Porto-Novo",
        "latitude": 6.4969,
        "longitude": 2.6289,
        "contact_email": "bonjour@jardins-lagune.example",
        "services": {"home": "https://jardins-lagune.example"},
    }
    assert second.entry["latitude"] == 48.1173
    assert second.entry["services"] == {}


NASTY = st.text(st.characters(codec=None), max_size=30) | st.sampled_from(
    ["-1", "1e999", "48,1", "https://", "http://[", "a|b;c|d", "=1+1", "'", "&#0;", "<p>", "٣"]
)


@given(st.dictionaries(st.sampled_from(COLUMNS), NASTY))
def test_any_row_is_an_entry_or_says_why_not(row):
    result = clean_row(row)

    for problem in result.errors:
        assert problem.reason
    for required in ("name", "short_name", "tagline", "kind"):
        assert required in result.entry or required in {each.column for each in result.errors}
    assert "\0" not in repr(result.entry).encode("utf-8").decode()

import json

import pytest

from groups.entries import entries_of
from groups.exchange.importing import import_file
from groups.exchange.reading import Unreadable
from groups.models import Facilitator, FormerShortName, Group, Keyword, Revision
from tests.factories import make_group
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

HEAD = "short_name,name,tagline,kind"


@pytest.fixture
def imported(tmp_path):
    """Return a function that writes a file and imports it."""

    def write_and_import(text, name="groups.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return import_file(path, **{"why": "test", **options})

    return write_and_import


def numbers(report):
    return report.added, report.changed, report.unchanged


def problems(report):
    return [(number, problem.column, problem.value) for number, problem in report.problems]


def one_entry():
    group = Group.objects.get()
    return entries_of([group])[group.pk]


# What comes in


def test_rows_become_published_groups(imported):
    report = imported(
        "short_name,name,tagline,kind,description,keywords,country,region,latitude,longitude,"
        "member_count,activity,home_url,admin_url,partners\n"
        'jardins,Jardins,Nous cultivons.,thematic,Des potagers.,"vélo, bus",BJ,Littoral,6.4969,'
        "2.6289,180,asleep,https://example.org/,https://example.org/admin,"
        "Fonds|https://fonds.example/;Ville\n"
    )

    assert numbers(report) == (1, 0, 0)
    assert Group.objects.get().review == "published"
    assert one_entry() == {
        "short_name": "jardins",
        "name": "Jardins",
        "tagline": "Nous cultivons.",
        "kind": "thematic",
        "description": "Des potagers.",
        "keywords": ["vélo", "bus"],
        "country": "BJ",
        "region": "Littoral",
        "latitude": 6.4969,
        "longitude": 2.6289,
        "member_count": 180,
        "activity": "asleep",
        "services": {"home": "https://example.org/", "admin": "https://example.org/admin"},
        "partners": [
            {"name": "Fonds", "url": "https://fonds.example/"},
            {"name": "Ville", "url": ""},
        ],
    }
    assert kept() == made_again()


def test_what_is_missing_is_derived_and_said(imported):
    report = imported("name,kind,description\nJardins de Lomé,support,Nous cultivons. Et plus.\n")

    assert one_entry()["short_name"] == "jardins-de-lome"
    assert one_entry()["tagline"] == "Nous cultivons."
    assert [number for number, _note in report.notes] == [2, 2]


def test_a_kind_may_be_given_to_rows_that_name_none(imported):
    imported("short_name,name,tagline\njardins,Jardins,Line.\n", kind="support")

    assert one_entry()["kind"] == "support"


def test_the_contact_becomes_an_unconfirmed_facilitator(imported):
    imported(f"{HEAD},contact_email\njardins,Jardins,Line.,support,Ada@Example.org\n")

    facilitator = Facilitator.objects.get()
    assert (facilitator.person.email, facilitator.confirmed_at) == ("ada@example.org", None)


def test_a_keyword_is_given_to_every_row_once(imported):
    text = f"{HEAD},keywords\none1,One,Line.,support,\ntwo2,Two,Line.,support,Vélo\n"

    imported(text, keyword="vélo")

    assert list(Keyword.objects.values_list("name", flat=True)) == ["vélo"]
    assert {group.taggings.count() for group in Group.objects.all()} == {1}


def test_a_group_that_has_twelve_keywords_does_not_get_a_thirteenth(imported):
    words = ", ".join(f"word {number}" for number in range(12))

    imported(f'{HEAD},keywords\none1,One,Line.,support,"{words}"\n', keyword="vélo")

    assert all(group.taggings.count() <= 12 for group in Group.objects.all())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "g.json",
            json.dumps([{"name": "One", "tagline": "Line.", "kind": "support", "slug": "one1"}]),
        ),
        (
            "g.geojson",
            json.dumps(
                {
                    "type": "FeatureCollection",
                    "features": [
                        {
                            "type": "Feature",
                            "geometry": {"type": "Point", "coordinates": [2.5, 6.5]},
                            "properties": {
                                "name": "One",
                                "tagline": "Line.",
                                "kind": "support",
                                "slug": "one1",
                            },
                        }
                    ],
                }
            ),
        ),
        ("g.csv", "slug;nom;résumé;type\none1;One;Line.;support\n"),
        ("g.csv", "\ufeffslug\tnom\trésumé\ttype\none1\tOne\tLine.\tsupport\n"),
    ],
)
def test_every_format_brings_the_same_group(imported, name, text):
    assert numbers(imported(text, name)) == (1, 0, 0)
    assert one_entry()["short_name"] == "one1"
    assert one_entry()["tagline"] == "Line."


# Again


FILE = (
    f"{HEAD},keywords,latitude,longitude,member_count,home_url,partners\n"
    'one1,One,Line.,support,"Vélo, bus",48.85669690,2.35145980,180,example.org,Fonds|https://f.example\n'
    "two2,Two,Line.,thematic,VELO,,,,,FONDS|https://other.example\n"
)


@pytest.mark.parametrize("update", [False, True])
def test_a_second_import_of_the_same_file_changes_nothing(imported, update):
    imported(FILE)
    before = kept(), Revision.objects.count()

    report = imported(FILE, update=update)

    assert numbers(report) == (0, 0, 2)
    assert (kept(), Revision.objects.count()) == before


def test_known_groups_are_left_alone_unless_asked_to_update(imported):
    imported(f"{HEAD}\none1,One,Line.,support\n")

    report = imported(f"{HEAD}\none1,Other,Line.,support\n")

    assert numbers(report) == (0, 0, 1)
    assert one_entry()["name"] == "One"
    assert [number for number, _note in report.notes] == [2]


def test_an_update_changes_what_the_file_has_and_nothing_else(imported):
    imported(FILE)

    report = imported(f"{HEAD}\none1,Un,Line.,support\n", update=True)

    group = Group.objects.get(short_name="one1")
    entry = entries_of([group])[group.pk]
    assert numbers(report) == (0, 1, 0)
    assert (entry["name"], entry["keywords"], entry["member_count"]) == ("Un", ["Vélo", "bus"], 180)
    assert entry["services"] == {"home": "https://example.org"}
    assert kept() == made_again()


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_an_update_publishes_nobody(imported, review):
    make_group(short_name="one1", review=review)

    imported(f"{HEAD}\none1,Un,Line.,support\n", update=True)

    assert Group.objects.get().review == review


# A dry run


def test_a_dry_run_says_what_a_run_does_and_does_nothing(imported):
    text = f"{FILE}three,,Line.,support,,,,,,\n"

    dry = imported(text, dry_run=True)
    assert Group.objects.count() == Keyword.objects.count() == 0
    assert kept() == made_again()
    real = imported(text)

    assert (numbers(dry), problems(dry), dry.notes) == (numbers(real), problems(real), real.notes)


# Bad rows


def test_a_bad_row_is_reported_and_does_not_stop_the_others(imported):
    report = imported(
        f"{HEAD},country,latitude,longitude\n"
        "one1,One,Line.,support,BJ,6.5,2.6\n"
        "two2,Two,Line.,fancy,BJ,6.5,2.6\n"
        "three,Three,Line.,support,Nowhere,96,2.6\n"
        ",,Line.,support,,,\n"
        "four,Four,Line.,support,,,\n"
    )

    assert numbers(report) == (2, 0, 0)
    assert problems(report) == [
        (3, "kind", "fancy"),
        (4, "country", "Nowhere"),
        (4, "latitude", "96, 2.6"),
        (5, "name", ""),
        (5, "short_name", ""),
    ]
    assert set(Group.objects.values_list("short_name", flat=True)) == {"one1", "four"}
    assert kept() == made_again()


def test_a_short_name_given_twice_is_a_problem_of_the_second_row(imported):
    report = imported(f"{HEAD}\none1,One,Line.,support\nONE1,Two,Line.,support\n")

    assert numbers(report) == (1, 0, 0)
    assert problems(report) == [(3, "short_name", "one1")]


@pytest.mark.parametrize("name", ["admin", "fr", "12", "a b"])
def test_a_short_name_nobody_may_have_is_a_problem(imported, name):
    report = imported(f"{HEAD}\n{name},One,Line.,support\n")

    assert problems(report) == [(2, "short_name", name)]


def test_a_short_name_that_leads_to_another_group_is_a_problem_of_its_row(imported):
    FormerShortName.objects.create(short_name="one1", group=make_group())

    report = imported(f"{HEAD}\none1,One,Line.,support\ntwo2,Two,Line.,support\n")

    assert numbers(report) == (1, 0, 0)
    assert problems(report) == [(2, "short_name", "one1")]
    assert kept() == made_again()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.csv", ""),
        ("g.csv", "one,two\n1,2\n"),
        ("g.json", "{"),
        ("g.json", "[]"),
        ("g.csv", f'{HEAD}\n"one1,One,Line.,support\n' + "x\n" * 2000),
        ("g.csv", "<!doctype html><html>"),
    ],
)
def test_a_file_that_makes_no_sense_gives_one_sentence(imported, name, text):
    with pytest.raises(Unreadable) as refusal:
        imported(text, name)

    assert "\n" not in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert Group.objects.count() == 0


# Duplicates


@pytest.mark.parametrize(
    "row",
    [
        "two2,Autre,Line.,support,http://www.example.org,FR",
        "two2,JARDINS,Line.,support,,BJ",
    ],
)
def test_a_likely_duplicate_is_reported_and_not_merged(imported, row):
    make_group(
        short_name="one1", name="Jardins", country="BJ", services={"home": "https://example.org/"}
    )

    report = imported(f"{HEAD},home_url,country\n{row}\n")

    assert numbers(report) == (1, 0, 0)
    assert [number for number, note in report.notes if "one1" in note] == [2]
    assert Group.objects.count() == 2


def test_the_same_name_elsewhere_is_no_duplicate(imported):
    make_group(name="Jardins", country="BJ")

    report = imported(f"{HEAD},country\ntwo2,Jardins,Line.,support,TG\n")

    assert report.notes == []


# Progress


def test_the_caller_hears_how_it_was_read_and_how_far_it_is(imported):
    heard, steps = [], []

    imported(FILE, understood=heard.append, progress=lambda *step: steps.append(step))

    assert heard[0].mapping["short_name"] == "short_name"
    assert steps == [(2, 2)]

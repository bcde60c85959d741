import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from groups.models import (
    Ecosystem,
    FacetTally,
    Facilitator,
    Group,
    Mail,
    Membership,
    Role,
    Service,
    Task,
)
from tests.factories import make_ecosystem, make_group, make_membership
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

PRIVATE = {
    "members": "https://members.example/",
    "admin": "https://admin.example/",
    "follow_up": "https://follow-up.example/",
}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def run(*arguments, **options):
    """Run a command; return what it said, and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command(*arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "groups.csv"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# import_groups


def test_an_import_says_what_was_understood_and_what_was_done(file):
    out, err = run(
        "import_groups",
        file("slug,nom,résumé,type,couleur\none1,One,Line.,support,red\ntwo2,Two,Line.,fancy,\n"),
    )

    lines = out.splitlines()
    assert [line for line in lines if "→" in line] == [
        "  slug → short_name",
        "  nom → name",
        "  résumé → tagline",
        "  type → kind",
    ]
    assert any("couleur" in line for line in lines)
    assert lines[-1] == "1 added, 0 changed, 0 unchanged, 1 left out."
    assert err.startswith("row 3, kind “fancy”: ")
    assert Group.objects.count() == 1


def test_a_dry_run_prints_what_a_run_prints_and_says_it_was_one(file):
    text = "short_name,name,tagline,kind\none1,One,Line.,support\ntwo2,Two,Line.,fancy\n"

    dry = run("import_groups", file(text), dry_run=True)
    assert Group.objects.count() == 0
    real = run("import_groups", file(text))

    assert dry[1] == real[1]
    assert dry[0].splitlines()[:-1] == real[0].splitlines()


@pytest.mark.parametrize("text", ["", "one,two\n1,2\n", "PK\x03\x04"])
def test_a_broken_file_ends_with_one_sentence(file, text):
    with pytest.raises(CommandError) as refusal:
        run("import_groups", file(text))

    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_ends_with_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        run("import_groups", str(tmp_path / "nowhere.csv"))


def test_many_notes_are_cut_short(file):
    rows = "".join(f"Group {number},Line.,support\n" for number in range(60))

    out, _err = run("import_groups", file(f"name,tagline,kind\n{rows}"))

    notes = [line for line in out.splitlines() if "group-" in line]
    assert len(notes) == 50
    assert "… and 10 more notes." in out.splitlines()


# export_groups


def exported(**options):
    out, _err = run("export_groups", **options)
    return out


def make_full(**fields):
    group = make_group(
        **{
            "short_name": "jardins",
            "name": "Jardins, « d’Ève »",
            "description": "Une ligne.\n\nUne autre.",
            "keywords": ["vélo", "bus"],
            "country": "BJ",
            "region": "Littoral",
            "latitude": 6.4969,
            "longitude": 2.6289,
            "member_count": 180,
            "activity": "asleep",
            "services": {"home": "https://example.org/", **PRIVATE},
            "partners": [{"name": "Fonds", "url": "https://fonds.example/"}],
            "contact_email": "ada@example.org",
            **fields,
        }
    )
    return group


@pytest.mark.parametrize("format", ["csv", "json", "geojson"])
def test_what_is_exported_can_be_imported_back_and_changes_nothing(tmp_path, format):
    make_full()
    make_group(short_name="bare1")
    path = tmp_path / f"groups.{format}"
    path.write_text(exported(format=format, with_private=True), encoding="utf-8")
    before = kept()

    out, err = run("import_groups", str(path), update=True)

    assert err == ""
    assert kept() == before
    assert out.splitlines()[-1] == "0 added, 0 changed, 2 unchanged, 0 left out."


def test_the_export_has_the_columns_of_the_import_in_order_by_name():
    make_group(name="Zèbre")
    make_full()

    rows = list(csv.DictReader(io.StringIO(exported())))

    assert list(rows[0])[:4] == ["short_name", "name", "tagline", "kind"]
    assert list(rows[0])[-1] == "partners"
    assert [row["name"] for row in rows] == ["Jardins, « d’Ève »", "Zèbre"]
    assert rows[0]["partners"] == "Fonds|https://fonds.example/"


@pytest.mark.parametrize("format", ["csv", "json", "geojson"])
def test_private_links_and_addresses_are_not_exported_unless_asked_for(format):
    make_full()

    assert "https://example.org/" in exported(format=format)
    for secret in (*PRIVATE.values(), "ada@example.org"):
        assert secret not in exported(format=format)
        assert secret in exported(format=format, with_private=True)


def test_an_open_list_of_members_is_exported():
    make_full()
    Service.objects.filter(kind="members").update(is_open=True)

    assert PRIVATE["members"] in exported()


@pytest.mark.parametrize("review", ["pending", "refused"])
@pytest.mark.parametrize("options", [{}, {"with_private": True}, {"ecosystem": "velo"}])
def test_what_is_not_published_is_not_exported(review, options):
    make_full(review=review)
    make_group(name="Visible", keywords=["vélo"])

    assert "jardins" not in exported(**options)
    assert "Visible" in exported(**options)


def test_an_approximate_position_is_exported_to_a_tenth_of_a_degree():
    make_full(latitude=48.123456, longitude=-1.654321, position_is_approximate=True)

    assert json.loads(exported(format="geojson"))["features"][0]["geometry"]["coordinates"] == [
        -1.7,
        48.1,
    ]


def test_the_word_of_a_reviewed_ecosystem_is_exported_for_members_only():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_group(name="Asking", keywords=["rivages"])
    make_membership(make_group(name="Member", keywords=["rivages"]), ecosystem)

    rows = {row["name"]: row["keywords"] for row in csv.DictReader(io.StringIO(exported()))}

    assert rows == {"Asking": "", "Member": "rivages"}


def test_one_ecosystem_is_exported():
    make_group(name="Abeille", keywords=["rivages"])
    make_group(name="Zèbre")

    rows = csv.DictReader(io.StringIO(exported(ecosystem="rivages")))

    assert [row["name"] for row in rows] == ["Abeille"]


def test_a_keyword_nobody_knows_ends_with_one_sentence():
    with pytest.raises(CommandError, match="nowhere"):
        exported(ecosystem="nowhere")


def test_an_export_of_nothing_has_its_columns():
    assert exported().startswith("short_name,name,tagline,kind,")
    assert json.loads(exported(format="json")) == []
    assert json.loads(exported(format="geojson"))["features"] == []


# load_demo


def test_the_demo_is_loaded_once_whole_and_counted_right(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    out, _err = run("load_demo")

    assert "308" in out
    assert Group.objects.filter(revisions__why="demo").distinct().count() == Group.objects.count()
    assert Ecosystem.objects.count() == 3
    assert Membership.objects.filter(status="accepted").exists()
    assert set(Service.objects.values_list("kind", flat=True)) == set(Service.Kind.values)
    assert set(Group.objects.values_list("activity", flat=True)) == set(Group.Activity.values)
    confirmed = Facilitator.objects.filter(confirmed_at__isnull=False)
    assert set(confirmed.values_list("group__review", flat=True)) == {"published"}
    waiting = Task.objects.filter(decided_at=None).order_by("opened_at")
    assert list(waiting.values_list("kind", flat=True)) == ["report", "new", "new", "look"]
    assert Role.objects.count() == 6
    # The demo contacts nobody.
    assert not Mail.objects.exists()
    assert kept() == made_again()
    assert len(list(tmp_path.rglob("*.webp"))) > 10

    with pytest.raises(CommandError):
        run("load_demo")
    before = Group.objects.count()
    assert run("load_demo", if_empty=True) == ("", "")
    assert Group.objects.count() == before


# recount


def test_recount_repairs_what_was_broken_by_hand():
    make_group(keywords=["velo"])
    before = kept()
    FacetTally.objects.update(n=9)

    out, _err = run("recount")

    assert out == "1 groups counted again.\n"
    assert kept() == before

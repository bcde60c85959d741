"""What the history says of each version; who reads it is tested with its pages."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone, translation

from groups import upkeep, versions
from groups.access import Grant
from groups.entries import entries_of, save_entry
from groups.models import Group, Revision, Task
from groups.versions import Reader, bring_back, changes_by, newest_of, page_of, whole_of
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SAVING = {"record", "save_entry", "save_entries", "save_form", "save_parts"}
ALL = Reader(None, sees_private_links=True)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def versions_of(group, reader=ALL, number=1):
    return page_of(group, reader, number).versions


def save(group, by=None, why="edited", **fields):
    return save_entry(fields, group=group, by=by, why=why)


# ── What it says ────────────────────────────────────────────────────────────────────────────────


def test_versions_are_listed_newest_first_with_what_each_changed():
    group = make_group(name="Jardins")
    save(group, name="Jardin")
    save(group, tagline="Another line.")

    shown = versions_of(group)

    assert [[each.field for each in version.differences or ()] for version in shown] == [
        ["tagline"],
        ["name"],
        [],
    ]
    assert shown[-1].differences is None
    assert page_of(group, ALL, 1).newest == newest_of(group).pk


def test_the_last_version_of_a_page_is_compared_with_the_first_of_the_next():
    group = make_group(name="Name 0")
    for number in range(1, 30):
        save(group, name=f"Name {number}")

    first, second = (page_of(group, ALL, number) for number in (1, 2))

    assert [len(first.versions), len(second.versions)] == [25, 5]
    assert [each.after for each in first.versions[-1].differences] == ["Name 5"]
    assert [each.before for each in first.versions[-1].differences] == ["Name 4"]
    assert (second.newest, second.last) == (None, 2)


@pytest.mark.parametrize(("asked", "number"), [(0, 1), (1, 1), (2, 1), (10**15, 1)])
def test_a_page_that_is_not_there_is_the_nearest(asked, number):
    assert page_of(make_group(), ALL, asked).number == number


def test_who_is_said_by_name_or_by_what_they_are_and_never_by_address():
    group = make_group()
    facilitator = make_facilitator(group, ended_at=NOW).person
    operator = make_person("operator@example.org", is_staff=True)
    named, stranger = make_person(name="Ada"), make_person("bob@example.org")
    for person in (facilitator, operator, named, stranger, None):
        save(group, by=person)
    save(group, why="edited_by_kept_link")

    assert [each.who for each in versions_of(group)] == [
        "by the kept link",
        "",
        "by a reviewer",
        "by Ada",
        "by an operator",
        "by a facilitator",
        "",
    ]


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("registered", "Registered"),
        ("import", "Brought in by an import"),
        ("import groups.csv", "Brought in by an import"),
        ("restored 12", "An earlier version was brought back"),
        ("restored", "An earlier version was brought back"),
        ("asleep", "Fell asleep"),
        ("a code nobody knows", "a code nobody knows"),
    ],
)
def test_why_is_said_in_words(why, sentence):
    group = make_group()
    save(group, why=why)

    assert versions_of(group)[0].why == sentence


def test_a_version_that_was_brought_back_leads_to_the_one_it_was():
    group = make_group()
    for why in ("restored 12", "restored x", "restored ²"):
        save(group, why=why)

    assert [each.source for each in versions_of(group)] == [None, None, 12, None]


def codes_written_in(path):
    """Return the texts a module that saves hands to ``why``, by name or in its own functions."""
    tree = ast.parse(path.read_text())
    if SAVING.isdisjoint(each.id for each in ast.walk(tree) if isinstance(each, ast.Name)):
        return set()
    places = {
        node.name: [argument.arg for argument in node.args.args].index("why")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "why" in [each.arg for each in node.args.args]
    }
    handed = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "why"
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (place := places.get(getattr(node.func, "id", ""))):
            handed += node.args[place : place + 1]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "why":
            handed.append(node.value)
    return {
        constant.value
        for value in handed
        for constant in ast.walk(value)
        if isinstance(constant, ast.Constant)
    }


def test_every_code_the_program_writes_is_said_in_words():
    modules = Path(versions.__file__).parent.rglob("*.py")
    written = set().union(*map(codes_written_in, modules))

    assert {"asleep", "edited_by_kept_link", "published", "still_right", "restored "} <= written
    # What is left begins "restored 12".
    assert written - versions._sentences().keys() == {" ", "restored "}


def test_private_links_are_told_to_who_may_see_them():
    group = make_group()
    services = {"follow_up": "https://f.example.org/", "home": "https://h.example.org/"}
    save(group, services=services)
    curator = Reader(None, sees_private_links=False)
    revision = newest_of(group)
    save(group, services={})
    current = entries_of([group])[group.pk]

    for reader, sees in ((ALL, True), (curator, False)):
        page = versions_of(group, reader)
        for fields in (
            [each.field for each in page[0].differences],
            [each.field for each in page[1].differences],
            [each.field for each in changes_by(revision, current, reader)],
        ):
            assert ("follow_up_url" in fields) is sees
            assert "home_url" in fields
        assert ("https://f.example.org/" in dict(whole_of(revision, reader)).values()) is sees


def test_a_version_is_shown_whole():
    group = make_group(name="Jardins", keywords=["repair", "garden"], member_count=1200)

    whole = dict(whole_of(newest_of(group), ALL))

    assert whole["Name"] == "Jardins"
    assert whole["Keywords"] == "repair, garden"
    assert whole["Number of members"] == "1,200"
    assert whole["Activity"] == "Active"
    assert "Country" not in whole


# ── The way back ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def group():
    group = make_group(
        name="Jardins",
        keywords=["repair"],
        services={"home": "https://h.example.org/"},
        partners=[{"name": "Friends", "url": ""}],
    )
    make_facilitator(group, make_person(name="Ada"))
    return group


def grant_of(group):
    return Grant(group.facilitators.get().person, may_only_edit=False)


def back(revision, group, *, base=None, grant=None):
    base = newest_of(group).pk if base is None else base
    return bring_back(
        revision, group=group, base=base, grant=grant or grant_of(group), now=timezone.now()
    )


def test_a_version_comes_back_whole_as_a_new_one(group):
    first = newest_of(group)
    save(group, name="Jardin", keywords=["garden"], services={}, partners=[])

    assert back(first, group) == "saved"

    newest = newest_of(group)
    assert newest.entry == first.entry == entries_of([group])[group.pk]
    assert (newest.why, newest.by.name) == (f"restored {first.pk}", "Ada")
    assert Revision.objects.count() == 3
    assert Group.objects.get().confirmed_at is not None
    assert Task.objects.get(kind="look").revision.entry["name"] == "Jardin"


def test_what_is_there_already_is_not_saved_again(group):
    first = newest_of(group)

    assert back(first, group) == "unchanged"
    assert Revision.objects.count() == 1


def test_nothing_is_brought_back_over_what_somebody_saved_meanwhile(group):
    first = newest_of(group)
    save(group, name="Jardin")
    base = newest_of(group).pk
    save(group, name="Verger")

    assert back(first, group, base=base) == "outdated"
    assert back(first, group, base=0) == "outdated"
    assert Group.objects.get().name == "Verger"


def test_a_group_that_nobody_answers_for_sends_its_earlier_version_in(group):
    first = newest_of(group)
    save(group, name="Jardin")
    group.facilitators.update(ended_at=NOW)

    assert back(first, group, grant=Grant(None, may_only_edit=True)) == "proposed"

    assert Group.objects.get().name == "Jardin"
    assert Task.objects.get(kind="edit").entry["name"] == "Jardins"


def test_a_group_that_waits_brings_its_version_back_by_the_kept_link():
    group = make_group(review="pending", name="Jardins")
    first = newest_of(group)
    save(group, name="Jardin")

    assert back(first, group, grant=Grant(None, may_only_edit=True)) == "saved"

    assert Group.objects.get().name == "Jardins"
    assert Group.objects.get().confirmed_at is None


def test_a_group_that_fell_asleep_since_stays_asleep(group):
    first = newest_of(group)
    save(group, name="Jardin")
    upkeep.put_to_sleep(group, by=None, now=NOW)

    assert "activity" not in [each.field for each in changes_by(first, newest_of(group).entry, ALL)]
    assert back(first, group) == "saved"
    assert (Group.objects.get().name, Group.objects.get().activity) == ("Jardins", "asleep")


def test_a_short_name_comes_back_unless_others_have_it_by_now(group):
    first = newest_of(group)
    before = first.entry["short_name"]
    save(group, short_name="another", name="Jardin")

    assert back(first, group) == "saved"
    assert Group.objects.get().short_name == before

    save(group, short_name="another", name="Jardin")
    Group.objects.get().former_short_names.all().delete()
    make_group(short_name=before)

    assert back(first, group) == "saved"
    assert Group.objects.get(pk=group.pk).name == "Jardins"
    assert Group.objects.get(pk=group.pk).short_name == "another"


def test_a_version_of_before_a_field_was_there_leaves_the_field_as_it_is(group):
    revision = newest_of(group)
    del revision.entry["region"]
    revision.entry["a field that is gone"] = "x"
    revision.save()
    save(group, name="Jardin", region="Cotonou")

    assert back(revision, group) == "saved"
    assert (Group.objects.get().name, Group.objects.get().region) == ("Jardins", "Cotonou")


def test_a_version_that_breaks_a_rule_of_today_is_not_brought_back(group):
    revision = newest_of(group)
    revision.entry["kind"] = "club"
    revision.save()
    save(group, name="Jardin")

    assert back(revision, group) == "forbidden"
    assert Group.objects.get().name == "Jardin"

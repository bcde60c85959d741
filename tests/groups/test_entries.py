from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from groups.entries import entries_of, record, save_entries, save_entry
from groups.models import (
    Facilitator,
    FormerShortName,
    Group,
    Keyword,
    Partner,
    Person,
    Revision,
    Service,
)
from tests.factories import (
    make_ecosystem,
    make_entry,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
)
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)

WHOLE = {
    "short_name": "jardins",
    "name": "Jardins de la lagune",
    "tagline": "Nous cultivons la ville.",
    "kind": "thematic",
    "description": "Des **potagers**.",
    "keywords": ["Jardin", "semences"],
    "country": "BJ",
    "region": "Littoral",
    "latitude": 6.4969,
    "longitude": 2.6289,
    "member_count": 180,
    "activity": "asleep",
    "services": {"home": "https://example.org/", "admin": "https://example.org/admin"},
    "partners": [{"name": "Fonds", "url": "https://fonds.example/"}, {"name": "Ville", "url": ""}],
}


def entry_of(group):
    return entries_of([group])[group.pk]


def test_what_is_saved_is_read_back_whole():
    group = save_entry(WHOLE, why="test")

    assert entry_of(group) == WHOLE


def test_four_fields_are_enough():
    needed = {"short_name": "mini", "name": "Mini", "tagline": "Little.", "kind": "support"}

    assert entry_of(save_entry(needed, why="test")) == needed | {
        "description": "",
        "keywords": [],
        "country": "",
        "region": "",
        "latitude": None,
        "longitude": None,
        "member_count": None,
        "activity": "active",
        "services": {},
        "partners": [],
    }


def test_a_new_group_waits_for_review():
    assert save_entry(make_entry(), why="test").review == "pending"


def test_a_review_is_given_with_its_moment():
    with time_machine.travel(NOON, tick=False):
        group = save_entry(make_entry(), why="test", review="published")

    assert (group.review, group.reviewed_at) == ("published", NOON)


def test_an_edit_keeps_the_review():
    group = make_group()

    save_entry({"tagline": "Another line."}, group=group, why="test")

    assert Group.objects.get().review == "published"


def test_what_an_entry_leaves_out_stays_as_it_is():
    group = save_entry(WHOLE, why="test")

    save_entry({"tagline": "Another line."}, group=group, why="test")

    assert entry_of(group) == WHOLE | {"tagline": "Another line."}


def test_what_an_entry_empties_is_empty():
    group = save_entry(WHOLE, why="test")
    empty = {
        "description": "",
        "keywords": [],
        "services": {},
        "partners": [],
        "latitude": None,
        "longitude": None,
        "member_count": None,
    }

    save_entry(empty, group=group, why="test")

    assert entry_of(group) == WHOLE | empty


def test_an_address_of_nothing_is_no_service():
    group = make_group(services={"home": "https://example.org/"})

    save_entry({"services": {"home": ""}}, group=group, why="test")

    assert entry_of(group)["services"] == {}


def test_a_link_that_did_not_change_stays_open():
    group = make_group(services={"members": "https://example.org/members"})
    Service.objects.update(is_open=True)

    save_entry({"tagline": "Another."}, group=group, why="test")

    assert Service.objects.get().is_open


def test_keywords_keep_their_order_and_their_first_spelling():
    make_group(keywords=["Vélo"])

    group = make_group(keywords=["train", "VELO", "bus"])

    assert entry_of(group)["keywords"] == ["train", "Vélo", "bus"]


def test_a_keyword_written_twice_is_carried_once():
    assert entry_of(make_group(keywords=["vélo", "bus", "Velo"]))["keywords"] == ["vélo", "bus"]


def test_keywords_may_change_places():
    group = make_group(keywords=["bus", "train"])

    save_entry({"keywords": ["train", "bus"]}, group=group, why="test")

    assert entry_of(group)["keywords"] == ["train", "bus"]
    assert kept() == made_again()


def test_a_partner_serves_several_groups_and_no_entry_rewrites_it():
    make_group(partners=[{"name": "Fonds", "url": "https://fonds.example/"}])

    make_group(partners=[{"name": "FONDS", "url": "https://elsewhere.example/"}])

    assert list(Partner.objects.values_list("name", "url")) == [("Fonds", "https://fonds.example/")]


def test_an_entry_may_give_a_partner_the_address_it_lacked():
    make_group(partners=[{"name": "Fonds", "url": ""}])

    make_group(partners=[{"name": "Fonds", "url": "https://fonds.example/"}])

    assert Partner.objects.get().url == "https://fonds.example/"


def test_the_time_zone_follows_from_the_country():
    assert make_group(country="BJ").time_zone == "Africa/Porto-Novo"
    assert make_group().time_zone == ""


def test_a_new_number_of_members_is_dated_and_the_same_number_is_not_dated_again():
    with time_machine.travel(NOON, tick=False):
        group = save_entry(make_entry(member_count=180), why="test")
    later = NOON.replace(year=2026)

    with time_machine.travel(later, tick=False):
        save_entry({"member_count": 180, "name": "New name"}, group=group, why="test")
        same = Group.objects.get().member_count_on
        save_entry({"member_count": 190}, group=Group.objects.get(), why="test")

    assert (same, Group.objects.get().member_count_on) == (date(2025, 3, 10), date(2026, 3, 10))


def test_an_unknown_number_of_members_has_no_date():
    group = make_group(member_count=180)

    save_entry({"member_count": None}, group=group, why="test")

    assert Group.objects.get().member_count_on is None


# Former names


def test_an_old_short_name_is_kept():
    group = make_group(short_name="jardin")

    save_entry({"short_name": "jardins"}, group=group, why="test")

    assert Group.objects.named("jardin") == group
    assert Group.objects.named("jardins") == group


def test_a_group_may_take_back_a_name_it_had():
    group = make_group(short_name="jardin")
    save_entry({"short_name": "jardins"}, group=group, why="test")

    save_entry({"short_name": "jardin"}, group=Group.objects.get(), why="test")

    assert set(group.former_short_names.values_list("short_name", flat=True)) == {"jardins"}
    assert Group.objects.get().short_name == "jardin"


def test_a_name_somebody_had_is_not_given_to_somebody_else():
    save_entry({"short_name": "jardins"}, group=make_group(short_name="jardin"), why="test")

    with pytest.raises(IntegrityError), transaction.atomic():
        save_entry(make_entry(short_name="jardin"), why="test")


def test_the_name_of_a_deleted_group_is_kept_for_two_years():
    FormerShortName.objects.create(short_name="jardin", ended_at=NOON)

    with (
        time_machine.travel(NOON + timedelta(days=729), tick=False),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        save_entry(make_entry(short_name="jardin"), why="test")
    with time_machine.travel(NOON + timedelta(days=731), tick=False):
        assert save_entry(make_entry(short_name="jardin"), why="test").short_name == "jardin"


# Memberships


def test_writing_the_keyword_of_a_reviewed_ecosystem_asks_for_membership():
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_ecosystem("monnaies", admission="open")

    group = make_group(keywords=["rivages", "monnaies"])

    assert list(group.memberships.values_list("ecosystem", "status")) == [(ecosystem.pk, "asked")]


@pytest.mark.parametrize("status", ["accepted", "questioned", "refused", "left"])
def test_writing_the_keyword_again_leaves_a_decision_as_it_is(status):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages"])
    make_membership(group, ecosystem, status=status, reason="Because.")

    save_entry({"keywords": ["rivages", "velo"]}, group=group, why="test")

    assert group.memberships.get().status == status


# Revisions


def test_every_save_leaves_the_whole_entry_with_who_and_why():
    ada = make_person()
    group = save_entry(WHOLE, why="created", by=ada)

    save_entry({"name": "Jardins"}, group=group, why="edited", by=ada)

    assert list(Revision.objects.values_list("why", "by__email", "entry__name")) == [
        ("edited", "ada@example.org", "Jardins"),
        ("created", "ada@example.org", "Jardins de la lagune"),
    ]
    assert Revision.objects.last().entry == WHOLE


def test_a_revision_holds_no_address():
    group = save_entry(WHOLE | {"contact_email": "secret@example.org"}, why="test")

    assert "secret" not in str(Revision.objects.get().entry)
    assert Facilitator.objects.get(group=group).person.email == "secret@example.org"


def test_erasing_a_person_empties_who():
    save_entry(make_entry(), why="test", by=make_person())

    Person.objects.all().delete()

    assert Revision.objects.get().by is None


def test_record_writes_the_entry_as_it_is_now():
    group = make_group(tagline="Old line.")
    Group.objects.update(tagline="New line.")

    record([group], by=None, why="repaired")

    assert Revision.objects.first().entry["tagline"] == "New line."


# Contacts


def test_the_first_facilitator_is_named_but_not_confirmed():
    group = make_group(contact_email="Ada@Example.org")

    facilitator = Facilitator.objects.get()

    assert (facilitator.group, facilitator.person.email) == (group, "ada@example.org")
    assert facilitator.confirmed_at is None
    assert not facilitator.person.has_usable_password()


def test_one_address_for_two_groups_is_one_person():
    save_entries(
        [(None, make_entry(contact_email="ada@example.org")) for _ in range(2)], why="test"
    )

    assert (Person.objects.count(), Facilitator.objects.count()) == (1, 2)


def test_a_group_that_has_a_facilitator_gets_no_other_from_an_entry():
    group = make_group()
    known = make_facilitator(group)

    save_entry({"contact_email": "stranger@example.org"}, group=group, why="test")

    assert list(Facilitator.objects.all()) == [known]


# All or nothing


def test_a_broken_entry_leaves_nothing_behind():
    good = make_entry(keywords=["velo"], contact_email="ada@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        save_entries([(None, good), (None, make_entry(kind="local"))], why="test")

    for model in (Group, Keyword, Person, Revision):
        assert model.objects.count() == 0
    assert kept() == made_again()


def test_groups_come_back_in_the_order_of_their_entries():
    known = make_group(short_name="known")
    pairs = [
        (None, make_entry(short_name="first")),
        (known, {"tagline": "Again."}),
        (None, make_entry(short_name="last")),
    ]

    assert [group.short_name for group in save_entries(pairs, why="test")] == [
        "first",
        "known",
        "last",
    ]


@pytest.mark.parametrize("groups", [1, 3])
def test_reading_entries_costs_four_queries_for_any_number(django_assert_num_queries, groups):
    made = [
        make_group(keywords=["a", "b"], services={"home": "https://example.org/"})
        for _ in range(groups)
    ]

    with django_assert_num_queries(4):  # groups, services, keywords, partners
        entries = entries_of(made)

    assert len(entries) == groups


@pytest.mark.parametrize("groups", [1, 3])
def test_saving_new_entries_costs_the_same_for_any_number(django_assert_num_queries, groups):
    make_group(keywords=["velo"])
    entries = [(None, make_entry(keywords=["velo"])) for _ in range(groups)]

    # A savepoint and its end, names given before, the groups made, links (1), keywords (3),
    # memberships asked for (1), partners (1), the entries for the revisions and the revisions (5),
    # what is derived (9), the counts (5), where the groups are shown now (3), the versions (1).
    with django_assert_num_queries(32):
        save_entries(entries, why="test", review="published")


# What an edit keeps


def test_a_list_of_members_that_moves_stays_open():
    group = make_group(services={"members": "https://example.org/members"})
    group.services.update(is_open=True)

    save_entry({"services": {"members": "https://example.net/members"}}, group=group, why="test")

    assert list(group.services.values_list("url", "is_open")) == [
        ("https://example.net/members", True)
    ]


def test_a_revision_holds_a_position_no_more_exactly_than_it_is_shown():
    group = make_group(latitude=48.123456, longitude=2.6, position_is_approximate=True)

    save_entry({"latitude": 48.987654, "longitude": 2.123456}, group=group, why="moved")

    entry = Revision.objects.filter(why="moved").get().entry
    assert (entry["latitude"], entry["longitude"]) == (49.0, 2.1)

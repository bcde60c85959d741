import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from groups import search
from groups.models import FormerShortName, Group, Role
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_keyword,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def names(groups):
    return [group.short_name for group in groups]


def sees(person):
    return set(Group.objects.visible_to(person).values_list("short_name", flat=True))


@pytest.fixture
def shelves():
    """One group of each review, and an archived one."""
    for review in ("pending", "refused", "published"):
        make_group(review=review, short_name=review)
    make_group(activity="archived", short_name="archived")


def test_published_are_the_accepted_ones_archived_or_not(shelves):
    assert set(names(Group.objects.published())) == {"published", "archived"}


def test_listed_are_the_accepted_ones_that_have_not_stopped(shelves):
    assert names(Group.objects.listed()) == ["published"]


# Who sees what: the table of rights


@pytest.mark.parametrize("person", [NOBODY, None])
def test_a_visitor_sees_what_is_published(shelves, person):
    assert sees(person) == {"published", "archived"}


def test_somebody_without_a_role_sees_no_more_than_a_visitor(shelves):
    assert sees(make_person()) == {"published", "archived"}


def test_an_operator_sees_everything(shelves):
    assert sees(make_person(is_staff=True)) == {"published", "archived", "pending", "refused"}


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_facilitators_see_their_own_entry_before_it_is_published(review):
    group = make_group(review=review, short_name="own")
    make_group(review=review, short_name="other")
    facilitator = make_facilitator(group)

    assert sees(facilitator.person) == {"own"}


def test_an_address_that_was_not_confirmed_gives_no_right():
    facilitator = make_facilitator(make_group(review="pending"), confirmed_at=None)

    assert sees(facilitator.person) == set()


def test_who_stopped_facilitating_sees_no_more_than_a_visitor():
    facilitator = make_facilitator(make_group(review="pending"), ended_at=timezone.now())

    assert sees(facilitator.person) == set()


@pytest.fixture
def member():
    """A pending group that is a member of an ecosystem."""
    group = make_group(review="pending", short_name="member", keywords=["rivages"])
    return make_membership(group, make_ecosystem("rivages"))


@pytest.mark.parametrize("kind", ["helper", "curator"])
def test_helpers_and_curators_see_the_entries_of_their_ecosystem(member, kind):
    person = make_person()
    Role.objects.create(person=person, ecosystem=member.ecosystem, kind=kind)

    assert sees(person) == {"member"}


@pytest.mark.parametrize("kind", ["helper", "curator"])
def test_a_withdrawn_role_gives_no_right(member, kind):
    person = make_person()
    Role.objects.create(
        person=person, ecosystem=member.ecosystem, kind=kind, withdrawn_at=timezone.now()
    )

    assert sees(person) == set()


@pytest.mark.parametrize("kind", ["helper", "curator"])
def test_a_role_in_another_ecosystem_gives_no_right(member, kind):
    person = make_person()
    Role.objects.create(person=person, ecosystem=make_ecosystem("monnaies"), kind=kind)

    assert sees(person) == set()


def given_role(kind, ecosystem):
    person = make_person()
    Role.objects.create(person=person, ecosystem=ecosystem, kind=kind)
    return person


@pytest.mark.parametrize(
    ("status", "expected"),
    [("asked", {"member"}), ("questioned", {"member"}), ("refused", set()), ("left", set())],
)
def test_curators_see_who_asks_them_and_nobody_they_refused(member, status, expected):
    member.status, member.reason = status, "Because."
    member.save()

    assert sees(given_role("curator", member.ecosystem)) == expected
    assert sees(make_person("grace@example.org")) == set()


@pytest.mark.parametrize("status", ["asked", "questioned", "refused", "left"])
def test_curators_do_not_see_who_asks_another_ecosystem(member, status):
    member.status, member.reason = status, "Because."
    member.save()

    assert sees(given_role("curator", make_ecosystem("monnaies"))) == set()


@pytest.mark.parametrize("status", ["asked", "questioned", "refused", "left"])
@pytest.mark.parametrize("keyword", ["rivages", "monnaies"])
def test_every_helper_sees_a_group_that_no_ecosystem_has_accepted(member, keyword, status):
    member.status, member.reason = status, "Because."
    member.save()
    ecosystem = member.ecosystem if keyword == "rivages" else make_ecosystem(keyword)

    assert sees(given_role("helper", ecosystem)) == {"member"}


@pytest.mark.parametrize("kind", ["helper", "curator"])
def test_an_acceptance_elsewhere_does_not_open_what_was_only_asked(member, kind):
    other = make_ecosystem("monnaies")
    make_membership(member.group, other, status="refused", reason="Because.")

    assert sees(given_role(kind, other)) == set()


def test_the_keyword_alone_gives_curators_no_right():
    ecosystem = make_ecosystem("rivages")
    make_group(review="pending", keywords=["rivages"])

    assert sees(given_role("curator", ecosystem)) == set()


def test_a_group_without_any_membership_is_seen_by_every_helper():
    make_group(review="pending", short_name="fresh")

    assert sees(given_role("helper", make_ecosystem())) == {"fresh"}


# Listings


def test_in_ecosystem_keeps_the_groups_listed_under_a_keyword(shelves):
    make_group(short_name="river", keywords=["Rivages"])
    make_group(short_name="hidden", keywords=["Rivages"], review="pending")
    make_group(short_name="town", keywords=["Ville"])
    keyword = make_keyword("rivages")

    assert names(Group.objects.in_ecosystem(keyword)) == ["river"]


def test_in_ecosystem_takes_a_record_as_well_as_its_keyword():
    make_group(short_name="river", keywords=["rivages"])
    # Whatever the record's own number is.
    make_ecosystem("monnaies")
    ecosystem = make_ecosystem("rivages")

    assert names(Group.objects.in_ecosystem(ecosystem)) == ["river"]


def test_a_reviewed_ecosystem_lists_its_accepted_members_only():
    accepted = make_group(short_name="accepted", keywords=["rivages"])
    asked = make_group(short_name="asked", keywords=["rivages"])
    make_group(short_name="keyword-alone", keywords=["rivages"])
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    make_membership(accepted, ecosystem)
    make_membership(asked, ecosystem, status="asked")

    assert names(Group.objects.in_ecosystem(ecosystem)) == ["accepted"]


def test_matching_keeps_what_mentions_every_word_best_tier_first():
    make_group(short_name="told", tagline="About gardens.", name="Cities")
    make_group(short_name="named", name="Garden of the city")
    make_group(short_name="other", name="Repair")

    assert names(Group.objects.matching("garden")) == ["named", "told"]
    assert names(Group.objects.matching("garden city")) == ["named"]


def test_matching_without_a_word_keeps_all_by_name():
    make_group(short_name="bbb", name="B")
    make_group(short_name="aaa", name="A")

    assert names(Group.objects.matching(" « … » ")) == ["aaa", "bbb"]


def test_matching_narrows_what_it_is_asked_of():
    make_group(short_name="old", name="Garden", activity="archived")
    make_group(short_name="now", name="Garden")

    assert names(Group.objects.listed().matching("garden")) == ["now"]


def test_matching_keeps_at_most_the_limit(monkeypatch):
    monkeypatch.setattr(search, "LIMIT", 2)
    for letter in "cab":
        make_group(name=f"Garden {letter}")

    assert Group.objects.matching("garden").count() == 2


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((-10, 40, 10, 50), {"paris"}),
        ((-10, 48.8566, 2.3522, 48.8566), {"paris"}),
        ((170, -90, -170, 90), {"suva", "apia"}),
        ((-180, -90, 180, 90), {"paris", "suva", "apia"}),
        ((3, 40, 10, 50), set()),
    ],
)
def test_within_keeps_what_lies_in_a_box_that_may_cross_the_date_line(box, expected):
    make_group(short_name="paris", latitude=48.8566, longitude=2.3522)
    make_group(short_name="suva", latitude=-18.14, longitude=178.44)
    make_group(short_name="apia", latitude=-13.83, longitude=-171.76)
    make_group(short_name="nowhere")

    assert set(names(Group.objects.within(*box))) == expected


def test_named_finds_a_group_by_a_name_it_had_before():
    group = make_group(short_name="jardins")
    FormerShortName.objects.create(short_name="jardin", group=group)

    assert Group.objects.named("jardins") == group
    assert Group.objects.named("jardin") == group
    assert Group.objects.named("jardinage") is None


def test_named_prefers_who_has_the_name_to_who_had_it():
    current = make_group(short_name="jardin")
    FormerShortName.objects.create(short_name="jardin", group=make_group())

    assert Group.objects.named("jardin") == current

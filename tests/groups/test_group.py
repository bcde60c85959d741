"""What must hold of a group and of what belongs to it, whatever code writes."""

from datetime import date
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from groups.models import Group, GroupPartner, Partner, Pause, Service
from groups.names import RESERVED
from tests.factories import make_group
from tests.refusals import constraint_names, refused_by

pytestmark = pytest.mark.django_db

TOO_LONG = (DataError, IntegrityError)


def update(**fields):
    Group.objects.filter(pk=make_group().pk).update(**fields)


def test_every_constraint_of_the_directory_is_violated_by_a_test():
    sources = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py"))

    assert {name for name in constraint_names() if f'"{name}"' not in sources} == set()


# Short names

MALFORMED = ["a", "12", "0123456789", "-ab", "ab-", "AB1", "été", "a b", "a_b", "a.b", "abc\n", ""]


@pytest.mark.parametrize("short_name", [*MALFORMED, "fr", "zz"])
def test_a_malformed_short_name_is_refused(short_name):
    with refused_by("groups_group_short_name_form"):
        update(short_name=short_name)


def test_a_short_name_of_41_characters_is_refused():
    # PostgreSQL finds it too long for the column before it looks at the form.
    with pytest.raises(TOO_LONG), transaction.atomic():
        update(short_name="a" * 41)


@pytest.mark.parametrize("short_name", ["b2", "2b", "abc", "a-b", "a--b", "1-2", "a" * 40])
def test_a_well_formed_short_name_is_taken(short_name):
    assert make_group(short_name=short_name).short_name == short_name


@pytest.mark.parametrize("short_name", sorted(each for each in RESERVED if len(each) > 1))
def test_a_reserved_short_name_is_refused(short_name):
    with refused_by("groups_group_short_name_reserved"):
        update(short_name=short_name)


def test_a_short_name_is_given_once():
    make_group(short_name="jardins")

    with refused_by("groups_group.short_name"):
        update(short_name="jardins")


# The fields of an entry


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("groups_group_name_length", {"name": ""}),
        ("groups_group_tagline_length", {"tagline": ""}),
        ("groups_group_tagline_one_line", {"tagline": "one\ntwo"}),
        ("groups_group_tagline_one_line", {"tagline": "one\rtwo"}),
        ("groups_group_description_length", {"description": "x" * 2001}),
        ("groups_group_kind_known", {"kind": "local"}),
        ("groups_group_activity_known", {"activity": "dead"}),
        ("groups_group_review_known", {"review": "lost"}),
        ("groups_group_refusal_has_reason", {"review": "refused"}),
        ("groups_group_country_code", {"country": "bj"}),
        ("groups_group_country_code", {"country": "B"}),
        ("groups_group_position_whole", {"latitude": 6.5}),
        ("groups_group_position_whole", {"longitude": 2.6}),
        ("groups_group_position_whole", {"latitude": 90.1, "longitude": 0}),
        ("groups_group_position_whole", {"latitude": -90.1, "longitude": 0}),
        ("groups_group_position_whole", {"latitude": 0, "longitude": 180.1}),
        ("groups_group_position_whole", {"latitude": 0, "longitude": -180.1}),
        ("groups_group_member_count_dated", {"member_count_on": date(2025, 1, 1)}),
    ],
)
def test_a_field_outside_its_rule_is_refused(constraint, fields):
    with refused_by(constraint):
        update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "é" * 120, "tagline": "é" * 160, "description": "é" * 2000},
        {"latitude": 90, "longitude": 180},
        {"latitude": -90, "longitude": -180},
        {"member_count": 0, "member_count_on": date(2025, 1, 1)},
        {"review": "refused", "review_reason": "Not a group."},
        {"country": "BJ"},
    ],
)
def test_a_field_at_its_limit_is_taken(fields):
    update(**fields)

    assert Group.objects.filter(**fields).count() == 1


@pytest.mark.parametrize("fields", [{"name": "x" * 121}, {"tagline": "x" * 161}])
def test_a_text_longer_than_its_column_is_refused(fields):
    """SQLite enforces no length of a column, so that a constraint must."""
    if connection.vendor == "sqlite":
        [name] = fields
        with refused_by(f"groups_group_{name}_length"):
            update(**fields)
    else:
        with pytest.raises(DataError), transaction.atomic():
            update(**fields)


def test_a_negative_number_of_members_is_refused():
    with pytest.raises(IntegrityError, match="member_count"), transaction.atomic():
        update(member_count=-1)


@pytest.mark.parametrize(
    ("review", "activity", "shelf"),
    [
        ("pending", "active", 0),
        ("refused", "active", 0),
        ("pending", "archived", 0),
        ("published", "active", 1),
        ("published", "preparing", 1),
        ("published", "asleep", 1),
        ("published", "archived", 2),
    ],
)
def test_the_shelf_follows_from_review_and_activity(review, activity, shelf):
    assert make_group(review=review, activity=activity).shelf == shelf


# Services


def make_service(**fields):
    return Service.objects.create(
        **{"group": make_group(), "kind": "home", "url": "https://example.org/", **fields}
    )


def test_a_group_has_one_link_of_each_kind():
    group = make_group(services={"home": "https://example.org/"})

    with refused_by("groups_service_once"):
        make_service(group=group, url="https://example.net/")


def test_a_kind_of_service_nobody_knows_is_refused():
    with refused_by("groups_service_kind_known"):
        make_service(kind="fax")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.org/", "//example.org/", "HTTPS://example.org", ""],
)
def test_a_link_that_is_no_address_of_the_web_is_refused(url):
    with refused_by("groups_service_url_of_the_web"):
        make_service(url=url)


def test_a_link_longer_than_500_characters_is_refused():
    with pytest.raises(TOO_LONG), transaction.atomic():
        make_service(url="https://example.org/".ljust(501, "x"))


@pytest.mark.parametrize("kind", [kind for kind in Service.Kind.values if kind != "members"])
def test_only_the_list_of_members_may_be_opened(kind):
    with refused_by("groups_service_open_members"):
        make_service(kind=kind, is_open=True)


# Partners


def test_a_partner_without_a_name_is_refused():
    with refused_by("groups_partner_name_length"):
        Partner.objects.create(name="", name_key="x")


def test_a_partner_is_one_whatever_the_spelling():
    Partner.objects.create(name="Éléphant", name_key="elephant")

    with refused_by("groups_partner.name_key"):
        Partner.objects.create(name="ELEPHANT", name_key="elephant")


def test_the_link_of_a_partner_is_an_address_of_the_web_or_nothing():
    Partner.objects.create(name="One", name_key="one", url="")

    with refused_by("groups_partner_url_of_the_web"):
        Partner.objects.create(name="Two", name_key="two", url="javascript:alert(1)")


def test_a_group_lists_a_partner_once():
    group = make_group(partners=[{"name": "Fonds", "url": ""}])

    with refused_by("groups_grouppartner_once"):
        GroupPartner.objects.create(group=group, partner=Partner.objects.get())


# Pauses


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("groups_pause_has_an_end", {}),
        ("groups_pause_ends_after_it_begins", {"until_day": date(2025, 6, 30)}),
        ("groups_pause_reviewed_after_it_begins", {"review_on": date(2025, 6, 30)}),
        ("groups_pause_yearly_has_an_end", {"review_on": date(2025, 9, 1), "is_yearly": True}),
    ],
)
def test_a_pause_outside_its_rule_is_refused(constraint, fields):
    with refused_by(constraint):
        Pause.objects.create(group=make_group(), from_day=date(2025, 7, 1), **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"until_day": date(2025, 7, 1)},
        {"review_on": date(2025, 7, 1)},
        {"until_day": date(2025, 8, 31), "is_yearly": True},
    ],
)
def test_a_pause_may_end_on_the_day_it_begins(fields):
    Pause.objects.create(group=make_group(), from_day=date(2025, 7, 1), **fields)

    assert Pause.objects.filter(**fields).count() == 1

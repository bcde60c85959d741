import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from groups.models import CharterRule, Ecosystem, Membership
from tests.factories import make_ecosystem, make_group, make_keyword, make_membership
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("groups_ecosystem_name_length", {"name": ""}),
        ("groups_ecosystem_tagline_one_line", {"tagline": "one\ntwo"}),
        ("groups_ecosystem_accent_known", {"accent": "pink"}),
        ("groups_ecosystem_admission_known", {"admission": "closed"}),
        ("groups_ecosystem_charter_version", {"charter_version": 0}),
    ],
)
def test_a_field_outside_its_rule_is_refused(constraint, fields):
    make_ecosystem()

    with refused_by(constraint):
        Ecosystem.objects.update(**fields)


@pytest.mark.parametrize("fields", [{"name": "x" * 121}, {"tagline": "x" * 161}])
def test_a_text_longer_than_its_column_is_refused(fields):
    make_ecosystem()

    with pytest.raises((DataError, IntegrityError)), transaction.atomic():
        Ecosystem.objects.update(**fields)


def test_a_new_record_is_reviewed_unless_it_says_otherwise():
    assert Ecosystem.objects.create(keyword=make_keyword(), name="Repair").admission == "reviewed"


def test_a_keyword_has_one_record():
    make_ecosystem("rivages")

    with refused_by("groups_ecosystem.keyword_id"):
        make_ecosystem("rivages")


def test_the_keyword_of_a_record_cannot_be_deleted():
    ecosystem = make_ecosystem("rivages")

    with pytest.raises(ProtectedError):
        ecosystem.keyword.delete()


def test_the_core_group_may_go_and_the_record_stays():
    group = make_group()
    ecosystem = make_ecosystem(core_group=group)

    group.delete()

    assert Ecosystem.objects.get(pk=ecosystem.pk).core_group is None


# Charter


def test_two_rules_of_one_version_have_two_places():
    ecosystem = make_ecosystem(rules=["Open to all."])

    with refused_by("groups_charterrule_position_once"):
        CharterRule.objects.create(ecosystem=ecosystem, version=1, position=1, text="Closed.")


def test_another_version_begins_at_its_own_first_place():
    ecosystem = make_ecosystem(rules=["Open to all."])
    CharterRule.objects.create(ecosystem=ecosystem, version=2, position=1, text="Open to most.")

    rules = ecosystem.charter_rules.values_list("version", "position", "text")

    assert list(rules) == [(1, 1, "Open to all."), (2, 1, "Open to most.")]


def test_a_rule_that_says_nothing_is_refused():
    with refused_by("groups_charterrule_text_given"):
        CharterRule.objects.create(ecosystem=make_ecosystem(), text="")


# Membership


def test_a_group_has_one_membership_in_an_ecosystem():
    group, ecosystem = make_group(), make_ecosystem()
    make_membership(group, ecosystem)

    with refused_by("groups_membership_once"):
        Membership.objects.create(group=group, ecosystem=ecosystem)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("groups_membership_status_known", {"status": "sleeping"}),
        ("groups_membership_refusal_has_reason", {"status": "refused"}),
        ("groups_membership_charter_dated", {"charter_version": 1}),
    ],
)
def test_a_membership_outside_its_rule_is_refused(constraint, fields):
    make_membership(make_group(), make_ecosystem())

    with refused_by(constraint):
        Membership.objects.update(**fields)


def test_a_membership_within_the_rules_is_taken():
    now = timezone.now()
    make_membership(make_group(), make_ecosystem(), charter_version=1, charter_accepted_at=now)
    make_membership(make_group(), make_ecosystem("monnaies"), status="refused", reason="Too far.")

    assert Membership.objects.count() == 2

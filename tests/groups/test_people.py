import pytest
from django.utils import timezone

from groups.models import Facilitator, Person, Role
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def make_role(person, ecosystem, kind="helper", **fields):
    return Role.objects.create(person=person, ecosystem=ecosystem, kind=kind, **fields)


# Person


def test_an_address_is_kept_folded():
    assert make_person(" Ada@Example.ORG ").email == "ada@example.org"


def test_an_address_typed_another_way_finds_the_same_person():
    person = make_person("ada@example.org")

    assert Person.objects.get_by_natural_key("ADA@example.org ") == person


def test_one_address_is_one_person():
    make_person("ada@example.org")

    with refused_by("groups_person.email"):
        make_person("ADA@example.org")


def test_an_address_with_capitals_is_refused_whatever_code_runs():
    with refused_by("groups_person_email_folded"):
        Person.objects.create(email="Ada@example.org")


def test_a_person_without_an_address_is_refused_whatever_code_runs():
    with refused_by("groups_person_email_given"):
        Person.objects.create(email="")


def test_creating_a_person_without_an_address_says_what_is_missing():
    with pytest.raises(ValueError, match=r"^A person needs an e-mail address\.$"):
        Person.objects.create_user("")


def test_a_person_has_no_password_unless_one_is_given():
    assert not make_person("ada@example.org").has_usable_password()
    assert make_person("bob@example.org", password="long and secret").check_password(
        "long and secret"
    )


def test_a_person_is_no_operator_unless_made_one():
    ada = make_person("ada@example.org")
    bob = Person.objects.create_superuser("bob@example.org", "long and secret")

    assert (ada.is_staff, ada.is_superuser) == (False, False)
    assert (bob.is_staff, bob.is_superuser) == (True, True)


def test_a_person_is_called_by_name_or_else_by_address():
    assert str(make_person("ada@example.org", name="Ada")) == "Ada"
    assert str(make_person("bob@example.org")) == "bob@example.org"


def test_validation_folds_the_address_before_it_is_compared():
    person = Person(email="ADA@example.org")

    person.clean()

    assert person.email == "ada@example.org"


# Facilitator


def test_a_person_facilitates_a_group_once():
    group, person = make_group(), make_person()
    make_facilitator(group, person)

    with refused_by("groups_facilitator_once"):
        Facilitator.objects.create(group=group, person=person)


def test_who_stopped_facilitating_may_begin_again():
    group, person = make_group(), make_person()
    make_facilitator(group, person, ended_at=timezone.now())

    make_facilitator(group, person)

    assert group.facilitators.count() == 2


# Role


def test_a_role_is_held_once():
    person, ecosystem = make_person(), make_ecosystem()
    make_role(person, ecosystem)

    with refused_by("groups_role_once"):
        make_role(person, ecosystem)


def test_a_helper_may_be_a_curator_too():
    person, ecosystem = make_person(), make_ecosystem()
    make_role(person, ecosystem, "helper")
    make_role(person, ecosystem, "curator")

    assert set(person.roles.values_list("kind", flat=True)) == {"helper", "curator"}


def test_a_withdrawn_role_may_be_given_again():
    person, ecosystem = make_person(), make_ecosystem()
    make_role(person, ecosystem, withdrawn_at=timezone.now())

    make_role(person, ecosystem)

    assert person.roles.filter(withdrawn_at=None).count() == 1


def test_a_role_is_curator_or_helper_whatever_code_runs():
    with refused_by("groups_role_kind_known"):
        make_role(make_person(), make_ecosystem(), "president")

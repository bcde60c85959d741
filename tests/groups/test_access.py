from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import timezone

from groups.access import Grant, confirmed_facilitators, grant_for, is_trusted, open_session
from groups.models import Facilitator
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def make_request(user=None):
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = user or AnonymousUser()
    return request


def test_nobody_has_a_grant():
    assert grant_for(make_request(), make_group()) is None


def test_a_session_lasts_two_hours(time_machine):
    time_machine.move_to(NOON, tick=False)
    group, ada, request = make_group(), make_person(), make_request()
    make_facilitator(group, ada)

    open_session(request, group, person=ada)

    time_machine.move_to(NOON + timedelta(hours=2, microseconds=-1), tick=False)
    assert grant_for(request, group) == Grant(ada, may_only_edit=False)
    time_machine.move_to(NOON + timedelta(hours=2), tick=False)
    assert grant_for(request, group) is None


def test_a_session_is_for_its_group_only():
    group, other, ada, request = make_group(), make_group(), make_person(), make_request()
    make_facilitator(group, ada)
    make_facilitator(other, ada)

    open_session(request, group, person=ada)

    assert grant_for(request, other) is None


def test_sessions_of_two_groups_live_beside_each_other():
    group, other, ada, request = make_group(), make_group(), make_person(), make_request()
    make_facilitator(group, ada)

    open_session(request, group, person=ada)
    open_session(request, other, may_only_edit=True)

    assert grant_for(request, group) == Grant(ada, may_only_edit=False)
    assert grant_for(request, other) == Grant(None, may_only_edit=True)


def test_a_session_has_a_new_identifier():
    group, request = make_group(), make_request()
    request.session.save()
    before = request.session.session_key

    open_session(request, group, may_only_edit=True)

    assert request.session.session_key != before


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": NOON},
        {"confirmed_at": None},
    ],
)
def test_whoever_no_longer_facilitates_is_out_at_once(change):
    group, ada, request = make_group(), make_person(), make_request()
    make_facilitator(group, ada)
    open_session(request, group, person=ada)

    Facilitator.objects.update(**change)

    assert grant_for(request, group) is None


def test_whoever_is_shut_out_or_erased_is_out_at_once():
    group, ada, request = make_group(), make_person(), make_request()
    make_facilitator(group, ada)
    open_session(request, group, person=ada)
    ada.is_active = False
    ada.save()
    assert grant_for(request, group) is None

    ada.delete()

    assert grant_for(request, group) is None


def test_signing_in_counts_for_facilitators_and_operators():
    group, ada = make_group(), make_person()
    operator = make_person("op@example.org", is_staff=True)
    visitor = make_person("visitor@example.org")
    make_facilitator(group, ada)

    assert grant_for(make_request(ada), group) == Grant(ada, may_only_edit=False)
    assert grant_for(make_request(operator), group) == Grant(operator, may_only_edit=False)
    assert grant_for(make_request(visitor), group) is None


@pytest.mark.parametrize("review", ["pending", "refused"])
def test_a_group_that_was_not_accepted_is_not_trusted(review):
    group = make_group(review=review)
    make_facilitator(group)

    assert not is_trusted(group)


def test_a_group_is_trusted_while_somebody_confirmed_facilitates_it():
    group = make_group()
    assert not is_trusted(group)
    facilitator = make_facilitator(group, confirmed_at=None)
    assert not is_trusted(group)

    Facilitator.objects.update(confirmed_at=NOON)
    assert is_trusted(group)

    facilitator.ended_at = timezone.now()
    facilitator.save()
    assert not is_trusted(group)


def test_mail_goes_to_every_confirmed_facilitator_whoever_founded_the_group():
    group = make_group(contact_email="founder@example.org")
    ada, bo = make_person(), make_person("bo@example.org")
    for person in (ada, bo):
        make_facilitator(group, person)
    make_facilitator(group, make_person("gone@example.org"), ended_at=NOON)
    make_facilitator(group, make_person("shut@example.org", is_active=False))

    assert {each.person for each in confirmed_facilitators(group)} == {ada, bo}

"""The API and its document say the same: every question the document allows, and what it forbids.

Schemathesis asks, through the real address table and everything a request passes through.
"""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import settings
from schemathesis.core.failures import FailureGroup

from ecosystem.wsgi import application
from groups.api import operations
from groups.deciding import delete_groups
from groups.models import FormerShortName, Group
from tests.factories import make_ecosystem, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.view]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def _kept_open():
    """Keep what ends with a request from closing the connection of the test, as a client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    """Give the API something to say, and count nobody out."""
    monkeypatch.setattr(operations, "MOST_ASKED", 1_000_000)
    make_ecosystem("rivages", rules=["Be open."])
    for number in range(3):
        lagune = make_group(
            short_name=f"jardins-lagune-{number}",
            keywords=["rivages", "compost"],
            country="BJ",
            latitude=6.4,
            longitude=2.4,
            member_count=180,
            services={"home": f"https://lagune-{number}.example/"},
            partners=[{"name": "Mairie", "url": "https://mairie.example/"}],
        )
    FormerShortName.objects.create(short_name="jardins-lagune", group=lagune)
    delete_groups(Group.objects.filter(pk=make_group(keywords=["rivages"]).pk))


@schema.parametrize()
@settings(max_examples=10)
def test_answers_are_what_the_document_says(case):
    ask(case)


@pytest.mark.prove
@schema.parametrize()
@settings(max_examples=400, derandomize=False)
def test_answers_are_what_the_document_says_whatever_is_asked(case):
    ask(case)


def test_an_answer_that_is_not_what_the_document_says_is_noticed(monkeypatch):
    """Or the tests above would mean nothing."""
    monkeypatch.setattr(operations, "as_plain", lambda entry: {"name": entry.name})

    with pytest.raises(FailureGroup, match="required property"):
        ask(schema["/api/v1/groups"]["GET"].Case())


def ask(case):
    """Send one question; fail unless its answer passes every check there is."""
    # Its client asks for what is compressed, and then cannot read it.
    case.call_and_validate(headers={"Accept-Encoding": "identity"})

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.utils.translation import override

from groups.links import find_link, is_open
from groups.models import Mail, Task
from groups.reporting import report, too_many_reports
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def group():
    group = make_group(name="Velo", short_name="velo")
    make_facilitator(group, make_person("ada@example.org", language="en"))
    return group


def asked_from(address="203.0.113.9"):
    return RequestFactory().post("/", REMOTE_ADDR=address)


def reported(group, *, address="203.0.113.9", now=NOON, **said):
    said = {"reason": "wrong", "words": "The link.", "other": None, "email": "", **said}
    return report(asked_from(address), group, **said, now=now)


def test_a_report_joins_the_queue(group):
    with override("en"):
        task = reported(group, email="eve@example.org")

    task.refresh_from_db()
    assert (task.kind, task.reason, task.words) == ("report", "wrong", "The link.")
    assert (task.reporter, task.language) == ("eve@example.org", "en")
    assert (task.opened_at, task.shown_from, task.decided_at) == (NOON, NOON, None)


def test_a_group_that_is_here_twice_is_named(group):
    other = make_group(short_name="velos")

    with override("fr"):
        task = reported(group, reason="duplicate", other=other, words="")

    assert task.words == "http://127.0.0.1:8000/groups/velos/"


# Once more from the same network


def test_the_same_said_again_from_a_network_joins_what_it_said(group):
    first = reported(group)

    second = reported(group, address="203.0.113.77", words="And the place.", email="e@example.org")

    assert second == first
    assert second.words == "The link.\n\nAnd the place."
    assert second.reporter == "e@example.org"
    assert reported(group).words == "The link.\n\nAnd the place."
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"address": "203.0.114.9"},
        {"reason": "closed"},
        {"now": NOON + timedelta(hours=12)},
        {"email": "other@example.org"},
        {"words": "x" * 1995},
    ],
    ids=["another network", "another reason", "another day", "another sender", "no room"],
)
def test_what_is_another_report_stays_apart(group, change):
    reported(group, email="eve@example.org")

    reported(group, **change)

    assert Task.objects.count() == 2


def test_about_another_group_it_is_another_report(group):
    reported(group)
    reported(make_group())

    assert Task.objects.count() == 2


def test_a_decided_report_is_not_joined(group):
    reported(group)
    Task.objects.update(decision="seen", decided_at=NOON)

    assert reported(group).decided_at is None
    assert Task.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_report(shared, group):
    assert at_once(shared, *[lambda: reported(group)] * 3) == []
    assert Task.objects.count() == 1
    assert Mail.objects.count() == 1


# The group is told


@pytest.mark.parametrize(
    ("reason", "is_told"), [("closed", 1), ("wrong", 1), ("duplicate", 0), ("charter", 0)]
)
def test_the_facilitators_hear_what_they_can_put_right(group, reason, is_told):
    reported(group, reason=reason)

    assert Mail.objects.count() == is_told


def test_the_facilitators_can_change_the_entry_or_say_that_all_is_well(group):
    reported(group, words="The link leads nowhere.", email="eve@example.org")

    [mail] = Mail.objects.all()
    assert (mail.receiver, mail.is_asked) == ("ada@example.org", False)
    assert "> The link leads nowhere." in mail.text
    secrets = re.findall(r"/l/([\w-]+)/", mail.text)
    links = [find_link(secret) for secret in secrets]
    assert [(link.purpose, link.group) for link in links] == [
        ("edit", group),
        ("still_right", group),
    ]
    assert all(is_open(link, NOON + 29 * DAY) for link in links)
    # Whoever reports is the helpers' to answer.
    assert "eve@example.org" not in mail.text + mail.html + mail.reply_to


def test_nobody_is_told_twice_of_one_report(group):
    reported(group)
    reported(group, words="And the place.")

    assert Mail.objects.count() == 1


def test_a_report_without_words_quotes_nothing(group):
    reported(group, reason="closed", words="")

    [mail] = Mail.objects.all()
    assert "In their words" not in mail.text + mail.html
    assert ">" not in mail.text


def test_the_words_of_a_visitor_are_only_words(group):
    reported(group, words='<a href="https://evil.example">x</a>')

    [mail] = Mail.objects.all()
    assert 'href="https://evil.example' not in mail.html


# Limits


def test_a_network_may_report_five_times_an_hour():
    tried = [
        too_many_reports(asked_from(f"203.0.113.{n}"), make_group(), "", NOON) for n in range(6)
    ]

    assert tried == [False] * 5 + [True]


def test_an_address_may_report_five_times_a_day_from_wherever():
    tried = [
        too_many_reports(asked_from(f"203.0.{n}.1"), make_group(), "Eve@example.org", NOON)
        for n in range(6)
    ]

    assert tried == [False] * 5 + [True]


def test_a_group_may_be_reported_twenty_times_a_day(group):
    tried = [too_many_reports(asked_from(f"203.0.{n}.1"), group, "", NOON) for n in range(21)]

    assert tried == [False] * 20 + [True]

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from groups.links import end_kept_links, find_link, is_open, link_address, make_link, use_link
from groups.models import Link
from tests.factories import make_group, make_person
from tests.sharing import at_once

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def make_some_link(purpose=Link.Purpose.EDIT, **fields):
    fields.setdefault("group", make_group())
    if purpose != Link.Purpose.KEPT:
        fields.setdefault("person", make_person())
    return find_link(make_link(purpose, now=NOON, **fields))


@pytest.mark.django_db
def test_the_database_holds_no_secret():
    secret = make_link(Link.Purpose.EDIT, person=make_person(), group=make_group(), now=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM groups_link")
        row = cursor.fetchone()

    assert secret not in str(row)
    assert find_link(secret) is not None
    assert find_link(secret[:-1]) is None


@pytest.mark.django_db
def test_two_secrets_are_two():
    person, group = make_person(), make_group()

    secrets = {make_link(Link.Purpose.EDIT, person=person, group=group) for _ in range(20)}

    assert len(secrets) == 20
    assert min(map(len, secrets)) >= 32


@pytest.mark.parametrize(
    ("language", "address"),
    [
        ("fr", "http://127.0.0.1:8000/l/abcdefghijklmnopqrst/"),
        ("en", "http://127.0.0.1:8000/en/l/abcdefghijklmnopqrst/"),
    ],
)
def test_the_address_of_a_link_is_whole_and_in_the_language_of_the_mail(language, address):
    assert link_address("abcdefghijklmnopqrst", language) == address


@pytest.mark.parametrize(
    ("purpose", "days"),
    [("confirm", 14), ("edit", 2), ("still_right", 60), ("keep", 30), ("erase", 2)],
)
@pytest.mark.django_db
def test_a_link_ends_on_its_moment(purpose, days):
    link = make_some_link(purpose)
    end = NOON + timedelta(days=days)

    assert is_open(link, end - A_MOMENT)
    assert not is_open(link, end)
    assert not use_link(link, end)
    assert use_link(link, end - A_MOMENT)


@pytest.mark.django_db
def test_a_link_is_used_once():
    link = make_some_link()

    assert use_link(link, NOON)
    assert not use_link(link, NOON)

    link.refresh_from_db()
    assert link.used_at == NOON
    assert not is_open(link, NOON)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_uses_a_link(shared):
    link = make_some_link()
    used = []

    def use():
        used.append(use_link(link, NOON))

    assert at_once(shared, *[use] * 4) == []
    assert sorted(used) == [False, False, False, True]


@pytest.mark.django_db
def test_the_kept_link_is_used_again_and_again_until_it_is_ended():
    link = make_some_link(Link.Purpose.KEPT)
    years_later = NOON + timedelta(days=5000)
    assert use_link(link, NOON)
    assert use_link(link, years_later)

    end_kept_links(link.group, years_later)

    link.refresh_from_db()
    assert not is_open(link, years_later)
    assert not use_link(link, years_later)


@pytest.mark.django_db
def test_only_the_kept_links_of_this_group_are_ended():
    kept, other = make_some_link(Link.Purpose.KEPT), make_some_link(Link.Purpose.KEPT)
    edit = make_some_link(group=kept.group)

    end_kept_links(kept.group, NOON)

    assert [is_open(find, NOON) for find in Link.objects.order_by("pk")] == [False, True, True]
    assert (other.ended_at, edit.ended_at) == (None, None)

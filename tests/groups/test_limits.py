from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from django.apps import apps
from django.db import connection
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from groups.limits import client_address, network_of, over_limit
from groups.models import Limit, NetworkKey
from tests.factories import make_group
from tests.sharing import at_once

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)


def asked_from(address, forwarded=None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


# Where a request comes from


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        # Nobody we trust speaks: only the connection counts.
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        # The proxy tells what it saw; what stands left of that anybody can write.
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "8.8.8.8, 203.0.113.9", "203.0.113.9"),
        ("::1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        # Two proxies of ours, one behind the other.
        ("127.0.0.1", "8.8.8.8, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        # As some proxies write it.
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("127.0.0.1", '"[2001:db8::1]:4711"', "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1%eth0", "2001:db8::1"),
        ("127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        # Nonsense ends the way; what is known is where it came to us from.
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, , 10.1.2.3", "10.1.2.3"),
        ("", "203.0.113.9", None),
        ("a socket", None, None),
    ],
)
def test_the_address_is_believed_only_as_far_as_our_proxies_wrote_it(
    settings, remote, forwarded, found
):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "::1", "10.0.0.0/8"]

    assert client_address(asked_from(remote, forwarded)) == (found and ip_address(found))


def test_without_a_proxy_of_ours_what_a_request_says_of_itself_is_nothing(settings):
    settings.TRUSTED_PROXIES = []

    assert client_address(asked_from("127.0.0.1", "203.0.113.9")) == ip_address("127.0.0.1")


@given(text=st.text(), remote=st.text() | st.just("127.0.0.1"))
def test_nothing_that_is_sent_breaks_the_reading_of_an_address(text, remote):
    client_address(asked_from(remote, text))


# Networks


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("203.0.113.9", "203.0.113.200", True),
        ("203.0.113.9", "203.0.114.9", False),
        ("203.0.113.9", "::ffff:203.0.113.10", True),
        ("2001:db8:1:2::3", "2001:db8:1:ffff::1", True),
        ("2001:db8:1:2::3", "2001:db8:2:2::3", False),
        ("203.0.113.9", "::cb00:7109", False),
        ("", "a socket", True),
    ],
)
def test_a_network_is_what_neighbours_share(one, other, is_same):
    same = network_of(asked_from(one), now=NOON) == network_of(asked_from(other), now=NOON)

    assert same == is_same


@pytest.mark.django_db
def test_a_network_has_another_name_every_day():
    request = asked_from("203.0.113.9")
    of_today = network_of(request, now=NOON)

    assert network_of(request, now=NOON + timedelta(hours=11)) == of_today
    assert network_of(request, now=NOON + timedelta(hours=12)) != of_today


@pytest.mark.django_db
def test_a_new_day_throws_the_key_of_the_last_one_away():
    network_of(asked_from("203.0.113.9"), now=NOON)
    network_of(asked_from("203.0.113.9"), now=NOON + DAY)

    assert [key.day for key in NetworkKey.objects.all()] == [(NOON + DAY).date()]


@pytest.mark.django_db
def test_the_key_of_a_day_is_random_and_long():
    network_of(asked_from("203.0.113.9"), now=NOON)
    [first] = NetworkKey.objects.all()
    first.delete()
    network_of(asked_from("203.0.113.9"), now=NOON)
    [second] = NetworkKey.objects.all()

    assert len(bytes(first.key)) == 32
    assert bytes(first.key) != bytes(second.key)


# Counting


@pytest.mark.django_db
def test_a_limit_lets_so_many_pass_and_no_more():
    tried = [over_limit("net", "contact", times=3, within=HOUR, now=NOON) for _ in range(5)]

    assert tried == [False, False, False, True, True]


@pytest.mark.django_db
def test_a_limit_ends_by_itself_counted_from_the_first_time():
    over_limit("net", "contact", times=1, within=HOUR, now=NOON)

    assert over_limit("net", "contact", times=1, within=HOUR, now=NOON + HOUR - MOMENT)
    assert not over_limit("net", "contact", times=1, within=HOUR, now=NOON + HOUR)
    assert over_limit("net", "contact", times=1, within=HOUR, now=NOON + 2 * HOUR - MOMENT)


@pytest.mark.django_db
def test_what_is_counted_apart_is_limited_apart():
    def tried(network, what, who):
        return over_limit(network, what, times=1, within=HOUR, who=who, now=NOON)

    assert not tried("net", "contact", "")
    assert not tried("other", "contact", "")
    assert not tried("net", "report", "")
    assert not tried("net", "contact", "ada@example.org")
    assert not tried("", "contact", "ada@example.org")
    assert tried("", "contact", "ada@example.org")


@pytest.mark.django_db
def test_a_request_is_counted_by_its_network():
    for address in ("203.0.113.9", "203.0.113.10"):
        assert not over_limit(asked_from(address), "contact", times=2, within=HOUR, now=NOON)

    assert over_limit(asked_from("203.0.113.11"), "contact", times=2, within=HOUR, now=NOON)
    assert not over_limit(asked_from("203.0.114.9"), "contact", times=2, within=HOUR, now=NOON)


@pytest.mark.django_db
def test_counting_costs_one_query_once_the_network_is_known(django_assert_num_queries):
    with django_assert_num_queries(1):
        over_limit("net", "contact", times=1, within=HOUR, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_several_at_once_are_counted_one_by_one(shared):
    passed = []

    def try_ten_times():
        for _ in range(10):
            if not over_limit(asked_from("203.0.113.9"), "contact", times=7, within=DAY, now=NOON):
                passed.append(1)

    assert at_once(shared, *[try_ten_times] * 4) == []
    assert len(passed) == 7
    assert Limit.objects.get().count == 40
    assert NetworkKey.objects.count() == 1


# What is kept


@pytest.mark.django_db
def test_nothing_that_is_stored_holds_an_address(client):
    make_group(short_name="jardins")
    request = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "198.51.100.77"}
    client.get("/groups/jardins/", **request)
    for page in ("contact", "report"):
        client.get(f"/groups/jardins/{page}/", **request)
        client.post(f"/groups/jardins/{page}/", {"words": "Bonjour"}, **request)
    over_limit(asked_from("203.0.113.9"), "x", times=1, within=HOUR, who="ada@example.org")

    kept = everything_stored()

    assert Limit._meta.db_table in kept
    for trace in ("203.0.113", "198.51.100", "ada@example.org", "cb007109", "cb0071"):
        assert trace not in kept


def everything_stored():
    """Return all rows of all tables as one text."""
    found = []
    tables = connection.introspection.table_names()
    assert {model._meta.db_table for model in apps.get_models()} <= set(tables)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [(table, *map(shown, row)) for row in cursor.fetchall()]
    return str(found)


def shown(value):
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value

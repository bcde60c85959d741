"""The pages about sources: who sees them, who decides, and what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.models import Link
from helpers.models import Host, Look, Run, Source
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return make_group(
        short_name="garden",
        name="The garden",
        services={
            "news": "https://garden.example.org/blog/",
            "join": "https://garden.example.org/",
        },
    )


@pytest.fixture
def facilitator(client, group):
    person = make_person("facilitator@example.org")
    make_facilitator(group, person)
    client.force_login(person)
    return person


@pytest.fixture
def operator(client):
    person = make_person("operator@example.org", is_staff=True)
    client.force_login(person)
    return person


def make_source(group, **fields):
    now = timezone.now()
    number = Source.objects.count()
    return Source.objects.create(
        group=group,
        **{
            "indicator": "news",
            "kind": "feed",
            "url": f"https://garden.example.org/feed-{number}",
            "host": "garden.example.org",
            "accepted_at": now,
            "last_read_at": now,
            "state": "fine",
            **fields,
        },
    )


def make_look(group, **fields):
    found = {
        "kind": "feed",
        "indicator": "news",
        "url": "https://garden.example.org/feed",
        "problem": "",
        "total": 3,
        "days": [["2026-11-01", 1], ["2026-11-08", 1], ["2026-11-15", 1]],
        "coming": ["2026-12-01"],
        "declared_days": None,
    }
    url = "https://garden.example.org/"
    defaults = {"url": url, "host": "garden.example.org", "found": [found]}
    return Look.objects.create(group=group, **(defaults | {"done_at": timezone.now()} | fields))


def page(client, **data):
    url = reverse("helpers:group_sources", args=["garden"])
    return client.post(url, data) if data else client.get(url)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_a_facilitator_has_an_address_looked_at(client, group, facilitator):
    response = page(client, do="look", url="garden.example.org/blog")

    assert response.status_code == 302
    look = Look.objects.get()
    assert (look.url, look.host, look.asked_by, look.done_at) == (
        "https://garden.example.org/blog",
        "garden.example.org",
        facilitator,
        None,
    )
    assert 'data-polling="3"' in text_of(page(client))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "ftp://garden.example.org/",
        "http://a:b@garden.example.org/",
        "http://127.1/",
    ],
)
def test_what_is_no_address_gets_a_sentence_and_stays_typed(client, group, facilitator, url):
    response = page(client, do="look", url=url)

    assert response.status_code == 422
    assert "field__error" in text_of(response)
    assert f'value="{url}"' in text_of(response) or not url
    assert not Look.objects.exists()


def test_looks_are_limited(client, group, facilitator):
    answers = [
        page(client, do="look", url=f"https://garden.example.org/{number}").status_code
        for number in range(21)
    ]

    assert answers == [302] * 20 + [429]
    assert Look.objects.count() == 20


def test_what_would_be_counted_is_shown_and_accepted_with_one_button(client, group, facilitator):
    look = make_look(group)

    shown = text_of(page(client))
    response = page(client, do="accept", look=look.pk, number=1, indicator="news")

    assert "https://garden.example.org/feed" in shown
    assert 'datetime="2026-11-15"' in shown
    assert 'datetime="2026-12-01"' in shown
    assert response.status_code == 302
    source = Source.objects.get()
    assert (source.url, source.accepted_by) == ("https://garden.example.org/feed", facilitator)


def test_what_a_link_is_for_is_what_its_feed_tells_about(client, group, facilitator):
    make_look(group, indicator="space")

    assert '<option value="space" selected>' in text_of(page(client))


@pytest.mark.parametrize(
    "data",
    [
        {"look": "x"},
        {"look": "0"},
        {"number": "7"},
        {"number": "-1"},
        {"number": "0"},
        {"indicator": "mood"},
        {"indicator": ""},
    ],
)
def test_nonsense_accepts_nothing(client, group, facilitator, data):
    sent = {"do": "accept", "look": make_look(group).pk, "number": "1", "indicator": "news"}

    assert page(client, **(sent | data)).status_code == 302
    assert not Source.objects.exists()


def test_what_another_group_had_looked_at_cannot_be_accepted(client, group, facilitator):
    look = make_look(make_group())

    page(client, do="accept", look=look.pk, number=1, indicator="news")

    assert not Source.objects.exists()


def test_a_facilitator_stops_a_source_and_nobody_elses(client, group, facilitator):
    own, others = make_source(group), make_source(make_group())

    for source in (own, others):
        page(client, do="stop", source=source.pk)

    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.stopped_by, others.stopped_at) == (facilitator, None)


def test_troubles_are_said_in_words(client, group, facilitator):
    since = timezone.now() - timedelta(days=4)
    make_source(group, state="gone", problem="gone", http_status=410, failing_since=since)
    make_source(
        group, state="moved", problem="moved", failing_since=since, moved_to="https://new.example/"
    )

    shown = text_of(page(client))

    assert "410" in shown
    assert "https://new.example/" in shown
    assert 'value="follow"' in shown


def test_a_visitor_and_a_stranger_find_the_gate(client, group):
    make_source(group)
    gate = reverse("groups:group_edit", args=["garden"])

    assert page(client).headers["Location"] == gate
    client.force_login(make_person())
    assert page(client).headers["Location"] == gate
    assert page(client, do="look", url="https://a.example.org/").headers["Location"] == gate
    assert not Look.objects.exists()


def test_the_kept_link_may_edit_and_not_say_yes(client, group):
    session = client.session
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session["groups"] = {str(group.pk): {"person": None, "only_edit": True, "until": until}}
    session.save()

    response = page(client, do="look", url="https://a.example.org/")

    assert response.status_code == 302
    assert not Look.objects.exists()
    assert Link.objects.count() == 0


def test_a_helper_of_its_ecosystem_sees_and_decides_nothing(client, group):
    ecosystem = make_ecosystem()
    make_membership(group, ecosystem)
    client.force_login(make_role(ecosystem))
    source = make_source(group)

    shown = text_of(page(client))
    page(client, do="stop", source=source.pk)

    source.refresh_from_db()
    assert source.url in shown
    assert "<form" not in shown
    assert source.stopped_at is None


def test_a_group_that_is_not_published_has_no_such_page(client, facilitator, group):
    type(group).objects.filter(pk=group.pk).update(review="pending")

    assert page(client).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_a_group_costs_the_same_however_much_there_is(
    client, group, facilitator, many, django_assert_num_queries
):
    for _ in range(many):
        make_source(group)
        make_look(group)

    # The session and its person; the group; whether they facilitate it; an offer; sources, looks,
    # rhythms, checks, links.
    with django_assert_num_queries(10):
        page(client)


# ── The operators' page ─────────────────────────────────────────────────────────────────────────


def listing(client, **query):
    return client.get(reverse("helpers:source_list"), query)


def test_operators_see_all_sources_by_state_and_host(client, group, operator):
    since = timezone.now() - timedelta(days=2)
    make_source(group)
    make_source(
        make_group(),
        host="b.example.org",
        url="https://b.example.org/feed",
        state="failing",
        problem="timed_out",
        failing_since=since,
        failures=3,
    )
    Run.objects.create(began_at=since, ended_at=since, tally={"read": 7, "faults": 2})
    Host.objects.create(name="b.example.org", not_before=timezone.now() + timedelta(hours=1))

    everything, failing, at_b = (
        text_of(listing(client)),
        text_of(listing(client, state="failing")),
        text_of(listing(client, host="b.example.org")),
    )

    assert "garden.example.org/feed-0" in everything
    assert "b.example.org/feed" in everything
    for some in (failing, at_b):
        assert "garden.example.org/feed-0" not in some
        assert "https://b.example.org/feed" in some


def test_nobody_else_sees_them(client, group, facilitator):
    assert listing(client).status_code == 404
    client.logout()
    assert listing(client).status_code == 302


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_the_same_however_many_there_are(
    client, group, operator, many, django_assert_num_queries
):
    for _ in range(many):
        make_source(make_group())

    # The session and its person; counts by state; the page; sites left alone; the last runs.
    with django_assert_num_queries(6):
        listing(client)


@pytest.mark.parametrize("query", [{"page": "x"}, {"page": "99999"}, {"state": "x"}, {"host": "'"}])
def test_nonsense_in_the_address_shows_the_list(client, group, operator, query):
    make_source(group)

    assert listing(client, **query).status_code == 200

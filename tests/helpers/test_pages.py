"""Who sees which page of the helpers, asked from outside; and what the pages cost and do."""

from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from groups.models import Mail
from helpers import recording
from helpers.cockpit import share_told, told
from helpers.local_days import today_of
from helpers.models import Alert, Follow, HelpRequest, Nudge, Rhythm, Sighting
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_followed(helper, ecosystem, name="Jardins", *, silent_for=90):
    """Make a group of ``ecosystem`` that ``helper`` follows, and whose meetings fell silent."""
    now = timezone.now()
    group = make_group(name=name)
    make_membership(group, ecosystem)
    Follow.objects.create(person=helper, group=group)
    today = today_of(group, now)
    days = {today - (silent_for + 30 * each) * DAY: 1 for each in range(6)}
    recording.see(group, "meetings", days, person=helper, now=now)
    return group


@pytest.fixture
def world():
    ecosystem = make_ecosystem()
    helper = make_role(ecosystem)
    group = make_followed(helper, ecosystem)
    other = make_ecosystem("collines", name="Collines")
    return {
        "group": group,
        "helper": helper,
        "facilitator": make_facilitator(group).person,
        "operator": make_person("op@example.org", is_staff=True),
        "stranger": make_person("stranger@example.org"),
        "facilitator of another": make_facilitator(make_group()).person,
        "helper of another": make_role(other),
        "curator": make_role(ecosystem, "curator"),
        "nudge": Nudge.objects.create(group=group, by=helper, text="Hello"),
        "ecosystem": ecosystem,
    }


ALLOWED = {
    "dashboard": {"helper", "helper of another", "operator"},
    "dashboard_csv": {"helper", "helper of another", "operator"},
    "group": {"helper", "facilitator", "operator"},
    "write": {"helper", "operator"},
    "outcome": {"helper", "operator"},
    "cockpit": {"curator", "operator"},
    "seasons": {"curator", "operator"},
    "source_list": {"operator"},
}
PEOPLE = [
    *["helper", "facilitator", "operator", "stranger", "facilitator of another"],
    *["helper of another", "curator"],
]
ALLOWED["digest"] = set(PEOPLE)
# Open to all; known by a secret; takes only what is posted; leads others to the gate of the entry.
ASKED_ELSEWHERE = {"how_we_measure", "check_in", "note", "group_sources"}


def address_of(page, world):
    args = {
        "group": [world["group"].short_name],
        "write": [world["group"].short_name],
        "outcome": [world["nudge"].pk],
        "cockpit": [world["ecosystem"].keyword.slug],
        "seasons": [world["ecosystem"].keyword.slug],
    }
    return reverse(f"helpers:{page}", args=args.get(page, []))


def test_every_page_is_asked_for_from_outside():
    _prefix, resolver = get_resolver().namespace_dict["helpers"]
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}

    assert names == ALLOWED.keys() | ASKED_ELSEWHERE


@pytest.mark.parametrize("page", ALLOWED)
def test_a_page_opens_to_those_it_is_for_and_to_nobody_else(client, world, settings, page):
    settings.OPERATORS_NEED_SECOND_FACTOR = False
    opened = set()
    assert client.get(address_of(page, world)).status_code == 302
    for who in PEOPLE:
        client.force_login(world[who])
        response = client.get(address_of(page, world))
        assert response.status_code in {200, 404}
        if response.status_code == 200:
            opened.add(who)
            assert response["Cache-Control"] == "private, no-store"

    assert opened == ALLOWED[page]


@pytest.mark.parametrize("who", ["visitor", "stranger", "curator", "helper of another"])
def test_who_may_not_see_a_group_may_not_note_either(client, world, who):
    if who != "visitor":
        client.force_login(world[who])
    before = Sighting.objects.count()

    client.post(
        reverse("helpers:note", args=[world["group"].short_name]),
        {"do": "see", "indicator": "news", "day": "2026-01-01"},
    )

    assert Sighting.objects.count() == before


def test_a_role_withdrawn_takes_its_sight_along_whatever_is_followed(client, world):
    client.force_login(world["helper"])
    world["helper"].roles.update(withdrawn_at=timezone.now())

    assert client.get(address_of("group", world)).status_code == 404


def test_a_group_that_left_is_seen_no_more(client, world):
    client.force_login(world["helper"])
    make_membership(world["group"], world["ecosystem"], status="left")

    assert client.get(address_of("group", world)).status_code == 404


def test_the_dashboard_names_another_groups_nothing(client, world):
    client.force_login(world["helper of another"])

    response = client.get(reverse("helpers:dashboard"), {"ecosystem": "rivages"})

    assert world["group"].name not in response.text


@pytest.mark.parametrize("groups", [1, 8])
def test_the_dashboard_costs_ten_queries_for_any_number_of_groups(
    client, django_assert_max_num_queries, groups
):
    ecosystem = make_ecosystem()
    helper = make_role(ecosystem)
    for number in range(groups):
        make_followed(helper, ecosystem, f"Jardins {number}")
    client.force_login(helper)

    with django_assert_max_num_queries(10):
        response = client.get(reverse("helpers:dashboard"))

    assert response.text.count('<li class="word word--silent">') == min(groups, 6)


def test_a_kind_word_is_mailed_once_without_showing_addresses(client, world):
    client.force_login(world["helper"])
    rhythm = Rhythm.objects.get(group=world["group"], indicator="meetings")
    alert = Alert.objects.create(
        rhythm=rhythm, quiet_since=rhythm.last_on, opened_on=rhythm.silent_on
    )
    sent = {"about": "meetings", "text": "How are you?", "language": "fr", "way": "mail"}
    for _again in range(2):
        client.post(address_of("write", world), sent)

    mail = Mail.objects.get(receiver=world["facilitator"].email)
    nudge = Nudge.objects.get(text="How are you?")
    assert "How are you?" in mail.text
    assert mail.reply_to == world["helper"].email
    assert nudge.alert == alert
    assert world["facilitator"].email not in client.get(address_of("write", world)).text

    client.post(reverse("helpers:outcome", args=[nudge.pk]), {"outcome": "answered"})
    nudge.refresh_from_db()
    assert (nudge.outcome, nudge.outcome_by) == ("answered", world["helper"])


def test_a_facilitator_notes_a_meeting_and_the_group_is_on_track(client, world):
    client.force_login(world["facilitator"])
    today = today_of(world["group"], timezone.now())

    client.post(
        reverse("helpers:note", args=[world["group"].short_name]),
        {"do": "see", "indicator": "meetings", "day": today.isoformat()},
    )

    rhythm = Rhythm.objects.get(group=world["group"], indicator="meetings")
    assert (rhythm.status, rhythm.last_on) == ("on_track", today)


def test_a_day_to_come_is_refused_beside_the_form(client, world):
    client.force_login(world["facilitator"])

    response = client.post(
        reverse("helpers:note", args=[world["group"].short_name]),
        {"do": "see", "indicator": "meetings", "day": "2099-01-01"},
    )

    assert response.status_code == 422
    assert 'value="2099-01-01"' in response.text


def test_a_call_for_help_stands_on_the_dashboard_until_it_is_settled(client, world):
    note = reverse("helpers:note", args=[world["group"].short_name])
    client.force_login(world["facilitator"])
    for _again in range(2):
        client.post(note, {"do": "help", "occasion": "difficulty", "words": "Nobody comes"})
    call = HelpRequest.objects.get()

    client.force_login(world["helper"])
    assert "Nobody comes" in client.get(reverse("helpers:dashboard")).text
    client.post(note, {"do": "settle", "pk": call.pk, "back": "dashboard"})
    assert "Nobody comes" not in client.get(reverse("helpers:dashboard")).text


def test_the_table_is_handed_over_as_a_file_without_formulas(client, world):
    type(world["group"]).objects.filter(pk=world["group"].pk).update(name="=1+1")
    client.force_login(world["helper"])

    text = client.get(reverse("helpers:dashboard_csv")).content.decode()

    assert world["group"].short_name in text
    assert ",'=1+1," in text


def test_numbers_of_few_groups_are_not_told_nor_to_be_found_by_differences():
    assert told(4) is None
    assert {told(count) for count in range(8, 13)} == {10}
    assert share_told(3, 30) is None
    assert share_told(28, 30) is None
    assert share_told(15, 30) == 50


def test_page_of_a_group_draws_its_pauses(client, world):
    client.force_login(world["helper"])
    now = timezone.now()
    recording.pause(world["group"], today_of(world["group"], now) + 9 * DAY, by=None, now=now)

    assert 'class="strip__pause"' in client.get(address_of("group", world)).text


@pytest.mark.parametrize(
    ("days", "status", "is_paused"), [(20, 302, True), (-1, 422, False), (None, 302, False)]
)
def test_away_until_a_day_that_a_helper_notes_pauses_the_group(
    client, world, days, status, is_paused
):
    client.force_login(world["helper"])
    today = today_of(world["group"], timezone.now())
    until_day = str(today + days * DAY) if days else ""

    response = client.post(
        address_of("outcome", world), {"outcome": "on_holiday", "until_day": until_day}
    )

    assert response.status_code == status
    assert world["group"].pauses.exists() == is_paused
    assert status == 302 or f'value="{until_day}"' in response.text

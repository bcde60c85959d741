"""What the site knows about a person, given to them or erased."""

import json
import re
from datetime import timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from groups import access, limits, links, privacy, tidying
from groups.links import make_link
from groups.mail import queue_mail
from groups.models import (
    Draft,
    EcosystemRequest,
    Facilitator,
    Group,
    Link,
    Mail,
    NetworkKey,
    Person,
    Revision,
    Role,
    Task,
)
from groups.models.access import DRAFT_KEPT
from groups.upkeep import confirm_entry
from helpers.models import (
    Alert,
    Announcement,
    CheckIn,
    Digest,
    Follow,
    HelpRequest,
    Look,
    Nudge,
    Rhythm,
    SeasonAnswer,
    Sighting,
    Source,
    Transition,
)
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.markup import parsed, text_of
from tests.traces import places_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
ADDRESS = "ada.lovelace@planted.example"
NAME = "Ada Augusta Byron"


def session_of(**values):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(values)
    session.save()
    return session.session_key


def make_helpers_life(person, group, name):
    """Make what the helpers' part keeps of ``person``."""
    Follow.objects.create(person=person, group=group)
    Digest.objects.create(person=person)
    Nudge.objects.create(
        group=group, by=person, outcome_by=person, text=f"{name}, {ADDRESS}", language="en"
    )
    HelpRequest.objects.create(
        group=group, by=person, settled_by=person, occasion="starting", words=f"{name}, {ADDRESS}"
    )
    SeasonAnswer.objects.create(
        group=group, key="summer", first_on=NOW.date(), accepted=True, by=person
    )
    Sighting.objects.create(group=group, indicator="meetings", day=NOW.date(), person=person)
    Announcement.objects.create(group=group, day=NOW.date(), person=person)
    rhythm, _made = Rhythm.objects.get_or_create(group=group, indicator="meetings")
    Transition.objects.create(
        rhythm=rhythm, before="unknown", after="on_track", on=NOW.date(), by=person
    )
    Alert.objects.create(
        rhythm=rhythm,
        quiet_since=NOW.date(),
        opened_on=NOW.date(),
        taken_by=person,
        snoozed_by=person,
        closed_by=person,
        closed_at=NOW,
        closed_why="resumed",
    )
    Source.objects.create(
        group=group,
        indicator="news",
        kind="feed",
        url="https://example.org/feed",
        host="example.org",
        accepted_by=person,
        stopped_by=person,
    )
    Look.objects.create(
        group=group, url="https://example.org/", host="example.org", asked_by=person
    )
    CheckIn.objects.create(person=person, group=group, month=NOW.date(), expires_at=NOW)


def make_whole_life(name=NAME):
    """Make a person who has left a trace in every place that knows people."""
    person = make_person(ADDRESS, name=name)
    other = make_person("bob@example.org")
    operator = make_person("operator@example.org", is_staff=True, is_superuser=True)
    group, pending = make_group(name="River"), make_group(review="pending")
    ecosystem = make_ecosystem()
    make_facilitator(group, person)
    make_facilitator(group, other, added_by=person)
    make_facilitator(pending, person, confirmed_at=None)
    make_facilitator(make_group(), person, ended_at=NOW, ended_by=person)
    for kind in Role.Kind:
        Role.objects.create(person=person, ecosystem=ecosystem, kind=kind, given_by=person)
    confirm_entry(group, person, NOW)
    Group.objects.filter(pk=group.pk).update(reviewed_by=person)
    task = Task.objects.create(
        kind="new",
        group=pending,
        decision="refused",
        decided_by=person,
        decision_reason="Not yet.",
        decided_at=NOW,
        asked_by=person,
        asked_at=NOW,
        question="Who are you?",
        taken_by=person,
    )
    Task.objects.create(
        kind="take_over", group=group, person=person, words=f"I am {name}, {ADDRESS}."
    )
    Task.objects.create(kind="report", group=group, reason="wrong", reporter=ADDRESS, words="Old.")
    queue_mail("login_code", key="1", person=person, context={"code": "1"}, is_asked=True)
    queue_mail("login_code", key="2", receiver=ADDRESS, context={"code": "1"}, is_asked=True)
    for number, outcome in enumerate(["queued", "sent", "unknown"]):
        Mail.objects.create(
            key=f"message {number}",
            person=other,
            receiver=other.email,
            reply_to=ADDRESS,
            subject="Hello",
            text="" if outcome == "sent" else f"Answer to {ADDRESS}",
            outcome=outcome,
            sent_at=NOW if outcome == "sent" else None,
        )
    draft = Draft.objects.create(email=ADDRESS, typed={"contact_email": ADDRESS})
    make_link(Link.Purpose.DRAFT, draft=draft)
    EcosystemRequest.objects.create(keyword="x", name="X", words=ADDRESS, person=person)
    make_link(Link.Purpose.EDIT, person=person, group=group)
    make_link(Link.Purpose.ANSWER, person=person, group=pending, task=task)
    make_helpers_life(person, group, name)
    Authenticator.objects.create(user=person, type="totp", data={"secret": ADDRESS})
    for repr_, message in [
        (str(person), ""),
        (f"{person} → {group}", ""),
        (
            str(group),
            json.dumps([{"added": {"name": "facilitator", "object": f"{person} → {group}"}}]),
        ),
        (str(group), json.dumps([{"changed": {"fields": [ADDRESS]}}])),
    ]:
        LogEntry.objects.create(
            user=operator, object_repr=repr_, action_flag=1, change_message=message
        )
    return person, group


# ── Erased ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [NAME, ""])
def test_erasing_leaves_no_trace_of_the_person_in_any_table(name):
    person, _group = make_whole_life(name)
    assert places_of(ADDRESS) >= {"groups_person.email", "groups_mail.reply_to", "groups_mail.text"}

    privacy.erase(person, NOW)

    assert places_of(ADDRESS) == set()
    assert places_of(NAME) == set()


def test_erasing_forgets_what_the_operators_log_says_of_an_earlier_name():
    person = make_person(ADDRESS, name="Ada King")
    LogEntry.objects.create(
        user=make_person("operator@example.org"),
        content_type=ContentType.objects.get_for_model(Person),
        object_id=str(person.pk),
        object_repr=NAME,
        action_flag=2,
    )

    privacy.erase(person, NOW)

    assert places_of(NAME) == set()


def test_erasing_forgets_every_reference_to_the_person():
    person, _group = make_whole_life()
    pk = person.pk

    privacy.erase(person, NOW)

    assert [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model is Person
        and model._default_manager.filter(**{f"{field.name}_id": pk}).exists()
    ] == []


def test_erasing_keeps_what_was_done_without_who():
    person, group = make_whole_life()

    privacy.erase(person, NOW)

    acts = Revision.objects.filter(group=group, why="still_right")
    assert list(acts.values_list("by", flat=True)) == [None]
    assert Task.objects.get(kind="new").decision_reason == "Not yet."
    assert Task.objects.get(kind="report").words == "Old."
    assert Mail.objects.get(key="message 1").receiver == "bob@example.org"


def test_erasing_ends_an_offer_that_nobody_can_follow_up():
    person, group = make_whole_life()

    privacy.erase(person, NOW)

    offer = Task.objects.get(group=group, kind="take_over")
    assert (offer.decision, offer.words) == ("settled", "")


def test_erasing_asks_the_helpers_to_find_somebody_for_a_group_left_alone():
    person = make_person(ADDRESS)
    alone, shared, archived = make_group(), make_group(), make_group(activity="archived")
    for group in (alone, shared, archived):
        make_facilitator(group, person)
    make_facilitator(shared)

    privacy.erase(person, NOW)

    assert list(Task.objects.values_list("kind", "group")) == [("orphan", alone.pk)]
    assert list(Facilitator.objects.values_list("group", flat=True)) == [shared.pk]


def test_an_invitation_never_answered_is_gone_without_a_word_in_the_history():
    person, group = make_person(ADDRESS), make_group()
    make_facilitator(group, person, confirmed_at=None)
    before = Revision.objects.count()

    privacy.erase(person, NOW)

    assert (Revision.objects.count(), Task.objects.count()) == (before, 0)


def test_erasing_signs_out_everywhere_and_leaves_others_signed_in(rf):
    person, other = make_person(ADDRESS), make_person("bob@example.org")
    ends = [
        session_of(_auth_user_id=str(person.pk)),
        session_of(groups={"7": {"person": person.pk, "only_edit": False, "until": ""}}),
        session_of(account_login={"user_pk": None, "state": {"email": ADDRESS}}),
    ]
    stays = [
        session_of(_auth_user_id=str(other.pk)),
        session_of(groups={"7": {"person": None, "only_edit": True, "until": ""}}),
        session_of(),
    ]
    assert Session.objects.count() == len(ends) + len(stays)

    privacy.erase(person, NOW)

    assert set(Session.objects.values_list("pk", flat=True)) == set(stays)


def test_the_last_operator_stays_and_nothing_of_theirs_is_touched():
    operator = make_person("operator@example.org", is_staff=True, is_superuser=True)
    make_person("gone@example.org", is_staff=True, is_superuser=True, is_active=False)
    make_facilitator(make_group(), operator)

    with pytest.raises(privacy.LastOperator):
        privacy.erase(operator, NOW)

    assert Facilitator.objects.get().ended_at is None


def test_one_operator_of_two_may_go():
    operator = make_person("operator@example.org", is_staff=True, is_superuser=True)
    make_person("other@example.org", is_staff=True, is_superuser=True)

    privacy.erase(operator, NOW)

    assert list(Person.objects.values_list("email", flat=True)) == ["other@example.org"]


def test_erasing_that_fails_on_the_way_erases_nothing(monkeypatch):
    person, _group = make_whole_life()
    before = places_of(ADDRESS)
    monkeypatch.setattr(privacy, "end_sessions", lambda person, now: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        privacy.erase(person, NOW)

    assert places_of(ADDRESS) == before


def test_groups_left_alone_are_those_with_no_other_confirmed_facilitator():
    person = make_person(ADDRESS)
    alone, invited, shared, ended = (make_group() for _ in range(4))
    for group in (alone, invited, shared):
        make_facilitator(group, person)
    make_facilitator(ended, person, ended_at=NOW)
    make_facilitator(invited, confirmed_at=None)
    make_facilitator(shared)

    assert privacy.groups_left_alone(person) == [alone, invited]


# ── Given ───────────────────────────────────────────────────────────────────────────────────────


def test_the_export_holds_everything_that_leads_to_the_person():
    person, group = make_whole_life()

    given = privacy.export(person)

    assert given["person"]["email"] == ADDRESS
    assert {name: len(rows) for name, rows in given.items() if isinstance(rows, list)} == {
        "facilitator_of": 3,
        "roles": 2,
        "ecosystems_asked_for": 1,
        "acts": 1,
        "decisions": 1,
        "questions": 1,
        "proposals": 1,
        "reports": 1,
        "mails": 2,
        "messages": 3,
        "links": 2,
        "drafts": 1,
        "follows": 1,
        "digest": 1,
        "kind_words": 1,
        "outcomes_noted": 1,
        "help_asked_for": 1,
        "help_given": 1,
        "signs_noted": 1,
        "announcements": 1,
        "changes_of_indicators": 1,
        "alerts_taken": 1,
        "alerts_snoozed": 1,
        "alerts_closed": 1,
        "seasons_answered": 1,
        "sources_accepted": 1,
        "sources_stopped": 1,
        "check_ins": 1,
        "addresses_looked_at": 1,
    }
    assert given["acts"] == [
        {"group_short_name": group.short_name, "created_at": NOW, "why": "still_right"}
    ]
    json.dumps(given, cls=DjangoJSONEncoder)


def test_the_export_holds_nothing_that_opens_anything_and_nobody_else():
    person, _group = make_whole_life()
    secret = make_link(Link.Purpose.ERASE, person=person)

    given = json.dumps(privacy.export(person), cls=DjangoJSONEncoder)

    digests = Link.objects.values_list("secret_hash", flat=True)
    assert [each for each in (secret, *digests) if each in given] == []
    assert "bob@example.org" not in given
    assert "password" not in given


def test_the_export_knows_every_record_of_the_helpers_that_leads_to_a_person():
    make_whole_life()

    person = Person.objects.get(email=ADDRESS)
    # Each such column of the helpers is filled above, and so is counted in what is given.
    columns = [
        (model, field.name)
        for model in apps.get_app_config("helpers").get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Person
    ]
    assert len(columns) > 10
    assert [
        (model.__name__, name)
        for model, name in columns
        if not model._base_manager.filter(**{name: person}).exists()
    ] == []


def test_the_export_of_somebody_unknown_to_all_groups_is_short():
    given = privacy.export(make_person(ADDRESS))

    assert [name for name, rows in given.items() if rows] == ["person"]


# ── Promised ────────────────────────────────────────────────────────────────────────────────────

PAGES = ("/privacy/", "/en/privacy/")


def numbers_on(client, address):
    text = " ".join(text_of(parsed(client.get(address).text)[0]).split())
    return {int(number) for number in re.findall(r"\d+", text)}


@pytest.mark.parametrize("address", PAGES)
def test_the_page_promises_what_the_code_keeps(client, address):
    shown = numbers_on(client, address)

    assert shown >= set(privacy.how_long().values())
    assert {
        access.LASTS // timedelta(hours=1),
        DRAFT_KEPT.days,
        links.VALID_FOR[Link.Purpose.STILL_RIGHT].days,
        settings.SESSION_COOKIE_AGE // 86400,
        settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        tidying.LINKS_KEPT.days,
        tidying.MAILS_KEPT.days,
        tidying.PROBLEMS_KEPT.days,
        tidying.REPORTERS_KEPT.days,
        tidying.STRANGERS_KEPT.days,
    } <= shown


@pytest.mark.parametrize("address", PAGES)
def test_the_page_follows_a_change_of_the_code(client, address, monkeypatch):
    for number, (module, name) in enumerate(
        [
            (privacy, "DRAFT_KEPT"),
            (tidying, "LINKS_KEPT"),
            (tidying, "MAILS_KEPT"),
            (tidying, "PROBLEMS_KEPT"),
            (tidying, "REPORTERS_KEPT"),
            (tidying, "STRANGERS_KEPT"),
        ],
        start=871,
    ):
        monkeypatch.setattr(module, name, timedelta(days=number))
    monkeypatch.setattr(access, "LASTS", timedelta(hours=877))
    monkeypatch.setitem(links.VALID_FOR, Link.Purpose.EDIT, timedelta(days=878))

    assert numbers_on(client, address) >= set(range(871, 879))


def test_no_link_lasts_longer_than_the_page_says():
    longest = max(*links.VALID_FOR.values(), links.OTHERS_VALID_FOR)

    assert longest == timedelta(days=privacy.how_long()["links"])


def test_the_key_of_a_network_is_gone_a_day_later(rf):
    limits.network_of(rf.get("/"), now=NOW)

    tidying.tidy(NOW + timedelta(hours=privacy.how_long()["network_hours"]))

    assert not NetworkKey.objects.exists()


@pytest.mark.parametrize("address", PAGES)
def test_the_page_says_who_answers(client, address, settings):
    without = client.get(address)
    settings.CONTACT_EMAIL = "we@directory.example"
    with_address = client.get(address)

    assert "mailto:" not in without.text
    assert 'href="mailto:we@directory.example"' in with_address.text


def test_every_page_leads_to_the_one_about_privacy(client):
    assert 'href="/privacy/"' in client.get("/").text
    assert 'href="/en/privacy/"' in client.get("/en/groups/").text

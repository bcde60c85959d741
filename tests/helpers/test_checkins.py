"""Who is asked about what, and when: once a month, once in all."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from groups.links import digest
from groups.mail.composing import compose
from groups.models import Facilitator, Group, Mail, Pause
from helpers import recording
from helpers.checkins import FOLLOWED_FOR, LASTS, RESTS, ask, find, questions_due
from helpers.models import CheckIn, Nudge, Rhythm
from helpers.refreshing import refresh
from tests.factories import make_facilitator, make_group, make_mail, make_person
from tests.helpers.factories import DAY, NOW, TODAY, every, make_source
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)
LONG_AGO = NOW - 400 * DAY


def make_asked_group(*people, quiet_for=45, followed_for=400, **fields):
    """Make an active group whose meetings, noted by hand, are late; the rest is unknown."""
    group = make_group(**{"reviewed_at": LONG_AGO, **fields})
    for person in people:
        make_facilitator(group, person, confirmed_at=LONG_AGO)
    refresh(NOW)
    days = every(30, times=6, last=TODAY - quiet_for * DAY)
    recording.see(group, "meetings", days, now=NOW - quiet_for * DAY)
    Rhythm.objects.filter(group=group).update(since=TODAY - followed_for * DAY)
    refresh(NOW)
    return group


def asked():
    """Return what people are asked: [(address, group, indicators)]."""
    rows = CheckIn.objects.order_by("person", "group__name_key")
    return [(each.person.email, each.group.name, each.indicators) for each in rows]


@pytest.fixture
def ada():
    return make_person("ada@example.org", name="Ada", language="en")


@pytest.fixture
def ben():
    return make_person("ben@example.org", name="Ben", language="fr")


# About what


def test_what_is_late_or_unknown_is_asked_in_order(ada):
    make_asked_group(ada, name="Velo")

    assert ask(NOW) == {"mails": 1, "questions": 5}
    five = ["follow_up", "meetings", "news", "discussion", "space"]
    assert asked() == [("ada@example.org", "Velo", five)]


@pytest.mark.parametrize(
    ("quiet_for", "status", "is_asked"),
    [(40, "on_track", False), (41, "late", True), (60, "late", True), (61, "silent", True)],
)
def test_meetings_are_asked_about_from_the_day_they_are_late(ada, quiet_for, status, is_asked):
    group = make_asked_group(ada, quiet_for=quiet_for)

    assert Rhythm.objects.get(group=group, indicator="meetings").status == status
    due = questions_due(NOW).filter(indicator="meetings")
    assert due.exists() == is_asked


def test_what_a_source_tells_is_not_asked(ada):
    group = make_asked_group(ada)
    make_source(group, indicator="meetings")
    make_source(group, indicator="news", accepted=False)
    make_source(group, indicator="space", stopped_at=NOW)

    ask(NOW)

    assert CheckIn.objects.get().indicators == ["follow_up", "news", "discussion", "space"]


def test_what_has_ended_by_choice_is_not_asked(ada):
    group = make_asked_group(ada)
    recording.end_indicator(group, "news", by=ada, now=NOW)

    ask(NOW)

    assert "news" not in CheckIn.objects.get().indicators


@pytest.mark.parametrize(("days", "is_asked"), [(29, False), (30, True)])
def test_what_nobody_knows_is_asked_once_it_was_followed_for_a_month(ada, days, is_asked):
    make_asked_group(ada, followed_for=days)

    assert FOLLOWED_FOR == 30 * DAY
    assert questions_due(NOW).filter(indicator="news").exists() == is_asked
    assert questions_due(NOW).filter(indicator="meetings").exists()


@pytest.mark.parametrize(
    ("accepted", "is_asked"), [(NOW - 30 * DAY + MOMENT, False), (NOW - 30 * DAY, True)]
)
def test_a_group_accepted_late_is_asked_a_month_after_that(ada, accepted, is_asked):
    make_asked_group(ada, reviewed_at=accepted)

    assert questions_due(NOW).filter(indicator="news").exists() == is_asked


def test_what_was_said_to_be_nothing_new_is_not_asked_for_four_weeks(ada):
    group = make_asked_group(ada)
    rhythm = Rhythm.objects.get(group=group, indicator="meetings")
    recording.cover(rhythm, TODAY, by=ada, now=NOW)

    for days, is_asked in ((27, False), (28, True)):
        due = questions_due(NOW + days * DAY)
        assert due.filter(indicator="meetings").exists() == is_asked


def test_where_there_is_nothing_to_ask_no_mail_is_sent(ada):
    group = make_asked_group(ada, quiet_for=10)
    for indicator in ("news", "follow_up", "discussion", "space"):
        recording.see(group, indicator, {TODAY: 1}, now=NOW)

    assert ask(NOW) == {}
    assert not Mail.objects.exists()


# Whom


@pytest.mark.parametrize(
    "fields",
    [
        {"activity": "preparing"},
        {"activity": "asleep"},
        {"activity": "archived"},
        {"review": "pending"},
        {"review": "refused", "review_reason": "No."},
    ],
)
def test_only_active_groups_of_the_directory_are_asked(ada, fields):
    group = make_asked_group(ada)
    Group.objects.filter(pk=group.pk).update(**fields)

    assert ask(NOW) == {}


@pytest.mark.parametrize(
    ("days", "mails"),
    [
        ({"until_day": TODAY}, 0),
        ({"until_day": TODAY - DAY}, 1),
        ({"review_on": TODAY}, 0),
        ({"review_on": TODAY - DAY}, 1),
    ],
)
def test_a_group_that_pauses_is_left_in_peace(ada, days, mails):
    group = make_asked_group(ada)
    Pause.objects.create(group=group, from_day=TODAY - 9 * DAY, **days)

    assert ask(NOW)["mails"] == mails


@pytest.mark.parametrize("fields", [{"confirmed_at": None}, {"ended_at": LONG_AGO}])
def test_only_confirmed_facilitators_of_now_are_asked(ada, ben, fields):
    group = make_asked_group(ada)
    Facilitator.objects.create(group=group, person=ben, **{"confirmed_at": LONG_AGO, **fields})

    ask(NOW)

    assert [address for address, *_what in asked()] == ["ada@example.org"]


@pytest.mark.parametrize("field", ["is_active", "wants_reminders"])
def test_who_was_shut_out_or_wants_no_reminders_is_not_asked(ada, ben, field):
    make_asked_group(ada, ben)
    setattr(ada, field, False)
    ada.save()

    ask(NOW)

    assert [address for address, *_what in asked()] == ["ben@example.org"]
    assert Mail.objects.count() == 1


# Once


def test_everybody_gets_one_mail_for_all_their_groups(ada, ben):
    make_asked_group(ada, ben, name="Bus")
    make_asked_group(ada, name="Abri")

    assert ask(NOW)["mails"] == 2

    mail = Mail.objects.get(person=ada)
    assert (mail.subject, mail.is_asked) == ("How are your 2 groups doing?", False)
    assert mail.text.index("Abri") < mail.text.index("Bus")
    assert [name for address, name, _what in asked() if address == ada.email] == ["Abri", "Bus"]


def test_asked_again_nobody_is_asked_twice(ada):
    make_asked_group(ada)

    assert [ask(NOW)["mails"], ask(NOW)["mails"], ask(NOW + DAY)["mails"]] == [1, 0, 0]


@pytest.mark.parametrize(
    ("first", "later", "mails"),
    [
        # The same month, however long ago; another one, but a few days later; both are over.
        (datetime(2026, 10, 1, 10, tzinfo=UTC), datetime(2026, 10, 31, 10, tzinfo=UTC), 0),
        (datetime(2026, 10, 31, 10, tzinfo=UTC), datetime(2026, 11, 1, 10, tzinfo=UTC), 0),
        (NOW + 10 * DAY, NOW + 10 * DAY + RESTS - MOMENT, 0),
        (NOW + 10 * DAY, NOW + 10 * DAY + RESTS, 1),
    ],
)
def test_a_month_lies_between_two_mails(ada, first, later, mails):
    make_asked_group(ada)
    ask(first)

    assert ask(later)["mails"] == mails


def test_a_few_at_a_time_everybody_comes_to_their_turn(ada, ben):
    make_asked_group(ada, ben)

    assert [ask(NOW, most=1)["mails"] for _ in range(3)] == [1, 1, 0]


def test_killed_before_the_end_nobody_was_asked(ada, monkeypatch):
    make_asked_group(ada)
    with monkeypatch.context() as patch:
        patch.setattr("helpers.checkins.queue_mail", lambda *args, **fields: interrupt())
        with pytest.raises(KeyboardInterrupt):
            ask(NOW)

    assert not CheckIn.objects.exists()
    assert ask(NOW)["mails"] == 1


def test_where_its_mail_has_left_already_no_question_is_made(ada):
    make_asked_group(ada)
    make_mail(person=ada, key=f"checkin:{ada.pk}:2026-10")

    assert ask(NOW) == {}
    assert not CheckIn.objects.exists()


def interrupt():
    raise KeyboardInterrupt


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ask_each_person_once(shared, ada, ben):
    make_asked_group(ada, ben)
    make_asked_group(ada)

    assert at_once(shared, *[lambda: ask(NOW)] * 3) == []

    assert Mail.objects.count() == 2
    assert CheckIn.objects.count() == 3


@pytest.mark.parametrize("occasion", ["month", "nudge"])
def test_the_database_keeps_a_second_one_out(ada, occasion):
    group = make_group()
    nudge = Nudge.objects.create(group=group, text="Hello")
    about = {"month": date(2026, 10, 1)} if occasion == "month" else {"nudge": nudge}
    fields = {"person": ada, "group": group, "expires_at": NOW, **about}
    CheckIn.objects.create(secret_hash="1", **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(secret_hash="2", **fields)
    CheckIn.objects.create(secret_hash="3", is_another=True, **fields)


def test_the_database_wants_an_occasion(ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.create(person=ada, group=make_group(), expires_at=NOW)


# What it costs


@pytest.mark.parametrize("groups", [1, 4])
def test_asking_a_person_costs_the_same_for_any_number_of_groups(
    ada, groups, django_assert_num_queries
):
    for _number in range(groups):
        make_asked_group(ada)

    # Whom, their groups, what about; a savepoint begun and ended, the person, what is known, the
    # check-ins; the mail: when it may leave, known?, a savepoint begun and ended, itself.
    with django_assert_num_queries(13):
        ask(NOW)


# The mail


def secret_in(mail):
    return re.search(r"/checkin/([\w-]+)/", mail.text)[1]


def test_the_secret_leaves_by_mail_only(ada):
    make_asked_group(ada)
    ask(NOW)

    check_in = find(secret_in(Mail.objects.get()))
    assert check_in == CheckIn.objects.get()
    assert check_in.secret_hash == digest(secret_in(Mail.objects.get()))
    assert check_in.expires_at == NOW + LASTS
    assert find("A" * 32) is None


@pytest.mark.parametrize(
    ("language", "subject", "meetings", "news", "held", "path"),
    [
        (
            "en",
            "How is “Velo” doing?",
            "Meetings: did one take place since 17 August?",
            "News: was any published lately?",
            "Yes, it took place:",
            ":8000/en/checkin/",
        ),
        (
            "fr",
            "Comment va « Velo » ?",
            "Rencontres : il y en a eu une depuis le 17 août ?",
            "Actualités : il y en a eu récemment ?",
            "Oui, elle a eu lieu :",
            ":8000/checkin/",
        ),
    ],
)
def test_the_mail_asks_in_the_language_of_its_reader(
    ada, language, subject, meetings, news, held, path
):
    ada.language = language
    ada.save()
    make_asked_group(ada, name="Velo")
    ask(NOW)

    mail = Mail.objects.get()
    text = mail.text.replace("\u202f", " ").replace("\xa0", " ")
    assert mail.subject.replace("\u202f", " ").replace("\xa0", " ") == subject
    for words in (meetings, news, held):
        assert words in text
    assert path + secret_in(mail) + "/?meetings=held" in mail.text
    for address in re.findall(r"https?://\S+", mail.text):
        assert f'href="{address}"' in mail.html


def test_it_waits_for_the_mail_of_the_day_and_says_how_to_stop(ada):
    make_asked_group(ada)
    ask(NOW)

    message = compose([Mail.objects.get()])

    assert message.extra_headers["List-Unsubscribe"].startswith("<http")


def test_no_other_facilitator_is_named(ada, ben):
    make_asked_group(ada, ben)
    ask(NOW)

    mail = Mail.objects.get(person=ada)
    assert "ben@" not in mail.text + mail.html

"""The page of a check-in: who opens it, what looking and sending do, what is said of bad input."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from groups.links import digest
from groups.models import Facilitator, Mail, Pause, Person
from helpers import recording
from helpers.local_days import today_of
from helpers.models import (
    Announcement,
    CheckIn,
    HelpRequest,
    Nudge,
    Rhythm,
    Sighting,
    Transition,
)
from tests.factories import make_facilitator, make_group, make_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECRET = "s" * 32
ADDRESS = f"/en/checkin/{SECRET}/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ada():
    return make_person("ada@example.org", language="en")


@pytest.fixture
def group(now, ada):
    group = make_group(name="Velo")
    make_facilitator(group, ada)
    today = today_of(group, now)
    days = {today - (70 + 30 * each) * DAY: 1 for each in range(6)}
    recording.see(group, "meetings", days, now=now)
    recording.rhythms_of(group, now)
    return group


@pytest.fixture
def check_in(now, group, ada):
    return CheckIn.objects.create(
        person=ada,
        group=group,
        month=now.date(),
        indicators=["meetings", "news"],
        secret_hash=digest(SECRET),
        asked_at=now,
        expires_at=now + 60 * DAY,
    )


@pytest.fixture
def today(now, group):
    return today_of(group, now)


def everything():
    """Return every row of every table that an answer could change."""
    rows = {}
    models = (Announcement, CheckIn, HelpRequest, Mail, Nudge, Pause, Rhythm, Sighting, Transition)
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY 1")
            rows[model.__name__] = cursor.fetchall()
        cursor.execute("SELECT * FROM django_session")
        rows["sessions"] = cursor.fetchall()
    return rows


# Looking


@pytest.mark.parametrize(
    "query",
    ["", "?meetings=held", "?meetings=stopped&pausing=1&help=1", "?thanks=1", "?meetings=nonsense"],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client, check_in, method, query):
    before = everything()

    response = getattr(client, method)(ADDRESS + query)

    assert response.status_code == 200
    assert everything() == before


def test_the_page_is_kept_nowhere_and_tells_its_address_to_nobody(client, check_in):
    response = client.get(ADDRESS)

    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', response.text)
    assert "sessionid" not in response.cookies


def test_a_link_of_the_mail_chooses_an_answer(client, check_in):
    text = client.get(ADDRESS + "?meetings=held&pausing=1").text

    checked = re.findall(r"<input[^>]* checked[^>]*>", text)
    assert [re.search(r'name="(\w+)"', each)[1] for each in checked] == ["meetings", "pausing"]
    assert 'value="held"' in checked[0]


def test_only_choices_can_be_chosen_by_a_link(client, check_in):
    query = "?words=planted&until=2027-01-01&meetings-stopped=planted"
    text = client.get(ADDRESS + query).text.partition("<main")[2]

    assert "planted" not in text
    assert "2027-01-01" not in text


def test_today_is_proposed_and_a_day_to_come_is_not(client, check_in, today):
    text = client.get(ADDRESS).text

    field = re.search(r'<input[^>]*name="meetings-held"[^>]*>', text)[0]
    assert f'value="{today}"' in field
    assert f'max="{today}"' in field


@pytest.mark.parametrize(
    ("path", "question"),
    [
        ("/en/checkin/", "News: was any published lately?"),
        ("/checkin/", "Actualités : il y en a eu récemment ?"),
    ],
)
def test_it_is_written_in_both_languages(client, check_in, path, question):
    text = unescape(client.get(f"{path}{SECRET}/").text)

    assert question in text.replace("\u202f", " ").replace("\xa0", " ")


# Sending


def test_one_button_answers_everything(client, check_in, ada, today):
    sent = {
        "meetings": "held",
        "meetings-held": str(today - 2 * DAY),
        "news": "never",
        "help": "on",
        "occasion": "reorganising",
        "words": "Who could join us?",
    }
    response = client.post(ADDRESS, sent, follow=True)

    assert response.redirect_chain == [(f"{ADDRESS}?thanks=1", 302)]
    assert Sighting.objects.get(person=ada).day == today - 2 * DAY
    assert Rhythm.objects.get(indicator="news").ended_on == today
    assert HelpRequest.objects.get().words == "Who could join us?"
    text = unescape(response.text)
    assert "Somebody gets back to you." in text
    assert "Meetings usually every 3" in text
    assert "Ended by choice on" in text
    assert "On track" in text


def test_a_date_and_a_pause_are_noted(client, check_in, today):
    sent = {
        "meetings": "ahead",
        "meetings-ahead": str(today + 9 * DAY),
        "pausing": "on",
        "until": str(today + 5 * DAY),
    }
    client.post(ADDRESS, sent)

    assert Announcement.objects.get().day == today + 9 * DAY
    assert Pause.objects.get().until_day == today + 5 * DAY


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("which", ["held", "ahead", "pausing"])
def test_the_days_the_form_allows_can_be_recorded_anywhere(client, check_in, group, name, which):
    type(group).objects.filter(pk=group.pk).update(time_zone=name)
    field = {"pausing": "until"}.get(which, f"meetings-{which}")
    shown = re.search(rf'<input[^>]*name="{field}"[^>]*>', client.get(ADDRESS).text)[0]
    chosen = {"pausing": "on"} if which == "pausing" else {"meetings": which}

    for end in ("min", "max"):
        day = re.search(rf'{end}="([\d-]+)"', shown)[1]
        assert client.post(ADDRESS, {**chosen, field: day}).status_code == 302


def test_nothing_new_is_an_answer(client, check_in, today):
    client.post(ADDRESS, {"meetings": "nothing"})

    assert Rhythm.objects.get(indicator="meetings").noted_through == today
    check_in.refresh_from_db()
    assert check_in.answered_at is not None


def test_answered_once_the_answers_are_shown_and_can_be_corrected(client, check_in, ada, today):
    first = {"meetings": "stopped", "meetings-stopped": "No hall.", "help": "on", "words": "Oh!"}
    client.post(ADDRESS, {**first, "occasion": "difficulty"})

    text = client.get(ADDRESS).text
    assert "You have answered already." in text
    assert 'value="No hall."' in text
    assert "Oh!" in text
    client.post(ADDRESS, {"meetings": "held", "meetings-held": str(today)})
    assert Rhythm.objects.get(indicator="meetings").status == "on_track"
    assert HelpRequest.objects.get().settled_by == ada
    # Not “since today”: that is the answer.
    assert "Meetings: did one take place lately?" in client.get(ADDRESS).text


def test_a_day_that_is_over_meanwhile_is_not_shown_as_one_to_come(client, check_in, today):
    over = str(today - DAY)
    CheckIn.objects.update(
        effects={
            "meetings": {"answer": "ahead", "day": over, "pk": None},
            "pausing": {"answer": "pausing", "day": over, "pk": None},
        }
    )

    text = client.get(ADDRESS).text

    assert over not in text
    assert " checked" not in text.partition("<main")[2]


def test_answering_opens_nothing_else(client, check_in, group):
    """The link is good for sixty days and many times, so it is good for answering alone."""
    client.post(ADDRESS, {"meetings": "nothing"})

    assert "sessionid" not in client.cookies
    assert client.get(f"/en/helpers/groups/{group.short_name}/").status_code == 302


def test_the_form_is_guarded_against_forgery(check_in):
    client = Client(enforce_csrf_checks=True)
    assert client.post(ADDRESS, {"meetings": "nothing"}).status_code == 403

    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(ADDRESS).text)[1]
    sent = {"meetings": "nothing", "csrfmiddlewaretoken": token}
    # The page tells no referrer, so browsers send its form without an origin.
    assert client.post(ADDRESS, sent, headers={"origin": "null"}).status_code == 302


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, check_in, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


# Bad input

CASES = [
    ({}, "Nothing is chosen yet"),
    ({"meetings": "held", "meetings-held": ""}, "Choose a day."),
    ({"meetings": "held", "meetings-held": "yesterday"}, "Write the day like this"),
    ({"meetings": "held", "meetings-held": "2199-01-01"}, "Choose a day that has passed"),
    ({"meetings": "held", "meetings-held": "1970-01-01"}, "Choose a day that has passed"),
    ({"meetings": "ahead", "meetings-ahead": "2020-01-01"}, "Choose a day to come"),
    ({"meetings": "ahead", "meetings-ahead": "2199-01-01"}, "Choose a day to come"),
    ({"pausing": "on"}, "Choose a day."),
    ({"pausing": "on", "until": "2020-01-01"}, "Choose a day to come"),
    ({"meetings": "perhaps"}, "perhaps"),
    ({"meetings": "stopped", "meetings-stopped": "x" * 201}, "200"),
    ({"help": "on", "occasion": "money"}, "money"),
]


@pytest.mark.parametrize(("sent", "sentence"), CASES)
def test_what_cannot_be_understood_is_said_and_nothing_is_lost(client, check_in, sent, sentence):
    before = everything()

    response = client.post(ADDRESS, {"words": "Kept words", **sent})

    text = unescape(response.text)
    assert response.status_code == 422
    assert sentence in text
    assert 'role="alert"' in text
    assert "Kept words" in text
    assert [value for value in sent.values() if value not in text] == []
    assert everything() == before


def test_a_mistake_in_a_field_nobody_chose_is_no_mistake(client, check_in):
    sent = {"meetings": "nothing", "meetings-held": "32 May", "until": "never", "occasion": "x"}

    assert client.post(ADDRESS, sent).status_code == 302


def test_text_is_shown_as_text(client, check_in):
    sent = {"meetings": "stopped", "meetings-stopped": "<b>\x00no</b>"}
    text = client.post(ADDRESS, sent, follow=True).text

    assert "<b>" not in text


# Whom it opens to


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_secret_opens_nothing(client, check_in, method):
    before = everything()

    response = getattr(client, method)("/en/checkin/" + "f" * 32 + "/", {"meetings": "nothing"})

    assert response.status_code == 404
    assert "Velo" not in response.text
    assert everything() == before


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Facilitator, {"ended_at": timezone.now()}),
        (Facilitator, {"confirmed_at": None}),
        (Person, {"is_active": False}),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_facilitates_no_more_answers_no_more(client, check_in, method, model, fields):
    model.objects.update(**fields)
    before = everything()

    response = getattr(client, method)(ADDRESS, {"meetings": "nothing"})

    assert response.status_code == 410
    assert everything() == before


@pytest.mark.parametrize(("left", "status"), [(timedelta(minutes=1), 200), (-DAY, 410)])
def test_it_lasts_until_the_day_it_says(client, check_in, now, left, status):
    CheckIn.objects.update(expires_at=now + left)

    assert client.get(ADDRESS).status_code == status


# Too old


@pytest.fixture
def too_old(check_in, now):
    CheckIn.objects.update(expires_at=now - DAY)
    return check_in


def test_one_that_is_too_old_records_nothing(client, too_old):
    before = everything()

    assert client.post(ADDRESS, {"meetings": "nothing"}).status_code == 410
    assert everything() == before


def test_one_that_is_too_old_offers_another_to_the_same_address(client, too_old, today):
    assert "Send me a new one" in client.get(ADDRESS).text

    client.post(ADDRESS, {"another": "1"})

    mail = Mail.objects.get()
    assert (mail.receiver, mail.is_asked) == ("ada@example.org", True)
    secret = re.search(r"/checkin/([\w-]+)/", mail.text)[1]
    assert secret != SECRET
    sent = {"meetings": "held", "meetings-held": str(today)}
    assert client.post(f"/en/checkin/{secret}/", sent).status_code == 302
    assert Rhythm.objects.get(indicator="meetings").status == "on_track"


def test_another_for_a_kind_word_answers_that_word(client, too_old):
    nudge = Nudge.objects.create(group=too_old.group, text="Hello")
    CheckIn.objects.update(nudge=nudge, month=None)

    client.post(ADDRESS, {"another": "1"})
    secret = re.search(r"/checkin/([\w-]+)/", Mail.objects.get().text)[1]
    client.post(f"/en/checkin/{secret}/", {"meetings": "stopped"})

    nudge.refresh_from_db()
    assert nudge.outcome == "stopped"


def test_who_facilitates_no_more_gets_no_other(client, too_old, now):
    Facilitator.objects.update(ended_at=now)

    response = client.post(ADDRESS, {"another": "1"}, follow=True)

    assert "If it may still open something" in response.text
    assert not Mail.objects.exists()


def test_a_few_in_an_hour_are_enough(client, too_old):
    statuses = [client.post(ADDRESS, {"another": "1"}).status_code for _ in range(4)]

    assert statuses == [302, 302, 302, 429]
    assert Mail.objects.count() == 3


# What it costs


@pytest.mark.parametrize("indicators", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_questions(
    client, check_in, django_assert_num_queries, indicators
):
    five = ["follow_up", "meetings", "news", "discussion", "space"]
    CheckIn.objects.update(indicators=five[:indicators])

    # The check-in, whether its person still facilitates, what is known of the group.
    with django_assert_num_queries(3):
        client.get(ADDRESS)

"""Registering a group through its pages, as a browser without JavaScript sends them."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from groups.drafts import resume
from groups.forms.sender import SenderForm
from groups.links import find_link
from groups.models import (
    CharterRule,
    Draft,
    Ecosystem,
    Facilitator,
    Group,
    Link,
    Mail,
    Membership,
    Submission,
)
from tests.factories import make_ecosystem, make_group, stamped
from tests.forms_of import forms_of
from tests.groups.forms.test_entry import EVERYTHING, FOUR, picture
from tests.kept import kept, made_again
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

ADDRESS = "/groups/new/"
DONE = "/groups/new/done/"
TOKEN = "t" * 32


def post(client, do, typed=FOUR, *, address=ADDRESS, age=timedelta(minutes=1), **more):
    """Press the button ``do`` with the whole form as a browser sends it."""
    data = stamped({"token": TOKEN, **typed, **more, "do": do}, SenderForm, age=age)
    return client.post(address, data)


def form_on(response):
    """Return the one form of a page that registers."""
    [form] = [each for each in forms_of(response.text, ADDRESS) if "token" in each.fields]
    return form


def carried(response):
    """Return what the form of a page would send again, without what every form has."""
    return {
        name: values[0]
        for name, values in form_on(response).fields.items()
        if values and name not in ("stamp", "website", "csrfmiddlewaretoken")
    }


def send(client, typed=FOUR, **more):
    """Go both steps, and return the answer to the second."""
    read = carried(post(client, "check", typed))
    return post(client, "send", read, **more)


def walked_to_the_end(client, **more):
    response = send(client, **more)
    assert (response.status_code, response["Location"]) == (302, DONE)
    return client.get(DONE)


# The first step


@pytest.mark.parametrize(("address", "language"), [(ADDRESS, "fr"), (f"/en{ADDRESS}", "en")])
def test_the_form_is_a_whole_page_in_both_languages(client, address, language):
    response = client.get(address)

    assert problems_of(response.text, language=language) == []
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == (
        "private, no-cache",
        "noindex, nofollow",
    )


def test_the_form_is_light(client):
    for number in range(80):
        make_group(keywords=[f"un mot assez long {number}"])

    assert len(gzip.compress(client.get(ADDRESS).content)) < 15_000


@pytest.mark.parametrize("groups", [1, 3])
def test_the_form_costs_the_same_for_any_number_of_groups(
    client, groups, django_assert_num_queries
):
    for number in range(groups):
        make_group(keywords=[f"mot {number}"])

    # The most frequent keywords.
    with django_assert_num_queries(1):
        client.get(ADDRESS)


def test_reading_the_form_sets_nothing_but_the_cookie_of_forms(client):
    client.get(ADDRESS)

    assert list(client.cookies) == ["csrf"]


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client):
    typed = {**EVERYTHING, "name": "", "home_url": "not <a> page", "unknown": "x"}

    response = post(client, "check", typed)

    assert response.status_code == 422
    assert "Donnez son nom au groupe." in response.text
    assert problems_of(response.text, language="fr") == []
    kept_again = carried(response)
    assert {name: kept_again.get(name) for name in typed} == {**typed, "unknown": None}


def test_a_section_with_an_error_is_open(client):
    response = post(client, "check", {**FOUR, "home_url": "nothing"})

    assert 'id="section-links" open>' in response.text
    assert 'id="section-place">' in response.text


def test_one_more_partner_is_a_row_more_and_judges_nothing(client):
    response = post(client, "partner", {"partner_0_name": "Mairie", "home_url": "nothing"})

    assert response.status_code == 200
    assert "field--error" not in response.text
    assert carried(response)["partner_0_name"] == "Mairie"
    assert "partner_3_name" in carried(response)
    assert 'id="section-partners" open>' in response.text


def test_a_picture_is_not_lost_by_asking_for_one_more_partner(client):
    response = post(client, "partner", {}, banner=picture())

    assert carried(response)["banner_kept"].startswith("banners/")


def test_a_file_that_is_no_picture_is_said_at_once(client):
    response = post(client, "partner", {}, banner=SimpleUploadedFile("a.png", b"text"))

    assert response.status_code == 422
    assert 'id="section-pictures" open>' in response.text


def test_the_description_is_shown_as_it_will_be(client):
    response = post(client, "describe", {"description": "**Ensemble** <script>x</script>"})

    assert "<strong>Ensemble</strong>" in response.text
    assert "<script>x" not in response.text
    assert 'id="section-description" open>' in response.text


# The second step


def test_the_second_step_shows_the_group_and_carries_everything(client):
    response = post(client, "check", EVERYTHING)

    assert response.status_code == 200
    assert problems_of(response.text, language="fr") == []
    assert "<strong>ensemble</strong>" in response.text
    assert '<h3 class="card__title">' in response.text
    read = carried(response)
    assert {name: read.get(name) for name in EVERYTHING} == EVERYTHING
    assert Group.objects.count() == 0


def test_lines_of_the_description_are_carried(client):
    response = post(client, "check", {**FOUR, "description": 'One.\r\n\r\n- Two <b>\r\n- "Three"'})

    assert carried(response)["description"] == 'One.\n\n- Two <b>\n- "Three"'


def test_an_approximate_position_is_shown_no_more_exactly_than_it_will_be(client):
    page = post(client, "check", EVERYTHING).text

    assert "6,5 / 2,6" in page


def test_changing_something_brings_everything_back(client):
    read = carried(post(client, "check", EVERYTHING))

    response = post(client, "change", read)

    assert response.status_code == 200
    again = carried(response)
    assert {name: again.get(name) for name in EVERYTHING} == EVERYTHING


def test_a_short_name_that_was_left_out_is_shown_before_it_is_sent(client):
    response = post(client, "check", {**FOUR, "short_name": ""})

    assert "/jardins-de-la-lagune" in response.text
    assert carried(response)["short_name"] == "jardins-de-la-lagune"


def test_duplicates_are_published_groups_only(client):
    make_group(name="Jardins de la Lagune", short_name="known", tagline="Known to all.")
    make_group(
        name="Jardins de la Lagune", short_name="planted", tagline="Planted.", review="pending"
    )

    page = post(client, "check").text

    assert "Est-ce l’un de ceux-ci" in page
    assert "/groups/known/" in page
    assert "planted" not in page.lower()


def test_another_group_has_no_duplicates(client):
    make_group(name="Repair Café Cotonou")

    assert "Est-ce l’un" not in post(client, "check").text


# Sending


def test_four_answers_register_a_group_and_show_a_link_once(client):
    page = walked_to_the_end(client).text

    group = Group.objects.get()
    secret = page.partition("/l/")[2].partition("/")[0]
    assert (group.name, group.review) == ("Jardins de la Lagune", "pending")
    assert find_link(secret).group == group
    assert problems_of(page, language="fr") == []
    assert made_again() == kept()


def test_everything_is_registered(client):
    make_ecosystem("rivages", rules=["Open to all."])
    ecosystem = Ecosystem.objects.get()
    typed = carried(post(client, "check", EVERYTHING, banner=picture()))
    read = carried(post(client, "check", typed))

    response = post(client, "send", read, **{f"charter_{ecosystem.pk}": "1"})

    assert response["Location"] == DONE
    group = Group.objects.get()
    assert group.banner.name.startswith("banners/")
    assert sorted(group.services.values_list("kind", flat=True)) == ["follow_up", "home", "members"]
    assert (group.latitude, group.longitude) == (6.5, 2.6)
    assert Membership.objects.get().status == "accepted"
    assert made_again() == kept()


def test_with_an_address_the_next_step_is_the_mail_and_no_link_is_shown(client):
    page = walked_to_the_end(client, email="ada@example.org", sender_name="Ada").text

    assert "Nous vous avons écrit" in page
    assert "/l/" not in page
    assert Mail.objects.get().receiver == "ada@example.org"
    assert Facilitator.objects.get().confirmed_at is None


def test_the_mail_is_in_the_language_of_the_page(client):
    post(client, "send", {**FOUR, "email": "ada@example.org"}, address=f"/en{ADDRESS}")

    assert Mail.objects.get().language == "en"


def test_a_double_click_registers_once_and_ends_on_the_same_page(client):
    read = carried(post(client, "check"))

    first, second = post(client, "send", read), post(client, "send", read)

    assert first["Location"] == second["Location"] == DONE
    assert Group.objects.count() == 1
    assert "/l/" in client.get(DONE).text


def test_who_lost_the_answer_with_its_cookie_gets_a_link_that_works(client):
    read = carried(post(client, "check"))
    post(client, "send", read)
    other = Client()

    post(other, "send", read)

    secret = other.get(DONE).text.partition("/l/")[2].partition("/")[0]
    assert find_link(secret).ended_at is None
    assert Link.objects.filter(purpose="kept", ended_at=None).count() == 1


def test_going_back_registers_another_group(client):
    walked_to_the_end(client)

    response = send(client, {**FOUR, "name": "Other", "short_name": "other"})

    assert response["Location"] == DONE
    assert Group.objects.count() == Submission.objects.count() == 2


def test_the_done_page_lasts_two_hours_in_this_browser_only(client):
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False) as clock:
        first = walked_to_the_end(client).text

        # Each page masks the token of its forms anew.
        assert client.get(DONE).text.partition("/l/")[2][:32] == first.partition("/l/")[2][:32]
        assert Client().get(DONE)["Location"] == ADDRESS
        clock.shift(timedelta(hours=2))
        assert client.get(DONE)["Location"] == ADDRESS


def test_the_done_page_is_kept_by_nobody(client):
    response = walked_to_the_end(client)

    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "same-origin"


def test_an_address_may_be_left_after_all(client):
    walked_to_the_end(client)

    wrong = client.post(DONE, stamped({"email": "no address"}, SenderForm))
    right = client.post(DONE, stamped({"email": "ada@example.org"}, SenderForm))

    assert wrong.status_code == 422
    assert right["Location"] == DONE
    assert Facilitator.objects.get().person.email == "ada@example.org"
    assert "Nous vous avons écrit" in client.get(DONE).text


def test_the_browser_that_registered_may_correct_something(client):
    walked_to_the_end(client)

    assert client.get("/groups/jardins-lagune/edit/").status_code == 200


def test_a_name_taken_while_it_was_read_goes_back_to_the_first_step(client):
    read = carried(post(client, "check", EVERYTHING))
    make_group(short_name=FOUR["short_name"])

    response = post(client, "send", read)

    assert response.status_code == 422
    assert "est déjà pris" in response.text
    assert carried(response)["description"] == EVERYTHING["description"]
    assert Group.objects.count() == 1


# Charters


@pytest.fixture
def ecosystem():
    return make_ecosystem("rivages", rules=["Open to all."], admission="reviewed")


def test_the_charter_of_a_chosen_ecosystem_is_shown_and_may_be_left(client, ecosystem):
    page = post(client, "check", EVERYTHING).text
    send(client, EVERYTHING)

    assert "Open to all." in page
    assert f'name="charter_{ecosystem.pk}" value="1">' in page
    assert Membership.objects.get().charter_version is None


def test_a_charter_that_changed_meanwhile_is_read_again(client, ecosystem):
    read = carried(post(client, "check", EVERYTHING))
    CharterRule.objects.create(ecosystem=ecosystem, version=2, position=1, text="Free of charge.")
    Ecosystem.objects.update(charter_version=2)
    box = f"charter_{ecosystem.pk}"

    again = post(client, "send", read, **{box: "1"})
    sent = post(client, "send", carried(again), **{box: "2"})

    assert again.status_code == 422
    assert "Free of charge." in again.text
    assert "a changé entre-temps" in again.text
    assert sent["Location"] == DONE
    assert Membership.objects.get().charter_version == 2


# Later


def test_a_draft_is_kept_mailed_and_opened_on_another_device(client, rf):
    typed = {"name": "Jardins", "home_url": "not yet", "short_name": "?"}

    response = post(client, "later", typed, email="ada@example.org")

    assert response["Location"] == f"{ADDRESS}?kept=1"
    assert "en route" in client.get(response["Location"]).text
    draft = Draft.objects.get()
    other = Client()
    open_draft(other, rf, draft)
    page = other.get(f"{ADDRESS}?draft=1")
    again = carried(page)
    assert {name: again[name] for name in typed} == typed
    assert again["email"] == "ada@example.org"
    assert "mis de côté" in page.text


def open_draft(client, rf, draft):
    """Do as the button of the mailed link does."""
    request = rf.post("/")
    request.session = client.session
    response = resume(request, draft)
    request.session.save()
    client.cookies["session"] = request.session.session_key
    assert response["Location"] == f"{ADDRESS}?draft=1"


def test_a_draft_that_is_registered_is_gone(client, rf):
    post(client, "later", email="ada@example.org")
    open_draft(client, rf, Draft.objects.get())

    send(client)

    assert Group.objects.count() == 1
    assert not Draft.objects.exists()


def test_finishing_later_asks_for_an_address_and_keeps_everything(client):
    first = post(client, "later", {"name": "Jardins"})
    second = post(client, "later", carried(post(client, "check", EVERYTHING)))

    assert (first.status_code, second.status_code) == (422, 422)
    assert carried(first)["name"] == "Jardins"
    assert 'id="section-later" open>' in first.text
    assert "Étape 2 sur 2" in second.text
    assert not Draft.objects.exists()


def test_the_demo_of_a_draft_of_somebody_else_is_not_opened(client):
    Draft.objects.create(email="eve@example.org", typed={"name": "Secret"})

    assert "Secret" not in client.get(f"{ADDRESS}?draft=1").text


# Guards


def test_robots_are_asked_to_press_once_more_and_lose_nothing(client):
    read = carried(post(client, "check", EVERYTHING))

    answers = [
        post(client, "send", read, website="https://spam.example"),
        post(client, "send", read, age=timedelta(seconds=1)),
        post(client, "send", read, age=timedelta(days=31)),
        client.post(ADDRESS, {**read, "do": "send"}),
    ]

    for response in answers:
        assert response.status_code == 422
        assert "Étape 2 sur 2" in response.text
        assert carried(response)["description"] == EVERYTHING["description"]
    assert Group.objects.count() == 0
    assert post(client, "send", carried(answers[0]))["Location"] == DONE


def test_who_read_the_first_step_need_not_wait_on_the_second(client):
    stamp = form_on(client.get(ADDRESS)).fields["stamp"][0]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2)):
        page = client.post(ADDRESS, {**FOUR, "stamp": stamp, "do": "check"})
        fields = form_on(page).fields.items()
        sent = client.post(ADDRESS, {k: v[0] for k, v in fields if v} | {"do": "send"})

    assert sent["Location"] == DONE


def test_ten_registrations_an_hour_are_enough_for_a_network(client):
    for number in range(10):
        typed = {**FOUR, "short_name": f"group-{number}"}
        assert post(client, "send", typed, token=f"{number}" * 32).status_code == 302

    response = post(client, "send", {**FOUR, "short_name": "one-more"}, token="x" * 32)

    assert response.status_code == 429
    assert carried(response)["short_name"] == "one-more"
    assert Group.objects.count() == 10


def test_five_registrations_a_day_are_enough_for_an_address(client):
    for number in range(6):
        typed = {**FOUR, "short_name": f"group-{number}", "email": "Ada@example.org"}
        response = post(client, "send", typed, token=f"{number}" * 32)

    assert response.status_code == 429
    assert Group.objects.count() == 5


def test_a_lost_cookie_loses_nothing_that_was_typed():
    client = Client(enforce_csrf_checks=True)

    response = post(client, "send", EVERYTHING)

    assert response.status_code == 403
    assert "cookie" in response.text
    assert problems_of(response.text, language="fr") == []
    again = carried(response)
    assert {name: again.get(name) for name in EVERYTHING} == EVERYTHING
    assert Group.objects.count() == 0
    csrf = form_on(response).fields["csrfmiddlewaretoken"][0]
    assert post(client, "check", EVERYTHING, csrfmiddlewaretoken=csrf).status_code == 200


def test_without_the_cookie_no_picture_is_stored():
    client = Client(enforce_csrf_checks=True)

    response = post(client, "check", {}, banner=picture((1920, 777)))

    assert not carried(response).get("banner_kept")


def test_a_lost_cookie_elsewhere_is_answered_with_a_sentence():
    response = Client(enforce_csrf_checks=True).post("/groups/new/description/")

    assert response.status_code == 403
    assert "cookie" in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405
    assert getattr(client, method)(DONE).status_code == 405


# Too much


def test_too_much_text_too_many_fields_and_files_get_a_sentence(client, settings):
    answers = [
        client.post(ADDRESS, {**FOUR, "description": "x" * 1_100_000}),
        client.post(ADDRESS, {f"field_{number}": "x" for number in range(1100)}),
        client.post(ADDRESS, {f"file_{n}": SimpleUploadedFile("a", b"x") for n in range(50)}),
        client.post(
            ADDRESS, b"x", content_type="text/plain", headers={"content-length": "31000000"}
        ),
        client.post(f"/en{ADDRESS}", {**FOUR, "description": "x" * 1_100_000}),
    ]

    for response in answers[:-1]:
        assert response.status_code == 413
        assert "C’est trop lourd pour être envoyé" in response.text
    assert "That is too large to be sent" in answers[-1].text


# What the form asks while one types


def asked(client, address, **query):
    response = client.get(f"/groups/new/{address}/", query)
    assert response.status_code == 200
    return json.loads(response.content)


def test_a_short_name_is_proposed_from_the_name(client):
    assert asked(client, "short-name", name="Jardins de la Lagune") == {
        "short_name": "jardins-de-la-lagune",
        "is_free": True,
        "sentence": "«\u202fjardins-de-la-lagune\u202f» est libre.",
    }


@pytest.mark.parametrize("review", ["pending", "published", "refused"])
def test_a_taken_short_name_is_taken_and_nothing_more_is_said(client, review):
    make_group(short_name="taken", review=review, tagline="Planted.")

    assert asked(client, "short-name", short_name="taken") == {
        "short_name": "taken",
        "is_free": False,
        "sentence": "«\u202ftaken\u202f» est déjà pris. «\u202ftaken-2\u202f» est libre.",
        "proposal": "taken-2",
        "take": "Prendre «\u202ftaken-2\u202f»",
    }


def test_the_group_that_is_edited_has_its_name(client):
    make_group(short_name="own")

    assert asked(client, "short-name", short_name="own", group="own")["is_free"]
    assert not asked(client, "short-name", short_name="own", group="other")["is_free"]


def test_asking_for_names_all_day_is_answered_with_silence(client, monkeypatch):
    monkeypatch.setattr("groups.views.registration.MOST_ASKED", 2)
    asked(client, "short-name", short_name="one")
    asked(client, "short-name", short_name="two")

    response = client.get("/groups/new/short-name/", {"short_name": "three"})

    assert (response.status_code, response.json()) == (429, {})


def test_public_keywords_are_suggested_with_how_many_carry_them(client):
    make_group(keywords=["Jardins"])
    make_group(keywords=["jardins", "jachère"])
    make_group(keywords=["jardinage secret"], review="pending")

    assert asked(client, "keywords", q="ja") == {
        "keywords": [
            {"name": "Jardins", "label": "2 groupes"},
            {"name": "jachère", "label": "1 groupe"},
        ]
    }


def test_a_description_is_answered_as_it_will_be_shown(client):
    response = client.post(
        "/groups/new/description/", {"description": "**Yes** <img src=x onerror=y>\x00"}
    )

    assert response.content.decode().strip() == "<p><strong>Yes</strong></p>"
    assert client.get("/groups/new/description/").status_code == 405


# Whatever anybody types

WORDS = st.text(
    st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cf"])
    | st.sampled_from("\x00\u202e\ufeff\r\n,;|<>&'\"/:.@-#"),
    max_size=60,
)
NAMES = sorted({*EVERYTHING, "banner_kept", "banner_removed", "banner_part", "started_in", "email"})
NAMES += [
    "sender_name",
    "partner_1_logo_kept",
    "join_url",
    "token",
    "do",
    "read",
    "stamp",
    "charter_1",
]
SENSIBLE = st.sampled_from([{}, FOUR, EVERYTHING])


@given(
    sensible=SENSIBLE,
    typed=st.dictionaries(st.sampled_from(NAMES), WORDS, max_size=6),
    do=st.sampled_from(["check", "send", "later", "partner", "describe", "change", ""]),
)
def test_any_text_gives_a_page_with_a_message_or_a_saved_group(sensible, typed, do):
    with transaction.atomic():
        response = post(Client(), do, {**sensible, **typed})

        assert response.status_code in (200, 302, 422)
        if response.status_code == 302 and response["Location"] == DONE:
            group = Group.objects.get()
            assert group.revisions.count() == 1
            assert group.tasks.filter(kind="new").count() == 1
        else:
            assert not Group.objects.exists()
        if response.status_code == 422:
            assert "note--error" in response.text
        assert not Submission.objects.filter(group=None).exists()
        transaction.set_rollback(True)


@given(typed=WORDS | st.text(max_size=300))
def test_the_small_answers_answer_anything(typed):
    client = Client()
    with transaction.atomic():
        for query in ({"name": typed}, {"short_name": typed}, {"short_name": typed, "name": typed}):
            assert client.get("/groups/new/short-name/", query).status_code == 200
        assert client.get("/groups/new/keywords/", {"q": typed}).status_code == 200
        assert client.post("/groups/new/description/", {"description": typed}).status_code == 200
        transaction.set_rollback(True)

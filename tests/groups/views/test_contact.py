from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from groups.forms.contact import ContactForm
from groups.models import Group, Limit, Mail
from tests.factories import make_facilitator, make_group, make_person, stamped

pytestmark = pytest.mark.django_db

MESSAGE = {"name": "Eve", "email": "eve@example.org", "words": "May I join?"}
ADDRESS = "/en/groups/velo/contact/"
SURROGATES = st.characters(categories=["Cs", "Cc", "L"])


@pytest.fixture
def group():
    group = make_group(name="Velo", short_name="velo")
    make_facilitator(group, make_person("ada@example.org", language="en"))
    return group


def send(client, address=ADDRESS, *, age=timedelta(minutes=1), **changes):
    return client.post(address, stamped(MESSAGE | changes, ContactForm, age=age))


def test_a_message_reaches_the_facilitators(client, group):
    response = send(client)

    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}?sent")
    assert "Your message is on its way" in client.get(response["Location"]).text
    [mail] = Mail.objects.all()
    assert (mail.receiver, mail.reply_to) == ("ada@example.org", "eve@example.org")


def test_no_page_shows_the_address_of_a_facilitator(client, group):
    pages = [client.get("/groups/velo/"), client.get(ADDRESS), client.get(f"{ADDRESS}?sent")]
    pages += [send(client), send(client, words=""), client.get(ADDRESS)]

    assert Mail.objects.filter(receiver="ada@example.org").exists()
    for page in pages:
        assert "ada@" not in page.text + str(page.headers)


@pytest.mark.parametrize("review", ["pending", "refused"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_published_groups_are_written_to(client, review, method):
    make_facilitator(make_group(short_name="velo", review=review))

    assert getattr(client, method)(ADDRESS).status_code == 404


def test_a_former_name_leads_to_the_form_and_loses_no_message(client, group):
    group.former_short_names.create(short_name="bike")

    response = client.get("/en/groups/bike/contact/")
    assert (response.status_code, response["Location"]) == (301, ADDRESS)
    assert send(client, "/en/groups/bike/contact/")["Location"] == f"{ADDRESS}?sent"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Write an e-mail address."),
        ("email", "eve", "This is not an e-mail address yet."),
        ("email", "eve@example.org\r\nBcc: all@example.org", "This is not an e-mail address yet."),
        ("email", "e" * 300 + "@example.org", "Ensure this value has at most 254 characters"),
        ("words", " \n ", "Write a few words"),
        ("words", "\x00", "Write a few words"),
        ("words", "x" * 4001, "4000 is the most"),
        ("name", "x" * 121, "120 is the most"),
    ],
)
def test_a_mistake_gets_a_sentence_and_keeps_what_was_typed(client, group, field, value, sentence):
    typed = {"words": "Some words", "name": "Eve of Example", "email": "eve@example.org"}

    response = send(client, **{**typed, field: value})

    assert response.status_code == 422
    text = response.text.replace("4,000", "4000")
    assert sentence in text
    assert 'aria-invalid="true"' in text
    for name, kept in typed.items():
        assert name == field or kept in text
    assert not Mail.objects.exists()


def test_a_robot_is_told_to_press_once_more_and_the_second_press_sends(client, group):
    response = send(client, age=timedelta(seconds=1))

    assert response.status_code == 422
    assert "Press the button once more." in response.text
    assert not Mail.objects.exists()


def test_the_sixth_message_of_an_hour_is_kept_on_the_page(client, group):
    for number in range(5):
        assert send(client, words=f"Words {number}").status_code == 302

    response = send(client, words="The sixth one")

    assert response.status_code == 429
    assert "That was a lot in a short time" in response.text
    assert "The sixth one" in response.text
    assert Mail.objects.count() == 5


def test_where_nobody_would_read_it_the_page_says_so_and_leads_on(client):
    make_group(short_name="velo", activity="asleep", services={"join": "https://example.org/join"})

    response = client.get(ADDRESS)

    assert response.status_code == 200
    assert "Nobody would read it here" in response.text
    assert "<form" not in response.text.partition("<main")[2].partition("</main")[0]
    for link in ("https://example.org/join", "/en/groups/velo/report/", "/take-over/"):
        assert link in response.text


def test_what_was_written_in_vain_is_shown_to_be_copied(client, group):
    group.facilitators.all().delete()

    response = send(client, words="A long letter <b>")

    assert response.status_code == 409
    assert "A long letter &lt;b&gt;" in response.text
    assert not Mail.objects.exists()


def test_the_form_is_kept_from_caches_and_search_engines_and_sets_one_cookie(client, group):
    response = client.get(ADDRESS)

    assert list(response.cookies) == ["csrf"]
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert 'content="noindex, nofollow"' in response.text


def test_a_form_of_another_site_is_refused(group, client):
    client.handler.enforce_csrf_checks = True

    assert send(client).status_code == 403
    assert not Mail.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, group, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


@pytest.mark.parametrize("facilitators", [1, 3])
def test_the_form_costs_the_same_for_any_number_of_facilitators(
    client, django_assert_num_queries, facilitators
):
    group = make_group(short_name="velo")
    for _ in range(facilitators):
        make_facilitator(group)

    with django_assert_num_queries(2):  # the group, whether anybody facilitates it
        client.get(ADDRESS)


ANY = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(),
        "email": st.text() | st.emails() | st.just("eve@example.org"),
        "words": st.text() | st.just("Hello"),
        "website": st.sampled_from(["", "x"]),
    },
)


@given(data=ANY)
def test_any_text_gets_a_sentence_or_is_sent(data):
    group = Group.objects.named("velo") or make_group(short_name="velo")
    if not group.facilitators.exists():
        make_facilitator(group)
    Limit.objects.all().delete()
    Mail.objects.all().delete()

    response = Client().post("/groups/velo/contact/", stamped(data, ContactForm))

    assert (response.status_code, Mail.objects.count()) in [(302, 1), (422, 0)]
    assert response.status_code == 302 or "note--error" in response.text


@given(data=st.dictionaries(st.sampled_from(["name", "email", "words"]), st.text(SURROGATES)))
def test_halves_of_characters_break_nothing(data):
    form = ContactForm(stamped(data, ContactForm))

    if form.is_valid():
        "".join(form.cleaned_data.values()).encode()

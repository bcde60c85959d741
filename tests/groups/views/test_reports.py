from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from groups.forms.report import ReportForm
from groups.models import Group, Limit, Mail, Task
from tests.factories import make_facilitator, make_group, make_person, stamped

pytestmark = pytest.mark.django_db

REPORT = {"reason": "wrong", "other": "", "words": "The link leads nowhere.", "email": ""}
ADDRESS = "/en/groups/velo/report/"
SURROGATES = st.characters(categories=["Cs", "Cc", "L"])


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def group():
    return make_group(name="Velo", short_name="velo")


def send(client, address=ADDRESS, *, age=timedelta(minutes=1), **changes):
    return client.post(address, stamped(REPORT | changes, ReportForm, age=age))


def test_a_report_joins_the_queue_without_an_account(client, group):
    response = send(client, email="eve@example.org")

    assert (response.status_code, response["Location"]) == (302, f"{ADDRESS}?sent")
    assert "Thank you for saying so" in client.get(response["Location"]).text
    [task] = Task.objects.all()
    assert (task.group, task.reason, task.reporter) == (group, "wrong", "eve@example.org")
    assert task.language == "en"


@pytest.mark.parametrize(
    "written",
    ["bike", "BIKE", "http://testserver/bike/", "https://example.org/en/groups/bike/", " /bike "],
)
def test_the_other_page_is_understood_however_it_is_written(client, group, written):
    make_group(short_name="bike")

    send(client, reason="duplicate", other=written, words="Same people.")

    assert Task.objects.get().words == "http://127.0.0.1:8000/en/groups/bike/\n\nSame people."


@pytest.mark.parametrize(
    ("field", "change", "sentence"),
    [
        ("reason", {"reason": ""}, "Choose what it is about"),
        ("reason", {"reason": "spam"}, "Choose what it is about"),
        ("words", {"words": ""}, "Say what is wrong"),
        ("words", {"words": "x" * 1501}, "is the most"),
        ("other", {"reason": "duplicate", "other": "nowhere"}, "No group is shown at this address"),
        ("other", {"reason": "duplicate", "other": "hidden"}, "No group is shown at this address"),
        ("other", {"reason": "duplicate", "other": "http://["}, "No group is shown"),
        ("other", {"reason": "duplicate", "other": "velo"}, "This is the page you are reporting"),
        ("email", {"email": "eve"}, "This is not an e-mail address yet."),
    ],
)
def test_a_mistake_gets_a_sentence_beside_its_field(client, group, field, change, sentence):
    make_group(short_name="hidden", review="pending")

    response = send(client, **change)

    assert response.status_code == 422
    assert sentence in response.text.partition(f'id="id_{field}')[2]
    assert not Task.objects.exists()


@pytest.mark.parametrize("other", ["bike", "nowhere"])
def test_another_page_says_nothing_where_something_else_is_wrong(client, group, other):
    make_group(short_name="bike")

    assert send(client, other=other, words="Hm.").status_code == 302
    assert Task.objects.get().words == "Hm."


def test_what_was_typed_stays(client, group):
    response = send(client, email="eve", words="Some words", other="nowhere", reason="duplicate")

    for kept in ('value="eve"', "Some words", 'value="nowhere"', 'value="duplicate"'):
        assert kept in response.text
    assert response.text.count("checked") == 1


@pytest.mark.parametrize("reason", ["closed", "duplicate", "charter"])
def test_only_what_is_wrong_needs_words(client, group, reason):
    assert send(client, reason=reason, words="").status_code == 302


def test_a_robot_is_told_to_press_once_more(client, group):
    response = send(client, age=timedelta(seconds=1))

    assert response.status_code == 422
    assert "Press the button once more." in response.text
    assert not Task.objects.exists()


def test_the_sixth_report_of_an_hour_is_kept_on_the_page(client, group):
    for number in range(5):
        assert send(client, words=f"Words {number}").status_code == 302

    response = send(client, words="The sixth one")

    assert response.status_code == 429
    assert "That was a lot in a short time" in response.text
    assert "The sixth one" in response.text


def test_the_page_and_its_answer_show_no_address(client, group):
    make_facilitator(group, make_person("ada@example.org"))

    pages = [client.get(ADDRESS), send(client), client.get(f"{ADDRESS}?sent")]

    assert Mail.objects.filter(receiver="ada@example.org").exists()
    for page in pages:
        assert "ada@" not in page.text + str(page.headers)


@pytest.mark.parametrize("review", ["pending", "refused"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_published_groups_are_reported(client, review, method):
    make_group(short_name="velo", review=review)

    assert getattr(client, method)(ADDRESS).status_code == 404


def test_a_former_name_leads_to_the_form_and_loses_no_report(client, group):
    group.former_short_names.create(short_name="bike")

    response = client.get("/en/groups/bike/report/")
    assert (response.status_code, response["Location"]) == (301, ADDRESS)
    assert send(client, "/en/groups/bike/report/")["Location"] == f"{ADDRESS}?sent"


def test_the_form_is_kept_from_caches_and_search_engines_and_sets_one_cookie(client, group):
    response = client.get(ADDRESS)

    assert list(response.cookies) == ["csrf"]
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert 'content="noindex, nofollow"' in response.text


def test_a_form_of_another_site_is_refused(group, client):
    client.handler.enforce_csrf_checks = True

    assert send(client).status_code == 403
    assert not Task.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, group, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


ANY = st.fixed_dictionaries(
    {},
    optional={
        "reason": st.text() | st.sampled_from(["closed", "wrong", "duplicate", "charter"]),
        "other": st.text() | st.sampled_from(["velo", "bike", "//[", "http://\x00/bike"]),
        "words": st.text(),
        "email": st.text() | st.emails(),
        "website": st.sampled_from(["", "x"]),
    },
)


@given(data=ANY)
def test_any_text_gets_a_sentence_or_is_reported(data):
    for name in ("velo", "bike"):
        Group.objects.named(name) or make_group(short_name=name)
    Limit.objects.all().delete()
    Task.objects.all().delete()

    response = Client().post("/groups/velo/report/", stamped(data, ReportForm))

    assert (response.status_code, Task.objects.count()) in [(302, 1), (422, 0)]


@given(
    data=st.dictionaries(
        st.sampled_from(["reason", "other", "words", "email"]), st.text(SURROGATES)
    )
)
def test_halves_of_characters_break_nothing(data):
    form = ReportForm(stamped(data, ReportForm), group=Group(pk=1))

    if form.is_valid():
        (form.cleaned_data["words"] + form.cleaned_data["email"]).encode()

"""The pages of the demo: its mails and its people, and nothing of it anywhere else."""

import sys
from datetime import UTC, datetime

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.urls import NoReverseMatch, include, path, reverse

from ecosystem.urls import urlpatterns as without_demo
from groups import context, urls
from groups.demo.people import add_people
from groups.models import Person
from tests.factories import make_ecosystem, make_facilitator, make_group, make_mail, make_person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}

# As ecosystem.urls is where DEMO is on.
urlpatterns = [
    *i18n_patterns(
        path("", include((urls.demo_pages, "groups-demo"))),
        prefix_default_language=False,
    ),
    *without_demo,
]


@pytest.fixture
def demo(settings, client):
    """Switch the demo on, and ask from this machine."""
    settings.DEMO = True
    settings.ROOT_URLCONF = sys.modules[__name__]
    settings.ALLOWED_HOSTS = ["*"]
    context.site_frame.cache_clear()
    client.defaults.update(HERE)
    yield client
    context.site_frame.cache_clear()


@pytest.fixture
def people():
    ecosystems = {
        slug: make_ecosystem(slug, name=slug)
        for slug in ("rivages", "mains-vertes", "coup-de-main")
    }
    make_facilitator(make_group(), make_person("afiavi@jardins-lagune.example"))
    add_people(ecosystems, NOON)


# Only in the demo, only on this machine


@pytest.mark.parametrize("address", ["/demo/mails/", "/demo/mails/1/", "/demo/mails/1/html/"])
def test_without_the_demo_there_is_no_such_page(client, address):
    make_mail(pk=1)

    assert client.get(address, **HERE).status_code == 404
    assert client.get(f"/en{address}", **HERE).status_code == 404
    assert client.post("/demo/as/", {"role": "operator"}, **HERE).status_code == 404


def test_without_the_demo_no_page_leads_there(client):
    context.site_frame.cache_clear()

    assert "/demo/" not in client.get("/").text
    with pytest.raises(NoReverseMatch):
        reverse("groups-demo:demo_mails")


def test_in_the_demo_every_page_leads_there(demo):
    assert 'href="/demo/mails/"' in demo.get("/about/").text
    assert 'href="/en/demo/mails/"' in demo.get("/en/about/").text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "127.0.0.1:80"])
def test_this_machine_has_several_names(demo, host):
    assert demo.get("/demo/mails/", HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"HTTP_HOST": "directory.example.org"},
        {"HTTP_HOST": "127.0.0.1.example.org"},
        {"HTTP_HOST": "10.0.0.7:8000"},
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "2001:db8::1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_who_is_elsewhere_sees_and_becomes_nothing(demo, people, elsewhere):
    make_mail(pk=1)

    for address in ("/demo/mails/", "/demo/mails/1/", "/demo/mails/1/html/"):
        assert demo.get(address, **elsewhere).status_code == 404
    assert demo.post("/demo/as/", {"role": "operator"}, **elsewhere).status_code == 404
    assert "_auth_user_id" not in demo.session


def test_a_switch_alone_does_not_do(demo, settings):
    """The addresses are there, and the demo is off: nothing is shown."""
    settings.DEMO = False

    assert demo.get("/demo/mails/").status_code == 404


# Mails


def test_the_newest_mail_is_shown_first_whatever_became_of_it(demo):
    make_mail("ada@example.org", subject="First", outcome="sent", sent_at=NOON)
    make_mail("bea@example.org", subject="Second <b>")

    text = demo.get("/en/demo/mails/").text

    order = [text.index(each) for each in ("Second &lt;b&gt;", "bea@", "First", "ada@")]
    assert order == sorted(order)
    assert "Waiting" in text
    assert "Sent" in text


def test_no_mail_is_said_with_what_to_do(demo):
    text = demo.get("/en/demo/mails/").text

    assert "No mail yet." in text
    assert 'href="/en/groups/new/"' in text


def test_a_mail_is_shown_as_its_receiver_reads_it(demo):
    text = "Open http://127.0.0.1:8000/l/secret/\n" + "word " * 40
    mail = make_mail(person=make_person(name="Ada", language="en"), language="en", text=text)

    page = demo.get(f"/demo/mails/{mail.pk}/").text

    assert "Hello Ada," in page
    assert '<a href="http://127.0.0.1:8000/l/secret/"' in page
    assert ("word " * 40).strip() in page


def test_mails_that_left_as_one_are_shown_as_one(demo):
    ada = make_person(language="en")
    fields = {"person": ada, "language": "en", "is_asked": False, "claim": "c", "sent_at": NOON}
    first = make_mail(**fields, outcome="sent", text="One")
    second = make_mail(**fields, outcome="joined", text="Two")
    make_mail(person=ada, is_asked=False, claim="d", outcome="sent", sent_at=NOON, text="Three")

    for mail in (first, second):
        page = demo.get(f"/demo/mails/{mail.pk}/").text
        assert "2 pieces of news of your groups" in page
        assert "One" in page
        assert "Two" in page
        assert "Three" not in page


def test_the_html_of_a_mail_is_framed_with_its_styles_and_nothing_else(demo):
    mail = make_mail(html="<p>Hello there</p>")

    page = demo.get(f"/demo/mails/{mail.pk}/")
    framed = demo.get(f"/demo/mails/{mail.pk}/html/")

    assert f'src="/demo/mails/{mail.pk}/html/"' in page.text
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert "<p>Hello there</p>" in framed.text
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in framed["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
    }


def test_a_mail_that_kept_no_body_says_so(demo):
    mail = make_mail(text="", html="", outcome="sent", sent_at=NOON)

    assert "no longer kept" in demo.get(f"/en/demo/mails/{mail.pk}/").text
    assert demo.get(f"/demo/mails/{mail.pk}/html/").status_code == 404


def test_pages_of_the_demo_are_kept_by_nobody(demo):
    response = demo.get("/demo/mails/")

    assert response["Cache-Control"] == "private, no-store"
    assert "noindex" in response["X-Robots-Tag"]


# Whom to be


@pytest.mark.parametrize(
    ("role", "name", "leads_to"),
    [
        ("facilitator", "Afiavi Dossou", "/account/"),
        ("helper", "Yann Quéré", "/helpers/"),
        ("curator", "Aminata Diop", "/review/"),
        ("operator", "Camille Okoro", "/admin/"),
    ],
)
def test_one_becomes_somebody_by_a_button(demo, people, role, name, leads_to):
    assert name in demo.get("/demo/mails/").text

    response = demo.post("/demo/as/", {"role": role})

    assert (response.status_code, response["Location"]) == (302, leads_to)
    assert demo.get("/account/").context["user"].name == name


def test_one_becomes_a_visitor_again(demo, people):
    demo.post("/demo/as/", {"role": "operator"})

    response = demo.post("/en/demo/as/", {"role": "visitor"})

    assert response["Location"] == "/en/"
    assert "_auth_user_id" not in demo.session


@pytest.mark.parametrize("role", ["", "root", "operator\x00", "é" * 5000])
def test_who_does_not_exist_cannot_be(demo, people, role):
    assert demo.post("/demo/as/", {"role": role}).status_code == 404


def test_where_the_people_are_not_they_are_not_offered(demo):
    assert demo.post("/demo/as/", {"role": "operator"}).status_code == 404
    text = demo.get("/en/demo/mails/").text
    assert 'value="operator"' not in text
    assert "load_demo" in text


def test_a_link_makes_nobody_somebody_else(demo, people):
    assert demo.get("/demo/as/", {"role": "operator"}).status_code == 405
    assert "_auth_user_id" not in demo.session


def test_another_site_makes_nobody_somebody_else(demo, people):
    demo.handler.enforce_csrf_checks = True

    assert demo.post("/demo/as/", {"role": "operator"}).status_code == 403


def test_nobody_of_the_demo_has_a_password(people):
    assert not any(person.has_usable_password() for person in Person.objects.all())

"""Signing in: by a code of a mail, by an operator's password, with a second factor."""

import html
import re
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import polib
import pytest
from allauth.account.models import EmailAddress
from allauth.core.internal.ratelimit import cache_lock
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import get_language, override

from groups.access import grant_for
from groups.accounts import UNKNOWN_ANSWERED
from groups.mail.unsubscribe import unsubscribe_address
from groups.models import CacheRow, Group, Mail, Person, Role
from groups.views import signing_in
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.markup import problems_of
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "seven words nobody else would say"
CODE = re.compile(r"^\s*(\d{6})\s*$", re.M)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Let asking for a code take no longer than it needs, and addresses be French ones."""
    monkeypatch.setattr(signing_in, "ANSWER_TAKES", 0)
    # The last page of an earlier test has left its language.
    with override("fr"):
        yield


@pytest.fixture
def person():
    return make_person("ada@example.org", name="Ada")


@pytest.fixture
def operator():
    return Person.objects.create_superuser("operator@example.org", PASSWORD)


@pytest.fixture
def second_factor_needed(settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True


def code_of(mail):
    return CODE.search(mail.text)[1]


def ask_for_code(client, email, **extra):
    return client.post(reverse("account_login"), {"email": email}, **extra)


def type_code(client, code, **extra):
    return client.post(reverse("account_confirm_login_code"), {"code": code}, **extra)


def sign_in(client, email):
    ask_for_code(client, email)
    return type_code(client, code_of(Mail.objects.get(receiver=email)))


def is_signed_in(client):
    return SESSION_KEY in client.session


def secret_of(person):
    """Give ``person`` a second factor. Return its key."""
    secret = generate_totp_secret()
    Authenticator.objects.create(user=person, type="totp", data={"secret": secret})
    return secret


def totp(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


# ── By a code ───────────────────────────────────────────────────────────────────────────────────


def test_a_code_sent_by_mail_signs_in(client, person):
    asked = ask_for_code(client, "ada@example.org")
    mail = Mail.objects.get()
    page = client.get(asked.url)

    answer = type_code(client, code_of(mail))

    assert (mail.person, mail.is_asked) == (person, True)
    assert mail.subject == f"{code_of(mail)} est votre code"
    assert "ada@example.org" in page.text
    assert answer.url == reverse("groups:account_home")
    assert client.session[SESSION_KEY] == str(person.pk)
    assert client.get(answer.url).status_code == 200


def test_an_address_typed_another_way_is_the_same_person(client, person):
    ask_for_code(client, " Ada@EXAMPLE.org ")

    assert Mail.objects.get().person == person


def test_a_code_may_be_typed_with_spaces(client, person):
    ask_for_code(client, person.email)
    code = code_of(Mail.objects.get())

    type_code(client, f" {code[:3]} {code[3:]} ")

    assert is_signed_in(client)


def test_the_code_speaks_the_language_of_the_person_whatever_the_page(client):
    make_person("bob@example.org", language="en")

    ask_for_code(client, "bob@example.org")

    assert "is your code" in Mail.objects.get().subject


def test_signing_in_leads_to_the_page_one_came_for(client, person):
    wanted = reverse("groups:erase_account")
    login = client.get(wanted).url
    assert login == f"{reverse('account_login')}?next={wanted}"

    confirm = client.post(login, {"email": person.email, "next": wanted}).url
    answer = client.post(confirm, {"code": code_of(Mail.objects.get()), "next": wanted})

    assert answer.url == wanted


def test_signing_in_leads_to_no_other_site(client, person):
    ask_for_code(client, person.email)

    answer = client.post(
        reverse("account_confirm_login_code"),
        {"code": code_of(Mail.objects.get()), "next": "https://evil.example/"},
    )

    assert answer.url == reverse("groups:account_home")


def test_a_wrong_code_is_told_so_and_three_are_enough(client, person):
    ask_for_code(client, person.email)
    right = code_of(Mail.objects.get())
    wrong = "000000" if right != "000000" else "111111"

    answers = [type_code(client, wrong) for _ in range(3)]
    late = type_code(client, right)

    assert [answer.status_code for answer in answers] == [422, 422, 302]
    assert "Ce n’est pas le code" in answers[0].text
    assert late.url == reverse("account_request_login_code")
    assert not is_signed_in(client)


def test_a_code_is_good_for_a_quarter_of_an_hour(client, person, monkeypatch):
    ask_for_code(client, person.email)
    later = time.time() + 15 * 60 + 1
    monkeypatch.setattr(time, "time", lambda: later)

    type_code(client, code_of(Mail.objects.get()))

    assert not is_signed_in(client)


def test_a_code_is_good_in_the_browser_that_asked_for_it_only(client, person):
    ask_for_code(client, person.email)

    stranger = Client()
    ask_for_code(stranger, "stranger@example.org")
    type_code(stranger, code_of(Mail.objects.get(person=person)))

    assert not is_signed_in(stranger)


def test_a_new_code_can_be_asked_for_and_the_old_one_ends(client, person):
    ask_for_code(client, person.email)
    first = code_of(Mail.objects.get())

    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    second = code_of(Mail.objects.latest("pk"))
    type_code(client, first)
    was_signed_in = is_signed_in(client)
    type_code(client, second)

    assert first == second or not was_signed_in
    assert is_signed_in(client)


def test_whoever_typed_the_wrong_address_starts_again(client, person):
    ask_for_code(client, "adda@example.org")
    page = client.get(reverse("account_confirm_login_code"))

    answer = client.post(reverse("account_logout"), {"next": reverse("account_login")})

    assert 'form="elsewhere"' in page.text
    assert client.get(answer.url).context["form"].fields.keys() == {"email"}


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "a\x00@example.org", "é" * 300, "ada@x." + "y" * 400]
)
def test_an_address_that_is_none_gets_a_sentence_and_no_mail(client, email):
    answer = ask_for_code(client, email)

    assert (answer.status_code, Mail.objects.count()) == (422, 0)
    assert answer.context["form"].errors["email"]


@pytest.mark.parametrize("code", ["", "\x00", "é", "1" * 100_000])
def test_a_code_that_is_none_gets_a_sentence(client, person, code):
    ask_for_code(client, person.email)

    answer = type_code(client, code)

    assert answer.status_code == 422
    assert answer.context["form"].errors["code"]


# ── Unknown addresses ───────────────────────────────────────────────────────────────────────────


def page_of(client, email):
    """Return what a visitor sees who asks for a code, without the address and the token."""
    answer = ask_for_code(client, email)
    page = client.get(answer.url).text.replace(email, "")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return answer.status_code, answer.url, sorted(answer.cookies), page


def test_an_unknown_address_gets_the_same_answer_as_a_known_one(person):
    assert page_of(Client(), person.email) == page_of(Client(), "eve@example.org")


@pytest.mark.parametrize("email", ["ada@example.org", "eve@example.org", "nonsense"])
def test_no_address_is_answered_sooner_than_another(client, person, monkeypatch, email):
    monkeypatch.setattr(signing_in, "ANSWER_TAKES", 0.1)

    began = time.monotonic()
    ask_for_code(client, email)

    assert time.monotonic() - began >= 0.1


def test_a_person_who_may_no_longer_sign_in_is_as_good_as_unknown(client):
    make_person("gone@example.org", is_active=False)

    ask_for_code(client, "gone@example.org")

    assert Mail.objects.get().person is None


def test_an_unknown_address_is_told_once_how_to_begin(client):
    for _ in range(2):
        ask_for_code(client, "eve@example.org")

    mail = Mail.objects.get()
    assert (mail.receiver, mail.person, mail.is_asked) == ("eve@example.org", None, True)
    assert settings.SITE_URL + reverse("groups:new_group") in mail.text
    assert not CODE.search(mail.text)
    assert not Person.objects.exists()


def test_no_code_lets_an_unknown_address_in(client):
    ask_for_code(client, "eve@example.org")
    state = client.session["account_login"]["state"]

    type_code(client, "")
    type_code(client, "000000")

    assert "code" not in state["stages"]["login_by_code"]["data"]
    assert not is_signed_in(client)


def test_whoever_types_many_unknown_addresses_fills_few_mailboxes(client):
    cache.clear()
    for number in range(UNKNOWN_ANSWERED + 3):
        answer = ask_for_code(client, f"eve-{number}@example.org")
        client.post(reverse("account_logout"))

    assert answer.status_code == 302
    assert Mail.objects.count() == UNKNOWN_ANSWERED


def test_nobody_can_sign_up(client):
    answer = client.get(reverse("account_signup"))

    assert answer.url == reverse("groups:new_group")
    assert client.post(reverse("account_signup"), {"email": "eve@example.org"}).status_code == 302
    assert not Person.objects.exists()


# ── Limits ──────────────────────────────────────────────────────────────────────────────────────


def test_an_address_gets_three_codes_a_minute_whoever_asks(person):
    answers = [
        ask_for_code(Client(), "ADA@example.org" if turn % 2 else "ada@example.org")
        for turn in range(5)
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]
    assert Mail.objects.count() == 3
    assert "ADA@example.org" in answers[3].text


def test_a_network_asks_for_twenty_codes_a_minute():
    answers = [
        ask_for_code(Client(), f"eve-{turn}@example.org", REMOTE_ADDR=f"203.0.113.{turn}")
        for turn in range(21)
    ]
    elsewhere = ask_for_code(Client(), "eve@example.org", REMOTE_ADDR="198.51.100.1")

    assert [answer.status_code for answer in answers] == 20 * [302] + [429]
    assert elsewhere.status_code == 302


def test_limits_know_neither_addresses_nor_networks_by_name(client, person):
    ask_for_code(client, person.email, REMOTE_ADDR="203.0.113.77")

    rows = " ".join(f"{row.cache_key} {row.value}" for row in CacheRow.objects.all())
    assert CacheRow.objects.filter(cache_key__contains="request_login_code").exists()
    assert "203.0.113" not in rows
    assert "ada" not in rows


def test_the_lock_of_the_limits_is_held_by_one_at_a_time(shared, transactional_db):
    held, refused = [], []

    def hold():
        with cache_lock("limit") as locked:
            (held if locked else refused).append(locked)
            # Longer than anybody waits for it.
            time.sleep(1.3)

    errors = at_once(shared, hold, hold)

    assert (errors, len(held), len(refused)) == ([], 1, 1)


def test_limits_stay_while_they_count_however_many_there_are(client):
    for number in range(400):
        cache.set(f"other-{number}", number, 60)

    assert [cache.get(f"other-{number}") for number in (0, 399)] == [0, 399]


# ── Signing out, and back ───────────────────────────────────────────────────────────────────────


def test_signing_out_takes_a_button(client, person):
    sign_in(client, person.email)

    page = client.get(reverse("account_logout"))
    stayed = is_signed_in(client)
    answer = client.post(reverse("account_logout"))

    assert (page.status_code, stayed) == (200, True)
    assert answer.url == reverse("groups:home")
    assert not is_signed_in(client)


def test_a_session_lasts_two_weeks_and_has_a_new_name(client, person):
    ask_for_code(client, person.email)
    before = client.session.session_key
    type_code(client, code_of(Mail.objects.get()))

    assert client.session.session_key != before
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE == 14 * 24 * 3600


def test_what_went_well_leaves_no_message_behind(client, person):
    answer = sign_in(client, person.email)

    assert "messages" not in client.cookies
    assert list(client.get(answer.url).context["messages"]) == []


def test_whoever_is_shut_out_meanwhile_is_told_so(client, person):
    ask_for_code(client, person.email)
    Person.objects.filter(pk=person.pk).update(is_active=False)

    answer = type_code(client, code_of(Mail.objects.get()))

    assert answer.url == reverse("account_login")
    assert "ne permet plus de se connecter" in client.get(answer.url).text
    assert not is_signed_in(client)


def test_a_person_has_one_address_that_of_their_record(client, person):
    sign_in(client, person.email)
    person.email = "ada@new.example"
    person.save()
    client.post(reverse("account_logout"))
    Mail.objects.all().delete()

    ask_for_code(client, "ada@example.org")

    assert Mail.objects.get().person is None
    assert not EmailAddress.objects.exists()


# ── Operators ───────────────────────────────────────────────────────────────────────────────────


def by_password(client, email, password, to=""):
    return client.post(
        reverse("account_login_by_password"), {"login": email, "password": password, "next": to}
    )


def test_an_operator_signs_in_by_password(client, operator):
    page = client.get(reverse("admin:index"), follow=True)

    answer = by_password(client, "Operator@example.org", PASSWORD, to=reverse("admin:index"))

    assert page.redirect_chain[-1][0].startswith(reverse("account_login_by_password"))
    assert answer.url == reverse("admin:index")
    assert not client.session.get_expire_at_browser_close()
    assert client.get(answer.url).status_code == 200


def test_a_person_without_a_password_cannot_sign_in_by_one(client, person):
    for password in ("!", "", "None", PASSWORD):
        assert by_password(client, person.email, password).status_code == 422
    assert not is_signed_in(client)


def test_passwords_are_guessed_five_times(client, operator):
    answers = [by_password(client, operator.email, f"guess {turn}") for turn in range(6)]
    right = by_password(client, operator.email, PASSWORD)

    assert [answer.status_code for answer in answers] == 5 * [422] + [429]
    assert right.status_code == 429


def test_somebody_who_is_no_operator_has_no_business_at_the_operators_pages(client, person):
    sign_in(client, person.email)

    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.status_code == 403


def test_an_operator_without_a_second_factor_is_led_to_set_one_up(
    client, operator, second_factor_needed
):
    by_password(client, operator.email, PASSWORD)

    answer = client.get(reverse("admin:groups_person_changelist"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert reverse("mfa_activate_totp") in answer.text


def test_an_operator_without_a_second_factor_has_no_rights_anywhere(
    client, operator, second_factor_needed
):
    group = make_group(review="pending")
    request = client.get(reverse("groups:about")).wsgi_request
    request.user = operator

    assert grant_for(request, group) is None
    assert not Group.objects.visible_to(operator).filter(pk=group.pk).exists()
    secret_of(operator)
    assert grant_for(request, group).person == operator
    assert Group.objects.visible_to(operator).get() == group


def test_a_fresh_install_is_entered_from_createsuperuser_to_the_operators_pages(
    client, second_factor_needed, monkeypatch
):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="First@example.org", interactive=False, verbosity=0)
    by_password(client, "first@example.org", PASSWORD, to=reverse("admin:index"))

    again = client.get(reverse("mfa_activate_totp"))
    page = client.post(again.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    codes = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)}, follow=True)
    admin = client.get(reverse("admin:index"))

    assert again.url.startswith(f"{reverse('account_reauthenticate')}?next=%2Faccount%2F2fa%2Ftotp")
    assert secret in page.text
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert len(codes.context["unused_codes"]) == 10
    assert all(code in codes.text for code in codes.context["unused_codes"])
    assert admin.status_code == 200


def test_an_operator_without_a_password_sets_a_second_factor_up_and_is_not_asked_twice(
    client, second_factor_needed
):
    operator = make_person("second@example.org", is_staff=True, is_superuser=True)
    sign_in(client, operator.email)

    page = client.get(reverse("mfa_activate_totp"))
    code = totp(page.context["form"].secret)
    done = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)

    assert len(done.context["unused_codes"]) == 10
    assert client.get(reverse("admin:index")).status_code == 200


def test_the_first_operator_needs_no_mail_server(client, second_factor_needed):
    """A fresh install may have none: neither the password nor the second factor sends anything."""
    operator = Person.objects.create_superuser("first@example.org", PASSWORD)
    secret = secret_of(operator)

    by_password(client, operator.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": totp(secret)})

    assert is_signed_in(client)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("way", ["password", "code"])
def test_a_second_factor_is_asked_for_whatever_the_first_was(client, operator, way):
    secret = secret_of(operator)

    if way == "password":
        answer = by_password(client, operator.email, PASSWORD)
    else:
        answer = sign_in(client, operator.email)
    before = is_signed_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    done = client.post(reverse("mfa_authenticate"), {"code": totp(secret)})

    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/").status_code == 200
    assert (before, wrong.status_code, done.status_code) == (False, 422, 302)
    assert is_signed_in(client)


@pytest.mark.parametrize(("steps", "fits"), [(-1, True), (0, True), (-3, False), (3, False)])
def test_a_telephone_may_be_half_a_minute_off(client, operator, steps, fits, time_machine):
    time_machine.move_to(NOON, tick=False)
    secret = secret_of(operator)
    by_password(client, operator.email, PASSWORD)

    client.post(reverse("mfa_authenticate"), {"code": totp(secret, steps)})

    assert is_signed_in(client) == fits


def test_a_code_of_the_application_signs_in_once(operator):
    secret = secret_of(operator)
    code, outcomes = totp(secret), []
    for _ in range(2):
        client = Client()
        by_password(client, operator.email, PASSWORD)
        client.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append(is_signed_in(client))

    assert outcomes == [True, False]


def test_a_recovery_code_signs_in_once(operator):
    client = Client()
    secret = secret_of(operator)
    by_password(client, operator.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": totp(secret)})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_generate_recovery_codes"))
    code = client.get(reverse("mfa_download_recovery_codes")).text.split()[0]

    outcomes = []
    for _ in range(2):
        other = Client()
        by_password(other, operator.email, PASSWORD)
        other.post(reverse("mfa_authenticate"), {"code": code})
        outcomes.append(is_signed_in(other))

    assert outcomes == [True, False]


def test_a_second_factor_is_guessed_five_times(client, operator):
    secret_of(operator)
    by_password(client, operator.email, PASSWORD)

    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == 5 * [422] + [429]


def test_taking_the_second_factor_away_asks_who_it_is_and_keeps_nothing_of_the_request(operator):
    client = Client(REMOTE_ADDR="203.0.113.77")
    secret = secret_of(operator)
    by_password(client, operator.email, PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": totp(secret)})

    asked = client.post(reverse("mfa_deactivate_totp"))
    kept = [session.get_decoded() for session in Session.objects.all()]
    back = client.post(asked.url, {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")})
    client.post(back.url)

    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert "203.0.113.77" not in str(kept)
    assert not Authenticator.objects.exists()


def test_an_operator_who_lost_their_telephone_is_helped_by_another(client, operator):
    other = make_person("other@example.org", is_staff=True, is_superuser=True)
    secret_of(other)
    client.force_login(operator)
    lost = Authenticator.objects.get()

    listed = client.get(reverse("admin:mfa_authenticator_changelist"))
    shown = client.get(reverse("admin:mfa_authenticator_change", args=[lost.pk]))
    client.post(reverse("admin:mfa_authenticator_delete", args=[lost.pk]), {"post": "yes"})

    assert other.email in listed.text
    assert lost.data["secret"] not in shown.text
    assert not Authenticator.objects.exists()


# ── The pages ───────────────────────────────────────────────────────────────────────────────────


def names_kept():
    return [pattern.name for pattern in signing_in.urlpatterns]


def test_no_page_of_allauth_is_reachable_that_makes_no_sense_here():
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert {
        name for name in known if name.startswith(("account_", "mfa_", "socialaccount"))
    } == set(names_kept())


SHOWN = {
    "account/confirm_login_code.html",
    "account/login.html",
    "account/logout.html",
    "account/reauthenticate.html",
    "account/request_login_code.html",
    "groups/account_erased.html",
    "groups/account_home.html",
    "groups/erase_account.html",
    "groups/unsubscribe.html",
    "mfa/authenticate.html",
    "mfa/index.html",
    "mfa/reauthenticate.html",
    "mfa/recovery_codes/download.txt",
    "mfa/recovery_codes/generate.html",
    "mfa/recovery_codes/index.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
}


def pages_of_all_stages(operator):
    """Return what each page shows at each stage of signing in, to an operator and a facilitator."""
    names = [*names_kept(), "groups:account_home", "groups:erase_account"]
    client = Client()
    pages = [client.get(reverse(name)) for name in names]
    pages.append(ask_for_code(client, "nonsense"))
    ask_for_code(client, operator.email)
    pages += [client.get(reverse("account_confirm_login_code")), type_code(client, "000000")]
    # Signed in, without a second factor and with one.
    client.force_login(operator)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    pages += [client.get(reverse(name)) for name in names]
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    pages.append(client.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    pages += [client.get(reverse(name)) for name in names]
    # Between the password and the second factor.
    client = Client()
    by_password(client, operator.email, PASSWORD)
    pages.append(client.get(reverse("mfa_authenticate")))
    # A person with groups, a role and an invitation; then with nothing.
    person = make_person("ada@example.org", name="Ada", language=get_language())
    client = Client()
    client.force_login(person)
    make_facilitator(make_group(), person)
    make_facilitator(make_group(), person, confirmed_at=None, added_by=operator)
    Role.objects.create(person=person, ecosystem=make_ecosystem(), kind="helper")
    path = urlsplit(unsubscribe_address(person)).path
    pages += [client.get(reverse("groups:account_home")), client.get(path)]
    client.post(path)
    pages += [client.get(path), client.get(reverse("groups:erase_account"))]
    pages.append(client.post(reverse("groups:erase_account"), {"sure": "on"}))
    return [*pages, client.get(path)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_kept_is_private_whole_and_leads_nowhere_that_is_missing(operator, language):
    """Each is rendered at each stage: a reverse of a page left out would raise."""
    with override(language):
        pages = pages_of_all_stages(operator)

    assert {page.status_code for page in pages} <= {200, 301, 302, 403, 404, 422}
    shown = {page.templates[0].name: page for page in pages if page.templates}
    assert shown.keys() >= SHOWN
    problems = {}
    for page in pages:
        if page.templates and page["Content-Type"].startswith("text/html"):
            problems[page.templates[0].name] = problems_of(page.text, language=language)
        if page.templates and page.templates[0].name in SHOWN:
            assert page["Cache-Control"] == "private, no-store", page.request["PATH_INFO"]
            assert page["X-Robots-Tag"] == "noindex, nofollow", page.request["PATH_INFO"]
    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_these_pages_and_mails_speak_one_language(operator, language):
    """A sentence of allauth or of Django that was not made ours would stand out in the other."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/fr/LC_MESSAGES/django.po"))
    foreign = [
        entry.msgid if language == "fr" else entry.msgstr
        for entry in catalogue
        if len(entry.msgid) > 20 and entry.msgstr and "%" not in entry.msgid
    ]
    with override(language):
        pages = pages_of_all_stages(operator)

    texts = {page.templates[0].name: html.unescape(page.text) for page in pages if page.templates}
    assert {
        (name, words)
        for name, text in texts.items()
        for words in foreign
        if words in text and name in SHOWN
    } == set()


@pytest.mark.parametrize(
    "name", ["account_email", "account_reset_password", "account_change_password"]
)
def test_allauth_may_ask_in_vain_for_what_was_left_out(name):
    """It does so on every 404 and where it draws a password's field, and takes no for an answer."""
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_address_under_account_that_is_none_is_a_plain_404(client):
    assert client.get("/account/nowhere/").status_code == 404
    assert client.get("/account/password/reset/").status_code == 404


# ── What it costs everybody else ────────────────────────────────────────────────────────────────

PUBLIC = ["/", "/groups/", "/groups/river/", "/ecosystems/", "/about/", "/privacy/", "/en/groups/"]


@pytest.mark.parametrize("address", PUBLIC)
def test_reading_sets_no_cookie_and_knows_nobody(client, address):
    make_facilitator(make_group(short_name="river"))

    answer = client.get(address)

    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.wsgi_request.session.accessed


@pytest.mark.parametrize("address", PUBLIC)
def test_reading_is_the_same_for_whoever_is_signed_in(client, person, address):
    make_group(short_name="river")
    before = client.get(address)
    sign_in(client, person.email)

    after = client.get(address)

    assert after.content == before.content
    assert not after.cookies
    assert not after.wsgi_request.session.accessed


def test_signing_in_adds_no_query_to_a_listing(client, person):
    make_group()
    sign_in(client, person.email)
    client.get("/groups/")

    with CaptureQueriesContext(connection) as of_a_person:
        client.get("/groups/")
    with CaptureQueriesContext(connection) as of_a_visitor:
        Client().get("/groups/")

    queries = [query["sql"] for query in of_a_visitor]
    assert [query["sql"] for query in of_a_person] == queries
    assert not [sql for sql in queries if "session" in sql or "groups_person" in sql]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_too_much_of_it_is_answered_with_a_page(client, settings, language):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    with override(language):
        by_password(client, "eve@example.org", "guess")
        answer = by_password(client, "eve@example.org", "guess")

    assert answer.status_code == 429
    assert problems_of(answer.text, language=language) == []

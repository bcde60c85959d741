import pytest
from django.core.signing import Signer

from groups.mail.unsubscribe import person_of, unsubscribe_address
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "start"), [("fr", "/account/"), ("en", "/en/account/")])
def test_the_address_names_the_person_in_their_language(language, start):
    ada = make_person(language=language)

    address = unsubscribe_address(ada)

    assert address.startswith(f"http://127.0.0.1:8000{start}unsubscribe/")
    assert person_of(address.split("/")[-2]) == ada


@pytest.mark.parametrize("token", ["", "1", "1:", "1:forged", "é\x00", "x" * 5000])
def test_a_token_that_we_did_not_make_names_nobody(token):
    make_person(pk=1)

    assert person_of(token) is None


def test_a_token_made_for_something_else_names_nobody():
    assert person_of(Signer(salt="other").sign(make_person().pk)) is None


def test_who_is_gone_is_nobody():
    ada = make_person()
    token = unsubscribe_address(ada).split("/")[-2]
    ada.delete()

    assert person_of(token) is None

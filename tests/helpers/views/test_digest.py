import pytest

from helpers.models import Digest
from tests.factories import make_person

from ..test_digests import make_helper, quiet_group


@pytest.fixture
def ada(client):
    person = make_person(language="en")
    client.force_login(person)
    return person


@pytest.mark.django_db
def test_stranger_is_led_to_sign_in(client):
    response = client.get("/en/helpers/digest/")

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/en/helpers/digest/")


@pytest.mark.django_db
def test_person_chooses_day_and_hour(client, ada):
    response = client.post("/en/helpers/digest/", {"weekday": "3", "hour": "18"}, follow=True)

    assert "Kept: that is when your digest comes." in response.content.decode()
    assert Digest.objects.values_list("person", "weekday", "hour").get() == (ada.pk, 3, 18)


@pytest.mark.django_db
def test_choosing_again_keeps_what_was_planned(client, ada):
    Digest.objects.create(person=ada, planned_on="2026-10-05")
    client.post("/en/helpers/digest/", {"weekday": "3", "hour": "18"})

    assert f"{Digest.objects.get().planned_on}" == "2026-10-05"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"weekday": "7", "hour": "8"}, {"weekday": "1", "hour": "24"}, {"weekday": "x"}]
)
def test_what_is_no_day_and_hour_is_said_so(client, ada, wrong):
    response = client.post("/en/helpers/digest/", wrong)

    assert response.status_code == 422
    assert 'class="field field--error"' in response.content.decode()
    assert not Digest.objects.exists()


@pytest.mark.django_db
def test_page_says_whether_a_digest_would_come(client, ada):
    assert "it would have nothing to tell" in client.get("/en/helpers/digest/").content.decode()

    client.force_login(make_helper(quiet_group(90)))

    assert "it would have something to tell" in client.get("/en/helpers/digest/").content.decode()

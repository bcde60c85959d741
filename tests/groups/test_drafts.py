from datetime import UTC, datetime, timedelta

import pytest

from groups.drafts import draft_of, keep_draft
from groups.links import find_link
from groups.models import Draft, Link, Mail

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TYPED = {"name": "Jardins de la Lagune", "home_url": "nothing yet"}
TOKEN = "t" * 32


def keep(typed=TYPED, *, email="ada@example.org", language="fr", now=NOON, draft=None):
    return keep_draft(typed, email=email, language=language, token=TOKEN, draft=draft, now=now)


class Request:
    """What a browser shows of itself here: its session."""

    def __init__(self, **session):
        self.session = session


def secret_in(mail):
    return mail.text.partition("/l/")[2].partition("/")[0]


def test_what_was_typed_is_kept_right_or_wrong_and_the_link_is_mailed():
    draft = keep()

    mail = Mail.objects.get()
    link = find_link(secret_in(mail))
    assert (draft.typed, draft.email) == (TYPED, "ada@example.org")
    assert (link.purpose, link.draft) == (Link.Purpose.DRAFT, draft)
    assert link.expires_at == NOON + timedelta(days=30)
    assert mail.is_asked
    assert "21 décembre 2026" in mail.text


def test_the_mail_says_nothing_that_was_typed():
    keep({"name": "Buy pills at https://pills.example"})

    mail = Mail.objects.get()
    assert "pills" not in mail.subject + mail.text + mail.html


def test_the_mail_is_in_the_language_of_the_page():
    keep(language="en")

    mail = Mail.objects.get()
    assert mail.subject == "Your registration, to be finished"
    assert "/en/l/" in mail.text


def test_a_double_click_keeps_and_mails_once():
    keep()

    assert keep() is None
    assert Draft.objects.count() == Mail.objects.count() == Link.objects.count() == 1


def test_going_on_with_a_draft_keeps_one():
    draft = keep()

    again = keep({**TYPED, "tagline": "More."}, draft=draft, now=NOON + timedelta(days=3))

    assert again == draft
    assert Draft.objects.get().typed["tagline"] == "More."
    assert Draft.objects.get().created_at == NOON + timedelta(days=3)
    assert Mail.objects.count() == 2


def test_a_browser_has_the_draft_it_opened_for_thirty_days():
    draft = keep()

    assert draft_of(Request(draft=draft.pk), NOON) == draft
    assert draft_of(Request(draft=draft.pk), NOON + timedelta(days=30)) is None
    assert draft_of(Request(), NOON) is None
    assert draft_of(Request(draft=draft.pk + 1), NOON) is None

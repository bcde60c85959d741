"""One mail from what waits: whom it greets, how it ends, what its headers say."""

import re
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.mail.composing import compose, greeted
from groups.models import Mail, Person
from tests.factories import make_mail, make_person

pytestmark = pytest.mark.django_db


def composed(*mails):
    """Return a mail as its receiver's program reads it."""
    raw = compose(mails).message().as_bytes(linesep="\r\n")
    return message_from_bytes(raw, policy=policy.default)


def parts(message):
    kinds = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return [content.replace("\r\n", "\n") for content in kinds]


@pytest.mark.parametrize(
    ("language", "greeting", "ending"),
    [
        ("fr", "Bonjour Aïcha,", "Vous recevez ce courriel parce que"),
        ("en", "Hello Aïcha,", "You receive this because"),
    ],
)
def test_a_mail_greets_and_ends_in_the_receivers_language(language, greeting, ending):
    aicha = make_person(name="Aïcha", language=language)

    for part in parts(
        composed(make_mail(person=aicha, language=language, text="Tout", html="Tout"))
    ):
        assert part.index(greeting) < part.index("Tout") < part.index(ending)
        assert "http://127.0.0.1:8000" in part


def test_who_left_no_name_is_greeted_too():
    assert parts(composed(make_mail(language="en")))[0].startswith("Hello,\n\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dr. Ada", "Dr. Ada"),
        ("Ada", "Ada"),
        ("http://spam.example", ""),
        ("Gagnez sur www.spam.example", ""),
        ("ada@example.org", ""),
    ],
)
def test_a_name_that_is_an_address_is_not_greeted(name, expected):
    assert greeted(make_person(name=name)) == expected


def test_html_says_its_language_and_loads_nothing():
    html = parts(composed(make_mail(language="en")))[1]

    assert '<html lang="en">' in html
    assert not re.search(r"\ssrc=|<img|<script|<link|url\(|@import", html)
    assert "prefers-color-scheme: dark" in html


def test_what_was_written_by_somebody_stays_text_in_html():
    mail = make_mail(subject="<script>alert(1)</script>", person=make_person(name="<b>Ada</b>"))

    html = parts(composed(mail))[1]

    assert "<script" not in html
    assert "<b>Ada" not in html


def test_a_mail_says_who_writes_and_that_a_machine_does(settings):
    settings.MAIL_FROM = "noreply@directory.example.org"

    message = composed(make_mail(language="fr", reply_to="visitor@example.org"))

    assert message["From"] == "Écosystème de groupes <noreply@directory.example.org>"
    assert (message["To"], message["Reply-To"]) == ("ada@example.org", "visitor@example.org")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime


def test_the_sender_may_have_a_name_of_its_own(settings):
    settings.MAIL_FROM = "L’annuaire <noreply@example.org>"

    assert composed(make_mail())["From"] == "L’annuaire <noreply@example.org>"


def test_the_identifier_is_the_same_each_time_and_tells_no_key():
    mail, other = make_mail(key="code:ada@example.org"), make_mail()

    first, again, another = (composed(each)["Message-ID"] for each in (mail, mail, other))

    assert first == again != another
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", first)


def test_what_nobody_asked_for_says_how_to_have_none():
    ada = make_person(language="en")
    asked = composed(make_mail(person=ada, is_asked=True))
    message = composed(make_mail(person=ada, language="en", is_asked=False))
    address = message["List-Unsubscribe"].strip(" <>")

    assert address.startswith("http://127.0.0.1:8000/en/account/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(address in part for part in parts(message))
    assert asked["List-Unsubscribe"] is None
    assert "unsubscribe" not in "".join(parts(asked))


@pytest.mark.parametrize(
    ("language", "subject"),
    [("fr", "2 nouvelles de vos groupes"), ("en", "2 pieces of news of your groups")],
)
def test_several_become_one_with_a_section_each(language, subject):
    ada = make_person(language=language)
    mails = [
        make_mail(person=ada, language=language, is_asked=False, subject=f"Title {number}")
        for number in (1, 2)
    ]

    message = composed(*mails)

    assert message["Subject"] == subject
    text, html = parts(message)
    assert f"Title 1\n-------\n\n{mails[0].text}\n\nTitle 2\n-------\n\n{mails[1].text}\n" in text
    titles_and_bodies = re.findall(r"<h2>(.+)</h2>\s*(.+)", html)
    assert titles_and_bodies == [("Title 1", mails[0].html), ("Title 2", mails[1].html)]
    assert message["Message-ID"] != composed(mails[0])["Message-ID"]


def test_sections_with_different_answers_say_where_each_goes():
    mails = [
        make_mail(language="en", is_asked=False, reply_to=f"{name}@example.org")
        for name in ("bea", "cleo")
    ]

    message = composed(*mails)

    assert message["Reply-To"] is None
    for part in parts(message):
        assert part.index("To answer: bea@example.org") < part.index("To answer: cleo@example.org")


# What leaves has no line too long, and no header nobody wrote


def test_a_mail_leaves_in_seven_bits_and_short_lines():
    mail = make_mail(subject="Très « long » " * 14, text="é" * 3000, html=f"<p>{'é' * 3000}</p>")

    raw = compose([mail]).message().as_bytes(linesep="\r\n")

    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    subject=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=500),
)
def test_whatever_is_written_a_mail_has_our_headers_only(name, subject, text):
    message = composed(
        Mail(
            key="k",
            person=Person(name=name),
            receiver="ada@example.org",
            subject=subject,
            text=text,
            html=text,
            is_asked=True,
        )
    )

    assert sorted(message.keys()) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]
    assert message["To"] == "ada@example.org"


@pytest.mark.parametrize(
    "field",
    [{"subject": "a\nBcc: eve@example.org"}, {"receiver": "a@example.org\nBcc: e@example.org"}],
)
def test_a_line_break_in_a_header_is_refused(field):
    mail = Mail(**({"key": "k", "receiver": "a@example.org", "subject": "s"} | field))

    with pytest.raises(ValueError, match="newline"):
        composed(mail)


def test_the_text_says_that_its_lines_may_be_joined():
    message = composed(make_mail(text="word " * 30))

    assert message.get_body(("plain",))["Content-Type"].params["format"] == "flowed"
    assert "format" not in message.get_body(("html",))["Content-Type"].params
    assert "word \nword" in parts(message)[0]

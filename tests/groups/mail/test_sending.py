"""Sending, to a real mail server: what leaves, what waits, what is refused, what nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from groups.mail import sending
from groups.mail.claiming import DAY, claim
from groups.mail.fates import HANDING_OVER, MOST_ATTEMPTS, delay, let_be, send_again
from groups.mail.sending import send_due
from groups.models import Mail, Person
from tests.factories import make_mail, make_person
from tests.sharing import at_once
from tests.smtp import open_post_office, serving, use

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def waiting(receiver="ada@example.org", **fields):
    return make_mail(receiver, **({"due_at": NOON, "created_at": NOON} | fields))


def send(now=NOON, **given):
    return dict(send_due(clock=lambda: now, **given))


def fates():
    return list(Mail.objects.order_by("pk").values_list("outcome", flat=True))


# What leaves


@pytest.mark.parametrize(
    ("language", "hello", "site"),
    [
        ("fr", "Bonjour Aïcha,", "Écosystème de groupes"),
        ("en", "Hello Aïcha,", "Ecosystem of groups"),
    ],
)
def test_a_mail_arrives_as_text_and_html(post_office, language, hello, site):
    aicha = make_person("aicha@example.org", name="Aïcha", language=language)
    waiting(person=aicha, language=language, subject="Été", text="Déjà", html="<p>Déjà vu</p>")

    assert send() == {"sent": 1}

    [letter] = post_office.letters
    assert (letter.receiver, letter.sender) == ("aicha@example.org", "noreply@127.0.0.1")
    assert (letter.message["Subject"], letter.message["To"]) == ("Été", "aicha@example.org")
    assert letter.text.replace("\r\n", "\n").startswith(f"{hello}\n\nDéjà\n")
    assert f"<p>{hello}</p>" in letter.html
    assert "<p>Déjà vu</p>" in letter.html
    assert site in letter.text
    assert site in letter.html


def test_a_line_of_one_dot_does_not_end_a_mail(post_office):
    waiting(text="before\n.\n..\nafter")

    send()

    assert "before\r\n.\r\n..\r\nafter" in post_office.letters[0].text


def test_what_has_left_keeps_neither_its_body_nor_where_answers_go(post_office):
    mail = waiting(reply_to="visitor@example.org")

    send()

    mail.refresh_from_db()
    assert (mail.outcome, mail.sent_at) == ("sent", NOON)
    assert (mail.text, mail.html, mail.reply_to, mail.lease_until) == ("", "", "", None)


def test_in_the_demo_it_keeps_its_body_and_nobody_gets_it(post_office, settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    mail = waiting()

    assert send() == {"sent": 1}
    assert Mail.objects.get().text == mail.text
    assert post_office.connections == 0


def test_many_leave_by_one_connection(post_office):
    for number in range(30):
        waiting(f"person-{number}@example.org")

    assert send() == {"sent": 30}
    assert len(set(post_office.receivers)) == 30
    assert post_office.connections == 1


def test_at_most_so_many_leave_and_the_oldest_first(post_office):
    waiting("late@example.org", due_at=NOON)
    waiting("early@example.org", due_at=NOON - DAY)

    assert send(most=1) == {"sent": 1}
    assert post_office.receivers == ["early@example.org"]


def test_what_was_asked_for_goes_first(post_office):
    waiting("reminder@example.org", is_asked=False, due_at=NOON - DAY)
    waiting("code@example.org")

    send()

    assert post_office.receivers == ["code@example.org", "reminder@example.org"]


def test_what_is_not_due_stays(post_office):
    waiting(due_at=NOON + MOMENT)

    assert send() == {}
    assert send(NOON + MOMENT) == {"sent": 1}


def test_sending_stops_between_two_mails(post_office):
    for _ in range(3):
        waiting()

    assert send(stop=lambda: len(post_office.letters) == 1) == {"sent": 1}
    assert fates() == ["sent", "queued", "queued"]
    assert not Mail.objects.filter(outcome="queued").exclude(claim="", lease_until=None).exists()


# What the server says


@pytest.mark.parametrize(
    "answers",
    [
        {"MAIL": "451 busy"},
        {"MAIL": "550 we do not know you"},
        {"MAIL": "421 closing"},
        {"RCPT": "450 mailbox busy"},
        {"DATA": "452 disk full"},
        {"DATA": "554 no"},
    ],
)
def test_what_has_not_left_is_tried_again(post_office, answers):
    waiting()
    post_office.answers = answers

    assert send() == {"put off": 1}

    mail = Mail.objects.get()
    assert (mail.outcome, mail.attempts, mail.sent_at, mail.claim) == ("queued", 1, None, "")
    assert next(iter(answers.values())) in mail.problem
    assert NOON + timedelta(seconds=45) <= mail.due_at <= NOON + timedelta(seconds=75)

    post_office.answers = {}
    assert send(mail.due_at) == {"sent": 1}
    assert len(post_office.letters) == 1


def test_a_receiver_that_is_refused_is_refused(post_office):
    waiting("gone@example.org")
    waiting("here@example.org")
    post_office.answers = {"RCPT gone@example.org": "550 5.1.1 nobody here"}

    assert send() == {"refused": 1, "sent": 1}

    mail = Mail.objects.get(receiver="gone@example.org")
    assert (mail.outcome, mail.problem, mail.sent_at) == ("refused", "550 5.1.1 nobody here", None)
    assert mail.text
    assert post_office.receivers == ["here@example.org"]
    assert send(NOON + 30 * DAY) == {}


def test_after_five_days_it_is_given_up(post_office):
    waiting(attempts=MOST_ATTEMPTS - 2)
    post_office.answers = {"DATA": "452 disk full"}

    assert send() == {"put off": 1}
    assert send(NOON + DAY) == {"refused": 1}
    days = sum((min(delay(each), timedelta(hours=6)) for each in range(1, MOST_ATTEMPTS)), 0 * DAY)
    assert timedelta(days=4) < days < timedelta(days=6)


def test_delays_double_and_are_never_in_step():
    assert [
        round(delay(each) / timedelta(minutes=1) / 2 ** (each - 1)) for each in range(1, 9)
    ] == ([1] * 8)
    assert len({delay(3) for _ in range(5)}) > 1
    assert timedelta(hours=4) < delay(2000) < timedelta(hours=8)


# A server that is away or dies


def test_a_server_that_is_away_delays_and_loses_nothing(settings):
    with open_post_office() as office:
        use(settings, office.port)
    for number in range(25):
        waiting(f"person-{number}@example.org", attempts=MOST_ATTEMPTS + 1)

    for day in range(10):
        assert send(NOON + day * DAY).keys() == {"put off"}
    assert fates() == ["queued"] * 25
    mail = Mail.objects.last()
    assert "Connection refused" in mail.problem
    assert mail.due_at < NOON + 10 * DAY

    with serving(office, office.port):
        assert send(NOON + 11 * DAY) == {"sent": 25}
    assert len(set(office.receivers)) == 25


def test_time_away_does_not_count_as_tries(settings):
    with open_post_office() as office:
        use(settings, office.port)
    waiting()

    for day in range(MOST_ATTEMPTS * 2):
        send(NOON + day * DAY)

    assert Mail.objects.get().attempts < MOST_ATTEMPTS / 2


@pytest.mark.parametrize("moment", ["in the text", "after the text", "after taking it"])
def test_a_server_that_dies_with_the_text_leaves_the_fate_unknown(post_office, moment):
    waiting()
    waiting("next@example.org")
    post_office.dies = moment

    assert send() == {"unknown": 1, "sent": 1}

    mail = Mail.objects.get(receiver="ada@example.org")
    assert (mail.outcome, mail.sent_at) == ("unknown", NOON)
    assert mail.text
    assert "SMTPServerDisconnected" in mail.problem
    # Never by itself.
    assert send(NOON + 30 * DAY) == {}
    assert post_office.receivers.count("next@example.org") == 1


def test_a_server_that_dies_before_the_text_is_asked_again(post_office):
    waiting()
    post_office.dies = "before DATA"

    assert send() == {"put off": 1}
    assert send(NOON + DAY) == {"sent": 1}


def test_a_server_that_closes_after_so_many_mails_is_called_again(post_office):
    post_office.closes_after = 2
    for number in range(5):
        waiting(f"person-{number}@example.org")

    assert send() == {"sent": 5}
    assert len(set(post_office.receivers)) == 5
    assert post_office.connections == 3


def test_a_sender_that_died_while_handing_over_leaves_the_fate_unknown(post_office):
    mail = waiting(
        outcome="handing_over", sent_at=NOON, claim="dead", lease_until=NOON + HANDING_OVER
    )

    assert send(NOON + HANDING_OVER - MOMENT) == {}
    assert send(NOON + HANDING_OVER) == {"unknown": 1}

    mail.refresh_from_db()
    assert mail.outcome == "unknown"
    assert mail.problem
    assert post_office.letters == []


def test_a_sender_that_died_before_leaves_its_claim_to_the_next(post_office):
    waiting()
    claim(NOON, 10)

    assert send(NOON + timedelta(minutes=2) - MOMENT) == {}
    assert send(NOON + timedelta(minutes=2)) == {"sent": 1}


def test_who_was_thought_dead_and_lives_says_what_became_of_it(post_office, monkeypatch):
    waiting()
    hand_over = sending.MailServer.hand_over

    def slowly(server, message):
        assert send_due(clock=lambda: NOON + HANDING_OVER) == {"unknown": 1}
        hand_over(server, message)

    monkeypatch.setattr(sending.MailServer, "hand_over", slowly)

    assert send() == {"sent": 1}
    assert fates() == ["sent"]


def test_who_wakes_up_late_does_not_send_what_another_has(post_office, monkeypatch):
    waiting()
    compose = sending.compose

    def slowly(parcel):
        monkeypatch.setattr(sending, "compose", compose)
        assert send_due(clock=lambda: NOON + timedelta(minutes=3)) == {"sent": 1}
        return compose(parcel)

    monkeypatch.setattr(sending, "compose", slowly)

    assert send() == {}
    assert len(post_office.letters) == 1
    assert fates() == ["sent"]


# Two senders


@pytest.mark.django_db(transaction=True)
def test_of_two_senders_each_mail_is_sent_by_one(post_office, shared):
    for number in range(60):
        waiting(f"person-{number}@example.org", is_asked=number % 2)

    assert at_once(shared, *[send] * 3) == []
    assert len(post_office.letters) == 60
    assert len(set(post_office.receivers)) == 60
    assert fates() == ["sent"] * 60


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_a_person_one_reminder(post_office, shared):
    people = [make_person(f"person-{number}@example.org") for number in range(10)]
    for _ in range(2):
        for person in people:
            waiting(person=person, is_asked=False)

    def add_and_send():
        for person in people:
            waiting(person=Person.objects.get(pk=person.pk), is_asked=False)
            send()

    assert at_once(shared, add_and_send, add_and_send) == []
    send(NOON + timedelta(minutes=5))
    assert sorted(post_office.receivers) == sorted(person.email for person in people)


# What nobody asked for


def test_what_waits_for_one_person_leaves_as_one(post_office):
    ada = make_person(language="en")
    for number in (1, 2, 3):
        waiting(person=ada, language="en", is_asked=False, subject=f"Title {number}")
    waiting("bob@example.org", is_asked=False, subject="Alone")

    assert send() == {"sent": 2, "joined": 2}
    assert fates() == ["sent", "joined", "joined", "sent"]
    assert sorted(letter.message["Subject"] for letter in post_office.letters) == [
        "3 pieces of news of your groups",
        "Alone",
    ]
    [joined] = [each for each in post_office.letters if each.receiver == ada.email]
    assert all(f"Title {number}" in joined.text for number in (1, 2, 3))


def test_a_person_gets_one_a_day(post_office):
    waiting(is_asked=False)
    send()
    waiting(is_asked=False)
    waiting(is_asked=False)

    assert send(NOON + timedelta(hours=1)) == {"waiting": 2}
    assert send(NOON + DAY - MOMENT) == {}
    assert send(NOON + DAY) == {"sent": 1, "joined": 1}
    assert len(post_office.letters) == 2


def test_what_was_asked_for_leaves_whatever_came_today(post_office):
    waiting(is_asked=False)
    send()
    waiting()

    assert send() == {"sent": 1}


def test_what_was_asked_for_is_no_reason_to_wait(post_office):
    waiting()
    send()
    waiting(is_asked=False)

    assert send() == {"sent": 1}


def test_what_may_have_left_counts_as_sent_today(post_office):
    waiting(is_asked=False)
    post_office.dies = "after taking it"
    send()
    waiting(is_asked=False)

    assert send(NOON + timedelta(hours=1)) == {"waiting": 1}
    assert send(NOON + DAY) == {"sent": 1}


def test_what_has_not_left_does_not_count(post_office):
    waiting(is_asked=False)
    post_office.answers = {"DATA": "452 disk full"}
    send()
    post_office.answers = {}
    waiting(is_asked=False)

    assert send(NOON + timedelta(minutes=3)) == {"sent": 1, "joined": 1}


def test_more_than_thirty_wait_for_another_day(post_office):
    for _ in range(31):
        waiting(is_asked=False)

    assert send() == {"sent": 1, "joined": 29, "waiting": 1}
    assert send(NOON + DAY) == {"sent": 1}


def test_who_says_no_while_it_waits_gets_none(post_office):
    ada = make_person()
    waiting(person=ada, is_asked=False)
    Person.objects.update(wants_reminders=False)
    waiting(person=ada)

    assert send() == {"sent": 1, "dropped": 1}
    assert len(post_office.letters) == 1


# What fails by our own fault


def test_a_mail_that_cannot_be_written_stops_no_other(post_office, caplog):
    waiting("not an address")
    waiting("ada@example.org")

    assert send() == {"failed": 1, "sent": 1}
    assert fates() == ["queued", "sent"]
    assert "could not be written" in caplog.text
    assert "not an address" not in caplog.messages[0]


def test_the_command_ends_badly_only_if_we_failed(post_office, settings, capsys):
    make_mail()
    call_command("send_mail")
    assert capsys.readouterr().out.startswith("1 envoyés, dont 0 joints")

    make_mail("not an address")
    with pytest.raises(CommandError, match="1 courriel n’a pas pu être écrit"):
        call_command("send_mail", most=5)


def test_the_command_names_what_waits_for_an_operator(post_office, capsys):
    post_office.dies = "after taking it"
    make_mail()

    call_command("send_mail")

    assert "On ignore si 1 courriel est parti" in capsys.readouterr().out


def test_the_command_succeeds_while_the_server_is_away(settings, capsys):
    with open_post_office() as office:
        use(settings, office.port)
    make_mail()

    call_command("send_mail")

    assert "1 remis à plus tard" in capsys.readouterr().out


# What an operator decides


@pytest.mark.parametrize("outcome", ["unknown", "refused"])
def test_an_operator_may_send_it_again(post_office, outcome):
    waiting(outcome=outcome, attempts=MOST_ATTEMPTS, claim="old", sent_at=NOON, problem="x")

    assert send_again(Mail.objects.all(), NOON) == 1
    assert send() == {"sent": 1}
    assert len(post_office.letters) == 1


def test_an_operator_may_let_it_be(post_office):
    waiting(outcome="unknown", sent_at=NOON)

    assert let_be(Mail.objects.all()) == 1
    assert fates() == ["unknown"]
    assert Mail.objects.get().text == Mail.objects.get().html == ""
    assert send_again(Mail.objects.all(), NOON) == let_be(Mail.objects.all()) == 0


@pytest.mark.parametrize("outcome", ["queued", "handing_over", "sent", "joined"])
def test_what_has_a_fate_is_not_for_an_operator_to_change(outcome):
    waiting(outcome=outcome, sent_at=NOON)

    assert send_again(Mail.objects.all(), NOON) == let_be(Mail.objects.all()) == 0

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from groups import upkeep
from groups.access import confirmed_facilitators
from groups.entries import save_entry
from groups.freshness import AGAIN_AFTER, EVERY, EVERY_ASLEEP, ask_freshness
from groups.links import end_kept_links, find_link, is_open, make_link
from groups.models import Facilitator, Group, Link, Mail, Pause, Task
from groups.tasks import open_task
from tests.factories import make_entry, make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
LONG_AGO = NOON - timedelta(days=400)


def make_known_group(*people, checked=LONG_AGO, **fields):
    """Make a group that these people facilitate and that somebody checked back then."""
    fields = {"created_at": LONG_AGO, "reviewed_at": LONG_AGO, "confirmed_at": checked, **fields}
    group = make_group(**fields)
    for person in people:
        make_facilitator(group, person, confirmed_at=fields["created_at"])
    return group


def asked():
    """Return whom the queue asks about what: [(address, names of groups)]."""
    mails = Mail.objects.filter(key__startswith="freshness:").order_by("pk")
    names = sorted(Group.objects.values_list("name", flat=True), key=len, reverse=True)
    return [
        (mail.receiver, sorted({name for name in names if re.search(rf"\b{name}\b", mail.text)}))
        for mail in mails
    ]


@pytest.fixture
def ada():
    return make_person("ada@example.org", language="en")


@pytest.fixture
def ben():
    return make_person("ben@example.org", language="en")


# Who is asked, and when


@pytest.mark.parametrize(("silence", "is_asked"), [(EVERY - MOMENT, False), (EVERY, True)])
def test_a_group_is_asked_half_a_year_after_it_was_checked(ada, silence, is_asked):
    make_known_group(ada, checked=NOON - silence)

    assert ask_freshness(NOON)["groups"] == is_asked


@pytest.mark.parametrize(
    ("fields", "is_asked"),
    [
        ({"reviewed_at": NOON - EVERY}, True),
        ({"reviewed_at": NOON - EVERY + MOMENT}, False),
        ({"reviewed_at": None, "created_at": NOON - EVERY}, True),
        ({"reviewed_at": None, "created_at": NOON - EVERY + MOMENT}, False),
    ],
)
def test_one_that_was_never_checked_counts_from_when_it_was_published(ada, fields, is_asked):
    make_known_group(ada, checked=None, **fields)

    assert ask_freshness(NOON)["groups"] == is_asked


@pytest.mark.parametrize(
    ("silence", "is_asked"), [(EVERY_ASLEEP - MOMENT, False), (EVERY_ASLEEP, True)]
)
def test_a_sleeping_group_is_asked_once_a_year(ada, silence, is_asked):
    make_known_group(ada, checked=NOON - silence, activity="asleep")

    assert ask_freshness(NOON)["groups"] == is_asked


@pytest.mark.parametrize(
    "fields", [{"activity": "archived"}, {"review": "pending"}, {"review": "refused"}]
)
def test_what_has_stopped_or_is_not_published_is_not_asked(ada, fields):
    make_known_group(ada, **fields)

    assert ask_freshness(NOON) == {}


@pytest.mark.parametrize(
    ("days", "is_asked"),
    [
        ({"until_day": NOON.date()}, False),
        ({"until_day": NOON.date() - DAY}, True),
        ({"review_on": NOON.date()}, False),
        ({"review_on": NOON.date() - DAY}, True),
    ],
)
def test_a_group_that_pauses_is_left_in_peace(ada, days, is_asked):
    group = make_known_group(ada)
    Pause.objects.create(group=group, from_day=NOON.date() - 9 * DAY, **days)

    assert ask_freshness(NOON)["groups"] == is_asked


@pytest.mark.parametrize(
    "fields",
    [{"confirmed_at": None}, {"ended_at": LONG_AGO}],
)
def test_only_confirmed_facilitators_of_now_are_asked(ada, ben, fields):
    group = make_known_group(ada, name="Velo")
    Facilitator.objects.create(group=group, person=ben, **{"confirmed_at": LONG_AGO, **fields})

    ask_freshness(NOON)

    assert asked() == [("ada@example.org", ["Velo"])]


def test_somebody_who_was_shut_out_is_not_asked(ada, ben):
    make_known_group(ada, ben, name="Velo")
    ben.is_active = False
    ben.save()

    ask_freshness(NOON)

    assert asked() == [("ada@example.org", ["Velo"])]


def test_who_wants_no_reminders_gets_none_and_no_link_is_made(ada, ben):
    make_known_group(ada, ben, name="Velo")
    ada.wants_reminders = False
    ada.save()

    assert ask_freshness(NOON) == {"groups": 1, "mails": 1}
    assert asked() == [("ben@example.org", ["Velo"])]
    assert not Link.objects.filter(person=ada).exists()


# One mail a person


def test_a_person_gets_one_mail_for_all_their_groups(ada):
    for name in ("Velo", "Jardin", "Atelier"):
        make_known_group(ada, name=name)

    assert ask_freshness(NOON) == {"groups": 3, "mails": 1}
    assert asked() == [("ada@example.org", ["Atelier", "Jardin", "Velo"])]


def test_groups_that_share_people_are_asked_together(ada, ben):
    carol = make_person("carol@example.org")
    make_known_group(ada, name="Velo")
    make_known_group(ada, ben, name="Jardin")
    make_known_group(ben, carol, name="Atelier")
    make_known_group(carol, name="Fraise", checked=NOON - DAY)

    assert ask_freshness(NOON) == {"groups": 3, "mails": 3}
    assert sorted(asked()) == [
        ("ada@example.org", ["Jardin", "Velo"]),
        ("ben@example.org", ["Atelier", "Jardin"]),
        ("carol@example.org", ["Atelier"]),
    ]


def test_the_mail_has_three_links_a_group_that_do_what_they_say(ada):
    group = make_known_group(ada, name="Velo", checked=NOON - timedelta(days=200))
    ask_freshness(NOON)

    [mail] = Mail.objects.all()

    assert mail.subject == "Is the page of “Velo” still right?"
    assert "checked six months ago" in mail.text
    links = [find_link(secret) for secret in secrets_of(mail.text)]
    assert [link.purpose for link in links] == ["still_right", "edit", "sleep"]
    assert {(link.person, link.group) for link in links} == {(ada, group)}
    assert set(secrets_of(mail.html)) == set(secrets_of(mail.text))
    # The mail may be opened weeks later.
    assert all(is_open(link, NOON + timedelta(days=59)) for link in links)


def test_a_sleeping_group_is_asked_whether_it_is_awake(ada):
    make_known_group(ada, activity="asleep")
    ask_freshness(NOON)

    [mail] = Mail.objects.all()

    assert "Still asleep, and the rest is right:" in mail.text
    assert [find_link(secret).purpose for secret in secrets_of(mail.text)][2] == "wake"


def test_the_mail_speaks_the_language_of_its_receiver(ada):
    ada.language = "fr"
    ada.save()
    make_known_group(ada, name="Velo", checked=NOON - timedelta(days=200))

    ask_freshness(NOON)

    [mail] = Mail.objects.all()
    assert mail.subject == "La page de «\u202fVelo\u202f» est-elle toujours juste\u202f?"
    assert "vérifiée il y a six mois" in mail.text


def secrets_of(text):
    return list(dict.fromkeys(re.findall(r"/l/([\w-]+)/", text)))


# In which order, and how many


def test_the_oldest_are_asked_first_and_at_most_so_many(ada):
    people = [make_person(f"{number}@example.org") for number in range(4)]
    for age, person in zip((210, 230, 220, 240), people, strict=True):
        make_known_group(person, name=f"Age {age}", checked=NOON - age * DAY)

    assert ask_freshness(NOON, most=2)["groups"] == 2
    assert [names for _address, names in asked()] == [["Age 240"], ["Age 230"]]
    assert ask_freshness(NOON, most=9)["groups"] == 2


def test_somebody_with_many_groups_counts_for_as_many(ada):
    for number in range(5):
        make_known_group(ada, name=f"Group {number}", checked=NOON - (300 - number) * DAY)

    assert ask_freshness(NOON, most=3) == {"groups": 3, "mails": 1}
    assert ask_freshness(NOON, most=3) == {"groups": 2, "mails": 1}


@pytest.mark.parametrize("groups", [1, 3])
def test_looking_for_groups_nobody_needs_to_be_asked_about_costs_one_query(
    ada, django_assert_num_queries, groups
):
    for _ in range(groups):
        make_known_group(ada, checked=NOON)

    with django_assert_num_queries(1):
        ask_freshness(NOON)


# What follows


def test_after_two_weeks_everybody_is_asked_once_more(ada):
    make_known_group(ada, name="Velo")
    ask_freshness(NOON)

    assert ask_freshness(NOON + AGAIN_AFTER - MOMENT) == {}
    assert ask_freshness(NOON + AGAIN_AFTER) == {"groups": 1, "mails": 1}
    first, second = Mail.objects.order_by("pk")
    assert "We asked two weeks ago" not in first.text
    assert "We asked two weeks ago" in second.text


def test_after_two_more_weeks_a_helper_has_a_look(ada):
    group = make_known_group(ada)
    ask_freshness(NOON)
    ask_freshness(NOON + AGAIN_AFTER)

    assert ask_freshness(NOON + 2 * AGAIN_AFTER - MOMENT) == {}
    assert ask_freshness(NOON + 2 * AGAIN_AFTER) == {"stale": 1}
    [task] = Task.objects.all()
    assert (task.kind, task.group, task.decided_at) == ("stale", group, None)
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize("deed", [upkeep.confirm_entry, upkeep.put_to_sleep])
def test_an_answer_ends_the_round_whenever_it_comes(ada, after, deed):
    group = make_known_group(ada)
    for step in range(after):
        ask_freshness(NOON + step * AGAIN_AFTER)
    answered = NOON + after * AGAIN_AFTER
    deed(group, ada, answered)

    assert not Task.objects.filter(decided_at=None).exists()
    every = EVERY if deed is upkeep.confirm_entry else EVERY_ASLEEP
    assert ask_freshness(answered + every - MOMENT) == {}
    assert ask_freshness(answered + every) == {"groups": 1, "mails": 1}
    assert "We asked two weeks ago" not in Mail.objects.latest("pk").text


def test_an_answer_noted_without_ending_the_round_ends_it_all_the_same(ada):
    group = make_known_group(ada)
    ask_freshness(NOON)
    Group.objects.filter(pk=group.pk).update(confirmed_at=NOON)

    assert ask_freshness(NOON + AGAIN_AFTER) == {}
    assert ask_freshness(NOON + EVERY) == {"groups": 1, "mails": 1}
    assert Group.objects.get(pk=group.pk).times_asked == 1


def test_after_the_helpers_a_new_round_begins_half_a_year_later(ada):
    group = make_known_group(ada)
    for step in range(3):
        ask_freshness(NOON + step * AGAIN_AFTER)
    left = NOON + 2 * AGAIN_AFTER

    assert ask_freshness(left + EVERY - MOMENT) == {}
    assert ask_freshness(left + EVERY) == {"groups": 1, "mails": 1}
    assert Group.objects.get(pk=group.pk).times_asked == 1


# Where there is nobody to ask


def test_imported_groups_are_left_alone():
    save_entry(make_entry(contact_email="nobody@example.org"), why="import", review="published")
    Group.objects.update(created_at=LONG_AGO, reviewed_at=LONG_AGO)

    assert ask_freshness(NOON) == {}
    assert not Task.objects.exists()


@pytest.mark.parametrize("left", ["ended", "erased"])
def test_a_group_whose_facilitators_are_gone_is_left_to_the_helpers_at_once(ada, left):
    group = make_known_group(ada)
    if left == "erased":
        ada.delete()
    else:
        Facilitator.objects.update(ended_at=LONG_AGO)

    assert ask_freshness(NOON) == {"orphan": 1}
    assert [(task.kind, task.group) for task in Task.objects.all()] == [("orphan", group)]
    assert ask_freshness(NOON + EVERY - MOMENT) == {}


@pytest.mark.parametrize("why", ["registered", "registered by kept link"])
def test_a_registered_group_without_an_address_is_left_to_the_helpers(why):
    save_entry(make_entry(), why=why, review="published")
    Group.objects.update(created_at=LONG_AGO, reviewed_at=LONG_AGO)

    assert ask_freshness(NOON) == {"orphan": 1}


def made_link(group, when):
    make_link("kept", group=group, now=when)


def edited(group, when):
    save_entry({"tagline": "After."}, group=group, why="edited_by_kept_link", now=when)


def proposed(group, when):
    open_task("edit", group, now=when, entry={})


@pytest.mark.parametrize("trace", [made_link, edited, proposed])
@pytest.mark.parametrize(
    ("ago", "is_open", "is_orphan"),
    [(EVERY - MOMENT, True, False), (EVERY, True, True), (EVERY - MOMENT, False, True)],
)
def test_whoever_uses_the_kept_link_is_there(trace, ago, is_open, is_orphan):
    group = save_entry(make_entry(), why="registered", review="published", now=LONG_AGO)
    Group.objects.update(created_at=LONG_AGO, reviewed_at=LONG_AGO)
    make_link("kept", group=group, now=LONG_AGO)
    trace(group, NOON - ago)
    if not is_open:
        end_kept_links(group, NOON)

    assert bool(ask_freshness(NOON)["orphan"]) is is_orphan


def test_a_group_with_facilitators_is_asked_whatever_its_kept_link_did(ada):
    make_link("kept", group=make_known_group(ada), now=NOON)

    assert ask_freshness(NOON)["groups"] == 1


def test_what_is_left_to_the_helpers_counts_among_so_many(ada):
    for age in (1, 2, 3):
        make_known_group(checked=LONG_AGO - age * DAY)

    assert ask_freshness(NOON, most=2) == {"orphan": 2}


# Killed, late, twice, at once


def what_was_done():
    groups = Group.objects.order_by("name").values_list("name", "times_asked")
    tasks = Task.objects.order_by("kind").values_list("group__name", "kind")
    links = Link.objects.values_list("person__email", "group__name")
    return sorted(asked()), dict(groups), sorted(set(links)), links.count(), list(tasks)


DONE = (
    [
        ("p0@example.org", ["Velo"]),
        ("p1@example.org", ["Jardin", "Velo"]),
        ("p2@example.org", ["Atelier"]),
    ],
    {"Atelier": 1, "Fraise": 3, "Jardin": 1, "Neuf": 0, "Personne": 3, "Velo": 1},
    [
        ("p0@example.org", "Velo"),
        ("p1@example.org", "Jardin"),
        ("p1@example.org", "Velo"),
        ("p2@example.org", "Atelier"),
    ],
    12,
    [("Personne", "orphan"), ("Fraise", "stale")],
)


def make_world():
    people = [make_person(f"p{number}@example.org", language="en") for number in range(4)]
    make_known_group(people[0], people[1], name="Velo")
    make_known_group(people[1], name="Jardin")
    make_known_group(people[2], name="Atelier")
    make_known_group(people[3], name="Fraise", asked_at=NOON - AGAIN_AFTER, times_asked=2)
    make_known_group(name="Personne")
    make_known_group(people[3], name="Neuf", checked=NOON)


class Killed(Exception):
    pass


def test_killed_anywhere_nothing_is_doubled_and_nothing_lost():
    make_world()
    before = 0
    while True:
        with transaction.atomic():
            try:
                with die_before(before):
                    ask_freshness(NOON)
                was_killed = False
            except Killed:
                was_killed = True
                ask_freshness(NOON)
            assert what_was_done() == DONE, before
            transaction.set_rollback(True)
        if not was_killed:
            break
        # Every third question is as good as every one, and three times as fast.
        before += 3

    assert before > 40


def die_before(number):
    """Die instead of asking the database a question, after ``number`` of them."""
    left = iter(range(number + 1))

    def wrapper(execute, *args):
        if next(left, None) == number:
            raise Killed
        return execute(*args)

    return connection.execute_wrapper(wrapper)


def test_a_second_run_does_nothing_more():
    make_world()
    ask_freshness(NOON)

    assert ask_freshness(NOON) == {}
    assert ask_freshness(NOON + DAY) == {}
    assert what_was_done() == DONE


@pytest.mark.django_db(transaction=True)
def test_two_at_once_ask_everybody_once(shared):
    make_world()
    tallies = []

    def run():
        tallies.append(ask_freshness(NOON))

    assert at_once(shared, run, run, run) == []
    assert sum(tally["mails"] for tally in tallies) == 3
    assert what_was_done() == DONE


def test_two_years_of_a_small_world(ada, ben):
    """Every day the command runs; Ada answers the first mail a week late, Ben never does."""
    answered = make_known_group(ada, ben, name="Velo", checked=NOON)
    silent = make_known_group(ben, name="Jardin", checked=NOON)
    asleep = make_known_group(ada, name="Atelier", checked=NOON, activity="asleep")
    tasks = []
    for number in range(2 * 365 + 1):
        now = NOON + number * DAY
        ask_freshness(now)
        for group in (answered, asleep):
            group.refresh_from_db()
            if group.asked_at == now - 7 * DAY:
                upkeep.confirm_entry(group, ada, now)
        for task in Task.objects.filter(decided_at=None, opened_at__lte=now - 30 * DAY):
            tasks.append((task.kind, task.group.name, (task.opened_at - NOON).days))
            Task.objects.filter(pk=task.pk).update(decision="seen", decided_at=now)

    days = {
        group.name: sorted(
            (mail.created_at - NOON).days
            for mail in Mail.objects.filter(receiver=person.email)
            if group.name in mail.text
        )
        for group, person in ((answered, ada), (silent, ben), (asleep, ada))
    }
    # A week after each question it is answered, and half a year (a year) later asked again.
    assert days["Velo"] == [182, 371, 560]
    assert days["Atelier"] == [365]
    # Asked, asked again, left to the helpers; half a year later anew.
    assert days["Jardin"] == [182, 196, 392, 406, 602, 616]
    assert tasks == [("stale", "Jardin", 210), ("stale", "Jardin", 420), ("stale", "Jardin", 630)]
    # Ben gets one mail where both of his groups are due on a day.
    assert Mail.objects.filter(receiver="ben@example.org", created_at=NOON + 182 * DAY).count() == 1


def test_the_command_says_in_one_line_what_it_did(ada, capsys):
    make_known_group(ada)

    call_command("ask_freshness", most=5)
    call_command("ask_freshness", "--most=5")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert re.findall(r"\d+", lines[0]) == ["1", "1", "0"]
    assert re.findall(r"\d+", lines[1]) == ["0", "0", "0"]


def test_no_address_of_another_facilitator_is_told(ada, ben):
    group = make_known_group(ada, ben)
    ask_freshness(NOON)

    for mail in Mail.objects.all():
        for other in confirmed_facilitators(group).exclude(person__email=mail.receiver):
            assert other.person.email not in mail.text + mail.html + mail.subject

"""The queue and the page of a task, from inside and from outside."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groups.entries import save_entry
from groups.models import Facilitator, Group, Mail, Membership, Task
from groups.reviewing import answer, claims, propose, submitted, verdicts
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

QUEUE = "/en/review/"
NOW = timezone.now()
DAY = timedelta(days=1)
KINDS = [kind.value for kind in Task.Kind]


@pytest.fixture
def rivages():
    return make_ecosystem("rivages", name="Rivages", rules=["Open to all."])


@pytest.fixture
def helper(rivages):
    return make_role(rivages)


@pytest.fixture
def client(client, helper):
    client.force_login(helper)
    return client


def new(**fields):
    return submitted(make_group(**{"review": "pending", **fields}), NOW)


def waiting(kind, group=None, **fields):
    fields |= {"reason": "wrong"} if kind == "report" else {}
    fields |= {"entry": {}} if kind == "edit" else {}
    if kind == "membership":
        fields["ecosystem"] = make_ecosystem("mains", name="Mains")
    return open_task(kind, group or make_group(), now=NOW, **fields)


def page(task):
    return f"/en/review/{task.pk}/"


def version_in(answer):
    """Return the version that the page's own forms carry."""
    return re.search(r'name="version" value="([0-9a-f]+)"', answer.text)[1]


def post(client, task, deed, **fields):
    """Read the page of ``task``, then press a button of it."""
    shown = client.get(page(task))
    version = re.search(r'name="version" value="([0-9a-f]+)"', shown.text)
    fields |= {"version": version[1]} if version else {}
    return client.post(page(task), {"deed": deed, **fields})


def decided(task):
    task.refresh_from_db()
    return task.decision, task.decided_by


def notes(answer):
    return [str(message) for message in answer.context["messages"]]


# Who comes in


@pytest.mark.parametrize(
    ("address", "login"),
    [
        ("/review/", "/account/login/?next=/review/"),
        ("/review/1/", "/account/login/?next=/review/1/"),
        ("/en/review/?kind=new", "/en/account/login/?next=/en/review/%3Fkind%3Dnew"),
    ],
)
def test_whoever_is_not_signed_in_is_led_there_and_back(client, address, login):
    client.logout()

    answer = client.get(address)

    assert (answer.status_code, answer.url) == (302, login)


def test_whoever_has_no_role_gets_a_kind_page(client):
    task = new()
    client.force_login(make_person("eve@example.org"))

    for address in (QUEUE, page(task)):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "The review is for helpers and curators" in answer.text
    assert client.post(page(task), {"deed": "accept"}).status_code == 403
    assert decided(task) == ("", None)


def test_an_operator_without_the_second_factor_is_told_so(client, settings):
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    client.force_login(make_person("eve@example.org", is_staff=True))

    assert "Set up a second factor" in client.get(QUEUE).text


@pytest.mark.parametrize("address", ["queue", "task"])
def test_these_pages_are_kept_by_nobody(client, address):
    answer = client.get(QUEUE if address == "queue" else page(new()))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


# The queue


def test_the_queue_shows_what_waits_and_accepts_with_one_tap(client, helper):
    task = new(name="Estran", tagline="Between two tides.")
    queue = client.get(QUEUE)
    assert "One thing waits for a word" in queue.text
    assert "Between two tides." in queue.text

    answer = client.post(page(task), {"deed": "accept", "version": version_in(queue)}, follow=True)

    assert answer.redirect_chain == [(QUEUE, 302)]
    assert "“Estran”: accepted. Thank you." in answer.text
    assert "Nothing waits. Every group has its answer; thank you." in answer.text
    assert decided(task) == ("accepted", helper)
    assert Group.objects.get().review == "published"


def test_one_tap_leads_back_to_where_it_was_pressed(client):
    task = new()
    queue = client.get(f"{QUEUE}?kind=new")
    assert f'action="{page(task)}?kind=new"' in queue.text

    answer = client.post(f"{page(task)}?kind=new", {"deed": "accept", "version": version_in(queue)})

    assert answer.url == f"{QUEUE}?kind=new"


def test_a_change_is_seen_with_one_tap(client, helper):
    group = make_group()
    task = open_task("look", group, now=NOW, revision=group.revisions.first())

    client.post(page(task), {"deed": "seen", "version": version_in(client.get(QUEUE))})

    assert decided(task) == ("seen", helper)


def test_two_taps_are_one(client, helper):
    make_facilitator((task := new()).group)
    tap = {"deed": "accept", "version": version_in(client.get(QUEUE))}
    client.post(page(task), tap)
    decided_at = Task.objects.get().decided_at

    again = client.post(page(task), tap, follow=True)

    assert notes(again)[-1] == "You had decided this already."
    assert Task.objects.get().decided_at == decided_at
    assert Mail.objects.count() == 1


def test_a_tap_after_somebody_elses_says_whose_it_was(client, rivages):
    task = new()
    tap = {"deed": "accept", "version": version_in(client.get(QUEUE))}
    verdicts.refuse(task, make_role(rivages), "No.", timezone.now())

    answer = client.post(page(task), tap, follow=True)

    assert "Somebody was faster: Refused by The helper on" in answer.text
    assert Group.objects.get().review == "refused"


def test_a_tap_on_what_changed_meanwhile_shows_it_again(client):
    task = new()
    tap = {"deed": "accept", "version": version_in(client.get(QUEUE))}
    save_entry({"tagline": "Not read."}, group=task.group, why="edited")

    answer = client.post(page(task), tap)

    assert answer.status_code == 409
    assert "The entry changed while you were reading." in answer.text
    assert "Not read." in answer.text
    assert decided(task) == ("", None)


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=x", "?page=%00", "?page=99999999999", "?kind=%00", "?kind=new&kind=x"],
)
def test_the_queue_bears_any_query(client, query):
    new()

    assert client.get(QUEUE + query).status_code == 200


def test_whoever_has_no_name_is_asked_for_one(client, helper):
    assert "Give yourself one" not in client.get(QUEUE).text

    helper.name = ""
    helper.save()
    assert "Give yourself one" in client.get(QUEUE).text


@pytest.mark.parametrize("tasks", [1, 3])
def test_the_queue_costs_the_same_for_any_number(client, tasks, django_assert_num_queries):
    for _ in range(tasks):
        new()

    # Session, person, roles; counts, tasks, newest revisions, memberships, duplicates.
    with django_assert_num_queries(8):
        answer = client.get(QUEUE)

    assert len(answer.context["queue"].rows) == tasks


# The page of a task


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "membership"])
def test_every_kind_has_a_page(client, kind):
    task = waiting(kind, make_group(name="Estran"))

    answer = client.get(page(task))

    assert answer.status_code == 200
    assert "Estran" in answer.text
    assert "What do you decide?" in answer.text
    assert problems_of(answer.text, language="en") == []


def test_pages_are_sound_with_errors_and_in_french(client):
    task = new()
    waiting("look", make_group())

    wrong = client.post(page(task), {"deed": "refuse"})
    assert problems_of(wrong.text, language="en") == []
    for address in ("/review/", f"/review/{task.pk}/", "/review/?kind=stale"):
        assert problems_of(client.get(address).text, language="fr") == []
    client.force_login(make_person("eve@example.org"))
    assert problems_of(client.get("/review/").text, language="fr") == []


def test_the_page_shows_the_entry_as_it_will_be(client):
    task = new(
        name="Estran",
        description="Between **two** tides.",
        services={"home": "https://estran.example.org/"},
        partners=[{"name": "The harbour", "url": "https://harbour.example.org/"}],
        keywords=["tides"],
    )

    text = client.get(page(task)).text

    assert "Between <strong>two</strong> tides." in text
    assert "https://estran.example.org/" in text
    assert "The harbour" in text
    assert "tides" in text
    assert "Nobody of the group has confirmed an address." in text


@pytest.mark.parametrize(
    ("who", "sees"), [("helper", True), ("curator", False), ("operator", True)]
)
def test_private_links_are_for_helpers_of_a_member_and_operators(client, rivages, who, sees):
    group = make_group(services={"follow_up": "https://pad.example.org/secret"})
    make_membership(group, rivages)
    task = waiting("stale", group)
    people = {
        "helper": lambda: make_role(rivages),
        "curator": lambda: make_role(rivages, "curator"),
        "operator": lambda: make_person("eve@example.org", is_staff=True),
    }
    client.force_login(people[who]())

    assert ("pad.example.org/secret" in client.get(page(task)).text) is sees


@pytest.mark.parametrize(
    ("who", "sees"),
    [("helper", True), ("operator", True), ("curator", False), ("other", False)],
)
def test_facilitators_are_for_helpers_of_a_member_and_operators(client, rivages, who, sees):
    group = make_group()
    make_membership(group, rivages)
    mains = make_ecosystem("mains", name="Mains")
    make_membership(group, mains)
    make_facilitator(group, make_person("planted-a@example.org", name="Bea <b>"))
    make_facilitator(group, make_person("planted-b@example.org"))
    make_facilitator(group, make_person("planted-c@example.org"), confirmed_at=None)
    make_facilitator(group, make_person("planted-d@example.org"), ended_at=NOW)
    task = waiting("stale", group)
    elsewhere = make_ecosystem("elsewhere", name="Elsewhere")
    people = {
        "helper": lambda: make_role(rivages),
        "operator": lambda: make_person("eve@example.org", is_staff=True),
        # One who helps elsewhere is a curator here.
        "curator": lambda: make_role(rivages, "curator", make_role(elsewhere)),
        "other": lambda: make_role(elsewhere),
    }
    client.force_login(people[who]())

    text = client.get(page(task)).text

    assert ("Facilitators: Bea &lt;b&gt;, planted-b@example.org</p>" in text) is sees
    assert text.count("planted") == sees


def test_facilitators_of_a_group_that_no_ecosystem_has_accepted_are_for_operators(client):
    task = new()
    make_facilitator(task.group, make_person("planted@example.org"))

    assert "planted" not in client.get(page(task)).text
    client.force_login(make_person("eve@example.org", is_staff=True))
    assert "Facilitators: planted@example.org" in client.get(page(task)).text


@pytest.mark.parametrize("facilitators", [0, 1, 9])
def test_a_task_costs_the_same_for_any_number_of_facilitators(
    client, helper, rivages, facilitators, django_assert_num_queries
):
    task = waiting("stale")
    make_membership(task.group, rivages)
    for _ in range(facilitators):
        make_facilitator(task.group)
    claims.take(task, helper, timezone.now())

    with django_assert_num_queries(14):
        assert client.get(page(task)).status_code == 200


def test_private_links_of_a_group_that_no_ecosystem_has_accepted_are_nobodys(client):
    task = new(services={"follow_up": "https://pad.example.org/secret"})

    assert "pad.example.org/secret" not in client.get(page(task)).text


@pytest.mark.parametrize("kind", ["look", "edit"])
def test_a_change_of_a_private_link_is_not_shown_to_who_may_not_see_it(client, kind):
    group = make_group(services={"follow_up": "https://pad.example.org/old"}, tagline="Before.")
    entry = {"services": {"follow_up": "https://pad.example.org/new"}, "tagline": "After."}
    if kind == "edit":
        task = propose(group, entry, None, NOW)
    else:
        before = group.revisions.first()
        save_entry(entry, group=group, why="edited")
        task = open_task("look", group, now=NOW, revision=before)

    text = client.get(page(task)).text

    assert "Before." in text
    assert "After." in text
    assert "pad.example.org" not in text


def test_a_proposal_shows_what_would_change_and_where_both_changed(client):
    group = make_group(tagline="Before.", region="Before")
    task = propose(group, {"tagline": "Mine."}, None, NOW)
    save_entry({"tagline": "Theirs."}, group=group, why="edited")

    text = client.get(page(task)).text

    assert "What would change" in text
    assert "Mine." in text
    assert "Theirs." in text
    assert "The entry was changed by somebody else meanwhile." in text


def test_duplicates_are_shown_with_links(client):
    here = make_group(name="Jardins de la Lagune", country="BJ")
    task = new(name="Jardins de la lagune", country="BJ")

    text = client.get(page(task)).text

    assert "Is it one of these?" in text
    assert f'href="/en/groups/{here.short_name}/"' in text


def test_the_charter_is_shown_with_what_was_accepted(client, rivages):
    group = make_group()
    ada = make_person(name="Ada")
    make_membership(
        group, rivages, charter_version=1, charter_accepted_at=NOW, charter_accepted_by=ada
    )

    text = client.get(page(waiting("look", group))).text

    assert "Open to all." in text
    assert "Accepted for the group by Ada on" in text

    rivages.charter_version = 2
    rivages.save()
    assert "This ecosystem has no charter." in client.get(page(Task.objects.get())).text


def test_no_address_of_people_is_on_the_page(client, rivages):
    group = make_group(contact_email="planted-contact@example.org")
    make_membership(group, rivages, charter_accepted_by=make_person("planted-a@example.org"))
    asker = make_role(rivages, person=make_person("planted-asker@example.org"))
    task = open_task("report", group, now=NOW, reason="wrong", reporter="planted-r@example.org")
    verdicts.ask(task, asker, "Really?", NOW)
    answer(task, "Yes.", None, NOW)
    claims.take(task, asker, timezone.now())
    taken_over = open_task(
        "take_over", group, now=NOW, person=make_person("planted-o@example.org"), words="Me."
    )

    for address in (page(task), page(taken_over), QUEUE):
        text = client.get(address).text
        assert group.name in text
        assert "planted" not in text


def test_decisions_about_the_group_are_told_with_their_authors(client, rivages):
    group = make_group()
    verdicts.seen(waiting("look", group), make_role(rivages), NOW)
    report = waiting("report", group)
    verdicts.close_report(report, make_role(rivages), NOW, done="nothing", words="All is well.")

    text = client.get(page(waiting("stale", group))).text

    assert "Seen by The helper on" in text
    assert "The page is right. All is well." in text


def test_decisions_of_other_peoples_ecosystems_are_not_told(client):
    mains = make_ecosystem("mains", name="Mains", admission="reviewed")
    group = make_group(keywords=["mains"])
    curator = make_role(mains, "curator")
    verdicts.refuse(Task.objects.get(), curator, "A secret of curators.", NOW)
    task = waiting("stale", group)

    assert "A secret of curators." not in client.get(page(task)).text
    client.force_login(curator)
    assert client.get(page(task)).status_code == 404


# Looking at it


def test_opening_a_page_takes_it_and_the_others_are_told(client, helper, rivages):
    task = new()
    client.get(page(task))
    task.refresh_from_db()
    assert task.taken_by == helper

    client.force_login(make_role(rivages))
    text = client.get(page(task)).text

    assert "The helper is looking at it until" in text
    assert "Nothing for you, at the moment." in text
    assert 'name="deed" value="accept"' not in text
    assert 'name="deed" value="accept"' not in client.get(QUEUE).text


def test_asking_for_the_head_of_a_page_takes_nothing(client):
    task = new()

    assert client.head(page(task)).status_code == 200
    task.refresh_from_db()
    assert task.taken_by is None


def test_nobody_decides_what_somebody_else_looks_at(client, rivages):
    task = new()
    claims.take(task, make_role(rivages), timezone.now())

    answer = client.post(page(task), {"deed": "refuse", "words": "Typed.", "version": "x"})

    assert answer.status_code == 409
    assert "Nothing was changed; what you typed is still here." in answer.text
    assert decided(task) == ("", None)


def test_whoever_leaves_it_leaves_it_to_the_others(client):
    task = new()
    client.get(page(task))

    answer = client.post(page(task), {"deed": "leave"})

    assert answer.url == QUEUE
    task.refresh_from_db()
    assert task.taken_by is None


# Deciding


def test_a_refusal_joins_a_ready_phrase_and_ones_own_words(client, helper):
    task = new()

    answer = post(client, task, "refuse", phrase="1", words="Begin with who you are.")

    assert answer.status_code == 302
    assert decided(task) == ("refused", helper)
    assert task.decision_reason == (
        "What the group does is not clear yet: say it in the one line. Begin with who you are."
    )


def test_a_refusal_without_a_reason_keeps_what_was_chosen_and_says_so(client):
    task = new()

    answer = post(client, task, "refuse", phrase="", words="  ")

    assert answer.status_code == 422
    assert "Choose a phrase, or write why." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert decided(task) == ("", None)


def test_a_question_is_sent_and_the_task_comes_back_with_the_answer(client):
    task = new(name="Estran")
    make_facilitator(task.group)

    answer_ = client.post(page(task), {"deed": "ask", "question": "Who are you?"}, follow=True)

    assert notes(answer_) == ["“Estran”: asked. It comes back with the answer, or in two weeks."]
    assert Mail.objects.get().is_asked
    assert answer_.context["queue"].rows == []

    task.refresh_from_db()
    answer(task, "The people of the shore.", None, timezone.now())
    text = client.get(page(task)).text
    assert "Who are you?" in text
    assert "The people of the shore." in text


def test_a_question_nobody_can_be_mailed_says_where_it_is_read(client):
    task = new(name="Estran")

    answer = client.post(page(task), {"deed": "ask", "question": "Who are you?"}, follow=True)

    assert "nobody there has confirmed an address" in notes(answer)[0]


@pytest.mark.parametrize("question", ["", " \x00 ", "x" * 1001])
def test_a_question_that_says_nothing_or_too_much_is_not_sent(client, question):
    task = new()

    answer = client.post(page(task), {"deed": "ask", "question": question})

    assert answer.status_code == 422
    task.refresh_from_db()
    assert task.asked_at is None


def test_a_report_ends_with_a_word(client, helper):
    task = waiting("report", reporter="eve@example.org", words="It moved.")
    assert "It moved." in client.get(page(task)).text

    post(client, task, "end", done="asleep", words="Thank you, it sleeps.")

    assert decided(task) == ("seen", helper)
    assert Group.objects.get().activity == "asleep"
    assert Mail.objects.get(receiver="eve@example.org").text.count("> Thank you, it sleeps.") == 1


def test_a_group_is_not_taken_out_without_a_word(client):
    task = waiting("report")

    answer = post(client, task, "end", done="taken_out", words="")

    assert answer.status_code == 422
    assert "Say why: the group is told your reason." in answer.text
    assert Group.objects.get().review == "published"


@pytest.mark.parametrize("done", ["", "taken_out", "nonsense"])
def test_a_silent_group_ends_in_one_of_three_ways(client, done):
    answer = post(client, waiting("stale"), "end", done=done, words="x")

    assert answer.status_code == 422
    assert "Choose one of these." in answer.text


def test_somebody_is_invited_for_a_group_without_anybody(client):
    task = waiting("orphan")

    answer = client.post(page(task), {"deed": "invite", "email": "zoe@example.org"}, follow=True)

    assert answer.context["queue"].total == 0
    assert Facilitator.objects.get().person.email == "zoe@example.org"


def test_an_orphan_ends_with_a_word_of_who_is_there(client, helper):
    task = waiting("orphan")

    wordless = post(client, task, "there", words=" \u200b")
    assert wordless.status_code == 422
    assert "Write a word about how you know." in wordless.text
    post(client, task, "there", words="I met them on Sunday.")

    assert decided(task) == ("seen", helper)
    assert Group.objects.get().activity == "active"
    assert "Somebody is there. I met them on Sunday." in client.get(page(task)).text


def test_an_orphan_is_archived(client, helper):
    task = waiting("orphan")

    post(client, task, "archive")

    assert decided(task) == ("seen", helper)
    assert Group.objects.get().activity == "archived"


def test_an_earlier_version_is_brought_back(client, helper):
    group = make_group(tagline="Before.")
    before = group.revisions.first()
    save_entry({"tagline": "After."}, group=group, why="edited")
    task = open_task("look", group, now=NOW, revision=before)
    assert "Bring it back" in client.get(page(task)).text

    post(client, task, "refuse", phrase="2", words="")

    assert Group.objects.get().tagline == "Before."
    assert decided(task) == ("refused", helper)


def test_what_has_no_earlier_version_is_only_seen(client):
    task = waiting("look")

    assert "Bring it back" not in client.get(page(task)).text


def test_a_change_whose_short_name_is_gone_says_what_to_do(client):
    task = propose(make_group(), {"short_name": "wanted"}, None, NOW)
    make_group(short_name="wanted")

    answer = post(client, task, "accept")

    assert answer.status_code == 409
    assert "the short name belongs to another group now" in answer.text


def test_a_refusal_is_taken_back(client, rivages):
    task = new()
    verdicts.refuse(task, make_role(rivages), "No.", NOW)
    text = client.get(page(task)).text
    assert "Refused by The helper on" in text
    assert "No." in text

    answer = client.post(page(task), {"deed": "reopen"})

    again = Task.objects.get(decided_at=None)
    assert answer.url == page(again)
    assert Group.objects.get().review == "pending"
    assert client.post(page(task), {"deed": "reopen"}).url == page(task)
    assert Task.objects.count() == 2


@pytest.mark.parametrize("deed", ["", "seen", "end", "invite", "archive", "nonsense", "\x00"])
def test_a_deed_that_is_none_of_its_kind_does_nothing(client, deed):
    task = new()

    answer = client.post(page(task), {"deed": deed, "done": "archived", "email": "a@example.org"})

    assert answer.status_code == 422
    assert "Choose what is to be done." in answer.text
    assert decided(task) == ("", None)


@pytest.mark.parametrize("version", [None, "", "0" * 16, "\x00"])
def test_nothing_is_decided_unread(client, version):
    task = new()

    fields = {"deed": "accept"} | ({} if version is None else {"version": version})
    assert client.post(page(task), fields).status_code == 409
    assert decided(task) == ("", None)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_nothing(client, method):
    assert getattr(client, method)(page(new())).status_code == 405


def test_a_form_from_elsewhere_does_nothing(helper):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(helper)
    task = new()

    assert strict.post(page(task), {"deed": "leave"}).status_code == 403


# Permissions, from outside


DEEDS = {
    "accept": {},
    "refuse": {"words": "No."},
    "seen": {},
    "ask": {"question": "Why?"},
    "end": {"done": "archived"},
    "invite": {"email": "zoe@example.org"},
    "archive": {},
    "leave": {},
    "reopen": {},
}


def everything_of(task):
    """Return what any deed would change."""
    return (
        list(Task.objects.filter(pk=task.pk).values()),
        list(Group.objects.filter(pk=task.group_id).values("review", "activity", "tagline")),
        list(Membership.objects.values("status")),
        Mail.objects.count(),
        Facilitator.objects.count(),
    )


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_helper_of_another_ecosystem_sees_and_does_nothing(client, kind, deed):
    group = make_group(name="Estran")
    make_membership(group, make_ecosystem("coup-de-main"))
    task = waiting(kind, group)
    before = everything_of(task)

    assert client.get(page(task)).status_code == 404
    assert client.post(page(task), {"deed": deed, **DEEDS[deed]}).status_code == 404
    assert "Estran" not in client.get(QUEUE).text
    assert everything_of(task) == before


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "membership"])
def test_whoever_facilitates_the_group_sees_it_and_decides_nothing(client, helper, kind, deed):
    group = make_group()
    make_facilitator(group, helper)
    task = waiting(kind, group)
    before = everything_of(task)

    shown = client.get(page(task))
    assert "somebody else decides" in shown.text
    assert 'name="deed"' not in shown.text
    answer = client.post(page(task), {"deed": deed, **DEEDS[deed]})

    assert answer.status_code == (302 if deed == "leave" else 403)
    assert everything_of(task) == before


@pytest.mark.parametrize("deed", ["accept", "refuse", "ask"])
def test_a_helper_does_not_decide_about_memberships(client, rivages, deed):
    rivages.admission = "reviewed"
    rivages.save()
    make_group(keywords=["rivages"])
    task = Task.objects.get(kind="membership")

    assert client.get(page(task)).status_code == 404
    assert client.post(page(task), {"deed": deed, **DEEDS[deed]}).status_code == 404

    client.force_login(make_role(rivages, "curator"))
    assert post(client, task, deed, **DEEDS[deed]).status_code == 302


def test_a_withdrawn_role_opens_nothing_any_more(client, helper):
    task = new()
    client.get(page(task))
    helper.roles.update(withdrawn_at=NOW)

    assert client.post(page(task), {"deed": "accept"}).status_code == 403
    assert decided(task) == ("", None)


def test_an_operator_decides_about_their_own_group(client):
    operator = make_person("eve@example.org", is_staff=True)
    task = new()
    make_facilitator(task.group, operator)
    client.force_login(operator)

    assert post(client, task, "accept").status_code == 302
    assert decided(task) == ("accepted", operator)


def test_there_is_no_page_for_a_task_that_is_not_there(client):
    assert client.get(f"{QUEUE}99999/").status_code == 404
    assert client.get(f"{QUEUE}{10**30}/").status_code == 404

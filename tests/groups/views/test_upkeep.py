import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from groups.access import is_facilitator
from groups.entries import save_entry
from groups.links import make_link
from groups.models import Ecosystem, Facilitator, Group, Link, Mail, Membership, Pause, Person, Task
from groups.tasks import open_task
from groups.views import upkeep
from tests.factories import make_ecosystem, make_facilitator, make_group, make_person
from tests.forms_of import forms_of
from tests.markup import problems_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EDIT, ACTIVITY, PEOPLE = (f"/en/groups/estran/edit/{part}" for part in ("", "activity/", "people/"))
ASK, ANSWER = "/en/groups/estran/edit/link/", "/en/groups/estran/edit/answer/"


def make_estran(**fields):
    return make_group(**{"short_name": "estran", "name": "Estran", "tagline": "Before.", **fields})


def signed_in(client, group, **fields):
    """Let ``client`` act as a confirmed facilitator of ``group``. Returns the person."""
    person = make_person(**{"name": "Ada", **fields})
    make_facilitator(group, person)
    client.force_login(person)
    return person


def with_kept_link(client, group):
    client.post(f"/l/{make_link(Link.Purpose.KEPT, group=group)}/")


def form_on(client, address, *, named="base"):
    """Return the fields of the form that holds a field of this name, as a browser would send it."""
    page = client.get(address).text
    [form] = [form for form in forms_of(page, address) if named in form.fields]
    return {name: values[0] for name, values in form.fields.items() if values}


def said(response):
    return unescape(" ".join(re.findall(r'role="status">([^<]*[^<\s])', response.text)))


# The entry


def test_the_entry_is_shown_as_it_is_and_saved(client):
    group = make_estran(keywords=["velo"], services={"home": "https://example.org/"})
    ada = signed_in(client, group)
    data = form_on(client, EDIT)
    assert (data["tagline"], data["keywords"]) == ("Before.", "velo")

    response = client.post(EDIT, data | {"tagline": "After."}, follow=True)

    assert response.redirect_chain == [(EDIT, 302)]
    assert said(response) == "Saved."
    saved = Group.objects.get()
    assert saved.tagline == "After."
    assert saved.confirmed_at
    assert (saved.revisions.first().why, saved.revisions.first().by) == ("edited", ada)


def test_saving_nothing_says_so(client):
    signed_in(client, make_estran())

    response = client.post(EDIT, form_on(client, EDIT), follow=True)

    assert said(response) == "Nothing was changed."
    assert Group.objects.get().confirmed_at is None


def test_everything_still_right_is_one_tick(client):
    signed_in(client, make_estran())

    response = client.post(EDIT, form_on(client, EDIT) | {"still_right": "on"}, follow=True)

    assert "Thank you: the entry counts as checked today." in said(response)
    assert Group.objects.get().confirmed_at


def test_a_new_short_name_leads_on_and_is_told(client):
    signed_in(client, make_estran())

    response = client.post(EDIT, form_on(client, EDIT) | {"short_name": "dunes"}, follow=True)

    assert response.redirect_chain == [("/en/groups/dunes/edit/", 302)]
    assert "The address of the page is new." in said(response)
    assert client.get("/en/groups/estran/")["Location"] == "/en/groups/dunes/"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client):
    signed_in(client, make_estran())
    data = form_on(client, EDIT) | {"name": "", "tagline": "Typed.", "still_right": "on"}

    response = client.post(EDIT, data)

    assert response.status_code == 422
    assert "Give the group its name." in response.text
    assert "Typed." in response.text
    again = {
        name: values[0]
        for form in forms_of(response.text, EDIT)
        for name, values in form.fields.items()
        if "base" in form.fields and values
    }
    assert (again["base"], again["still_right"]) == (data["base"], "on")
    assert Group.objects.get().tagline == "Before."


@pytest.mark.parametrize("what", ["partner", "describe"])
def test_a_button_within_the_form_saves_nothing(client, what):
    signed_in(client, make_estran())
    data = form_on(client, EDIT) | {"do": what, "tagline": "Typed.", "description": "**bold**"}

    response = client.post(EDIT, data)

    assert response.status_code == 200
    assert "Typed." in response.text
    assert Group.objects.get().tagline == "Before."
    assert ("<strong>bold</strong>" in response.text) is (what == "describe")


@pytest.mark.parametrize(("choice", "tagline"), [("theirs", "Theirs."), ("mine", "Mine.")])
def test_two_people_editing_see_both_versions_and_choose(client, choice, tagline):
    group = make_estran()
    signed_in(client, group)
    data = form_on(client, EDIT)
    save_entry({"tagline": "Theirs.", "region": "Dol"}, group=group, why="edited")

    page = client.post(EDIT, data | {"tagline": "Mine.", "name": "Mine"})

    assert page.status_code == 409
    assert "Theirs." in page.text
    assert "Mine." in page.text
    assert problems_of(page.text, language="en") == []
    assert Group.objects.get().tagline == "Theirs."
    [form] = [form for form in forms_of(page.text, EDIT) if "base" in form.fields]
    assert form.fields["choice_tagline"] == ["mine"]
    fields = {name: values[0] for name, values in form.fields.items() if values}

    done = client.post(form.address, fields | {"choice_tagline": choice}, follow=True)

    assert said(done) == "Saved."
    saved = Group.objects.get()
    assert (saved.tagline, saved.name, saved.region) == (tagline, "Mine", "Dol")


def test_changes_that_do_not_meet_are_both_kept_with_a_word(client):
    group = make_estran()
    signed_in(client, group)
    data = form_on(client, EDIT)
    save_entry({"tagline": "Theirs."}, group=group, why="edited")

    response = client.post(EDIT, data | {"name": "Mine"}, follow=True)

    assert "Somebody had saved meanwhile: both changes are kept." in said(response)
    saved = Group.objects.get()
    assert (saved.tagline, saved.name) == ("Theirs.", "Mine")


def test_a_kept_link_proposes_a_change_of_a_public_group(client):
    group = make_estran()
    with_kept_link(client, group)
    page = client.get(EDIT).text
    assert "somebody reads a change before it is shown" in page

    response = client.post(EDIT, form_on(client, EDIT) | {"tagline": "After."}, follow=True)

    assert "Somebody reads it first" in said(response)
    assert Group.objects.get().tagline == "Before."
    assert Task.objects.get().entry["tagline"] == "After."
    # The page goes on with what was proposed.
    assert form_on(client, EDIT)["tagline"] == "After."


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    signed_in(client, make_estran())

    for address in (EDIT, ACTIVITY, PEOPLE, ASK, ANSWER):
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", [EDIT, ACTIVITY, PEOPLE])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_upkeep_are_sound(client, address, language):
    group = make_estran(activity="asleep")
    signed_in(client, group)
    make_facilitator(group, make_person("bo@example.org"), confirmed_at=None)
    open_task(Task.Kind.TAKE_OVER, group, person=make_person("cy@example.org"), words="I would.")
    if language == "fr":
        address = address.removeprefix("/en")

    page = client.get(address).text

    assert problems_of(page, language=language) == []


@pytest.mark.parametrize("facilitators", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        # The group, the session, the person, the grant; the entry (6), its version twice, whether
        # it is trusted twice; where it stands (3), an offer, the known keywords, its
        # own (for their charters).
        (EDIT, 20),
        # The first four; the pause; where it stands (3), an offer.
        (ACTIVITY, 9),
        # The first four; the list, whether oneself is on it, how many; where it stands, an offer.
        (PEOPLE, 11),
    ],
)
def test_the_pages_cost_the_same_for_any_number_of_people(
    client, django_assert_num_queries, facilitators, address, queries
):
    group = make_estran()
    signed_in(client, group)
    for _ in range(facilitators - 1):
        make_facilitator(group)

    with django_assert_num_queries(queries):
        client.get(address)


# Where the group stands


def test_a_question_is_answered_on_the_page(client):
    group = make_estran(review="pending")
    with_kept_link(client, group)
    task = open_task(Task.Kind.NEW, group, question="Who are you?", asked_at=timezone.now())
    page = client.get(EDIT).text
    assert "Who are you?" in page
    assert problems_of(page, language="en") == []

    empty = client.post(ANSWER, {"task": task.pk, "answer": " "})
    assert empty.status_code == 422
    assert "Write your answer." in empty.text
    done = client.post(ANSWER, {"task": task.pk, "answer": "Neighbours."}, follow=True)

    assert "Thank you: your answer is with whoever asked." in said(done)
    task.refresh_from_db()
    assert task.answer == "Neighbours."


@pytest.mark.parametrize("task", ["", "x", "0", "99999999999999999999999", "\x00", "-1"])
def test_an_answer_to_no_question_is_told(client, task):
    signed_in(client, make_estran())

    response = client.post(ANSWER, {"task": task, "answer": "Yes."}, follow=True)

    assert "This question has been decided meanwhile." in said(response)


def test_an_answer_to_another_groups_question_is_not_taken(client):
    signed_in(client, make_estran())
    other = open_task(Task.Kind.NEW, make_group(), question="Who?", asked_at=timezone.now())

    client.post(ANSWER, {"task": other.pk, "answer": "Mine."})

    other.refresh_from_db()
    assert other.answer == ""


def test_a_refused_group_reads_why_and_is_sent_again(client):
    group = make_estran(review="refused")
    with_kept_link(client, group)
    page = client.get(EDIT).text
    assert "Not a group." in page

    response = client.post(ANSWER, {"resubmit": "1"}, follow=True)

    assert "It is in the queue again." in said(response)
    assert Group.objects.get().review == "pending"


def test_whoever_has_no_grant_answers_nothing(client):
    group = make_estran(review="refused")

    assert client.post(ANSWER, {"resubmit": "1"})["Location"] == EDIT
    assert Group.objects.get(pk=group.pk).review == "refused"


# The charters


CHARTER = "/en/groups/estran/edit/charter/"


def test_a_keyword_written_later_leads_to_its_charter_which_is_accepted_there(client):
    make_ecosystem(rules=["Open to all.", "Shares."])
    ada = signed_in(client, make_estran())

    edited = client.post(EDIT, form_on(client, EDIT) | {"keywords": "rivages"}, follow=True)

    assert "The ecosystem Rivages has a charter: read it just below" in said(edited)
    assert "The charter of Rivages, version 1" in edited.text
    assert "Shares." in edited.text
    assert problems_of(edited.text, language="en") == []
    again = client.post(EDIT, form_on(client, EDIT) | {"tagline": "After."}, follow=True)
    assert said(again) == "Saved."

    shown = form_on(client, EDIT, named="version")
    accepted = client.post(CHARTER, shown, follow=True)

    assert "your group has accepted the charter of Rivages" in said(accepted)
    assert "Accept this charter" not in accepted.text
    membership = Membership.objects.get()
    assert (membership.status, membership.charter_accepted_by) == ("accepted", ada)
    history = client.get("/en/groups/estran/history/").text
    assert "The charter of an ecosystem was accepted" in history


def test_a_charter_that_changed_meanwhile_is_shown_again(client):
    ecosystem = make_ecosystem(rules=["Open to all."])
    signed_in(client, make_estran(keywords=["rivages"]))
    shown = form_on(client, EDIT, named="version")
    ecosystem.charter_rules.update(version=2)
    Ecosystem.objects.update(charter_version=2)

    response = client.post(CHARTER, shown)

    assert response.status_code == 409
    assert "changed while you were reading" in response.text
    assert "The charter of Rivages, version 2" in response.text
    assert problems_of(response.text, language="en") == []
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{}, {"ecosystem": "\x00", "version": "x"}, {"ecosystem": "9" * 30}]
)
def test_what_is_no_charter_is_not_accepted(client, wrong):
    make_ecosystem(rules=["Open to all."])
    signed_in(client, make_estran(keywords=["rivages"]))

    assert client.post(CHARTER, wrong).status_code == 409
    assert not Membership.objects.exists()


def test_a_kept_link_reads_the_charter_and_does_not_accept_it(client):
    ecosystem = make_ecosystem(rules=["Open to all."])
    with_kept_link(client, make_estran(keywords=["rivages"]))

    page = client.get(EDIT).text
    client.post(CHARTER, {"ecosystem": ecosystem.pk, "version": 1})

    assert "Open to all." in page
    assert "Somebody with a confirmed address can accept it" in page
    assert "Accept this charter" not in page
    assert problems_of(page, language="en") == []
    assert not Membership.objects.exists()


def test_a_visitor_accepts_no_charter(client):
    ecosystem = make_ecosystem(rules=["Open to all."])
    make_estran(keywords=["rivages"])

    response = client.post(CHARTER, {"ecosystem": ecosystem.pk, "version": 1})

    assert response["Location"] == EDIT
    assert client.get(CHARTER).status_code == 405
    assert not Membership.objects.exists()


def test_numbers_in_forms_are_written_as_they_are(client):
    group = make_estran(review="pending")
    ecosystem = make_ecosystem(rules=["Open to all."], pk=12345)
    save_entry({"keywords": ["rivages"]}, group=group, why="edited")
    signed_in(client, group)
    Task.objects.create(
        pk=23456, kind=Task.Kind.NEW, group=group, question="Who?", asked_at=timezone.now()
    )
    person = make_person("bo@example.org", pk=34567)
    make_facilitator(group, person)

    assert form_on(client, EDIT, named="version")["ecosystem"] == str(ecosystem.pk)
    assert form_on(client, EDIT, named="task")["task"] == "23456"
    assert 'value="34567"' in client.get(PEOPLE).text


# Activity


@pytest.mark.parametrize(
    ("do", "before", "after", "word"),
    [
        ("sleep", "active", "asleep", "The group is asleep now."),
        ("wake", "asleep", "active", "The group is awake"),
        ("wake", "archived", "active", "The group is awake"),
        ("wake", "preparing", "active", "The group is awake"),
        ("archive", "active", "archived", "The group is archived."),
        ("still_right", "active", "active", "checked today"),
    ],
)
def test_the_activity_is_changed_by_a_button(client, do, before, after, word):
    group = make_estran(activity=before)
    ada = signed_in(client, group)
    assert f'value="{do}"' in client.get(ACTIVITY).text

    response = client.post(ACTIVITY, {"do": do}, follow=True)

    assert response.redirect_chain == [(ACTIVITY, 302)]
    assert word in said(response)
    assert Group.objects.get().activity == after
    assert group.revisions.first().by == ada


def test_a_profile_for_other_directories_is_a_choice_that_can_be_taken_back(client):
    group = make_estran()
    ada = signed_in(client, group)
    address = "/groups/estran/murmurations.json"
    assert address not in client.get(ACTIVITY).text

    page = client.post(ACTIVITY, {"do": "publish_profile"}, follow=True)

    assert said(page) == "The profile is there. Its address stands here."
    assert f'href="{address}"' in page.text
    assert client.get(address).status_code == 200

    page = client.post(ACTIVITY, {"do": "withdraw_profile"}, follow=True)

    assert address not in page.text
    assert client.get(address).status_code == 404
    whys = list(group.revisions.values_list("why", "by")[:2])
    assert whys == [("profile_withdrawn", ada.pk), ("profile_published", ada.pk)]
    # Choosing is not saying that the entry is still right.
    assert Group.objects.get().confirmed_at is None


def test_a_group_that_waits_is_offered_no_profile(client):
    signed_in(client, make_estran(review="pending"))

    assert "publish_profile" not in client.get(ACTIVITY).text


@pytest.mark.parametrize("do", ["", "nonsense", "\x00"])
def test_an_unknown_deed_changes_nothing(client, do):
    group = make_estran()
    signed_in(client, group)

    assert client.post(ACTIVITY, {"do": do}).status_code == 302

    assert group.revisions.count() == 1


def test_a_pause_is_begun_shown_and_ended(client):
    signed_in(client, make_estran())
    day = timezone.localdate() + timedelta(days=40)

    client.post(ACTIVITY, {"do": "pause", "day": day.isoformat(), "ends": "looked_at"})

    pause = Pause.objects.get()
    assert (pause.until_day, pause.review_on) == (None, day)
    assert "Pausing; to be looked at" in client.get(ACTIVITY).text

    response = client.post(ACTIVITY, {"do": "end_pause"}, follow=True)

    assert "The pause is over." in said(response)
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a day."),
        ({"day": "2001-01-01"}, "This day is over."),
        ({"day": "2999-01-01"}, "A pause lasts two years at most."),
        ({"day": "31"}, "Write the day like this"),
        ({"day": "\x00"}, "Choose a day."),
    ],
)
def test_a_pause_that_cannot_be_says_why(client, fields, sentence):
    signed_in(client, make_estran())

    response = client.post(ACTIVITY, {"do": "pause", **fields})

    assert response.status_code == 422
    assert sentence in response.text
    assert problems_of(response.text, language="en") == []


def test_a_pause_whose_day_to_look_has_come_is_asked_about(client):
    group, today = make_estran(), timezone.localdate()
    signed_in(client, group)
    pause = Pause.objects.create(
        group=group,
        from_day=today - timedelta(days=40),
        review_on=today - timedelta(days=9),
    )

    page = client.get(ACTIVITY).text

    assert "You wanted to look again on" in page
    assert "still pausing?" in page
    assert "Pause on until…" in page
    assert "Pausing; to be looked at" not in page
    assert problems_of(page, language="en") == []
    on = today + timedelta(days=20)
    client.post(ACTIVITY, {"do": "pause", "day": on.isoformat(), "ends": "looked_at"})
    pause.refresh_from_db()
    assert pause.review_on == on
    assert "still pausing?" not in client.get(ACTIVITY).text


@pytest.mark.parametrize(("do", "becomes_facilitator"), [("keep", False), ("let_go", True)])
def test_an_offer_is_answered_on_the_page_too(client, do, becomes_facilitator):
    group = make_estran(activity="asleep")
    signed_in(client, group)
    bo = make_person("bo@example.org", name="Bo")
    open_task(Task.Kind.TAKE_OVER, group, person=bo, words="I live next door.")
    assert "I live next door." in client.get(ACTIVITY).text
    assert "Somebody offers to take the group over" in client.get(EDIT).text

    client.post(ACTIVITY, {"do": do})

    assert Task.objects.get().decided_at
    assert is_facilitator(bo, group) is becomes_facilitator
    again = client.post(ACTIVITY, {"do": do}, follow=True)
    assert "This offer has been decided meanwhile." in said(again)


@pytest.mark.parametrize("address", [ACTIVITY, PEOPLE])
@pytest.mark.parametrize("do", ["sleep", "archive", "invite", "hand_over", "remove", "leave"])
def test_a_kept_link_only_edits(client, address, do):
    group = make_estran()
    with_kept_link(client, group)

    client.post(address, {"do": do, "email": "x@example.org", "person": "1"})

    assert Group.objects.get().activity == "active"
    assert not Facilitator.objects.exists()
    assert not Mail.objects.exists()


# People


def test_the_list_shows_addresses_to_facilitators_only(client):
    group = make_estran()
    signed_in(client, group)
    make_facilitator(group, make_person("bo@example.org", name="Bo"))
    make_facilitator(group, make_person("gone@example.org"), ended_at=NOON)

    page = client.get(PEOPLE).text

    assert "Bo" in page
    assert "bo@example.org" in page
    assert "gone@example.org" not in page
    assert "bo@example.org" not in Client().get(PEOPLE, follow=True).text


def test_somebody_is_invited(client):
    group = make_estran()
    ada = signed_in(client, group)

    response = client.post(PEOPLE, {"do": "invite", "email": "bo@example.org"}, follow=True)

    assert "An invitation is on its way." in said(response)
    facilitator = Facilitator.objects.get(person__email="bo@example.org")
    assert (facilitator.added_by, facilitator.confirmed_at) == (ada, None)
    assert Mail.objects.get().receiver == "bo@example.org"
    assert "invited, has not confirmed yet" in response.text


def test_handing_over_takes_effect_with_the_others_yes(client):
    group = make_estran()
    ada = signed_in(client, group)

    client.post(PEOPLE, {"do": "hand_over", "email": "bo@example.org"})
    assert is_facilitator(ada, group)
    secret = re.search(r"/l/([\w-]+)/", Mail.objects.get().text)[1]
    bo = Client()
    bo.post(f"/en/l/{secret}/")

    assert "Those who facilitate" in bo.get(PEOPLE).text
    assert not is_facilitator(ada, group)
    assert "For those who facilitate" in client.get(EDIT).text


@pytest.mark.parametrize("do", ["invite", "hand_over"])
def test_a_wrong_address_is_said_beside_the_right_field(client, do):
    signed_in(client, make_estran())

    response = client.post(PEOPLE, {"do": do, "email": "bo"})

    assert response.status_code == 422
    assert f'id="{do}_email_error"' in response.text
    assert response.text.count("field__error") == 1
    assert problems_of(response.text, language="en") == []


def test_invitations_are_limited(client):
    signed_in(client, make_estran())

    codes = [
        client.post(PEOPLE, {"do": "invite", "email": f"{n}@example.org"}).status_code
        for n in range(11)
    ]

    assert codes == [302] * 10 + [429]
    assert Mail.objects.count() == 10


def test_whoever_is_taken_off_is_out_at_once(client):
    group = make_estran()
    signed_in(client, group)
    bo = make_person("bo@example.org")
    make_facilitator(group, bo)
    bos = Client()
    bos.post(f"/en/l/{make_link(Link.Purpose.PEOPLE, person=bo, group=group)}/")
    assert "Those who facilitate" in bos.get(PEOPLE).text

    client.post(PEOPLE, {"do": "remove", "person": bo.pk})

    assert "For those who facilitate" in bos.get(EDIT).text
    assert bos.post(PEOPLE, {"do": "remove", "person": "1"})["Location"] == EDIT


def test_only_this_groups_facilitators_are_taken_off(client):
    signed_in(client, make_estran())
    elsewhere = make_facilitator(make_group(), make_person("bo@example.org"))

    client.post(PEOPLE, {"do": "remove", "person": elsewhere.person.pk})

    assert is_facilitator(elsewhere.person, elsewhere.group)


@pytest.mark.parametrize("person", ["", "x", "0", "9" * 40, "\x00"])
def test_taking_off_nobody_changes_nothing(client, person):
    signed_in(client, make_estran())

    assert client.post(PEOPLE, {"do": "remove", "person": person}).status_code == 302
    assert Facilitator.objects.filter(ended_at=None).count() == 1


def test_the_last_one_is_told_before_leaving(client):
    group = make_estran()
    signed_in(client, group)
    assert "You are the last one." in client.get(PEOPLE).text

    response = client.post(PEOPLE, {"do": "leave"}, follow=True)

    assert "You no longer facilitate “Estran”." in said(response)
    assert "For those who facilitate" in response.text
    assert Task.objects.get().kind == "orphan"


def test_one_of_two_may_leave_quietly(client):
    group = make_estran()
    signed_in(client, group)
    make_facilitator(group)
    assert "The others go on without you." in client.get(PEOPLE).text

    client.post(PEOPLE, {"do": "leave"})

    assert not Task.objects.exists()


def test_an_operator_invites_but_neither_hands_over_nor_leaves(client):
    group = make_estran()
    client.force_login(make_person(is_staff=True))
    page = client.get(PEOPLE).text
    assert "Nobody facilitates this group." in page
    assert 'value="hand_over"' not in page
    assert problems_of(page, language="en") == []

    client.post(PEOPLE, {"do": "invite", "email": "bo@example.org"})
    client.post(PEOPLE, {"do": "leave"})

    assert Facilitator.objects.get().person.email == "bo@example.org"
    assert group.revisions.count() == 2


# The kept link


def test_whoever_keeps_the_link_may_leave_an_address_and_then_facilitates(client):
    group = make_estran()
    with_kept_link(client, group)
    assert problems_of(client.get(PEOPLE).text, language="en") == []

    response = client.post(PEOPLE, {"do": "welcome", "email": "ada@example.org"}, follow=True)

    assert "A link is on its way." in said(response)
    secret = re.search(r"/l/([\w-]+)/", Mail.objects.get().text)[1]
    client.post(f"/en/l/{secret}/")
    assert is_facilitator(Person.objects.get(), group)
    assert Link.objects.get(purpose="kept").ended_at


def test_the_kept_link_is_replaced_and_shown_once(client):
    group = make_estran()
    with_kept_link(client, group)

    page = client.post(PEOPLE, {"do": "replace"}).text

    secret = re.search(r"/l/([\w-]{32})/", page)[1]
    assert "/l/" not in client.get(PEOPLE).text
    assert Link.objects.filter(purpose="kept", ended_at=None).count() == 1
    assert Client().post(f"/en/l/{secret}/")["Location"] == EDIT
    assert secret not in str(dict(client.session))


def test_once_somebody_confirmed_the_kept_link_neither_adds_nor_is_replaced(client):
    group = make_estran()
    with_kept_link(client, group)
    make_facilitator(group)

    for do in ("welcome", "replace"):
        data = {"do": do, "email": "x@example.org"}
        assert client.post(PEOPLE, data).status_code == 404
    assert not Mail.objects.exists()


# What was typed


def test_what_was_typed_when_the_two_hours_were_over_can_be_copied(client, time_machine):
    time_machine.move_to(NOON, tick=False)
    with_kept_link(client, make_estran())
    data = form_on(client, EDIT) | {"tagline": "Typed for long.", "description": "One.\n\nTwo."}
    time_machine.move_to(NOON + timedelta(hours=3), tick=False)

    response = client.post(EDIT, data)

    assert response.status_code == 403
    assert "The two hours are over" in response.text
    assert "Typed for long." in response.text
    assert "<p>Two.</p>" in response.text
    assert problems_of(response.text, language="en") == []
    assert Group.objects.get().tagline == "Before."


def test_a_lost_cookie_loses_nothing_that_was_typed():
    client = Client(enforce_csrf_checks=True)
    group = make_estran()
    signed_in(client, group)
    data = form_on(client, EDIT) | {"tagline": "Typed.", "csrfmiddlewaretoken": "x" * 32}

    response = client.post(EDIT, data)

    assert response.status_code == 403
    assert "press the button once more" in response.text
    [form] = [form for form in forms_of(response.text, EDIT) if "base" in form.fields]
    assert (form.fields["tagline"], form.fields["base"]) == (["Typed."], [data["base"]])
    assert Group.objects.get().tagline == "Before."


def test_pictures_are_limited(client, monkeypatch):
    monkeypatch.setitem(upkeep.PICTURES, "times", 0)
    signed_in(client, make_estran())
    picture = SimpleUploadedFile("a.png", b"not yet looked at", "image/png")

    response = client.post(EDIT, form_on(client, EDIT) | {"tagline": "Typed.", "banner": picture})

    assert response.status_code == 429
    assert "Typed." in response.text
    assert Group.objects.get().tagline == "Before."


@pytest.mark.parametrize("text", ["\x00", "\ud800".encode("utf-8", "replace"), "x" * 900_000])
@pytest.mark.parametrize("field", ["name", "tagline", "base", "still_right", "choice_name", "do"])
def test_any_text_in_any_field_is_survived(client, field, text):
    signed_in(client, make_estran())

    response = client.post(EDIT, form_on(client, EDIT) | {field: text})

    assert response.status_code in (200, 302, 413, 422)

from datetime import UTC, datetime, timedelta

import pytest

from groups import taking_over
from groups.entries import save_entry
from groups.freshness import EVERY, ask_freshness
from groups.models import Facilitator, Group, Link, Mail, Membership, Task
from groups.reviewing import claims, propose, submitted, verdicts
from groups.reviewing.asking import newest_revision
from groups.tasks import open_task
from tests.factories import (
    make_ecosystem,
    make_facilitator,
    make_group,
    make_membership,
    make_person,
    make_role,
)
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def ada():
    return make_person(name="Ada")


@pytest.fixture
def grace():
    return make_person("grace@example.org", name="Grace")


def version(task):
    group = Group.objects.get(pk=task.group_id)
    return claims.version_of(task, newest_revision(group), group)


def decision(task):
    task.refresh_from_db()
    return task.decision, task.decided_by, task.decided_at, task.decision_reason


def newest(group):
    revision = newest_revision(group)
    return revision.why, revision.by


def mails():
    return list(Mail.objects.order_by("pk").values_list("receiver", "subject", "is_asked"))


def facilitated(**fields):
    """Return a group with a facilitator who reads English."""
    group = make_group(**fields)
    make_facilitator(group, make_person("bea@example.org", language="en"))
    return group


# Looking at it


def test_whoever_looks_has_it_for_twenty_minutes(ada, grace):
    task = open_task("new", make_group(), now=NOON)

    assert claims.take(task, ada, NOON)
    assert (task.taken_by, task.taken_until) == (ada, NOON + 20 * MINUTE)
    assert not claims.take(task, grace, NOON + 20 * MINUTE - MOMENT)
    assert claims.take(task, grace, NOON + 20 * MINUTE)


def test_whoever_looks_again_has_it_longer(ada):
    task = open_task("new", make_group(), now=NOON)
    claims.take(task, ada, NOON)

    assert claims.take(task, ada, NOON + 5 * MINUTE)
    assert task.taken_until == NOON + 25 * MINUTE


def test_what_is_left_is_free_at_once(ada, grace):
    task = open_task("new", make_group(), now=NOON)
    claims.take(task, ada, NOON)

    claims.leave(task, grace)
    assert not claims.take(task, grace, NOON)

    claims.leave(task, ada)
    assert claims.take(task, grace, NOON)


def test_nobody_decides_what_somebody_else_looks_at(ada, grace):
    task = submitted(make_group(review="pending"), NOON)
    claims.take(task, ada, NOON)

    with pytest.raises(claims.TakenByAnother) as taken:
        verdicts.accept(task, grace, NOON)
    with pytest.raises(claims.TakenByAnother):
        verdicts.ask(task, grace, "Why?", NOON)

    assert taken.value.task.taken_by == ada
    assert decision(task) == ("", None, None, "")
    assert Group.objects.get().review == "pending"


def test_what_unlocked_by_itself_may_be_decided(ada, grace):
    task = submitted(make_group(review="pending"), NOON)
    claims.take(task, ada, NOON)

    verdicts.accept(task, grace, NOON + 20 * MINUTE)

    assert decision(task) == ("accepted", grace, NOON + 20 * MINUTE, "")
    assert task.taken_by is None


# Once, and on what was shown


def test_who_decides_second_is_told_who_was_first_and_changes_nothing(ada, grace):
    task = submitted(make_group(review="pending"), NOON)
    verdicts.accept(task, ada, NOON)

    with pytest.raises(claims.DecidedAlready) as late:
        verdicts.refuse(task, grace, "No.", NOON + DAY)

    assert late.value.task.decided_by == ada
    assert Group.objects.get().review == "published"
    assert decision(task) == ("accepted", ada, NOON, "")


def test_what_changed_since_it_was_shown_is_read_again(ada):
    group = make_group(review="pending", tagline="Read.")
    task = submitted(group, NOON)
    shown = version(task)
    save_entry({"tagline": "Not read."}, group=group, why="edited")

    with pytest.raises(claims.ReadAnother):
        verdicts.accept(task, ada, NOON, version=shown)
    assert Group.objects.get().review == "pending"

    verdicts.accept(task, ada, NOON, version=version(task))
    assert Group.objects.get().review == "published"


def test_another_proposal_than_the_one_shown_is_read_again(ada):
    group = make_group()
    task = propose(group, {"tagline": "Read."}, None, NOON)
    shown = version(task)
    propose(group, {"tagline": "Not read."}, None, NOON)

    with pytest.raises(claims.ReadAnother):
        verdicts.accept(task, ada, NOON, version=shown)


def test_another_banner_than_the_one_shown_is_looked_at_again(ada):
    group = make_group(review="pending")
    task = submitted(group, NOON)
    shown = version(task)
    Group.objects.update(banner="banners/other.webp")

    with pytest.raises(claims.ReadAnother):
        verdicts.accept(task, ada, NOON, version=shown)


def test_a_revision_of_the_same_entry_is_no_change(ada):
    group = make_group(review="pending")
    task = submitted(group, NOON)
    shown = version(task)
    save_entry({}, group=group, why="edited")

    verdicts.accept(task, ada, NOON, version=shown)

    assert Group.objects.get().review == "published"


# New groups


def test_an_accepted_group_is_public_and_told_so(ada):
    group = facilitated(review="pending", name="Estran", keywords=["velo"])
    task = submitted(group, NOON)

    verdicts.accept(task, ada, NOON)

    group.refresh_from_db()
    assert (group.review, group.reviewed_by, group.shelf) == ("published", ada, 1)
    assert newest(group) == ("published", ada)
    assert decision(task) == ("accepted", ada, NOON, "")
    assert mails() == [("bea@example.org", "“Estran” is public", True)]
    assert kept() == made_again()


def test_a_group_that_was_published_first_is_only_noted_as_read(ada, settings):
    settings.REVIEW_FIRST = False
    group = facilitated(review="pending")
    task = submitted(group, NOON)

    verdicts.accept(task, ada, NOON)

    assert newest(group) == ("published", None)
    assert decision(task)[:2] == ("accepted", ada)
    assert mails() == []


def test_a_refused_group_is_told_why_and_how_to_go_on(ada):
    group = facilitated(review="pending", name="Estran", short_name="estran")
    task = submitted(group, NOON)

    verdicts.refuse(task, ada, "Say who you are.", NOON)

    group.refresh_from_db()
    assert (group.review, group.review_reason, group.reviewed_by) == (
        "refused",
        "Say who you are.",
        ada,
    )
    assert newest(group) == ("refused", ada)
    assert decision(task) == ("refused", ada, NOON, "Say who you are.")
    mail = Mail.objects.get()
    assert mail.subject == "“Estran” is not public yet"
    assert "Ada has read the entry" in mail.text
    assert "> Say who you are." in mail.text
    assert "/en/groups/estran/edit/" in mail.text


def test_a_group_published_first_may_be_taken_out_again(ada, settings):
    settings.REVIEW_FIRST = False
    group = facilitated(review="pending", name="Estran")
    task = submitted(group, NOON)

    verdicts.refuse(task, ada, "Not a group.", NOON)

    assert Group.objects.get().shelf == 0
    assert mails() == [("bea@example.org", "“Estran” is not public any more", False)]


# Changes


def test_an_accepted_change_is_saved_with_who_accepted_it(ada):
    group = facilitated(tagline="Before.", keywords=["one"])
    task = propose(group, {"tagline": "After.", "keywords": ["two"]}, None, NOON)

    verdicts.accept(task, ada, NOON)

    group.refresh_from_db()
    assert group.tagline == "After."
    assert [name for name, _slug in group.card["keywords"]] == ["two"]
    assert newest(group) == ("change accepted", ada)
    assert decision(task) == ("accepted", ada, NOON, "")
    assert [subject for _to, subject, _asked in mails()] == [
        f"Your change of “{group.name}” is public"
    ]
    assert kept() == made_again()


def test_a_change_joins_what_changed_meanwhile(ada):
    group = make_group(tagline="Before.", region="Before")
    task = propose(group, {"tagline": "Mine.", "region": "Before"}, None, NOON)
    save_entry({"region": "Theirs", "description": "Theirs."}, group=group, why="edited")

    verdicts.accept(task, ada, NOON)

    group = Group.objects.get()
    assert (group.tagline, group.region, group.description) == ("Mine.", "Theirs", "Theirs.")


def test_where_both_changed_the_same_the_proposal_counts_and_says_so(ada):
    group = make_group(tagline="Before.")
    task = propose(group, {"tagline": "Mine."}, None, NOON)
    save_entry({"tagline": "Theirs."}, group=group, why="edited")

    current = newest_revision(group).entry
    entry, _extras, conflicts = verdicts.proposal_of(task, current)
    assert entry["tagline"] == "Mine."
    assert [conflict.field for conflict in conflicts] == ["tagline"]

    verdicts.accept(task, ada, NOON)
    assert Group.objects.get().tagline == "Mine."


def test_only_those_extras_change_that_were_changed_in_the_proposal(ada):
    parent = make_group()
    group = make_group(
        services={"members": "https://example.org/"}, banner="banners/old.webp", started_in=parent
    )
    entry = newest_revision(group).entry
    extras = {
        "position_is_approximate": False,
        "members_is_open": True,
        "banner": "banners/old.webp",
        "started_in": parent.pk,
        "logos": {},
    }
    task = propose(group, entry, None, NOON, extras=extras)
    Group.objects.filter(pk=group.pk).update(banner="banners/new.webp", started_in=None)

    verdicts.accept(task, ada, NOON)

    group.refresh_from_db()
    assert group.services.get().is_open
    assert (group.banner.name, group.started_in) == ("banners/new.webp", None)


def test_an_accepted_change_brings_its_banner_and_where_the_group_began(ada):
    parent, group = make_group(), make_group()
    extras = {"banner": "banners/new.webp", "started_in": parent.pk}
    task = propose(group, newest_revision(group).entry, None, NOON, extras=extras)

    verdicts.accept(task, ada, NOON)

    group.refresh_from_db()
    assert (group.banner.name, group.started_in) == ("banners/new.webp", parent)


def test_a_change_whose_short_name_is_gone_is_not_saved(ada):
    group = make_group(short_name="mine")
    task = propose(group, {"short_name": "wanted"}, None, NOON)
    make_group(short_name="wanted")

    with pytest.raises(verdicts.CannotBeSaved):
        verdicts.accept(task, ada, NOON)

    assert decision(task) == ("", None, None, "")
    group.refresh_from_db()
    assert group.short_name == "mine"


def test_a_refused_change_leaves_the_page_as_it_is(ada):
    group = facilitated(tagline="Before.")
    task = propose(group, {"tagline": "After."}, None, NOON)

    verdicts.refuse(task, ada, "Not so.", NOON)

    group.refresh_from_db()
    assert group.tagline == "Before."
    assert decision(task) == ("refused", ada, NOON, "Not so.")
    assert [subject for _to, subject, _asked in mails()] == [
        f"Your change of “{group.name}” was not accepted"
    ]


def test_a_change_that_was_looked_at_stays_and_nobody_is_written_to(ada):
    group = facilitated()
    task = open_task("look", group, revision=newest_revision(group), now=NOON)

    verdicts.seen(task, ada, NOON)

    assert decision(task) == ("seen", ada, NOON, "")
    assert mails() == []


def test_an_earlier_version_is_brought_back_with_the_reason(ada):
    group = facilitated(tagline="Before.", services={"home": "https://example.org/"})
    before = newest_revision(group)
    save_entry({"tagline": "After.", "services": {}}, group=group, why="edited")
    task = open_task("look", group, revision=before, now=NOON)

    verdicts.refuse(task, ada, "The link was right.", NOON)

    group.refresh_from_db()
    assert group.tagline == "Before."
    assert group.services.get().url == "https://example.org/"
    assert newest(group) == (f"restored {before.pk}", ada)
    assert decision(task) == ("refused", ada, NOON, "The link was right.")
    assert mails() == [
        ("bea@example.org", f"An earlier version of “{group.name}” is back", False),
    ]


# Memberships


def asking(**fields):
    ecosystem = make_ecosystem("rivages", name="Rivages", admission="reviewed", **fields)
    group = facilitated(name="Estran", keywords=["rivages"])
    return Task.objects.get(), group, ecosystem


def test_an_accepted_member_is_listed_and_the_decision_names_who_took_it(ada):
    task, group, ecosystem = asking()

    verdicts.accept(task, ada, NOON)

    membership = Membership.objects.get()
    assert (membership.status, membership.decided_by, membership.decided_at) == (
        "accepted",
        ada,
        NOON,
    )
    assert list(Group.objects.in_ecosystem(ecosystem)) == [group]
    assert newest(group) == ("membership", ada)
    assert mails() == [("bea@example.org", "“Estran” is in the ecosystem “Rivages”", True)]
    assert kept() == made_again()


def test_a_refusal_leads_to_the_discussion_of_the_core_group(ada):
    core = make_group(services={"discussions": "https://talk.example.org/"})
    task, group, _ecosystem = asking(core_group=core)

    verdicts.refuse(task, ada, "Not open to all.", NOON)

    membership = Membership.objects.get()
    assert (membership.status, membership.reason, membership.decided_by) == (
        "refused",
        "Not open to all.",
        ada,
    )
    group.refresh_from_db()
    assert group.review == "published"
    assert "https://talk.example.org/" in Mail.objects.get().text
    assert "> Not open to all." in Mail.objects.get().text


def test_a_membership_that_was_taken_back_meanwhile_is_not_decided(ada):
    task, _group, _ecosystem = asking()
    Membership.objects.update(status="left")

    with pytest.raises(claims.DecidedAlready):
        verdicts.accept(task, ada, NOON)

    assert Membership.objects.get().status == "left"


def test_a_question_of_curators_shows_in_the_membership(ada):
    task, _group, _ecosystem = asking()

    verdicts.ask(task, ada, "Open to all?", NOON)

    assert Membership.objects.get().status == "questioned"
    assert "Ada, for the ecosystem “Rivages”, has a question" in Mail.objects.get().text

    verdicts.accept(task, ada, NOON)
    assert Membership.objects.get().status == "accepted"


# Reports


def reported(**fields):
    return open_task(
        "report",
        facilitated(name="Estran"),
        now=NOON,
        reason="closed",
        reporter="eve@example.org",
        language="en",
        **fields,
    )


@pytest.mark.parametrize("done", ["nothing", "corrected"])
def test_a_report_that_changes_nothing_answers_the_reporter_alone(done, ada):
    task = reported()

    verdicts.close_report(task, ada, NOON, done=done, words="We called them.")

    assert decision(task) == ("seen", ada, NOON, f"{done}: We called them.")
    assert mails() == [("eve@example.org", "Your report about “Estran”", True)]
    assert "> We called them." in Mail.objects.get().text
    assert task.reporter == ""


@pytest.mark.parametrize("done", ["asleep", "archived"])
def test_a_report_may_put_a_group_to_sleep_or_into_the_archive(done, ada):
    task = reported()

    verdicts.close_report(task, ada, NOON, done=done, words="For the reporter.")

    group = Group.objects.get()
    assert group.activity == done
    assert newest(group)[1] == ada
    told = Mail.objects.get(person__email="bea@example.org")
    assert told.subject == f"“Estran” is {done} now"
    assert "For the reporter." not in told.text
    assert not told.is_asked


def test_a_report_may_take_a_group_out_with_the_reason(ada):
    task = reported()

    verdicts.close_report(task, ada, NOON, done="taken_out", words="Not open to all.")

    group = Group.objects.get()
    assert (group.review, group.review_reason) == ("refused", "Not open to all.")
    assert {subject for _to, subject, _asked in mails()} == {
        "“Estran” is not public any more",
        "Your report about “Estran”",
    }


def test_whoever_left_no_address_is_not_answered(ada):
    task = open_task("report", make_group(), now=NOON, reason="wrong")

    verdicts.close_report(task, ada, NOON, done="nothing")

    assert decision(task) == ("seen", ada, NOON, "nothing")
    assert mails() == []


# Silence


@pytest.mark.parametrize(
    ("done", "activity", "subject"),
    [
        ("still_right", "active", "The page of “Estran” was checked"),
        ("asleep", "asleep", "“Estran” is asleep now"),
        ("archived", "archived", "“Estran” is archived now"),
    ],
)
def test_a_silent_group_is_what_a_helper_says(done, activity, subject, ada):
    group = facilitated(name="Estran", times_asked=2)
    task = open_task("stale", group, now=NOON)

    verdicts.close_stale(task, ada, NOON, done=done, words="I called.")

    group.refresh_from_db()
    assert (group.activity, group.confirmed_at, group.times_asked) == (activity, NOON, 0)
    assert decision(task) == ("seen", ada, NOON, f"{done}: I called.")
    assert mails() == [("bea@example.org", subject, False)]


# Groups without anybody


def test_whoever_is_invited_has_two_weeks_to_say_yes(ada):
    task = open_task("orphan", make_group(), now=NOON)

    verdicts.invite(task, ada, "Zoe@example.org", "en", NOON)

    task.refresh_from_db()
    assert (task.decided_at, task.shown_from) == (None, NOON + 14 * DAY)
    facilitator = Facilitator.objects.get()
    assert (facilitator.person.email, facilitator.confirmed_at) == ("zoe@example.org", None)
    assert Mail.objects.get().receiver == "zoe@example.org"


def test_an_archived_orphan_needs_nobody(ada):
    group = make_group()
    task = open_task("orphan", group, now=NOON)

    verdicts.close_orphan(task, ada, NOON)

    group.refresh_from_db()
    assert group.activity == "archived"
    assert decision(task) == ("seen", ada, NOON, "archived")


def test_an_orphan_that_has_somebody_is_left_in_peace_for_half_a_year(ada):
    long_ago = NOON - 400 * DAY
    group = make_group(confirmed_at=long_ago, created_at=long_ago, reviewed_at=long_ago)
    assert ask_freshness(NOON) == {"orphan": 1}
    Group.objects.update(asked_at=None, times_asked=0)  # as where the last one left
    task = Task.objects.get()

    verdicts.somebody_is_there(task, ada, "I met them.", NOON)

    assert decision(task) == ("seen", ada, NOON, "somebody_there: I met them.")
    group.refresh_from_db()
    assert (group.activity, group.confirmed_at) == ("active", long_ago)
    assert ask_freshness(NOON + EVERY - DAY) == {}
    assert ask_freshness(NOON + EVERY) == {"orphan": 1}


def test_nobody_is_invited_for_what_is_decided(ada):
    task = open_task("orphan", make_group(), now=NOON)
    verdicts.close_orphan(task, ada, NOON)

    with pytest.raises(claims.DecidedAlready):
        verdicts.invite(task, ada, "zoe@example.org", "en", NOON)

    assert Facilitator.objects.count() == 0


# Taking over


def offered(person):
    return open_task("take_over", make_group(activity="asleep"), now=NOON, person=person)


def test_an_accepted_offer_makes_a_facilitator(ada, grace):
    task = offered(grace)

    verdicts.accept(task, ada, NOON)

    assert Facilitator.objects.get().person == grace
    assert decision(task)[:3] == ("accepted", ada, NOON)


def test_a_refused_offer_is_told_the_reason(ada, grace):
    task = offered(grace)

    verdicts.refuse(task, ada, "Tell us more.", NOON)

    assert decision(task) == ("refused", ada, NOON, "Tell us more.")
    assert Mail.objects.get().receiver == "grace@example.org"
    assert Facilitator.objects.count() == 0


def test_an_offer_the_facilitators_answered_meanwhile_is_decided(ada, grace):
    task = offered(grace)
    bea = make_facilitator(task.group).person
    taking_over.keep(task, bea, NOON)

    with pytest.raises(claims.DecidedAlready) as late:
        verdicts.accept(task, ada, NOON)

    assert late.value.task.decided_by == bea


def test_an_offer_of_somebody_who_was_erased_settles_by_itself(ada, grace):
    task = offered(grace)
    grace.delete()
    task.refresh_from_db()

    with pytest.raises(claims.DecidedAlready) as late:
        verdicts.accept(task, ada, NOON)

    assert late.value.task.decision == "settled"
    task.refresh_from_db()
    assert task.decision == "settled"


# Questions


def test_a_question_is_mailed_with_a_link_and_hides_the_task(ada):
    group = facilitated(review="pending", name="Estran")
    task = submitted(group, NOON)
    claims.take(task, ada, NOON)

    assert verdicts.ask(task, ada, "Who are you?", NOON) == 1

    task.refresh_from_db()
    assert (task.question, task.asked_by, task.asked_at) == ("Who are you?", ada, NOON)
    assert task.shown_from == NOON + 14 * DAY
    assert task.taken_by is None
    link = Link.objects.get()
    assert (link.purpose, link.task, link.person.email) == ("answer", task, "bea@example.org")
    assert mails() == [("bea@example.org", "A question about “Estran”", True)]
    assert "Ada, who reads the entry of “Estran”, has a question" in Mail.objects.get().text


def test_where_nobody_can_be_written_to_the_question_waits_on_the_page(ada):
    task = submitted(make_group(review="pending"), NOON)

    assert verdicts.ask(task, ada, "Who are you?", NOON) == 0
    task.refresh_from_db()
    assert task.question == "Who are you?"


def test_a_second_question_is_mailed_too_and_forgets_the_first_answer(ada):
    task = submitted(facilitated(review="pending"), NOON)
    verdicts.ask(task, ada, "One?", NOON)
    Task.objects.update(answer="Yes.", shown_from=NOON)

    verdicts.ask(task, ada, "Two?", NOON + DAY)

    task.refresh_from_db()
    assert (task.question, task.answer) == ("Two?", "")
    assert Mail.objects.count() == 2


def test_nobody_asks_about_what_is_decided(ada):
    task = submitted(make_group(review="pending"), NOON)
    verdicts.accept(task, ada, NOON)

    with pytest.raises(claims.DecidedAlready):
        verdicts.ask(task, ada, "Why?", NOON)


# Taking a decision back


def test_a_refused_group_may_be_taken_up_again(ada, grace):
    group = make_group(review="pending")
    task = submitted(group, NOON)
    verdicts.refuse(task, ada, "No.", NOON)
    task.refresh_from_db()

    again = verdicts.reopen(task, grace, NOON + DAY)

    assert (again.kind, again.decided_at, again.pk != task.pk) == ("new", None, True)
    assert Group.objects.get().review == "pending"
    assert newest(group) == ("sent_again", grace)


def test_a_refused_membership_may_be_taken_up_again(ada):
    task, _group, ecosystem = asking()
    verdicts.refuse(task, ada, "No.", NOON)
    task.refresh_from_db()

    again = verdicts.reopen(task, ada, NOON + DAY)

    assert (again.kind, again.ecosystem, again.decided_at) == ("membership", ecosystem, None)
    membership = Membership.objects.get()
    assert (membership.status, membership.reason) == ("asked", "")
    assert verdicts.reopen(task, ada, NOON + DAY) is None


@pytest.mark.parametrize("kind", ["edit", "look"])
def test_only_groups_and_memberships_are_taken_up_again(kind, ada):
    fields = {"entry": {}} if kind == "edit" else {}
    group = make_group()
    task = open_task(kind, group, revision=newest_revision(group), now=NOON, **fields)
    verdicts.refuse(task, ada, "No.", NOON)
    task.refresh_from_db()

    assert verdicts.reopen(task, ada, NOON) is None


@pytest.mark.parametrize(
    "deed", [verdicts.accept, lambda *args: verdicts.refuse(*args[:2], "No.", NOON)]
)
def test_a_report_is_neither_accepted_nor_refused(deed, ada):
    task = open_task("report", make_group(), now=NOON, reason="wrong")

    with pytest.raises(ValueError, match="report"):
        deed(task, ada, NOON)


def test_a_helper_who_decided_may_be_erased(ada):
    helper = make_role(make_ecosystem())
    task = submitted(make_group(review="pending"), NOON)
    verdicts.accept(task, helper, NOON)

    helper.delete()

    assert decision(task)[:2] == ("accepted", None)


def test_memberships_wait_while_their_group_is_refused(ada):
    make_ecosystem("rivages", admission="reviewed")
    group = make_group(review="pending", keywords=["rivages"])
    make_membership(group, make_ecosystem("mains"))

    verdicts.refuse(submitted(group, NOON), ada, "No.", NOON)

    assert list(group.tasks.filter(decided_at=None)) == []
    asked = group.memberships.get(ecosystem__name="Rivages", ecosystem__keyword__name="rivages")
    assert asked.status == "asked"

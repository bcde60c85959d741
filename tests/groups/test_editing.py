from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing

from groups import editing
from groups.access import Grant
from groups.entries import entries_of, save_entry
from groups.forms.entry import EntryForm, group_as_typed
from groups.links import end_kept_links, make_link
from groups.models import Group, Revision, Service, Task
from groups.tasks import open_task
from tests.factories import make_facilitator, make_group, make_person
from tests.sharing import at_once

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEPT = Grant(None, may_only_edit=True)


def make_trusted_group(**fields):
    """Return a published group, and the grant of somebody confirmed."""
    group = make_group(**{"name": "Estran", "tagline": "Before.", **fields})
    return group, Grant(make_facilitator(group).person, may_only_edit=False)


def typed_over(group, **typed):
    form = EntryForm(group_as_typed(group) | typed, group=group)
    assert form.is_valid(), form.errors
    return form


def save(group, grant, base=None, *, choices=None, still_right=False, now=NOON, **typed):
    return editing.save_edit(
        typed_over(group, **typed),
        group=group,
        base=base or editing.base_of(group),
        grant=grant,
        now=now,
        choices=choices,
        still_right=still_right,
    )


def whys(group):
    return list(group.revisions.order_by("pk").values_list("why", flat=True))[1:]


# Who may


@pytest.mark.parametrize(
    ("review", "is_confirmed", "may_only_edit", "at_once"),
    [
        ("published", True, False, True),
        ("published", True, True, False),
        ("published", False, True, False),
        ("pending", False, True, True),
        ("refused", False, True, True),
        ("pending", True, False, True),
    ],
)
def test_what_is_published_at_once(review, is_confirmed, may_only_edit, at_once):
    group = make_group(review=review)
    person = make_person()
    if is_confirmed:
        make_facilitator(group, person)
    grant = Grant(None if may_only_edit else person, may_only_edit=may_only_edit)

    assert editing.is_published_at_once(group, grant) is at_once


def test_an_operator_is_trusted_with_a_group_of_nobody():
    group = make_group()
    operator = make_person(is_staff=True)

    assert editing.is_published_at_once(group, Grant(operator, may_only_edit=False))


# Saving


def test_a_change_is_saved_with_who_and_listed_for_a_look():
    group, grant = make_trusted_group()

    outcome = save(group, grant, tagline="After.")

    assert (outcome.code, outcome.is_joined, outcome.is_confirmed) == ("saved", False, True)
    saved = Group.objects.get()
    assert (saved.tagline, saved.confirmed_at) == ("After.", NOON)
    revision = Revision.objects.first()
    assert (revision.why, revision.by) == ("edited", grant.person)
    look = Task.objects.get()
    assert (look.kind, look.revision.entry["tagline"]) == ("look", "Before.")


def test_saving_nothing_changes_nothing():
    group, grant = make_trusted_group(keywords=["velo"], latitude=48.1, longitude=-1.7)
    before = entries_of([group])

    outcome = save(group, grant)

    assert outcome.code == "unchanged"
    assert whys(group) == []
    assert not Task.objects.exists()
    assert entries_of([group]) == before
    assert Group.objects.get().confirmed_at is None


def test_saying_still_right_counts_as_checked():
    group, grant = make_trusted_group()

    outcome = save(group, grant, still_right=True)

    assert (outcome.code, outcome.is_confirmed) == ("unchanged", True)
    assert Group.objects.get().confirmed_at == NOON
    assert whys(group) == ["still_right"]


def test_a_kept_link_saves_a_waiting_group_and_checks_only_by_a_word():
    group = make_group(review="pending")

    assert save(group, KEPT, tagline="After.").code == "saved"
    assert Group.objects.get().confirmed_at is None
    save(Group.objects.get(), KEPT, tagline="Later.", still_right=True)

    assert Group.objects.get().confirmed_at == NOON


def test_a_short_name_taken_meanwhile_is_said_in_the_form():
    group, grant = make_trusted_group()
    form = typed_over(group, short_name="lagune")
    make_group(short_name="lagune")

    outcome = editing.save_edit(
        form, group=group, base=editing.base_of(group), grant=grant, now=NOON
    )

    assert outcome.code == "invalid"
    assert "short_name" in outcome.form.errors
    assert whys(group) == []


# Proposing


def test_a_change_of_a_public_group_nobody_answers_for_waits():
    group = make_group(tagline="Before.")

    outcome = save(
        group,
        KEPT,
        tagline="After.",
        members_url="https://example.org/who",
        members_is_open="on",
    )

    assert outcome.code == "proposed"
    assert Group.objects.get().tagline == "Before."
    task = editing.waiting_proposal(group)
    assert (task.entry["tagline"], task.person) == ("After.", None)
    assert task.entry["extras"]["members_is_open"] is True


def test_the_form_goes_on_with_the_change_that_waits():
    group = make_group(tagline="Before.", name="Before")
    save(group, KEPT, tagline="After.")

    form, base = editing.begin(group, KEPT)
    assert form["tagline"].value() == "After."
    editing.save_edit(
        typed_over(group, tagline="After.", name="After"),
        group=group,
        base=base,
        grant=KEPT,
        now=NOON,
    )

    entry = editing.waiting_proposal(group).entry
    assert (entry["tagline"], entry["name"]) == ("After.", "After")


def test_typing_it_back_takes_the_waiting_change_back():
    group = make_group(tagline="Before.")
    save(group, KEPT, tagline="After.")

    outcome = save(group, KEPT, tagline="Before.")

    assert outcome.code == "unchanged"
    assert editing.waiting_proposal(group) is None


def test_a_change_waits_with_the_group_it_began_in():
    group, parent = make_group(), make_group(short_name="parent")

    save(group, KEPT, started_in="parent")

    form, _base = editing.begin(group, KEPT)
    assert form["started_in"].value() == "parent"
    parent.delete()
    assert editing.begin(group, KEPT)[0]["started_in"].value() == ""


# Two at once


def test_what_only_one_of_two_changed_is_kept_from_both():
    group, grant = make_trusted_group()
    base = editing.base_of(group)
    form = typed_over(group, name="Mine")
    save_entry({"tagline": "Theirs."}, group=group, why="edited")

    outcome = editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    assert (outcome.code, outcome.is_joined) == ("saved", True)
    saved = Group.objects.get()
    assert (saved.name, saved.tagline) == ("Mine", "Theirs.")


def test_what_both_changed_is_asked_and_nothing_is_saved():
    group, grant = make_trusted_group()
    base = editing.base_of(group)
    form = typed_over(group, tagline="Mine.", name="Mine")
    save_entry({"tagline": "Theirs.", "region": "Dol"}, group=group, why="edited")

    outcome = editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    assert outcome.code == "conflict"
    [conflict] = outcome.conflicts
    assert (conflict.field, conflict.before, conflict.theirs, conflict.mine) == (
        "tagline",
        "Before.",
        "Theirs.",
        "Mine.",
    )
    assert whys(group) == ["edited"]
    # What is carried on is joined already.
    carried = outcome.form.data
    assert (carried["name"], carried["region"], carried["tagline"]) == ("Mine", "Dol", "Mine.")


@pytest.mark.parametrize(("choice", "tagline"), [("theirs", "Theirs."), ("mine", "Mine.")])
def test_the_second_chooses_field_by_field(choice, tagline):
    group, grant = make_trusted_group()
    base = editing.base_of(group)
    form = typed_over(group, tagline="Mine.", name="Mine")
    save_entry({"tagline": "Theirs.", "region": "Dol"}, group=group, why="edited")
    conflict = editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    chosen = EntryForm(conflict.form.data, group=conflict.group)
    assert chosen.is_valid()
    outcome = editing.save_edit(
        chosen,
        group=group,
        base=editing.base_of(group),
        grant=grant,
        now=NOON,
        choices={"tagline": choice},
    )

    assert outcome.code == "saved"
    saved = Group.objects.get()
    assert (saved.tagline, saved.name, saved.region) == (tagline, "Mine", "Dol")


def test_a_third_who_saves_meanwhile_is_asked_about_too():
    group, grant = make_trusted_group()
    form = typed_over(group, tagline="Mine.")
    save_entry({"tagline": "Theirs."}, group=group, why="edited")
    base = editing.base_of(group)
    save_entry({"tagline": "A third."}, group=group, why="edited")

    outcome = editing.save_edit(
        form, group=group, base=base, grant=grant, now=NOON, choices={"tagline": "mine"}
    )

    assert outcome.code == "conflict"
    assert outcome.conflicts[0].theirs == "A third."


def test_what_no_entry_holds_is_joined_as_well():
    services = {"members": "https://example.org/who"}
    group, grant = make_trusted_group(services=services, latitude=48.1, longitude=-1.7)
    base = editing.base_of(group)
    form = typed_over(group, position_is_approximate="1")
    Service.objects.update(is_open=True)
    Group.objects.filter(pk=group.pk).update(started_in=make_group(short_name="parent"))

    editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    saved = Group.objects.get(pk=group.pk)
    assert (saved.position_is_approximate, saved.started_in.short_name) == (True, "parent")
    assert Service.objects.get().is_open


@pytest.mark.parametrize("base", ["", "nonsense", "\x00", "x:y:z", "0" * 9000])
def test_a_form_that_forgot_what_it_began_with_is_saved_as_it_is(base):
    group, grant = make_trusted_group()
    form = typed_over(group, tagline="After.")

    outcome = editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    assert outcome.code == "saved"
    assert Group.objects.get().tagline == "After."


def test_a_base_of_another_group_is_no_base():
    group, grant = make_trusted_group()
    other = make_group(tagline="Elsewhere.")

    outcome = save(group, grant, base=editing.base_of(other), tagline="After.")

    assert outcome.code == "saved"


def test_a_base_is_signed_for_this_alone():
    group, grant = make_trusted_group()
    forged = signing.dumps([1, {}], salt="something else")

    assert save(group, grant, base=forged, tagline="After.").code == "saved"


def test_the_same_change_by_two_is_one():
    group, grant = make_trusted_group()
    base = editing.base_of(group)
    form = typed_over(group, tagline="After.")
    save_entry({"tagline": "After."}, group=group, why="edited")

    outcome = editing.save_edit(form, group=group, base=base, grant=grant, now=NOON)

    assert outcome.code == "unchanged"
    assert whys(group) == ["edited"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_are_joined_or_asked(shared):
    group, grant = make_trusted_group()
    base = editing.base_of(group)
    forms = [typed_over(group, **typed) for typed in ({"name": "One"}, {"tagline": "Two."})]
    outcomes = []

    def save_it(form):
        return lambda: outcomes.append(
            editing.save_edit(
                form, group=group, base=base, grant=grant, now=NOON + timedelta(seconds=1)
            ).is_joined
        )

    assert at_once(shared, *map(save_it, forms)) == []

    saved = Group.objects.get()
    assert (saved.name, saved.tagline) == ("One", "Two.")
    assert sorted(outcomes) == [False, True]


# Who only holds the kept link


@pytest.mark.parametrize("tagline", ["Before.", "After."])
def test_still_right_by_the_kept_link_says_that_somebody_is_there(tagline):
    group = make_group(tagline="Before.")
    make_link("kept", group=group, now=NOON - timedelta(days=400))
    for kind in ("stale", "orphan"):
        open_task(kind, group, now=NOON)

    outcome = save(group, KEPT, tagline=tagline, still_right=True)

    assert outcome.is_confirmed
    group.refresh_from_db()
    assert (group.tagline, group.confirmed_at) == ("Before.", NOON)
    waiting = Task.objects.filter(decided_at=None).values_list("kind", flat=True)
    assert list(waiting) == ([] if tagline == "Before." else ["edit"])


def test_a_change_by_the_kept_link_says_so_too_and_confirms_nothing():
    group = make_group(tagline="Before.")
    make_link("kept", group=group, now=NOON)
    for kind in ("stale", "orphan"):
        open_task(kind, group, now=NOON)

    save(group, KEPT, tagline="After.")

    group.refresh_from_db()
    assert group.confirmed_at is None
    waiting = Task.objects.filter(decided_at=None).values_list("kind", flat=True)
    assert sorted(waiting) == ["edit", "stale"]


def test_a_kept_link_that_has_ended_says_nothing_of_who_is_there():
    group = make_group(tagline="Before.")
    make_link("kept", group=group, now=NOON)
    end_kept_links(group, NOON)
    task = open_task("orphan", group, now=NOON)

    save(group, KEPT, tagline="After.")

    task.refresh_from_db()
    assert task.decided_at is None

"""Whatever changes what a page shows gives it a new version, and no other page."""

import pytest
from django.db import transaction
from django.urls import reverse

from groups import deciding, upkeep
from groups.derived import changing, derive_everything
from groups.entries import save_entry
from groups.exchange.importing import import_file
from groups.models import (
    CharterRule,
    Ecosystem,
    Group,
    Keyword,
    Membership,
    PageVersion,
    Partner,
    Person,
)
from groups.saving import save_parts
from tests.factories import (
    make_ecosystem,
    make_entry,
    make_group,
    make_keyword,
    make_membership,
    make_person,
)

pytestmark = pytest.mark.django_db


def versions():
    return dict(PageVersion.objects.values_list("scope", "token"))


def bumped(deed):
    """Return the scopes that ``deed`` gives a new version."""
    before = versions()
    deed()
    return {scope for scope, token in versions().items() if before.get(scope) != token}


def scopes_of(group, *keywords):
    return {0, -group.pk, *(make_keyword(name).pk for name in keywords)}


# Groups


def test_an_edit_changes_what_shows_the_group_and_nothing_else():
    group = make_group(keywords=["velo"])
    make_group(keywords=["bus"])

    changed = bumped(lambda: save_entry({"tagline": "Another."}, group=group, why="test"))

    assert changed == scopes_of(group, "velo")


def test_a_change_of_keywords_concerns_the_old_and_the_new_ones():
    group = make_group(keywords=["velo", "kept"])

    changed = bumped(lambda: save_entry({"keywords": ["bus", "kept"]}, group=group, why="test"))

    assert changed == scopes_of(group, "velo", "kept", "bus")


def test_what_nobody_sees_changes_no_page():
    group = make_group(keywords=["velo"], review="pending")

    assert bumped(lambda: save_entry({"tagline": "Another."}, group=group, why="test")) == set()


def test_a_listing_that_has_not_admitted_the_group_stays_as_it_is():
    make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages", "velo"])

    changed = bumped(lambda: save_entry({"tagline": "Another."}, group=group, why="test"))

    assert changed == scopes_of(group, "velo")


@pytest.mark.parametrize("accept", [True, False])
def test_a_membership_decided_changes_the_listing(accept):
    ecosystem = make_ecosystem("rivages", admission="reviewed")
    group = make_group(keywords=["rivages"])
    make_membership(group, ecosystem, status="asked" if accept else "accepted")
    after = Membership.Status.ACCEPTED if accept else Membership.Status.LEFT

    def decide():
        with changing([group.pk]):
            Membership.objects.update(status=after)

    assert bumped(decide) == scopes_of(group, "rivages")


@pytest.mark.parametrize(
    "deed",
    [
        lambda group, by: deciding.refuse([group], by=by, reason="Not a group."),
        lambda group, by: deciding.delete_groups([group]),
        lambda group, by: save_parts(
            {}, {"banner": "banners/a.webp"}, group=group, by=by, why="x", now=group.created_at
        ),
        lambda group, by: upkeep.mark_confirmed(group, group.created_at),
        lambda group, by: derive_everything(),
    ],
    ids=["refused", "deleted", "banner", "confirmed", "recounted"],
)
def test_every_deed_on_a_shown_group_changes_its_pages(deed):
    group = make_group(keywords=["velo"])
    by = make_person()

    assert bumped(lambda: deed(group, by)) == scopes_of(group, "velo")


def test_publishing_changes_the_pages_that_show_the_group_now():
    group = make_group(keywords=["velo"], review="pending")

    changed = bumped(lambda: deciding.publish([group], by=make_person()))

    assert changed == scopes_of(group, "velo")


def test_an_import_changes_the_pages_of_what_it_brings(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("short_name,name,tagline,kind,keywords\nnew-one,New,One line.,support,velo\n")
    make_group(keywords=["bus"])

    changed = bumped(lambda: import_file(path, why="test"))

    assert changed == scopes_of(Group.objects.get(short_name="new-one"), "velo")


def test_a_change_that_fails_changes_no_version():
    group = make_group(keywords=["velo"])

    def fail():
        with pytest.raises(RuntimeError), changing([group.pk]):
            raise RuntimeError

    assert bumped(fail) == set()


# Keywords


def test_merged_keywords_change_both_listings():
    group = make_group(keywords=["velo"])
    other = make_group(keywords=["bike"])
    kept, merged = make_keyword("velo"), make_keyword("bike")

    changed = bumped(lambda: deciding.merge_keywords(kept, [merged]))

    assert changed == {0, -other.pk, kept.pk, merged.pk}
    assert -group.pk not in changed


def test_a_keyword_spelt_another_way_changes_all_that_shows_it(client):
    group = make_group(keywords=["velo", "bus"])
    client.force_login(Person.objects.create_superuser("operator@example.org", "secret"))
    address = reverse("admin:groups_keyword_change", args=[make_keyword("velo").pk])

    changed = bumped(lambda: client.post(address, {"name": "Vélo"}))

    assert Keyword.objects.get(name_key="velo").name == "Vélo"
    assert changed == scopes_of(group, "velo", "bus")


def test_a_deleted_keyword_changes_what_carried_it():
    group = make_group(keywords=["velo", "bus"])
    velo, bus = make_keyword("velo"), make_keyword("bus")

    assert bumped(lambda: deciding.delete_keywords([velo])) == {0, -group.pk, velo.pk, bus.pk}


# Ecosystems


@pytest.mark.parametrize(
    "deed",
    [
        lambda ecosystem: Ecosystem.objects.update(name="Another"),
        lambda ecosystem: ecosystem.save(),
        lambda ecosystem: ecosystem.delete(),
        lambda ecosystem: CharterRule.objects.create(ecosystem=ecosystem, version=2, text="New."),
        lambda ecosystem: CharterRule.objects.bulk_create(
            [CharterRule(ecosystem=ecosystem, version=2, text="New.")]
        ),
        lambda ecosystem: CharterRule.objects.update(text="Another."),
        lambda ecosystem: CharterRule.objects.all().delete(),
        lambda ecosystem: CharterRule.objects.get().delete(),
    ],
    ids="name record deleted rule rules rule_changed rules_deleted rule_deleted".split(),
)
def test_a_change_of_a_record_changes_its_page(deed):
    ecosystem = make_ecosystem("rivages", rules=["Open to all."])
    make_group(keywords=["velo"])

    assert bumped(lambda: deed(ecosystem)) == {0, ecosystem.keyword_id}


def test_a_record_given_to_another_keyword_changes_both_pages():
    ecosystem = make_ecosystem("rivages")
    before, after = ecosystem.keyword, make_keyword("rives")
    ecosystem.keyword = after

    assert bumped(ecosystem.save) == {0, before.pk, after.pk}


def test_the_core_group_changes_the_page_that_shows_it_without_carrying_its_word():
    core = make_group()
    ecosystem = make_ecosystem("rivages", core_group=core)

    edited = bumped(lambda: save_entry({"name": "Another"}, group=core, why="test"))
    deleted = bumped(lambda: deciding.delete_groups([core]))

    assert edited == deleted == {0, -core.pk, ecosystem.keyword_id}


# Partners


@pytest.mark.parametrize(
    "deed",
    [
        lambda partner: Partner.objects.update(logo="logos/a.webp"),
        lambda partner: partner.save(),
        lambda partner: partner.delete(),
    ],
    ids=["logo", "record", "deleted"],
)
def test_a_partner_changes_the_pages_of_the_groups_it_serves(deed):
    group = make_group(keywords=["velo"], partners=[{"name": "Mairie"}])
    make_group(keywords=["bus"], partners=[{"name": "Another"}])
    make_group(review="pending", partners=[{"name": "Mairie"}])
    Partner.objects.exclude(name="Mairie").delete()

    assert bumped(lambda: deed(Partner.objects.get())) == scopes_of(group, "velo")


def test_an_address_one_group_gives_a_partner_changes_the_pages_of_the_others():
    first = make_group(partners=[{"name": "Mairie"}])

    entry = make_entry(partners=[{"name": "Mairie", "url": "https://mairie.example.org/"}])
    changed = bumped(lambda: save_entry(entry, why="test"))

    assert changed == {0, -first.pk}


# Together


def test_what_one_transaction_changes_gets_one_version():
    group = make_group(keywords=["rivages"])
    ecosystem = make_ecosystem("rivages")

    with transaction.atomic(), changing([group.pk]):
        ecosystem.save()
        save_entry({"name": "Another"}, group=group, why="test")

    tokens = versions()
    assert {tokens[scope] for scope in scopes_of(group, "rivages")} == {tokens[0]}

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from PIL import Image

from groups import pictures
from groups.entries import entries_of
from groups.forms.entry import EntryForm
from groups.forms.fields import sign_picture
from groups.models import Group, Partner, Revision
from groups.saving import save_form
from tests.factories import make_group
from tests.groups.forms.test_entry import EVERYTHING, FOUR
from tests.kept import kept, made_again

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def save(typed, group=None, why="registered"):
    form = EntryForm(typed, group=group)
    assert form.is_valid(), form.errors
    return save_form(form, group=group, by=None, why=why, now=NOON)


def a_banner(colour="#2c3e94"):
    return pictures.store_banner(Image.new("RGB", (1920, 160), colour))


def test_a_new_group_waits_and_has_its_revision():
    group = save(FOUR)

    assert (group.review, group.created_at) == ("pending", NOON)
    assert group.revisions.get().entry == entries_of([group])[group.pk]
    assert made_again() == kept()


def test_everything_is_saved_with_what_no_column_holds():
    mother = make_group(short_name="mother")
    banner = a_banner()

    group = save(EVERYTHING | {"banner_kept": sign_picture(banner), "started_in": "mother"})

    assert group.banner.name == banner
    assert group.card["band"] == pictures.listing_name(banner)
    assert group.started_in == mother
    assert group.services.get(kind="members").is_open
    assert made_again() == kept()


def test_the_position_that_is_kept_is_the_one_that_is_shown():
    group = save(EVERYTHING)

    assert (group.latitude, group.longitude) == (6.5, 2.6)
    assert group.revisions.get().entry["latitude"] == 6.5
    assert group.position_is_approximate


def test_saving_over_a_group_takes_away_what_was_taken_away():
    group = save(EVERYTHING | {"banner_kept": sign_picture(a_banner())})

    group = save(FOUR | {"members_url": "https://lagune.example.org/membres"}, group, "edited")

    assert group.banner.name == ""
    assert list(group.services.values_list("kind", "is_open")) == [("members", False)]
    assert not group.partnerships.exists()
    assert group.activity == "preparing"
    assert made_again() == kept()


def test_a_partner_gets_the_logo_it_lacks_and_keeps_the_one_it_has():
    first, second = (
        pictures.store_logo(Image.new("RGB", (300, 100), colour)) for colour in ("red", "blue")
    )
    row = {"partner_0_name": "Mairie"}

    save({**FOUR, **row, "partner_0_logo_kept": sign_picture(first)})
    save({**FOUR, **row, "partner_0_logo_kept": sign_picture(second), "short_name": "other"})

    assert Partner.objects.get().logo.name == first


def test_nothing_is_half_saved_where_the_short_name_was_taken_meanwhile():
    form = EntryForm(EVERYTHING)
    assert form.is_valid()
    make_group(short_name=FOUR["short_name"])
    before = Group.objects.count(), Partner.objects.count(), Revision.objects.count()

    with pytest.raises(IntegrityError):
        save_form(form, group=None, by=None, why="registered", now=NOON)

    assert (Group.objects.count(), Partner.objects.count(), Revision.objects.count()) == before
    assert made_again() == kept()

import pytest
from django.db import DataError, IntegrityError, transaction

from groups.models import FormerKeywordSlug, Keyword, Tagging
from tests.factories import make_group, make_keyword
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_a_keyword_is_one_whatever_its_case_accents_and_spaces():
    first = make_keyword("Énergie  solaire")

    assert make_keyword("ENERGIE SOLAIRE") == first
    assert make_keyword("énergie solaire").name == "Énergie  solaire"
    assert Keyword.objects.count() == 1


def test_the_folded_form_is_unique_whatever_code_runs():
    make_keyword("énergie")

    with refused_by("groups_keyword.name_key"):
        Keyword.objects.create(name="Energie", slug="other")


def test_a_keyword_without_a_name_is_refused():
    with refused_by("groups_keyword_name_length"):
        Keyword.objects.create(name="", slug="empty")


def test_a_keyword_of_51_characters_is_refused():
    with pytest.raises((DataError, IntegrityError)), transaction.atomic():
        Keyword.objects.create(name="x" * 51)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Énergie solaire", "energie-solaire"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        ("日本", "riben"),
        ("Журнал", "zhurnal"),
    ],
)
def test_the_slug_is_transliterated(name, slug):
    assert make_keyword(name).slug == slug


def test_a_keyword_of_signs_alone_has_a_slug_of_its_own():
    keyword = Keyword.objects.create(name="♥")

    assert keyword.slug.startswith("k-")
    assert len(keyword.slug) == 10


def test_two_keywords_whose_slugs_would_meet_get_two():
    assert make_keyword("C sharp").slug == "c-sharp"
    assert make_keyword("C#").slug == "c-sharp-2"


def test_a_new_spelling_keeps_the_folded_form_in_step():
    keyword = make_keyword("energie")
    keyword.name = "Énergies"
    keyword.save()

    assert Keyword.objects.get().name_key == "energies"


def test_get_or_make_skips_what_has_no_letter():
    assert Keyword.objects.get_or_make(["…", " "]) == {}


def test_named_returns_the_known_ones_by_their_folded_form():
    velo = make_keyword("vélo")

    assert Keyword.objects.named(["VELO", "train"]) == {"velo": velo}


def test_a_group_carries_a_keyword_once():
    group = make_group(keywords=["velo"])

    with refused_by("groups_tagging_once"):
        Tagging.objects.create(content_object=group, tag=Keyword.objects.get())


def test_a_former_slug_leads_to_one_keyword():
    FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("velo"))

    with refused_by("groups_formerkeywordslug.slug"):
        FormerKeywordSlug.objects.create(slug="bike", keyword=make_keyword("train"))

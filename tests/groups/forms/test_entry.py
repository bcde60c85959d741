from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from groups import pictures
from groups.entries import EMPTY, entries_of
from groups.forms.entry import EntryForm, entry_as_typed
from groups.forms.fields import sign_picture, signed_picture
from tests.factories import make_group

pytestmark = pytest.mark.django_db

FOUR = {
    "name": "Jardins de la Lagune",
    "tagline": "Des potagers partagés.",
    "kind": "territorial",
    "short_name": "jardins-lagune",
}
EVERYTHING = {
    **FOUR,
    "country": "BJ",
    "region": "Porto-Novo",
    "latitude": "6,4969",
    "longitude": "2.6289",
    "position_is_approximate": "1",
    "keywords": "jardins, Jardins, rivages",
    "home_url": "lagune.example.org",
    "members_url": "https://lagune.example.org/membres",
    "members_is_open": "on",
    "follow_up_url": "https://pad.example.org/suivi",
    "partner_0_name": "Mairie",
    "partner_0_url": "https://mairie.example.org/",
    "partner_3_name": "École",
    "description": "Nous jardinons **ensemble**.",
    "activity": "preparing",
    "member_count": "environ 180",
}


def picture(size=(1920, 400), name="a.png"):
    made = BytesIO()
    Image.new("RGB", size, "#2c3e94").save(made, "PNG")
    return SimpleUploadedFile(name, made.getvalue(), "image/png")


def errors_of(typed, files=None, **kwargs):
    form = EntryForm({**FOUR, **typed}, files, **kwargs)
    form.full_clean()
    return {name: list(errors) for name, errors in form.errors.items()}


def cleaned(typed, files=None, **kwargs):
    form = EntryForm(typed, files, **kwargs)
    assert form.is_valid(), form.errors
    return form


# What is asked for


def test_four_fields_are_required_in_their_order_and_no_other():
    form = EntryForm({})

    form.full_clean()

    assert list(form.errors) == ["name", "tagline", "kind", "short_name"]
    assert list(form.fields)[:4] == ["name", "tagline", "kind", "short_name"]
    assert [name for name, field in form.fields.items() if field.required] == [
        *("name", "tagline", "kind", "short_name")
    ]


def test_four_answers_are_an_entry():
    form = cleaned(FOUR)

    assert form.cleaned_entry() == {**EMPTY, **FOUR}
    assert form.cleaned_extras() == {
        "position_is_approximate": False,
        "members_is_open": False,
        "banner": "",
        "logos": {},
        "started_in": None,
    }


def test_everything_is_understood_as_it_is_meant():
    form = cleaned(EVERYTHING)

    assert form.cleaned_entry() == {
        **FOUR,
        "description": "Nous jardinons **ensemble**.",
        "country": "BJ",
        "region": "Porto-Novo",
        "latitude": 6.4969,
        "longitude": 2.6289,
        "member_count": 180,
        "activity": "preparing",
        "keywords": ["jardins", "rivages"],
        "services": {
            "home": "https://lagune.example.org",
            "members": "https://lagune.example.org/membres",
            "follow_up": "https://pad.example.org/suivi",
        },
        "partners": [
            {"name": "Mairie", "url": "https://mairie.example.org/"},
            {"name": "École", "url": ""},
        ],
    }
    assert form.cleaned_extras()["position_is_approximate"] is True
    assert form.cleaned_extras()["members_is_open"] is True


def test_a_list_of_members_that_is_not_there_is_not_open():
    form = cleaned({**FOUR, "members_is_open": "on"})

    assert form.cleaned_extras()["members_is_open"] is False


# What is wrong, in sentences


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", " ", "Donnez son nom au groupe."),
        (
            "name",
            "x" * 121,
            "Il y a 121 signes, et la limite est de 120. Raccourcissez un peu.",
        ),
        ("tagline", "", "Dites en une ligne ce qu’est le groupe."),
        (
            "tagline",
            "x" * 161,
            "Il y a 161 signes, et la limite est de 160. Raccourcissez un peu.",
        ),
        (
            "kind",
            "regional",
            "Choisissez celui qui convient le mieux\u202f; vous pourrez en changer.",
        ),
        ("country", "Bénin", "Choisissez un pays dans la liste."),
        (
            "region",
            "x" * 81,
            "Il y a 81 signes, et la limite est de 80. Raccourcissez un peu.",
        ),
        (
            "description",
            "x" * 2001,
            "Il y a 2\xa0001 signes, et la limite est de 2\xa0000. Raccourcissez un peu.",
        ),
        ("position_is_approximate", "2", "Choisissez l’une des deux."),
        ("banner_part", "left", "Choisissez l’une des trois."),
        ("activity", "archived", "Choisissez dans la liste."),
        (
            "banner_kept",
            "banners/a.webp:forged",
            "Cette image n’est plus ici. Choisissez-la encore une fois.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(field, typed, sentence):
    assert errors_of({field: typed}) == {field: [sentence]}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("latitude", "north"),
        ("latitude", "91"),
        ("keywords", ", ".join(f"mot {number}" for number in range(13))),
        ("keywords", "x" * 51),
        ("home_url", "javascript:alert(1)"),
        ("join_url", "https://localhost/"),
        ("follow_up_url", f"https://example.org/{'x' * 500}"),
        ("member_count", "-3"),
        ("member_count", "many"),
        ("started_in", "nowhere"),
        ("short_name", "Ça va ?"),
        ("short_name", "fr"),
        ("short_name", "admin"),
        ("partner_0_url", "https://example.org/"),
        ("partner_0_name", "x" * 121),
    ],
)
def test_limits_of_the_records_are_checked(field, typed):
    typed = {field: typed, **({"longitude": "2"} if field == "latitude" else {})}
    errors = errors_of(typed)

    # A partner with a site only lacks a name: that is where it is said.
    assert list(errors) == [field.replace("_url", "_name") if "partner" in field else field]
    [sentence] = errors[field.replace("_url", "_name") if "partner" in field else field]
    assert sentence[0].isupper() or sentence[0] in "«0123456789"
    assert sentence[-1] in ".…"


def test_a_position_has_both_numbers_and_one_field_may_hold_them():
    assert list(errors_of({"latitude": "6.5"})) == ["latitude"]
    assert cleaned({**FOUR, "latitude": "6.5, 2.6"}).cleaned_entry()["longitude"] == 2.6


def test_the_position_zero_is_none():
    entry = cleaned({**FOUR, "latitude": "0", "longitude": "0"}).cleaned_entry()

    assert (entry["latitude"], entry["longitude"]) == (None, None)


def test_thirty_partners_are_the_most():
    rows = {f"partner_{number}_name": f"Partner {number}" for number in range(31)}

    assert list(errors_of(rows)) == ["partner_30_name"]
    rows.pop("partner_7_name")
    assert len(cleaned({**FOUR, **rows}).cleaned_entry()["partners"]) == 30


@pytest.mark.parametrize("unfit", ["\x00", "\ud800", "\u202e"])
def test_what_cannot_be_stored_is_left_out(unfit):
    typed = {
        name: f"{text}{unfit}"
        for name, text in EVERYTHING.items()
        if name not in ("kind", "country", "position_is_approximate", "activity")
    }
    form = EntryForm({**EVERYTHING, **typed})

    form.full_clean()
    assert form.is_valid() or unfit == "\u202e", form.errors
    "".join(form.typed().values()).encode()
    str(form.as_p()).encode()


# The short name


def test_a_taken_short_name_comes_with_a_free_one():
    make_group(short_name="jardins", review="pending")

    assert errors_of({"short_name": "jardins"}) == {
        "short_name": [
            "«\u202fjardins\u202f» est déjà pris. «\u202fjardins-lagune\u202f» est libre."
        ]
    }


def test_a_short_name_is_taken_from_the_name_where_none_was_given():
    form = cleaned({**FOUR, "short_name": ""})

    assert form.cleaned_entry()["short_name"] == "jardins-de-la-lagune"
    assert form.typed()["short_name"] == "jardins-de-la-lagune"


def test_a_short_name_is_read_out_of_the_printed_address():
    form = cleaned({**FOUR, "short_name": "127.0.0.1:8000/Jardins/"})

    assert form.cleaned_entry()["short_name"] == "jardins"


def test_a_group_keeps_its_own_short_name():
    group = make_group(short_name="jardins-lagune")

    assert errors_of({}, group=group) == {}
    assert list(errors_of({})) == ["short_name"]


# The group it began in


def test_only_a_published_group_is_one_to_begin_in():
    mother = make_group(short_name="mother")
    make_group(short_name="waiting", review="pending")

    assert cleaned({**FOUR, "started_in": "mother"}).cleaned_extras()["started_in"] == mother
    assert errors_of({"started_in": "waiting"}) == errors_of({"started_in": "nowhere"})
    assert list(errors_of({"started_in": "waiting"})) == ["started_in"]


# Pictures


def test_a_picture_is_kept_whatever_else_is_wrong():
    form = EntryForm({**FOUR, "name": ""}, {"banner": picture()})

    form.full_clean()

    assert list(form.errors) == ["name"]
    name = signed_picture(form.typed()["banner_kept"])
    assert default_storage.exists(name)
    assert cleaned({**FOUR, **form.typed(), "name": "x"}).cleaned_extras()["banner"] == name


def test_the_part_that_was_chosen_is_kept():
    image = Image.new("RGB", (1920, 1000), "#ffffff")
    image.paste("#2c3e94", (0, 840, 1920, 1000))
    made = BytesIO()
    image.save(made, "PNG")
    names = {}
    for part in ("top", "bottom"):
        file = SimpleUploadedFile("a.png", made.getvalue())
        form = cleaned({**FOUR, "banner_part": part}, {"banner": file})
        names[part] = form.cleaned_extras()["banner"]

    with default_storage.open(names["bottom"]) as stored:
        shown = Image.open(stored).convert("RGB").getpixel((900, 80))
    assert names["top"] != names["bottom"]
    assert shown[2] > shown[0] + 60


def test_a_banner_is_taken_away():
    name = pictures.store_banner(Image.new("RGB", (1920, 160), "#2c3e94"))
    form = cleaned({**FOUR, "banner_kept": sign_picture(name), "banner_removed": "on"})

    assert form.cleaned_extras()["banner"] == ""
    assert "banner_kept" not in form.typed()


def test_a_file_that_is_no_picture_is_refused_with_a_sentence():
    file = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    errors = errors_of({}, {"banner": file})

    assert list(errors) == ["banner"]


def test_logos_are_kept_with_their_partner():
    form = cleaned({**FOUR, "partner_1_name": "École"}, {"partner_1_logo": picture((300, 100))})

    [(partner, logo)] = form.cleaned_extras()["logos"].items()
    assert partner == "ecole"
    assert default_storage.exists(logo)


def test_a_logo_without_a_partner_asks_for_its_name():
    form = EntryForm(FOUR, {"partner_5_logo": picture((300, 100))})

    assert list(form.errors) == ["partner_5_name"]


# What is shown


def test_a_group_is_shown_as_it_is_and_saved_as_it_was():
    group = make_group(
        **{**FOUR, "country": "BJ", "region": "Porto-Novo", "latitude": 6.5, "longitude": 2.6},
        keywords=["jardins", "rivages"],
        services={"home": "https://lagune.example.org/", "admin": "https://x.example.org/"},
        partners=[{"name": "Mairie", "url": "https://mairie.example.org/"}],
        member_count=180,
        position_is_approximate=True,
        started_in=make_group(short_name="mother"),
    )
    shown = EntryForm(group=group)

    form = cleaned(shown.initial, group=group)

    before = entries_of([group])[group.pk]
    assert {**before, **form.cleaned_entry()} == before
    assert form.cleaned_extras()["position_is_approximate"] is True
    assert form.cleaned_extras()["started_in"].short_name == "mother"


def test_an_edit_says_nothing_of_the_activity():
    group = make_group(activity="asleep")

    form = cleaned({**EVERYTHING, "activity": "active"}, group=group)

    assert "activity" not in form.cleaned_entry()


def test_an_entry_is_shown_as_somebody_would_have_typed_it():
    entry = {**EMPTY, **FOUR, "latitude": 6.5, "longitude": -2.0, "keywords": ["a", "b"]}

    typed = entry_as_typed(entry)

    assert typed["latitude"] == "6.5"
    assert typed["member_count"] == ""
    assert cleaned(typed).cleaned_entry() == entry


def test_a_section_with_an_error_is_open():
    form = EntryForm({**FOUR, "home_url": "nothing"})

    form.full_clean()

    assert [section.key for section in form.sections if section.is_open] == ["links"]


def test_sections_hold_every_field_but_the_four_once():
    form = EntryForm()

    fields = [name for section in form.sections for name in section.fields]

    assert sorted([*FOUR, *fields]) == sorted(form.fields)
    assert len(fields) == len(set(fields))


def test_a_draft_of_another_time_is_shown_as_far_as_it_makes_sense():
    form = EntryForm(
        typed={"name": ["Typed"], "tagline": "x", "unknown": "y", "partner_2_name": "z"}
    )

    assert form["name"].value() is None
    assert form["tagline"].value() == "x"
    assert form["partner_2_name"].value() == "z"


def test_choices_are_in_the_order_of_the_language():
    names = [name for _code, name in EntryForm().fields["country"].choices]

    assert names.index("Bénin") < names.index("Bermudes") < names.index("États-Unis")


def test_a_partner_is_taken_off_by_emptying_its_row():
    logo = sign_picture(pictures.store_logo(Image.new("RGB", (300, 100), "red")))

    form = cleaned({**FOUR, "partner_0_name": "", "partner_0_logo_kept": logo})

    assert form.cleaned_entry()["partners"] == []
    assert form.cleaned_extras()["logos"] == {}


def test_an_origin_that_is_not_shown_is_kept_without_being_told():
    mother = make_group(short_name="mother", review="pending")
    group = make_group(**FOUR, started_in=mother)

    shown = EntryForm(group=group)

    assert shown["started_in"].value() == ""
    assert cleaned(shown.initial, group=group).cleaned_extras()["started_in"] == mother

import pytest

from groups.exchange.columns import (
    ALIASES,
    COLUMNS,
    keywords_cell,
    partners_cell,
    understand,
)
from groups.text import fold


def test_columns_are_those_of_the_exported_file_in_order():
    assert COLUMNS == (
        "short_name",
        "name",
        "tagline",
        "kind",
        "description",
        "keywords",
        "country",
        "region",
        "latitude",
        "longitude",
        "member_count",
        "activity",
        "contact_email",
        "home_url",
        "news_url",
        "meetings_url",
        "discussions_url",
        "projects_url",
        "resources_url",
        "inspiring_projects_url",
        "join_url",
        "leave_url",
        "members_url",
        "admin_url",
        "follow_up_url",
        "partners",
    )


def test_our_own_columns_are_understood_as_themselves():
    assert understand(COLUMNS) == ({column: column for column in COLUMNS}, [])


def test_no_alias_stands_for_two_columns():
    names = [
        (fold(name).replace(" ", ""), column)
        for column, aliases in ALIASES.items()
        for name in (column, *aliases)
    ]

    assert len(dict(names)) == len(set(names))


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("slug", "short_name"),
        ("Nom court", "short_name"),
        ("NOM", "name"),
        ("title", "name"),
        ("bf_titre", "name"),
        ("Description (courte)", "tagline"),
        ("description_courte", "tagline"),
        ("Résumé", "tagline"),
        ("type", "kind"),
        ("mots_cles", "keywords"),
        ("Mots-clés", "keywords"),
        ("checkboxListeThematiques", "keywords"),
        ("Pays", "country"),
        ("bf_ville", "region"),
        ("lat", "latitude"),
        ("Latitude (WGS84)", "latitude"),
        ("carte_google", "latitude"),
        ("lng", "longitude"),
        ("Nombre de membres", "member_count"),
        ("Niveau d’activité", "activity"),
        ("E-mail *", "contact_email"),
        ("bf_site_internet", "home_url"),
        ("url", "home_url"),
        ("URL d'inscription", "join_url"),
        ("Lien vers l’agenda", "meetings_url"),
        ("followUpUrl", "follow_up_url"),
        ("Partenaires", "partners"),
    ],
)
def test_common_names_are_understood(header, column):
    assert understand([header]) == ({header: column}, [])


def test_what_is_not_understood_is_named():
    assert understand(["name", "couleur", "", "date_maj_fiche"]) == (
        {"name": "name"},
        ["couleur", "date_maj_fiche"],
    )


def test_of_two_headers_for_one_column_the_surer_is_taken():
    headers = ["Titre", "position", "nom", "bf_latitude"]

    assert understand(headers) == (
        {"nom": "name", "bf_latitude": "latitude"},
        ["Titre", "position"],
    )


def test_several_headers_may_hold_keywords():
    assert understand(["tags", "thèmes"])[0] == {"tags": "keywords", "thèmes": "keywords"}


@pytest.mark.parametrize(
    ("names", "cell"),
    [([], ""), (["a", "b"], "a, b"), (["a"], "a"), (["a;b"], "a;b,"), (["a|b", "c"], "a|b, c")],
)
def test_keywords_cell(names, cell):
    assert keywords_cell(names) == cell


def test_partners_cell_has_its_separators_nowhere_else():
    partners = [{"name": "A; B|C", "url": "https://a.example/;x|y"}, {"name": "D", "url": ""}]

    assert partners_cell(partners) == "A, B/C|https://a.example/%3Bx%7Cy; D"

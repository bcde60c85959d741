"""The translations are complete, and the script that keeps them so tells when they are not."""

import gettext
import os
from pathlib import Path

import polib
import pytest

from scripts.messages import (
    bare_text,
    check_messages,
    compile_messages,
    extract_messages,
    french_problems,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def project(tmp_path):
    """A project of one module and one page, with an empty French catalogue."""
    (tmp_path / "groups").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale/fr/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "groups/views.py").write_text(
        'label = pgettext("activity", "Active")\n'
        'count = ngettext("One group", "%(number)d groups", number)\n'
    )
    (tmp_path / "templates/page.html").write_text(
        "    <h1>{% translate 'Groups' %}</h1>\n"
        "  <p>{% blocktranslate trimmed with name=group.name %}\n"
        "    Join {{ name }}\n"
        "  {% endblocktranslate %}</p>\n"
    )
    write_french(tmp_path)
    return tmp_path


def write_french(project, **translations):
    """Write a French catalogue: the words of ``project`` and what ``translations`` says of them."""
    path = project / "locale/fr/LC_MESSAGES/django.po"
    path.write_text('msgid ""\nmsgstr ""\n"Language: fr\\n"\n')
    extract_messages(project)
    catalogue = polib.pofile(str(path))
    complete = {
        "Active": "Actif",
        "Groups": "Groupes",
        "Join %(name)s": "Rejoindre %(name)s",
        "One group": ["%(number)d groupe", "%(number)d groupes"],
    }
    for entry in catalogue:
        wording = translations.get(entry.msgid.split()[0], complete.get(entry.msgid, ""))
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate(wording))
        else:
            entry.msgstr = wording
    catalogue.save()
    return path


def test_every_message_of_this_project_is_translated_well():
    assert check_messages(ROOT) == []


def test_extract_finds_messages_of_modules_and_templates(project):
    catalogue = polib.pofile(str(write_french(project)))

    assert [(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalogue] == [
        ("activity", "Active", ""),
        (None, "Groups", ""),
        (None, "Join %(name)s", ""),
        (None, "One group", "%(number)d groups"),
    ]
    assert catalogue[1].occurrences == [("templates/page.html", "")]


def test_extract_reads_templates_written_in_jinja(project):
    (project / "templates/fast").mkdir()
    (project / "templates/fast/cards.html").write_text(
        "{% set label = _('Visit') %}<a title=\"{{ pgettext('a group', 'Join') }}\">{{ label }}</a>"
    )

    catalogue = polib.pofile(str(write_french(project)))

    said = [(entry.msgctxt, entry.msgid) for entry in catalogue]
    assert {("a group", "Join"), (None, "Visit")} <= set(said)


def test_extract_twice_changes_nothing(project):
    path = write_french(project)
    extract_messages(project)
    before = path.read_bytes()

    assert extract_messages(project) == ["fr: 4 messages, 0 to translate."]
    assert path.read_bytes() == before


def test_extract_keeps_what_is_still_said_and_drops_the_rest(project):
    path = write_french(project)
    (project / "groups/views.py").write_text('title = _("A new title")\n')

    extract_messages(project)

    assert {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} == {
        "A new title": "",
        "Groups": "Groupes",
        "Join %(name)s": "Rejoindre %(name)s",
    }


def test_a_message_that_gains_a_plural_is_translated_again(project):
    path = write_french(project)
    (project / "groups/views.py").write_text('n = ngettext("Groups", "%(number)d Groups", 2)\n')
    (project / "templates/page.html").write_text("")

    extract_messages(project)

    assert polib.pofile(str(path))[0].msgstr_plural == {0: "", 1: ""}


def test_compiled_messages_know_contexts_and_the_french_plural(project):
    path = write_french(project)

    compile_messages(project)

    with path.with_suffix(".mo").open("rb") as compiled:
        french = gettext.GNUTranslations(compiled)
    assert french.gettext("Groups") == "Groupes"
    assert french.pgettext("activity", "Active") == "Actif"
    wordings = [french.ngettext("One group", "%(number)d groups", number) for number in (0, 1, 2)]
    assert wordings == ["%(number)d groupe", "%(number)d groupe", "%(number)d groupes"]


def test_compile_works_only_where_something_changed(project):
    path = write_french(project)

    assert compile_messages(project) == ["fr: compiled."]
    assert compile_messages(project) == []

    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    assert compile_messages(project) == ["fr: compiled."]


def test_check_is_content_with_a_complete_catalogue(project):
    write_french(project)

    assert check_messages(project) == []


@pytest.mark.parametrize(
    ("word", "wording", "problem"),
    [
        ("Groups", "", "not translated: “Groups”"),
        ("Join", "Rejoindre", "other placeholders in “Rejoindre”: “Join %(name)s”"),
        (
            "Join",
            "<b>Rejoindre</b> %(name)s",
            "other HTML tags in “<b>Rejoindre</b> %(name)s”: “Join %(name)s”",
        ),
        (
            "One",
            ["Un groupe", "%(number)d groupes"],
            "other placeholders in “Un groupe”: “One group”",
        ),
        ("One", ["%(number)d groupe"], "not translated: “One group”"),
        (
            "Groups",
            "Groupes !",
            "no U+202F before ; ! or ? in “Groupes !”: “Groups”",
        ),
    ],
)
def test_check_names_what_is_wrong_with_a_translation(project, word, wording, problem):
    write_french(project, **{word: wording})

    assert check_messages(project) == [f"locale/fr/LC_MESSAGES/django.po: {problem}"]


def test_check_refuses_a_translation_nobody_confirmed(project):
    path = write_french(project)
    path.write_text(path.read_text().replace('msgid "Groups"', '#, fuzzy\nmsgid "Groups"'))

    assert check_messages(project) == ["locale/fr/LC_MESSAGES/django.po: fuzzy: “Groups”"]


def test_check_names_what_was_not_extracted_and_what_no_source_says_any_more(project):
    write_french(project)
    (project / "groups/views.py").write_text(
        'label = pgettext("activity", "Asleep")\n'
        'count = ngettext("One group", "%(number)d groups", number)\n'
    )

    assert check_messages(project) == [
        "locale/fr/LC_MESSAGES/django.po: missing: “Asleep” (activity)",
        "locale/fr/LC_MESSAGES/django.po: no source says: “Active” (activity)",
    ]


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>{% translate 'Groups' %} {{ group.name }}</p>", []),
        ("{% blocktranslate %}Join {{ name }}{% endblocktranslate %}", []),
        ("{# A note #}{% comment %}Another{% endcomment %}<br>", []),
        ('<a class="button" href="/groups/" lang="en">English</a>', []),
        ("<p>{{ count }} groups</p>", ["groups"]),
        ('<img alt="Band of {{ name }}">', ["Band of"]),
        ('<nav aria-label="Pages">', ["Pages"]),
    ],
)
def test_words_outside_translation_tags_are_noticed(tmp_path, template, words):
    path = tmp_path / "page.html"
    path.write_text(template)

    assert bare_text(path) == words


@pytest.mark.parametrize(
    "text",
    [
        "L’écosystème : 3\u202f000 groupes".replace(" :", "\u00a0:"),
        "Pas encore là\u202f?",
        "Écrivez «\u202fécole\u202f»\u202f; ou rien\u202f!",
        'Voir <a href="/x/?page=2" class="a">%(name)s</a>',
        "Ouvert de 12:30 à 14:00, voir https://example.org/?a=b;c",
        "facilitateur·rice",
        "&copy; 12\u00a0%% et {count}\u00a0: oui",
    ],
)
def test_good_french_typography_is_accepted(text):
    assert list(french_problems(text)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("L'école", "a straight apostrophe (’ is meant)"),
        ('Le mot "école"', "a straight quotation mark (« » is meant)"),
        ("Patience...", "three full stops (… is meant)"),
        ("Prêt ?", "no U+202F before ; ! or ?"),
        ("Prêt?", "no U+202F before ; ! or ?"),
        ("%(name)s!", "no U+202F before ; ! or ?"),
        ("Pays : Bénin", "no U+00A0 before :"),
        ("Pays: Bénin", "no U+00A0 before :"),
        ("Le mot « école »", "no U+202F inside « »"),
        ("12 %% des groupes", "no U+00A0 before %"),
        ("3 000 groupes", "no U+202F in a number of thousands"),
    ],
)
def test_bad_french_typography_is_named(text, reason):
    assert list(french_problems(text)) == [reason]

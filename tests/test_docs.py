"""The documentation says what there is: commands, settings, columns, links and pictures."""

import re
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand
from django.utils import translation

from groups.exchange.columns import COLUMNS, understand
from helpers.sources.kinds import kinds
from scripts.messages import french_problems

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
LANGUAGES = ("en", "fr")
PAGES = sorted(
    page for folder in ("docs", "groups", "static") for page in (ROOT / folder).rglob("*.md")
) + sorted(ROOT.glob("*.md"))
PICTURES = sorted((DOCS / "pictures").iterdir())
COMMANDS = sorted(
    (app, path.stem)
    for app in ("ecosystem", "groups", "helpers")
    for path in (ROOT / app / "management" / "commands").glob("[!_]*.py")
)
MOST_BYTES = 150 * 1024

CODE_BLOCK = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:href|src)=\"([^\"]+)\"")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def guide(language):
    return read(f"docs/{language}/operators.md")


def headings(text):
    """Return (level, title) of each heading; a # in a script is none."""
    found = HEADING.findall(CODE_BLOCK.sub("", text))
    return [(len(marks), title) for marks, title in found]


def anchor(title):
    """Return the name under which a heading is linked to, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def section(text, title):
    """Return what stands under a heading, down to the next one."""
    return re.split(r"^#+ ", text.partition(f" {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def table(text):
    """Return {code in the first cell: the last cell} of the rows that begin with code."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| *(.*?) *\|$", text, re.MULTILINE)
    return dict(rows)


def listed_settings():
    return set(re.findall(r"^#(\w+)=", read(".env.example"), re.MULTILINE))


# What there is, is told


def test_commands_are_found():
    """Or the next two tests would be true of nothing."""
    assert ("groups", "import_groups") in COMMANDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_a_command_is_documented_with_its_options(app, name, language):
    title = f"`{name}`"
    own = load_command_class(app, name).create_parser("manage.py", name)._actions
    of_django = {
        option
        for action in BaseCommand().create_parser("manage.py", name)._actions
        for option in action.option_strings
    }
    options = {option for action in own for option in action.option_strings} - of_django

    assert title in [title for _level, title in headings(guide(language))]
    assert {each for each in options if each not in section(guide(language), title)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_that_is_read_is_documented(language):
    asked = r"(?:env\.\w+|switch)\(\s*\"(\w+)\""
    read_by_settings = set(re.findall(asked, read("ecosystem/settings.py")))
    documented = table(guide(language))

    assert "DATABASE_URL" in read_by_settings
    assert read_by_settings - documented.keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_and_the_example_list_the_same_settings(language):
    documented = {name for name in table(guide(language)) if name.isupper()}

    assert documented == listed_settings()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_an_import_is_documented_in_its_order(language):
    documented = [name for name in table(guide(language)) if name.islower()]

    assert documented == list(COLUMNS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_names_of_a_column_are_understood(language):
    other_names = {
        other: column
        for column, cell in table(guide(language)).items()
        if column in COLUMNS
        for other in cell.split(", ")
    }

    assert other_names
    for other, column in other_names.items():
        assert understand([other]) == ({other: column}, [])


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_shows_the_two_commands(command):
    assert re.search(rf"^    {command}\b", read("README.md"), re.MULTILINE)


def test_every_command_of_make_that_the_documentation_names_is_there():
    targets = set(re.findall(r"^(\w+):", read("Makefile"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make (\w+)", read(page))}

    assert named - targets == set()


def test_the_changelog_begins_with_what_is_not_released():
    assert headings(read("CHANGELOG.md"))[1] == (2, "Unreleased")


def test_every_module_the_documentation_names_is_there():
    folders = ("", "ecosystem", "groups", "groups/demo", "groups/exchange", "groups/models")
    named = {name for page in PAGES for name in re.findall(r"`([\w/]+\.py)\b", read(page))}

    assert named
    assert {
        name for name in named if not any((ROOT / folder / name).exists() for folder in folders)
    } == set()


# Both languages say the same


@pytest.mark.parametrize("name", ["facilitators.md", "helpers.md", "operators.md"])
def test_both_languages_have_the_same_sections(name):
    levels = {
        language: [level for level, _title in headings(read(f"docs/{language}/{name}"))]
        for language in LANGUAGES
    }

    assert len(levels["en"]) > 5
    assert levels["fr"] == levels["en"]


def test_both_guides_show_the_same_scripts():
    """But for what is read by people: comments, and the words that stand for one's own."""

    def scripts(language):
        blocks = [block[0] for block in CODE_BLOCK.finditer(guide(language))]
        lines = re.sub(r"^\s*#.*\n|^Description=.*\n", "", "\n".join(blocks), flags=re.MULTILINE)
        return lines.replace("ADRESSE", "ADDRESS").replace("groupes", "groups")

    assert scripts("fr") == scripts("en")


@pytest.mark.parametrize("page", sorted((DOCS / "fr").iterdir()), ids=lambda page: page.name)
def test_french_pages_keep_to_french_typography(page):
    # An address says nothing aloud, and code keeps its own signs.
    prose = CODE.sub("x", re.sub(r"\]\([^)]*\)", "]", CODE_BLOCK.sub("", read(page))))

    assert [problem for line in prose.splitlines() for problem in french_problems(line)] == []


# Links and pictures


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    text = CODE.sub("", CODE_BLOCK.sub("", read(page)))
    broken = []
    for link in ("".join(match) for match in LINK.findall(text)):
        if re.match(r"\w+:", link):
            continue
        path, _hash, name = link.partition("#")
        target = (page.parent / path) if path else page
        anchors = [anchor(title) for _level, title in headings(read(target))] if name else []
        if not target.exists() or (name and name not in anchors):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_shown_somewhere_and_light(picture):
    assert any(picture.name in read(page) for page in PAGES)
    assert picture.stat().st_size <= MOST_BYTES


def test_the_readme_shows_pictures():
    shown = re.findall(r"<img src=\"docs/pictures/([^\"]+)\"", read("README.md"))

    assert len(shown) >= 2
    assert set(shown) == {picture.name for picture in PICTURES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_source_that_is_read_has_its_row_with_the_words_people_say_yes_to(language):
    with translation.override(language):
        words = {
            name: str(module.KIND.sentence)
            for name, module in kinds().items()
            if module.KIND.is_fetched
        }

    assert len(words) > 10
    assert table(read(f"docs/{language}/sources.md")) == words

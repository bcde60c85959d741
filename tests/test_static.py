"""What the files of the front end promise whatever page uses them: small, whole, nothing inline."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import leaflet
import pytest

from groups.pattern import cloth_svg
from groups.public import ACTIVITY_ICONS, SERVICE_ICONS
from helpers.indicators import Status

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
STYLES = sorted((STATIC / "css").rglob("*.css"))
SCRIPTS = sorted((STATIC / "js").rglob("*.js"))
MAP_OF_A_FORM = STATIC / "js" / "forms" / "position_map.js"
VENDORED = sorted(path for path in (STATIC / "vendor").iterdir() if path.is_dir())
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SVG = "{http://www.w3.org/2000/svg}"


def zipped(*paths):
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


# The pages inside other people's pages have their own.
WIDGET_STYLES = {STATIC / "css" / "widget.css", STATIC / "css" / "widget_map.css"}


def test_styles_every_page_may_share_stay_within_14_kb():
    shared = {path for path in STYLES if path.parent.name == "css"}

    assert zipped(*shared - WIDGET_STYLES) <= 14_000


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.parent.name == "pages"], ids=lambda path: path.stem
)
def test_styles_of_one_page_stay_within_3_kb(path):
    assert zipped(path) <= 3_000


def test_styles_of_the_widgets_stay_within_5_kb():
    assert zipped(STATIC / "css" / "tokens.css", *WIDGET_STYLES) <= 5_000


def test_the_script_others_load_stays_within_2_kb():
    assert zipped(STATIC / "js" / "embedding" / "embed.js") <= 2_000


def test_scripts_of_the_directory_stay_within_8_kb():
    assert zipped(*(STATIC / "js").glob("*.js")) <= 8_000


def test_scripts_of_the_forms_stay_within_12_kb():
    assert zipped(*{*(STATIC / "js" / "forms").glob("*.js")} - {MAP_OF_A_FORM}) <= 12_000


def test_files_of_the_map_stay_within_110_kb():
    leaflet_files = Path(leaflet.__file__).parent / "static" / "leaflet"
    files = [
        path for folder in VENDORED for path in folder.iterdir() if path.suffix in (".js", ".json")
    ]

    files += [leaflet_files / "leaflet.js", leaflet_files / "leaflet.css"]
    files += [STATIC / "js" / "group_map.js", MAP_OF_A_FORM]

    assert zipped(*files) <= 110_000


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_needs_neither_force_nor_ids_nor_other_servers(path):
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    selectors = re.sub(r"\{[^{}]*\}", "{}", css)

    assert "!important" not in css
    assert "url(" not in css
    assert "@import" not in css
    assert not re.search(r"#[a-zA-Z]", selectors)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_colours_are_named_in_the_tokens_only(path):
    # #000 in a mask is not a colour: it says "keep".
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", path.read_text())) - {"#000"}

    assert not colours or path.name == "tokens.css"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_says_what_it_does_and_imports_nothing(path):
    script = path.read_text()

    assert script.startswith("// ")
    assert "data-" in script.splitlines()[0] + script.splitlines()[1]
    # Hashed names are not written into imports.
    assert not re.search(r"\bimport\b", script)
    assert not re.search(r"innerHTML|insertAdjacentHTML|\beval\b", script)


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_code_has_its_licence_and_a_line_with_its_version(folder):
    readme = (STATIC / "vendor" / "README.md").read_text()

    assert (folder / "LICENSE").is_file()
    assert re.search(rf"`{folder.name}/` \| npm `[a-z-]+` \| \d+\.\d+\.\d+ \|", readme)
    assert not any(b"sourceMappingURL" in path.read_bytes() for path in folder.iterdir())


def icons_drawn():
    root = ElementTree.parse(STATIC / "icons.svg").getroot()
    return [symbol.get("id") for symbol in root.iter(f"{SVG}symbol")]


def test_icons_are_in_order_and_each_has_a_shape():
    root = ElementTree.parse(STATIC / "icons.svg").getroot()

    assert icons_drawn() == sorted(icons_drawn())
    assert all(len(symbol) for symbol in root.iter(f"{SVG}symbol"))


def test_every_icon_a_page_asks_for_is_drawn():
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"{{ icons }}#([a-z][a-z-]*)\"", path.read_text())
    }
    named |= {f"st-{status}" for status in Status.values}
    assert named | set(ACTIVITY_ICONS.values()) | set(SERVICE_ICONS.values()) <= set(icons_drawn())


def test_the_cloth_of_the_home_page_is_woven_by_the_generator():
    names = ["facilitons", "semis-erable", "passeurs-graines", "korrigans"]

    assert (STATIC / "cloth.svg").read_text() == cloth_svg(names) + "\n"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_nothing_inline_and_trusts_nothing(path):
    html = path.read_text()

    # A mail brings its styles along.
    assert not re.search(r"<style\b|\sstyle=", html) or "mail" in path.parts
    assert not re.search(r"\son[a-z]+=|javascript:", html)
    # A block of linked data holds what groups.linked_data.as_block has escaped, and runs nowhere.
    html = html.replace('<script type="application/ld+json">{{ linked_data }}</script>', "")
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", html)
    assert not re.search(r"\|\s*safe\b|autoescape off", html)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_partial_says_what_it_needs(path):
    if path.name.startswith("_"):
        assert path.read_text().startswith("{#")

"""Who may know whom: helpers → groups → nothing; ecosystem/ wires them; no part needs the tests."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("ecosystem", "groups", "helpers", "scripts", "benchmarks")

FORBIDDEN = {
    "groups": {"helpers", "ecosystem", "scripts", "benchmarks", "tests"},
    "helpers": {"ecosystem", "scripts", "benchmarks", "tests"},
    "ecosystem": {"scripts", "benchmarks", "tests"},
    "scripts": {"tests"},
}

# Values in, values out: no record, no clock, no network, and nothing that has them.
PURE = {
    "groups.ago",
    "groups.countries",
    "groups.country_names",
    "groups.exchange",
    "groups.names",
    "groups.pattern",
    "groups.text",
    "helpers.arithmetic",
    "helpers.pauses",
    "helpers.weeks",
}
# What goes from there to the records.
IMPURE_PARTS = {"groups.exchange.importing"}
IMPURE = {"django.apps", "django.db", "django.utils.timezone", "time"}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate"}

# What opens connections. Taking an address apart (urllib.parse) opens none.
CONNECTING = {
    "aiohttp",
    "django.core.mail.backends",
    "django.core.mail.get_connection",
    "django.core.mail.mail_admins",
    "django.core.mail.send_mail",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
    "urllib3",
}
# The directory speaks to the operator's own mail server, and to nobody else. One module of helpers/
# asks the addresses that facilitators agreed to.
MAY_CONNECT = {"groups.mail.server", "helpers.sources.http"}

# A name that says nothing is where things go that have no place.
EMPTY_NAMES = {"utils", "util", "services", "common", "misc", "helper", "helpers", "base_base"}


def modules(package):
    """Return the modules of ``package``, migrations too, as {dotted name: path}."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((ROOT / package).rglob("*.py"))
    }


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(name, path):
    """Yield the full name of everything that module ``name`` imports.

    `from a import b` yields both `a` and `a.b`, since b may be a module.
    """
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*(start if node.level else []), *filter(None, [node.module])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def lies_in(name, packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def apps_named(path):
    """Yield the texts by which code may reach for an app or a model of it.

    That is "app.Model" anywhere, and "app" as the first of a pair (a migration's dependency) or of
    the arguments of a call (`get_model`, `import_module`).
    """
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Constant(value=str(text)) if re.fullmatch(r"\w+\.[\w.]+", text):
                yield text


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_imports_only_downwards(package):
    wrong = {
        f"{name} imports {target}"
        for name, path in modules(package).items()
        for target in imported(name, path)
        if lies_in(target, FORBIDDEN[package])
    }

    assert wrong == set()


def test_the_directory_does_not_name_the_helpers_either():
    wrong = {
        f"{name} says {text!r}"
        for name, path in modules("groups").items()
        for text in apps_named(path)
        if lies_in(text, ["helpers"])
    }

    assert wrong == set()


def test_a_name_in_a_text_is_noticed(tmp_path):
    """Or the test above would mean nothing."""
    path = tmp_path / "module.py"
    path.write_text(
        'KEPT = ["helpers", "groups"]\nget_model("helpers", "Follow")\nto = "helpers.Nudge"'
    )

    assert set(apps_named(path)) == {"helpers", "helpers.Nudge"}


def is_pure(name):
    return lies_in(name, PURE) and not lies_in(name, IMPURE_PARTS)


def pure_modules():
    return {
        name: path
        for package in ("groups", "helpers")
        for name, path in modules(package).items()
        if is_pure(name)
    }


def test_pure_modules_exist():
    """Or the next two tests would be true of nothing."""
    assert {**modules("groups"), **modules("helpers")}.keys() >= PURE | IMPURE_PARTS


@pytest.mark.parametrize("name", sorted(pure_modules()))
def test_a_pure_module_knows_no_records_and_nothing_impure(name):
    targets = set(imported(name, pure_modules()[name])) - {"groups", "helpers"}
    ours = {each for each in targets if lies_in(each, ["groups", "helpers"])}

    assert {each for each in targets if lies_in(each, IMPURE | CONNECTING)} == set()
    assert {each for each in ours if not is_pure(each)} == set()


@pytest.mark.parametrize("name", sorted(pure_modules()))
def test_a_pure_module_reads_no_clock(name):
    tree = tree_of(pure_modules()[name])
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]

    asked = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    asked |= {call.id for call in calls if isinstance(call, ast.Name)}

    assert asked & CLOCKS == set()


def test_records_know_nothing_of_pages_and_commands():
    above = {
        f"groups.{part}"
        for part in ("admin", "context", "directory", "management", "public", "urls", "views")
    }
    wrong = {
        f"{name} imports {target}"
        for name, path in modules("groups").items()
        if lies_in(name, ["groups.models"])
        for target in imported(name, path)
        if lies_in(target, above)
    }

    assert wrong == set()


def test_nothing_but_one_module_opens_connections():
    connecting = {
        name
        for package in ("ecosystem", "groups", "helpers")
        for name, path in modules(package).items()
        for target in imported(name, path)
        if lies_in(target, CONNECTING)
    }

    assert connecting == MAY_CONNECT


def test_saving_has_no_hidden_consequences():
    """A reader of save() must see what saving does, so there are no signals of our own."""
    wrong = {
        f"{name} imports {target}"
        for package in ("ecosystem", "groups", "helpers")
        for name, path in modules(package).items()
        for target in imported(name, path)
        if lies_in(target, {"django.db.models.signals", "django.dispatch"})
    }

    assert wrong == set()


def test_every_module_has_a_name_that_says_something():
    wrong = {
        name
        for package in (*SHIPPED, "tests")
        for name in modules(package)
        # The package of the indicators is called what helpers call themselves.
        if name.rpartition(".")[2] in EMPTY_NAMES and name not in ("helpers", "tests.helpers")
    }

    assert wrong == set()


# Programs that read mail see no stylesheet of ours.
MAY_HAVE_STYLES = ROOT / "templates" / "mail"

INLINE = {
    # A block of linked data is none: no browser runs what has this type.
    "a script in the page": re.compile(
        r"<script(?! type=\"application/ld\+json\">{{ linked_data }}</script>)"
        r"(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)",
        re.I,
    ),
    "a style in the page": re.compile(r"<style\b|\sstyle=", re.I),
    "an event handler in the page": re.compile(r"<[a-z][^>]*\son[a-z]+=", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b"),
    "an address of another host that is loaded": re.compile(r"\ssrc=[\"']?(?:https?:)?//", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what):
    templates = [
        path
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in (".html", ".xml")
        and not (what == "a style in the page" and path.parent == MAY_HAVE_STYLES)
    ]

    assert templates
    assert {
        str(path.relative_to(ROOT))
        for path in templates
        if INLINE[what].search(path.read_text(encoding="utf-8"))
    } == set()

"""Who may know whom: the arrows of docs/development.md, guarded.

helpers → groups → nothing; ecosystem/ wires them; nothing that is shipped imports the tests.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("ecosystem", "groups", "helpers", "scripts", "benchmarks")

FORBIDDEN = {
    "groups": {"helpers", "ecosystem", "scripts", "benchmarks", "tests"},
    "helpers": {"ecosystem", "scripts", "benchmarks", "tests"},
    "ecosystem": {"scripts", "benchmarks", "tests"},
    "scripts": {"tests"},
    "benchmarks": {"tests"},
}

# Values in, values out: no record, no clock, no network, and nothing that has them.
PURE = {
    "groups.countries",
    "groups.exchange.cleaning",
    "groups.exchange.columns",
    "groups.exchange.reading",
    "groups.exchange.writing",
    "groups.pattern",
    "groups.text",
}
IMPURE = {"django.apps", "django.db", "django.utils.timezone", "time"}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate"}

# What opens connections. Taking an address apart (urllib.parse) opens none.
CONNECTING = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
    "urllib3",
}
# One module of helpers/ will be allowed to, when sources are read. The directory asks nobody.
MAY_CONNECT = set()

# A name that says nothing is where things go that have no place.
EMPTY_NAMES = {"utils", "util", "services", "common", "misc", "helper", "helpers", "base_base"}


def modules(package):
    """Return the modules of ``package``, migrations too, as {dotted name: path}."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def imported(name, path):
    """Yield the full name of everything that module ``name`` imports.

    `from a import b` yields both `a` and `a.b`, since b may be a module.
    """
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*(start if node.level else []), *filter(None, [node.module])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def lies_in(name, packages):
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def strings(path):
    """Yield the texts in a module that code can act on: every string but the docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


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
        for text in strings(path)
        if re.fullmatch(r"helpers(\.[\w.]+)?", text)
    }

    assert wrong == set()


def test_pure_modules_exist():
    """Or the next two tests would be true of nothing."""
    assert modules("groups").keys() >= PURE


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_knows_no_records_and_nothing_impure(name):
    targets = set(imported(name, modules("groups")[name]))
    ours = {target for target in targets if lies_in(target, ["groups"])}

    assert {each for each in targets if lies_in(each, IMPURE | CONNECTING)} == set()
    assert {each for each in ours if not lies_in(each, PURE) and each not in parents(PURE)} == set()


def parents(names):
    return {name.rpartition(".")[0] for name in names}


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_reads_no_clock(name):
    tree = ast.parse(modules("groups")[name].read_text(encoding="utf-8"))
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


INLINE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.I),
    "a style in the page": re.compile(r"<style\b|\sstyle=", re.I),
    "an event handler in the page": re.compile(r"<[a-z][^>]*\son[a-z]+=", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b"),
    "an address of another host that is loaded": re.compile(r"\ssrc=[\"']?(?:https?:)?//", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what):
    templates = [
        path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".xml")
    ]

    assert templates
    assert {
        str(path.relative_to(ROOT))
        for path in templates
        if INLINE[what].search(path.read_text(encoding="utf-8"))
    } == set()

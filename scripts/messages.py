"""Keep the translations in step with the sources, without the system's gettext.

    python scripts/messages.py extract   put every message of the sources into locale/*/…/django.po
    python scripts/messages.py compile   turn each .po that is newer than its .mo into that .mo
    python scripts/messages.py check     name what is missing, unfinished or badly set, and fail

The .po files are committed, the .mo files are not: two people who translate at once can merge
text, never binaries. So `compile` is part of every set-up and needs only polib, which is among
the run-time requirements; the other two also need Babel, which is among those for development.

Messages are written in English. Scripts in static/ hold none: they read their words from data-
attributes, so there is one catalogue a language and no catalogue for JavaScript.
"""

import argparse
import io
import os
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ecosystem", "groups", "helpers")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
# The few templates in templates/fast/ are written in Jinja.
JINJA_FOLDER = "fast"

# French says "0 groupe" and "1 groupe", then "2 groupes".
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);"}

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)\}")
POSITIONAL = re.compile(r"(?<!%)(?:%%)*%([sdfr])")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
ADDRESS = re.compile(r"https?://\S+|\b[\w.+-]+@[\w.-]+\w|&#?\w+;")


# What the sources say


class Message:
    """One message of the sources: its text, and the files that say it."""

    def __init__(self, context, singular, plural):
        self.context, self.singular, self.plural = context, singular, plural
        self.files = set()
        self.comments = []

    def as_entry(self):
        """Return an entry of a catalogue for this message, with nothing translated yet."""
        entry = polib.POEntry(
            msgid=self.singular,
            msgctxt=self.context,
            comment="\n".join(self.comments),
            # No line numbers: they would change with every edit of a source.
            occurrences=[(file, "") for file in sorted(self.files)],
        )
        if self.plural:
            entry.msgid_plural = self.plural
            entry.msgstr_plural = {0: "", 1: ""}
        if "%" in self.singular + (self.plural or ""):
            entry.flags.append("python-format")
        return entry


def source_files(root):
    """Yield the Python files and templates of ``root`` that may hold messages, in order."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in TEMPLATE_SUFFIXES:
            yield path


def extractor_for(path):
    """Return how Babel is to read what `source_of` gives for ``path``."""
    # Imported here, as below, because `compile` must run where only polib is installed.
    from babel.messages.extract import extract_python
    from jinja2.ext import babel_extract

    return babel_extract if is_jinja(path) else extract_python


def source_of(path):
    """Return the text of ``path``; a template of Django's becomes calls of gettext."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py" or is_jinja(path):
        return text
    from django.utils.translation.template import templatize

    # What is left of the indentation of the HTML would not be valid Python.
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


def is_jinja(path):
    return path.parent.name == JINJA_FOLDER


def messages_in(root):
    """Return the messages of the sources under ``root``, by (context, text)."""
    from babel.messages.extract import extract

    messages = {}
    for path in source_files(root):
        found = extract(
            extractor_for(path),
            io.BytesIO(source_of(path).encode()),
            keywords=KEYWORDS,
            comment_tags=["Translators:"],
            strip_comment_tags=True,
        )
        for _line, text, comments, context in found:
            singular, plural = (text[0], text[1]) if isinstance(text, tuple) else (text, None)
            message = messages.setdefault((context, singular), Message(context, singular, plural))
            message.plural = message.plural or plural
            message.files.add(path.relative_to(root).as_posix())
            message.comments += [each for each in comments if each not in message.comments]
    return messages


# Catalogues


def catalogues(root):
    """Return the paths of the .po files under ``root``."""
    return sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))


def language_of(path):
    return path.parent.parent.name


def by_key(catalogue):
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def merged(catalogue, messages, language):
    """Return a catalogue of exactly ``messages``, with the translations ``catalogue`` has."""
    known = by_key(catalogue)
    fresh = polib.POFile(wrapwidth=98)
    fresh.header = "Kept in step with the sources by scripts/messages.py; the wording is ours."
    # No dates and no names: they would change with every extraction.
    fresh.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    for key, message in sorted(messages.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        entry = message.as_entry()
        old = known.get(key)
        if old and bool(old.msgid_plural) == bool(message.plural):
            entry.msgstr, entry.tcomment = old.msgstr, old.tcomment
            if message.plural:
                entry.msgstr_plural = old.msgstr_plural
            if old.fuzzy:
                entry.flags.insert(0, "fuzzy")
        fresh.append(entry)
    return fresh


def extract_messages(root):
    """Bring every catalogue into step with the sources. Return a sentence for each."""
    messages = messages_in(root)
    report = []
    for path in catalogues(root):
        fresh = merged(polib.pofile(str(path)), messages, language_of(path))
        text = f"{fresh}\n".replace("\n\n\n", "\n\n").rstrip("\n") + "\n"
        if text != path.read_text(encoding="utf-8"):
            path.write_text(text, encoding="utf-8")
        missing = len(fresh.untranslated_entries())
        report.append(f"{language_of(path)}: {len(fresh)} messages, {missing} to translate.")
    return report


def compile_messages(root):
    """Compile every catalogue that is newer than its compiled form. Return a sentence for each."""
    report = []
    for path in catalogues(root):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        # Written beside and renamed, so that a server that starts meanwhile reads all or the old.
        half = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(path)).save_as_mofile(str(half))
        half.replace(target)
        report.append(f"{language_of(path)}: compiled.")
    return report


# Checks


def check_messages(root):
    """Return a sentence for each thing wrong with the translations; an empty list is good."""
    messages = messages_in(root)
    problems = []
    for path in catalogues(root):
        catalogue = polib.pofile(str(path))
        known = by_key(catalogue)
        name = path.relative_to(root).as_posix()
        problems += [f"{name}: missing: {shown(key)}" for key in messages.keys() - known.keys()]
        problems += [f"{name}: no source says: {shown(key)}" for key in known.keys() - messages]
        for key, entry in known.items():
            reasons = entry_problems(entry, language_of(path))
            problems += [f"{name}: {reason}: {shown(key)}" for reason in reasons]
    for path in source_files(root):
        if path.suffix == ".html":
            name = path.relative_to(root).as_posix()
            problems += [f"{name}: not marked for translation: {text}" for text in bare_text(path)]
    return sorted(problems)


def shown(key):
    context, text = key
    return f"“{text}”" + (f" ({context})" if context else "")


def entry_problems(entry, language):
    """Yield what is wrong with one translation."""
    if entry.fuzzy:
        yield "fuzzy"
    wordings = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if len(wordings) < 1 + bool(entry.msgid_plural) or not all(wordings):
        yield "not translated"
        return
    # The French singular also speaks of zero, so it must show the number that "one" may leave out.
    source = entry.msgid_plural or entry.msgid
    for wording in wordings:
        if placeholders(wording) != placeholders(source):
            yield f"other placeholders in “{wording}”"
        if tags(wording) != tags(source):
            yield f"other HTML tags in “{wording}”"
        if [wording.startswith("\n"), wording.endswith("\n")] != [
            source.startswith("\n"),
            source.endswith("\n"),
        ]:
            yield f"other line breaks at the ends of “{wording}”"
        if language == "fr":
            yield from (f"{reason} in “{wording}”" for reason in french_problems(wording))


def placeholders(text):
    """Return the placeholders of ``text``: the named as a set, the others in order."""
    named = {f"{match[1] or ''}{match[2] or ''}" for match in NAMED.finditer(text)}
    return named, POSITIONAL.findall(NAMED.sub("", text))


def tags(text):
    return Counter(re.sub(r"\s.*", ">", tag, flags=re.DOTALL) for tag in TAG.findall(text))


FRENCH_RULES = (
    (re.compile(r"\w'\w|'"), "a straight apostrophe (’ is meant)"),
    (re.compile(r'"'), "a straight quotation mark (« » is meant)"),
    (re.compile(r"\.\.\."), "three full stops (… is meant)"),
    (re.compile(r"[^\u202f\s][;!?](?!\w)|[ \u00a0][;!?]"), "no U+202F before ; ! or ?"),
    (re.compile(r"[^\u00a0\s]:(?=\s|$)|[ \u202f]:"), "no U+00A0 before :"),
    (re.compile(r"«(?!\u202f)|(?<!\u202f)»"), "no U+202F inside « »"),
    (re.compile(r"\d ?%(?!\w)"), "no U+00A0 before %"),
    (re.compile(r"\d \d{3}\b"), "no U+202F in a number of thousands"),
)


def french_problems(text):
    """Yield the rules of French typography that ``text`` breaks, leaving code and tags aside."""
    prose = TAG.sub("", text)
    prose = ADDRESS.sub("x", prose)
    prose = NAMED.sub("x", prose).replace("%%", "%")
    # Two marks in a row, as in "?!", need their space only once.
    prose = re.sub(r"([;!?])[!?]+", r"\1", prose)
    for rule, reason in FRENCH_RULES:
        if rule.search(prose):
            yield reason


class _WordsOfPage(HTMLParser):
    """Collects the words a reader would meet: text, and the attributes that are read aloud."""

    SPOKEN = {"alt", "title", "aria-label", "placeholder", "summary", "label"}
    # A language is named in itself, and the names of formats and of this licence are not words.
    NAMES = {"English", "Français", "CSV", "JSON", "GeoJSON", "OpenStreetMap", "AGPL"}

    def __init__(self):
        super().__init__()
        self.found = []
        self.code = 0

    def handle_starttag(self, tag, attributes):
        self.code += tag in ("script", "style", "code")
        for name, value in attributes:
            if name in self.SPOKEN:
                self.note(value or "")

    def handle_endtag(self, tag):
        self.code -= tag in ("script", "style", "code")

    def handle_data(self, text):
        if not self.code:
            self.note(text)

    def note(self, text):
        words = " ".join(text.split())
        if re.search(r"[^\W\d_]{2,}", words) and words.strip(" .,:;()") not in self.NAMES:
            self.found.append(words)


def bare_text(path):
    """Return the words of a template that stand outside every translation tag."""
    from django.template.base import Lexer, TokenType

    reader, silent = _WordsOfPage(), None
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            if silent is None and word in ("blocktranslate", "blocktrans", "comment"):
                silent = f"end{word}"
            elif word == silent:
                silent = None
        elif token.token_type == TokenType.TEXT and silent is None:
            reader.feed(token.contents)
    reader.close()
    return reader.found


def main(arguments=None):
    """Do one of the three deeds for this project. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("deed", choices=["extract", "compile", "check"])
    deed = parser.parse_args(arguments).deed
    if deed == "check":
        report = check_messages(ROOT)
        sys.stdout.writelines(f"{line}\n" for line in report or ["Translations are complete."])
        return 1 if report else 0
    report = {"extract": extract_messages, "compile": compile_messages}[deed](ROOT)
    sys.stdout.writelines(f"{line}\n" for line in report)
    return 0


if __name__ == "__main__":
    sys.exit(main())

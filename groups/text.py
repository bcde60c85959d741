"""Text in, text out: folding for search and order, addresses, cleaning.

Nothing here knows a model, the database, the clock or the reader's language.
"""

import hashlib
import html
import html.entities
import itertools
import re
import unicodedata
from urllib.parse import urlsplit

from anyascii import anyascii

SHORT_NAME = re.compile(r"\A(?![0-9]+\Z)[a-z0-9][a-z0-9-]{0,38}[a-z0-9]\Z")

LONGEST_WORD = 40
LONGEST_SORT_KEY = 160
LONGEST_QUERY = 200
MOST_QUERY_WORDS = 8

# Letters that Unicode does not decompose, as somebody without that key would type them. The
# second line are the letters of Bambara, Ewe, Fon, Fula, Hausa and their neighbours.
_LETTERS = {
    **{"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"},
    **dict(zip("ɓɖɗɛǝəƒɣƙɲŋɔɩʋƴħŧɨʉƀƶ", "bddeeefgknnoivyhtiubz", strict=True)),
    # Persian and Arabic keyboards write the same two letters differently.
    **{"\u0671": "\u0627", "\u06cc": "\u064a", "\u06a9": "\u0643"},
    "♯": "#",
}
# Letters by category, but written for an apostrophe (Hawaiʻi) or only to stretch a word.
_APOSTROPHES = "ʹʺʻʼʽʾʿˈˊˋˮ"
_TATWEEL = "ـ"

# Where leaving a mark out is what a hurried reader does. Elsewhere (Devanagari, Thai, kana…)
# a mark is a vowel or another letter, and stays.
_OPTIONAL_MARKS = (
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic
    (0x0483, 0x0489),  # Cyrillic
    (0x0591, 0x05C7),  # Hebrew
    (0x0610, 0x061A),  # Arabic, here and below
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08CA, 0x08FF),
    (0x180B, 0x180F),  # variation selectors, here and below
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)


class _FoldTable(dict):
    """A table for ``str.translate`` that learns each character when it first meets it."""

    # A stranger may send every character there is; the memory of this table stays bounded.
    CAPACITY = 20_000

    def __missing__(self, code):
        replacement = _folded_character(chr(code))
        if len(self) < self.CAPACITY:
            self[code] = replacement
        return replacement


def _folded_character(character):
    if character in _LETTERS:
        return _LETTERS[character]
    if character in "+#":
        return character
    if character.isspace() or character in _APOSTROPHES:
        return " "
    category = unicodedata.category(character)
    if category[0] == "M":
        code = ord(character)
        optional = any(first <= code <= last for first, last in _OPTIONAL_MARKS)
        return "" if optional else character
    if category in ("Cc", "Cf", "Cs") or character == _TATWEEL:
        return ""
    return character if category[0] in "LN" else " "


_FOLD_TABLE = _FoldTable()
_LOOSE_SIGNS = re.compile(r"(?<![^ ])[+#]+")
_SIGNS_BEFORE_A_LETTER = re.compile(r"([+#]+)(?=[^ +#])")


def fold(text):
    """Return the one form in which texts are compared: no case, accents or punctuation.

    Letters and digits of every script stay. ``+`` and ``#`` stay at the end of a word, so that
    C, C++ and C# are three.
    """
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_FOLD_TABLE)
    # Back together: a Hangul syllable or a voiced kana is one character, not two or three.
    text = unicodedata.normalize("NFC", text)
    if "+" in text or "#" in text:
        text = _SIGNS_BEFORE_A_LETTER.sub(r"\1 ", _LOOSE_SIGNS.sub(" ", text))
    return " ".join(text.split())


def sort_key(text):
    """Return what lists are ordered by. A name of signs only is ordered by its own characters."""
    return (fold(text) or one_line(text))[:LONGEST_SORT_KEY].rstrip()


_WITHOUT_SPACES = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"  # kana and iteration marks
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # ideographs
)
_MARKS = "".join(
    chr(code)
    for first, last in ((0x0E00, 0x109F), (0x1780, 0x17FF), (0x3099, 0x309A), (0xA9E0, 0xAA7F))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code))[0] == "M"
)
_RUN = re.compile(f"([{_WITHOUT_SPACES}]+)|[^{_WITHOUT_SPACES}]+")
# A Thai or Burmese vowel sign belongs to the letter before it.
_CHARACTER = re.compile(f".[{_MARKS}]*", re.DOTALL)

# « l’école » asks for the school: no text need have another word that begins with l.
_ELISION = re.compile(r"(?<!\w)(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’ʼ](?=\w)", re.IGNORECASE)


def search_words(text):
    """Return the distinct folded words to index, in order; every query word begins one of them.

    Scripts written without spaces are cut into overlapping pairs and the last character alone.
    """
    return list(dict.fromkeys(_cut(fold(text), last_alone=True)))


def query_words(text):
    """Return at most eight words to look for, each as the beginning of an indexed word."""
    text = str(text)[:LONGEST_QUERY]
    folded = fold(_ELISION.sub(" ", text)) or fold(text)
    return list(dict.fromkeys(_cut(folded, last_alone=False)))[:MOST_QUERY_WORDS]


def _cut(folded, *, last_alone):
    for word in folded.split():
        for run in _RUN.finditer(word):
            if run[1] is None:
                yield run[0][:LONGEST_WORD]
                continue
            characters = _CHARACTER.findall(run[1])
            for first, second in itertools.pairwise(characters):
                yield (first + second)[:LONGEST_WORD]
            if last_alone or len(characters) == 1:
                yield characters[-1][:LONGEST_WORD]


_PLUS = re.compile(r"(?<=[^\W_])\++")
_SHARP = re.compile(r"(?<=[^\W_])[#♯]")
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


def ascii_slug(text, max_length):
    """Return ``text`` in a-z, 0-9 and single hyphens, from any script; "" if nothing remains."""
    text = unicodedata.normalize("NFKC", _UNWANTED.sub("", str(text)))
    text = _PLUS.sub(lambda signs: " plus" * len(signs[0]) + " ", text)
    text = _SHARP.sub(" sharp ", text)
    # Without this an emoji would be spelt out by its English name.
    text = "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in text)
    slug = _NOT_IN_A_SLUG.sub("-", anyascii(text).lower()).strip("-")
    return _cut_between_words(slug, max_length, "-").strip("-")


def keyword_slug(name, max_length=60):
    """Return a slug for a keyword, never empty, not yet made unique."""
    return ascii_slug(name, max_length) or f"k-{_digest(fold(name) or name, 8)}"


def is_short_name(text):
    """Tell whether ``text`` may be written as a short name. Reserved names are not known here."""
    return SHORT_NAME.match(text) is not None


def short_name_from(name):
    """Return a valid short name for a group of this name, not yet made unique."""
    slug = ascii_slug(name, 40)
    # Two letters look like the code of a language, digits alone like a record number.
    if len(slug) < 3 or slug.isdigit():
        slug = f"groupe-{slug or _digest(name, 6)}"[:40].strip("-")
    return slug


def _digest(text, length):
    return hashlib.sha256(str(text).encode("utf-8", "replace")).hexdigest()[:length]


# What no text of ours may carry: control characters and halves of surrogate pairs (databases
# refuse them), and signs that turn the direction of whatever follows on the page.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s{2,}|[^\S\u00a0\u202f]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_EMPTY_LINES = re.compile(r"\n{3,}")


def one_line(text):
    """Return ``text`` on one line, with single spaces and nothing invisible in it.

    The no-break spaces of French typography stay.
    """
    return _SPACES.sub(" ", _UNWANTED.sub("", str(text))).strip()


def tidy_lines(text):
    """Return ``text`` with plain line breaks, at most one empty line, nothing invisible."""
    return _tidy(str(text))


_ELEMENTS = (
    "a|abbr|acronym|address|article|aside|audio|b|big|blockquote|body|br|button|caption|center"
    "|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure"
    "|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link"
    "|main|map|mark|meta|nav|object|ol|optgroup|option|o:p|p|param|picture|pre|q|s|samp|script"
    "|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td"
    "|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr|!doctype"
)
# Only names of HTML elements make a tag: « a < b », « <3 » and <https://example.org> are text.
# A tag never runs past the next "<", so that the time taken grows with the text and no faster.
_TAG = re.compile(
    rf"<(/?)({_ELEMENTS})(?=[\s/>])(?>[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>", re.IGNORECASE
)
_PARAGRAPH = re.compile(r"<(?:p|div)[\s>]", re.IGNORECASE)
# What stands between these is not for readers.
_HIDDEN = [
    (re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))
    for opening, closing in (
        ("<!--", "-->"),
        (r"<script(?=[\s/>])", "</script>"),
        (r"<style(?=[\s/>])", "</style>"),
    )
]
_BREAKS_BEFORE = {"br": "\n", "li": "\n- ", "tr": "\n", "dt": "\n", "dd": "\n", "hr": "\n\n"}
_BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "blockquote", "section", "article", "pre"}
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Text that was encoded more often than this is not worth another look.
_MOST_ENCODINGS = 8


def plain_text(text):
    """Return the text of what may be HTML: tags dropped, entities decoded, breaks kept.

    Plain text comes back as it was, but for spaces and invisible characters. Doing it twice
    changes nothing more.
    """
    text = _tidy(str(text))
    for _ in range(_MOST_ENCODINGS):
        before = text
        if "<" in text:
            text = _without_tags(text)
        if "&" in text:
            text = _ENTITY.sub(_decoded, text)
        if text == before:
            break
        text = _tidy(text)
    return text


def _tidy(text):
    text = _BREAK.sub("\n", _UNWANTED.sub("", text)).replace("\t", " ")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", text).strip()


def _without_tags(text):
    for opening, closing in _HIDDEN:
        text = _without_hidden(text, opening, closing)
    if _PARAGRAPH.search(text):
        # In HTML a line break of the source is a space; in plain text it is meant.
        text = " ".join(line.strip() for line in text.split("\n"))
    return _TAG.sub(_break_for, text)


def _without_hidden(text, opening, closing):
    kept, position = [], 0
    while (start := opening.search(text, position)) and (end := closing.search(text, start.end())):
        kept.append(text[position : start.start()])
        position = end.end()
    return "".join([*kept, text[position:]])


def _break_for(tag):
    closes, name = tag[1], tag[2].lower()
    if name in _BLOCKS:
        return "\n\n"
    return "" if closes else _BREAKS_BEFORE.get(name, "")


def _decoded(entity):
    name = entity[0][1:]
    if name[0] == "#":
        return html.unescape(entity[0])
    return html.entities.html5.get(name, entity[0])


# The end of a sentence: a stop and a space, or a stop of Chinese and Japanese; or a line's end.
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"»”’)\]]*(?=\s)|(?<=[。！？])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[^\W\d_]|dr|mr?s?|mmes?|mlles?|st|ste|av|bd|cf|ex|env|no|vs|approx)\.)$",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^ {0,3}(?:#{1,6}|>|[-*+]|[0-9]{1,9}[.)]) +|\*\*|__|`", re.MULTILINE)
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,600}\)")


def first_sentence(text, limit=160):
    """Return the first sentence of a description on one line, cut between words at ``limit``."""
    text = _MARKDOWN.sub("", _MARKDOWN_LINK.sub(r"\1", plain_text(text))).strip()
    sentence = text
    for end in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text, max(0, end.start() - 12), end.start()):
            sentence = text[: end.end()]
            break
    sentence = one_line(sentence)
    if len(sentence) <= limit:
        return sentence
    return _cut_between_words(sentence, limit - 1, " ").rstrip(" ,;:.-") + "…"


def _cut_between_words(text, limit, space):
    if len(text) <= limit:
        return text
    whole_words = text[: limit + 1].rpartition(space)[0]
    # A first word longer than half the room is cut: what is left would say too little.
    return whole_words if len(whole_words) >= limit // 2 else text[:limit]


def site_key(url):
    """Return the address of a site without what two people write differently, "" for none."""
    parts = urlsplit(url.lower())
    return (parts.netloc.removeprefix("www.") + parts.path.rstrip("/"))[:500]

import hashlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from groups import text
from groups.text import (
    ascii_slug,
    first_sentence,
    fold,
    is_short_name,
    keyword_slug,
    one_line,
    plain_text,
    query_words,
    search_words,
    short_name_from,
    sort_key,
)

# Any code point, halves of surrogate pairs too: what a request or a file may hold.
ANYTHING = st.text(st.characters(codec=None), max_size=200)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("École", "ecole"),
        ("ŒUVRE D’ART", "oeuvre d art"),
        ("L'été,  à   Sèmè-Kpodji !", "l ete a seme kpodji"),
        ("Straße", "strasse"),
        ("Łódź Ærø Þór ıİ", "lodz aero thor ii"),
        ("Ɖɔɖɔ ŋutsu ɓernde", "dodo nutsu bernde"),
        ("Άνθρωπος", "ανθρωποσ"),
        ("Йод и ёлка", "иод и елка"),
        ("أَلْعَرَبِيَّة", "العربية"),
        ("شָלוֹם", "شלום"),
        ("ﬁn m²", "fin m2"),
        ("Hawaiʻi", "hawai i"),
        ("facilitateur·rice·s", "facilitateur rice s"),
        ("1️⃣ 🌱", "1"),
        ("🌱", ""),
        ("\0a\x01b\tc\nd", "ab c d"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_fold_leaves_what_readers_compare(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["हिन्दी की", "ภาษาไทย ที่นี่", "မြန်မာ", "日本語 が ガ", "한국어"])
def test_fold_keeps_marks_that_are_letters(text):
    assert fold(text) == text


def test_fold_makes_one_of_composed_and_decomposed_letters():
    assert fold("e\u0301cole ガ 한") == fold("école ｶﾞ 한")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("C", "c"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("C♯", "c#"),
        ("C++/C#", "c++ c#"),
        ("a + b", "a b"),
        ("#jardin", "jardin"),
        ("Paris+Lyon", "paris+ lyon"),
    ],
)
def test_fold_keeps_signs_at_the_end_of_a_word(text, folded):
    assert fold(text) == folded


@given(ANYTHING)
@example("ŉ \u0345 ǰ ᾳ \u1fb7 İ")
def test_fold_twice_is_as_once(text):
    assert fold(fold(text)) == fold(text)


@given(ANYTHING)
def test_fold_has_single_spaces_and_nothing_unprintable(text):
    folded = fold(text)

    assert folded == " ".join(folded.split())
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", folded)


def test_fold_remembers_a_bounded_number_of_characters(monkeypatch):
    monkeypatch.setattr(text._FoldTable, "CAPACITY", 10)
    monkeypatch.setattr(text, "_FOLD_TABLE", text._FoldTable())

    assert fold("Voix ambiguë d’un cœur") == "voix ambigue d un coeur"
    assert len(text._FOLD_TABLE) == 10


def test_sort_key_orders_accents_with_their_letter():
    names = ["Zone", "Éole", "abeille", "Eau", "Étang"]

    assert sorted(names, key=sort_key) == ["abeille", "Eau", "Éole", "Étang", "Zone"]


@given(ANYTHING)
def test_sort_key_can_be_stored(text):
    key = sort_key(text)

    assert len(key) <= 160
    key.encode("utf-8")
    assert "\0" not in key


def test_sort_key_of_a_name_of_signs_is_the_name():
    assert sort_key(" 🌱🌻 ") == "🌱🌻"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("École du jardin, école", ["ecole", "du", "jardin"]),
        ("東京都", ["東京", "京都", "都"]),
        ("東", ["東"]),
        ("日本語wiki", ["日本", "本語", "語", "wiki"]),
        ("ที่นี่", ["ที่นี่", "นี่"]),
        ("Київ", ["киів"]),
        ("한국어", ["한국어"]),
        ("x" * 50, ["x" * 40]),
        ("🌱", []),
    ],
)
def test_search_words(text, words):
    assert search_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  ", []),
        ("École", ["ecole"]),
        ("l’école d'été", ["ecole", "ete"]),
        ("Qu'est-ce", ["est", "ce"]),
        ("東京都", ["東京", "京都"]),
        ("京", ["京"]),
        (
            "\"jardin\" AND (école OR 'x*') NEAR -a",
            ["jardin", "and", "ecole", "or", "x", "near", "a"],
        ),
        ("C++", ["c++"]),
        ("🌱\0\ud800'", []),
        ("a b c d e f g h i j", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        ("x" * 10_000, ["x" * 40]),
    ],
)
def test_query_words(text, words):
    assert query_words(text) == words


@given(ANYTHING)
def test_a_text_is_found_by_its_own_words(text):
    words = search_words(text)

    assert len(set(words)) == len(words)
    assert all(0 < len(word) <= 40 and " " not in word for word in words)
    for asked in query_words(text):
        assert any(word.startswith(asked) for word in words)


@given(st.text("東京都の地図ภาษไทย", min_size=1, max_size=12), st.data())
def test_a_name_without_spaces_is_found_by_any_part_of_it(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]

    for asked in query_words(part):
        assert any(word.startswith(asked) for word in search_words(name))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Écoles d’été", "ecoles-d-ete"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C++ / C", "c-plus-plus-c"),
        ("日本", "riben"),
        ("Київ", "kiiv"),
        ("Jardin 🌱", "jardin"),
        ("🌱", ""),
        ("un-deux-trois-quatre", "un-deux"),
        ("anticonstitutionnellement", "anticonsti"),
    ],
)
def test_ascii_slug(text, slug):
    assert ascii_slug(text, 10 if slug in ("un-deux", "anticonsti") else 60) == slug


@given(ANYTHING, st.integers(2, 60))
def test_ascii_slug_is_a_slug(text, max_length):
    slug = ascii_slug(text, max_length)

    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert len(slug) <= max_length


def test_keyword_slug_of_signs_is_a_digest_of_the_name():
    assert keyword_slug("🌱") == "k-" + hashlib.sha256("🌱".encode()).hexdigest()[:8]


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("ab", True),
        ("a", False),
        ("a" * 40, True),
        ("a" * 41, False),
        ("2024", False),
        ("2024-", False),
        ("-ab", False),
        ("jardins-lagune", True),
        ("Jardins", False),
        ("jardins\n", False),
        ("é2", False),
        ("٣٤a", False),
    ],
)
def test_is_short_name(text, valid):
    assert is_short_name(text) is valid


@pytest.mark.parametrize(
    ("name", "short_name"),
    [
        ("Jardins de la Lagune", "jardins-de-la-lagune"),
        (
            "Les amis des jardins partagés de Cotonou-Est",
            "les-amis-des-jardins-partages-de-cotonou",
        ),
        ("2024", "groupe-2024"),
        ("FR", "groupe-fr"),
        ("東京の会", "dongjingnohui"),
    ],
)
def test_short_name_from(name, short_name):
    assert short_name_from(name) == short_name


def test_short_name_from_signs_is_a_digest():
    assert re.fullmatch("groupe-[0-9a-f]{6}", short_name_from("🌱"))
    assert short_name_from("🌱") != short_name_from("🌻")


@given(ANYTHING)
@example("9" * 60)
def test_short_name_from_anything_is_a_short_name(name):
    assert is_short_name(short_name_from(name))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  un \n\t deux ", "un deux"),
        ("Qui\u202f?", "Qui\u202f?"),
        ("a \u00a0b", "a b"),
        ("a\0\u202e\ud800b", "ab"),
    ],
)
def test_one_line(text, line):
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b and c > d, <3", "a < b and c > d, <3"),
        ("<https://example.org> <nom>", "<https://example.org> <nom>"),
        ("un\n\n\n\ndeux  \n- trois", "un\n\ndeux\n- trois"),
        ("<p>Bonjour le\nmonde</p><p>a &lt; b</p>", "Bonjour le monde\n\na < b"),
        ("un<br>deux<BR />trois", "un\ndeux\ntrois"),
        ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
        ('<a href="/x" title="a > b">lien</a>', "lien"),
        ("<script>alert(1)</script>ok<!-- <b> --><style>p{}</style>", "ok"),
        ("Tom &amp; Jerry &eacute;t&#233; ?a=1&copy=2 AT&T;", "Tom & Jerry été ?a=1&copy=2 AT&T;"),
        ("&lt;b&gt;gras&lt;/b&gt;", "gras"),
        ("&#x202e;&#0;ok\r\nbien\u2028là", "\ufffdok\nbien\nlà"),
        ("<<b>b>", ""),
        ("", ""),
    ],
)
def test_plain_text(html, text):
    assert plain_text(html) == text


HTML_PIECES = [
    "<",
    ">",
    "&",
    "amp;",
    "lt;",
    "#60;",
    "b",
    "p",
    "é",
    "script",
    "/",
    " ",
    "\n",
    "!--",
    "--",
    '"',
    "'",
]


@given(st.lists(st.sampled_from(HTML_PIECES), max_size=25).map("".join))
def test_plain_text_twice_is_as_once(text):
    assert plain_text(plain_text(text)) == plain_text(text)


@pytest.mark.parametrize("piece", ["<a ", '<a "', "<!--", "<script>", "&amp;", " ", " \n", "<p '"])
def test_plain_text_of_a_hostile_text_takes_no_time(piece):
    # A pattern that goes back over the text would need minutes for these.
    plain_text(piece * 40_000 + "x")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Nous cultivons. Ensuite nous mangeons.", "Nous cultivons."),
        (
            "Avec M. Koffi et le Dr. Sy, on sème. Puis on attend.",
            "Avec M. Koffi et le Dr. Sy, on sème.",
        ),
        ("Une ligne\nUne autre", "Une ligne"),
        ("## Titre\nTexte", "Titre"),
        ("**Gras** et [lien](https://example.org/a.b) ! Oui", "Gras et lien !"),
        ("<p>Dans un paragraphe.</p><p>Deux.</p>", "Dans un paragraphe."),
        ("東京の会。次", "東京の会。"),
        ("version 2.0 du site", "version 2.0 du site"),
        ("", ""),
    ],
)
def test_first_sentence(text, sentence):
    assert first_sentence(text) == sentence


def test_first_sentence_is_cut_between_words():
    assert first_sentence("Des jardins, des écoles et des fours", limit=22) == "Des jardins, des…"


@given(ANYTHING, st.integers(10, 160))
def test_first_sentence_is_a_line_within_the_limit(text, limit):
    sentence = first_sentence(text, limit)

    assert len(sentence) <= limit
    assert sentence == one_line(sentence)

"""The forms of the review: any text gives an answer that is kept, or a sentence."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from groups.forms.review import PHRASES, EndForm, FindForm, QuestionForm, ReasonForm
from groups.reviewing.reading import DEEDS
from groups.reviewing.verdicts import REPORT_ENDS, STALE_ENDS

TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\n\u202e<&'\""), max_size=600)


def reason(**data):
    with override("en"):
        form = ReasonForm(data, deed="refuse", kind="new")
        return form.cleaned_data["reason"] if form.is_valid() else form.errors


@given(phrase=st.sampled_from(["", "1", "5", "6", "x", "\x00"]) | TEXT, words=TEXT)
def test_a_reason_is_a_text_that_can_be_kept_or_a_sentence(phrase, words):
    form = ReasonForm({"phrase": phrase, "words": words}, deed="refuse", kind="new")

    if form.is_valid():
        kept = form.cleaned_data["reason"]
        assert 0 < len(kept) <= 500
        kept.encode()
        assert "\x00" not in kept
    else:
        assert form.errors


@given(TEXT)
def test_a_question_is_a_text_that_can_be_kept_or_a_sentence(text):
    form = QuestionForm({"question": text}, deed="ask")

    if form.is_valid():
        assert form.cleaned_data["question"].strip()
        form.cleaned_data["question"].encode()


@given(done=st.sampled_from([*REPORT_ENDS, "", "x"]) | TEXT, words=TEXT)
def test_an_end_fits_what_a_task_remembers_or_gets_a_sentence(done, words):
    form = EndForm({"done": done, "words": words}, deed="end", ends=REPORT_ENDS, told="")

    if form.is_valid():
        assert len(f"{done}: {form.cleaned_data['words']}") <= 500


def test_a_phrase_alone_is_a_reason_and_ones_own_words_too():
    assert reason(phrase="2", words="") == (
        "This group is here already: you can take part in its page."
    )
    assert reason(phrase="", words=" Mine. ") == "Mine."


def test_a_phrase_and_words_that_are_too_long_together_say_so():
    assert "words" in reason(phrase="1", words="x" * 480)


@pytest.mark.parametrize("kind", [kind for kind, deeds in DEEDS.items() if "refuse" in deeds])
def test_every_kind_that_is_refused_has_phrases(kind):
    assert PHRASES[kind]


@pytest.mark.parametrize("ends", [REPORT_ENDS, STALE_ENDS])
def test_every_end_is_explained(ends):
    form = EndForm(deed="end", ends=ends, told="Told.")

    assert [name for name, _label in form.fields["done"].choices] == list(ends)
    assert all(each.data["explanation"] for each in form["done"])


def test_whom_to_invite_is_an_address():
    assert not FindForm({"email": "zoe"}, deed="invite").is_valid()
    assert FindForm({"email": "zoe@example.org"}, deed="invite").is_valid()

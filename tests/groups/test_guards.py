from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from groups.guards import GuardedForm, make_stamp
from tests.factories import stamped
from tests.markup import each, parsed

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


class LetterForm(GuardedForm):
    words = forms.CharField()


class OtherForm(GuardedForm):
    words = forms.CharField()


def sent(age=timedelta(minutes=1), form_class=LetterForm, **changes):
    """Return the form as it comes back ``age`` after it was shown."""
    return LetterForm(
        stamped({"words": "Hello", **changes}, form_class, age=age, now=NOON), now=NOON
    )


def codes(form):
    return [error.code for error in form.non_field_errors().as_data()]


def test_a_person_notices_nothing():
    form = sent()

    assert form.is_valid()
    assert form.cleaned_data == {"words": "Hello"}


@pytest.mark.parametrize(
    ("age", "found"),
    [
        (timedelta(seconds=3) - MOMENT, ["quick"]),
        (timedelta(seconds=3), []),
        (timedelta(days=30), []),
        (timedelta(days=30) + MOMENT, ["stale"]),
        (timedelta(seconds=-60), ["quick"]),
    ],
)
def test_a_page_is_filled_in_no_time_by_robots_and_lasts_a_month(age, found):
    assert codes(sent(age)) == found


@pytest.mark.parametrize(
    "stamp", ["", "1", "1773144000.0", "1773144000.0:forged", "\x00", "\ud800"]
)
def test_a_stamp_that_is_not_ours_asks_for_one_more_press(stamp):
    assert codes(sent(stamp=stamp)) == ["stale"]


def test_a_form_sent_without_its_stamp_asks_for_one_more_press():
    assert codes(LetterForm({"words": "Hello"}, now=NOON)) == ["stale"]


def test_the_stamp_of_another_form_does_not_count():
    assert codes(sent(form_class=OtherForm)) == ["stale"]


def test_what_only_a_robot_fills_in_is_refused_and_said():
    form = sent(website="https://example.org")

    assert codes(form) == ["robot"]
    assert "https://example.org" not in guards_of(form)


def test_the_second_press_comes_through():
    """What was wrong with the first is put right by the page that answers it."""
    for first in (sent(timedelta(seconds=1)), sent(timedelta(days=31)), sent(website="x")):
        stamp = input_named("stamp", guards_of(first)).get("value")
        later = NOON + timedelta(seconds=3)

        again = LetterForm({"words": "Hello", "website": "", "stamp": stamp}, now=later)

        assert again.is_valid(), first.errors


def test_whoever_was_too_quick_waits_no_longer_than_three_seconds_in_all():
    stamp = input_named("stamp", guards_of(sent(timedelta(seconds=2)))).get("value")
    data = {"words": "Hello", "website": "", "stamp": stamp}

    assert LetterForm(data, now=NOON + timedelta(seconds=1)).is_valid()


def test_the_stamp_of_a_page_is_made_as_it_is_shown():
    form = LetterForm(now=NOON)

    assert form.stamp == make_stamp(LetterForm, NOON)
    assert form.stamp != LetterForm(now=NOON + timedelta(seconds=1)).stamp


def test_other_errors_are_told_at_the_same_time():
    form = sent(timedelta(seconds=1), words="")

    assert codes(form) == ["quick"]
    assert form.has_error("words")


def test_the_trap_is_out_of_everybodys_way():
    html = guards_of(LetterForm(now=NOON))
    trap = input_named("website", html)

    assert (trap.get("tabindex"), trap.get("autocomplete")) == ("-1", "off")
    assert trap.get("value") is None
    assert '<div class="sr" aria-hidden="true">' in html


@given(
    data=st.dictionaries(st.sampled_from(["website", "stamp", "words"]), st.text(), max_size=3),
    is_query=st.booleans(),
)
def test_no_text_breaks_the_guards(data, is_query):
    if is_query:
        query = QueryDict(mutable=True)
        query.update(data)
        data = query

    form = LetterForm(data, now=NOON)

    assert not form.is_valid()
    assert form.stamp


def guards_of(form):
    return render_to_string("groups/_guards.html", {"form": form})


def input_named(name, html):
    root, _repairs = parsed(f"<form>{html}</form>")
    [found] = [each_one for each_one in each(root, "input") if each_one.get("name") == name]
    return found

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.api.cursors import FORM, Cursor, microsecond, moment_of, read_cursor


@given(
    as_of=st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001
        max_value=datetime(2286, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    at=st.integers(0, 10**16 - 1),
    pk=st.integers(0, 10**18 - 1),
)
def test_a_cursor_is_read_back_as_it_was(as_of, at, pk):
    cursor = Cursor(as_of, at, pk)

    assert read_cursor(str(cursor)) == cursor


@given(text=st.from_regex(FORM, fullmatch=True))
def test_every_cursor_of_the_form_the_document_names_means_something(text):
    cursor = read_cursor(text)

    assert moment_of(microsecond(cursor.as_of)) == cursor.as_of
    assert moment_of(cursor.at).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "1-2", "a-b-c", "1-2-3\n", " 1-2-3", "1-2-³", "-1-2-3"])
def test_any_other_text_is_none(text):
    with pytest.raises(ValueError, match="next"):
        read_cursor(text)

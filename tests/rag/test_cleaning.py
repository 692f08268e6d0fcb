"""Text is put right once, and each character that is kept knows where it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cleaning import clean, traced

# What the stages look for, beside any letter there is.
TEXTS = st.text(
    st.one_of(st.sampled_from(" \t\n\r\f\ufffe\x02\xad-aåAÅ\u030a\u0301e\ud800"), st.characters())
)


@given(TEXTS)
def test_a_traced_text_is_the_clean_one(text: str) -> None:
    assert traced(text)[0] == clean(text)


@given(TEXTS)
def test_each_character_comes_from_a_place_in_the_text(text: str) -> None:
    kept, places = traced(text)

    assert len(kept) == len(places)
    assert all(0 <= place < len(text) for place in places)


@given(st.text("abåö .,\n"))
def test_a_letter_comes_from_the_same_letter(text: str) -> None:
    kept, places = traced(text)

    assert kept == "".join(text[place] for place in places)


@pytest.mark.parametrize(
    ("text", "kept", "places"),
    [
        ("rätts\ufffeinfo har", "rättsinfo\nhar", [0, 1, 2, 3, 4, 6, 7, 8, 9, 5, 11, 12, 13]),
        ("IT\ufffebas", "IT-bas\n", [0, 1, 2, 3, 4, 5, 2]),
        ("a  \r\nb", "a\nb", [0, 3, 5]),
        ("a\u030ab", "åb", [0, 2]),
    ],
    ids=[
        "a word put together",
        "a hyphen that belongs",
        "spaces before a line end",
        "two code points into one",
    ],
)
def test_what_moves_is_still_traced(text: str, kept: str, places: list[int]) -> None:
    assert traced(text) == (kept, places)

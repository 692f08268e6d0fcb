"""Which language a question is in."""

import pytest

from gateway.language import language_of


@pytest.mark.parametrize(
    "text",
    [
        "Hur många dagar får man vara borta?",
        "vad galler for distansarbete i kommunen",
        "Sammanfatta protokollet",
        "åäö",
        "",
        "12345 ??",
        "under",
        "Vad betyder 'the right to be forgotten' för oss?",
    ],
)
def test_swedish_is_the_answer_to_swedish_and_to_doubt(text):
    assert language_of(text) == "sv"


@pytest.mark.parametrize(
    "text",
    ["What is the policy on remote work?", "Please write a haiku", "HOW MANY DAYS DO I HAVE", "what is this"],
)
def test_english_is_told_by_its_function_words(text):
    assert language_of(text) == "en"

"""Words and nearness find together what either alone would miss; scores are the same however passages are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from Stemmer import Stemmer

from rag.fusion import closeness, coverage, fuse, ideal_score
from rag.lexical import LexicalIndex, Statistics, combined
from rag.sentences import sentences
from rag.shelf import TenantShelf
from rag.words import stems
from tests.rag.fakes import names

WORDS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1, max_size=8)


def test_stems_join_the_forms_of_a_word_and_leave_the_commonest_out() -> None:
    assert stems("Ansökningarna om bygglov") == stems("ansökningar bygglov")
    assert stems("hur är det") == stems("Hur är det?") != []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Får jag jobba hemma?", "arbeta på distans"),
        ("Får jag jobba hemifrån?", "distansarbete är arbete"),
        ("Vad kostar soporna?", "avfallet kostar"),
        ("Var ligger tippen?", "ligger återvinningscentralen"),
        ("Har jag ett extrajobb?", "bisysslor"),
        ("Har jag en extraknäck?", "bisysslan"),
        ("Vad kostar dagis?", "förskolan kostar"),
        ("Har jag tappat min laptop?", "förlorad datorn"),
        ("Vem bestämmer på jobbet?", "beslutar arbetsplatsen"),
    ],
)
def test_an_everyday_word_is_the_official_one(said: str, written: str) -> None:
    assert set(stems(said)) - set(stems(written)) <= {"får"}


@pytest.mark.parametrize(
    "word",
    [
        *("räkning", "akuten", "lösa", "möta", "hemmet", "hemmen", "data", "slänga", "betalt", "personal"),
        *("bestämmelser", "jobbigt", "sopas", "mobila", "tippa", "medicin", "pris", "vc", "stolen"),
    ],
)
def test_a_word_that_often_means_something_else_stays_itself(word: str) -> None:
    assert stems(word) == [Stemmer("swedish").stemWord(word)]


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    index = LexicalIndex([["bygglov", "avgift"], ["avgift", "taxa"], ["avgift"], ["avgift"]])
    terms = ["bygglov", "avgift"]

    scores = index.scores(terms, index.statistics(terms))

    assert scores.argmax() == 0
    assert scores[1] < scores[0] / 3


@given(WORDS, WORDS, st.lists(st.sampled_from("abcdefx"), max_size=4))
def test_two_collections_score_as_if_they_were_one(
    one: list[list[str]], two: list[list[str]], terms: list[str]
) -> None:
    first, second, both = LexicalIndex(one), LexicalIndex(two), LexicalIndex(one + two)

    whole = combined([first.statistics(terms), second.statistics(terms)])

    apart = [*first.scores(terms, whole), *second.scores(terms, whole)]
    assert apart == pytest.approx(list(both.scores(terms, both.statistics(terms))))


def test_nearness_decides_where_the_questions_words_hardly_occur() -> None:
    fused = fuse({"by word": 1.0, "by sense": 0.0}, {"by word": 0.70, "by sense": 0.90}, ideal=20.0)

    assert max(fused, key=lambda key: fused[key]) == "by sense"


def test_words_decide_where_nearness_hardly_differs() -> None:
    near = {"full": 0.84, "empty": 0.85, "far": 0.60}

    fused = fuse({"full": 18.0, "empty": 1.0}, near, ideal=20.0)

    assert max(fused, key=lambda key: fused[key]) == "full"
    assert all(0 <= score <= 1 for score in fused.values())


def test_words_that_stand_together_are_closer_than_the_same_words_apart() -> None:
    whole = Statistics(10, 100, {"avgift": 2, "bygglov": 2})
    together = [["avgift", "bygglov"], ["annat"]]
    apart = [["bygglov"], ["avgift"]]

    assert closeness(["avgift", "bygglov"], together, whole) > closeness(["avgift", "bygglov"], apart, whole)
    assert coverage(["avgift", "bygglov"], ["avgift"], whole) == pytest.approx(0.5)


def test_a_question_without_words_has_an_ideal_all_the_same() -> None:
    assert ideal_score([], Statistics(0, 0, {})) > 0
    assert closeness([], [], Statistics(0, 0, {})) == 0
    assert sentences("") == []


@pytest.mark.anyio
async def test_the_passage_that_answers_comes_first_among_many(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Blandat")
    for number in range(12):
        text = (
            f"Nämnden sammanträder i sal {number}. Protokollet justeras inom {number} dagar av ordföranden."
        )
        await shelf.take_in(collection.id, f"protokoll{number}.txt", text.encode())
    await shelf.take_in(collection.id, "bygglov.txt", "Bygglov för altan söks hos byggnadsnämnden.".encode())

    found = await shelf.passages("Var söker jag bygglov för en altan?", limit=3)

    assert names(found)[0] == "bygglov.txt"
    assert len(found) == 3
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert all(0 <= passage.score <= 1 for passage in found)

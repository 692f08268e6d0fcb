"""An answer in quotations is verbatim, whole, cited to the page, and absent without support."""

from dataclasses import replace

import pytest

from rag.documents import Passage
from rag.quoting import CANDIDATES, SUPPORT, Quotations, candidates, nearest, quote
from rag.shelf import TenantShelf

PAGE = (
    "Riktlinjer för resor\n"
    "1 Syfte\n"
    "Dessa riktlinjer gäller för alla anställda i kommunen när de reser i tjänsten.\n"
    "2 Färdmedel\n"
    "Tåg ska väljas före flyg om resan tar mindre än fyra timmar. Flyg kräver beslut av\n"
    "förvaltningschefen. Egen bil får användas bl.a. när kollektivtrafik saknas."
)
QUESTION = "Vem beslutar om flyg?"
NEAR, FAR = [1.0, 0.0], [0.0, 1.0]


def passage(text: str = PAGE, *, start: int = 0, end: int | None = None, score: float = 0.8) -> Passage:
    stop = len(text) if end is None else end
    return Passage("d1", "k1", "resor.pdf", 3, start, stop, text[start:stop], 0, score=score)


def answered(
    vectors_near: str, *, question: str = QUESTION, limit: int = 3, score: float = 0.8
) -> Quotations:
    found = candidates(question, [passage(score=score)], {("d1", 3): PAGE})
    vectors = [NEAR if vectors_near in one.text else FAR for one in found]
    return quote(found, NEAR, vectors, question=question, limit=limit)


def test_a_quotation_is_exactly_its_range_of_the_page() -> None:
    (best, *_) = answered("Flyg kräver").sentences

    assert best.quote == "Flyg kräver beslut av\nförvaltningschefen."
    assert best.quote == PAGE[best.start : best.end]
    assert (best.index, best.document, best.name, best.page) == (1, "d1", "resor.pdf", 3)


def test_nothing_is_quoted_when_nothing_is_near_and_no_word_is_shared() -> None:
    nothing = answered("no such sentence", question="Hur kokar man pasta?", score=0.3)

    assert nothing.sentences == ()
    assert nothing.support < SUPPORT


def test_as_many_sentences_are_quoted_as_were_asked_for_at_most() -> None:
    assert len(answered("", limit=2).sentences) == 2
    assert [cited.index for cited in answered("", limit=3).sentences] == [1, 2, 3]


def test_a_sentence_that_a_passage_cuts_is_quoted_whole() -> None:
    cut = PAGE.index("beslut av")
    inside = passage(start=PAGE.index("Tåg ska"), end=cut + len("beslut av\nförv"))

    found = candidates(QUESTION, [inside], {("d1", 3): PAGE})

    assert found[0].text == "Flyg kräver beslut av\nförvaltningschefen."


def test_a_sentence_in_two_passages_is_one_candidate() -> None:
    found = candidates(QUESTION, [passage(), passage(score=0.5)], {("d1", 3): PAGE})

    assert len({(one.start, one.end) for one in found}) == len(found)


def test_what_two_documents_say_in_the_same_words_is_quoted_once() -> None:
    again = "FLYG kräver  beslut av förvaltningschefen. Övrigt avgörs av närmaste chef i varje enskilt fall."
    other = replace(passage(again, score=0.5), document="d2")
    found = candidates(QUESTION, [passage(), other], {("d1", 3): PAGE, ("d2", 3): again})

    assert [one.passage.document for one in found if "förvaltningschefen" in one.text] == ["d1"]
    assert "Övrigt avgörs av närmaste chef i varje enskilt fall." in [one.text for one in found]


def test_a_heading_of_two_words_answers_nothing() -> None:
    texts = [one.text for one in candidates(QUESTION, [passage()], {("d1", 3): PAGE})]

    assert "1 Syfte" not in texts
    assert "2 Färdmedel" not in texts


def test_a_heading_that_repeats_the_question_is_not_its_answer() -> None:
    text = "2 Så mycket får du arbeta på distans\n\nDu får arbeta på distans högst tre dagar.\n\nOm distans i övrigt"
    where = replace(passage(text), heading="Policy > Om distans i övrigt")

    found = candidates("Hur mycket får du arbeta på distans?", [where], {("d1", 3): text})

    assert [one.text for one in found] == ["Du får arbeta på distans högst tre dagar."]


def test_a_question_that_a_document_asks_is_no_answer() -> None:
    asked = "Får jag använda tjänsten?\n(Får jag använda uppgifterna?)\n"
    page = f"{asked}Externa tjänster får användas bara om de är godkända."

    found = candidates("Får jag använda den?", [passage(page)], {("d1", 3): page})

    assert [one.text for one in found] == ["Externa tjänster får användas bara om de är godkända."]


def test_what_lies_nearest_is_one_passage_a_page_best_first() -> None:
    first = passage(end=20, score=0.9)
    same_page = passage(start=20, score=0.8)
    others = [replace(passage(score=0.7 - number / 10), page=4 + number) for number in range(4)]

    near = nearest([first, same_page, *others])

    assert [(one.index, one.page, one.quote) for one in near] == [
        (1, 3, PAGE[:20]),
        (2, 4, PAGE),
        (3, 5, PAGE),
    ]
    assert (near[0].start, near[0].end, near[0].score) == (0, 20, 0.9)


def test_the_candidates_are_bounded_and_share_the_questions_words_first() -> None:
    text = (
        " ".join(f"Mening nummer {number} om annat." for number in range(200)) + " Flyg beslutas av chefen."
    )

    found = candidates(QUESTION, [passage(text)], {("d1", 3): text})

    assert len(found) == CANDIDATES
    assert found[0].text == "Flyg beslutas av chefen."


def test_a_page_that_is_gone_gives_no_candidates() -> None:
    assert candidates(QUESTION, [passage()], {("d1", 3): ""}) == []


@pytest.mark.anyio
async def test_a_shelf_quotes_its_own_documents_word_for_word(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Styrdokument")
    document = await shelf.take_in(collection.id, "resor.md", PAGE.encode())
    question = "Flyg kräver beslut av vem?"

    quoted = await shelf.quotations(question, await shelf.passages(question))

    best = quoted.sentences[0]
    assert best.quote == "Flyg kräver beslut av\nförvaltningschefen."
    assert best.quote == (await shelf.page(document.id, 1))[best.start : best.end]
    assert best.page is None


@pytest.mark.anyio
async def test_a_document_deleted_since_it_was_found_is_not_quoted(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Styrdokument")
    document = await shelf.take_in(collection.id, "resor.md", PAGE.encode())
    found = await shelf.passages(QUESTION)
    await shelf.delete_document(document.id)

    assert (await shelf.quotations(QUESTION, found)).sentences == ()

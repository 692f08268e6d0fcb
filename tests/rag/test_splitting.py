"""Passages keep to their page, lose no text, and are never too long."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.cleaning import clean
from rag.extraction import Extract, plain
from rag.headings import numbered
from rag.splitting import SIZE, cost, ranges, split

TEXTS = st.text(alphabet=st.sampled_from("abåäö ABÅ.,!1234567890\n\t-§"), max_size=4000)


@settings(max_examples=60)
@given(TEXTS, st.integers(40, 400))
def test_every_character_is_in_a_passage_and_none_is_too_long(text: str, size: int) -> None:
    found = list(ranges(text, size=size, overlap=size // 8))

    covered = set().union(*(range(start, end) for start, end in found))
    assert all(place in covered for place, letter in enumerate(text) if not letter.isspace())
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(end - start <= size for start, end in found)


@settings(max_examples=30)
@given(st.lists(TEXTS, max_size=4))
def test_a_passage_is_exactly_its_range_of_its_page(pages: list[str]) -> None:
    for piece in split(Extract(tuple(pages), paged=True)):
        assert piece.text == pages[piece.number - 1][piece.start : piece.end]
        assert piece.text == piece.text.strip()


def test_passages_overlap_so_that_what_stands_at_a_border_is_whole_somewhere() -> None:
    text = " ".join(f"Mening nummer {number} handlar om samma sak." for number in range(100))

    found = list(ranges(text, size=1200, overlap=150))

    assert len(found) > 3
    assert all(following[0] < first[1] for first, following in pairwise(found))
    assert all(text[start:].startswith("Mening") for start, _ in found)


def test_a_passage_of_figures_is_shorter_as_it_has_more_tokens() -> None:
    figures = " ".join("12345" for _ in range(1000))

    lengths = [end - start for start, end in ranges(figures, size=SIZE, overlap=150)]

    assert max(lengths) < 700
    assert all(cost(figures[:length]) < 1300 for length in lengths)


def test_headings_stand_before_a_passage_for_the_model_and_never_in_it() -> None:
    extract = plain(("# Policy\n\n## Resor\n\nVi tar tåget.\n\n" + "Mer text om resor. " * 80).encode())

    last = list(split(extract))[-1]

    assert last.heading == "Policy > Resor"
    assert last.for_embedding == f"Policy > Resor\n{last.text}"
    assert "Policy" not in last.text


def test_numbered_lines_are_headings_and_list_items_and_contents_are_not() -> None:
    page = (
        "Riktlinjer\n1 Syfte\nText.\n1.2 Vem som beslutar\nText.\n2 kap. Allmänna bestämmelser\n"
        "3. Denna förordning träder i kraft den 1 juli 1999\n7.2 Undantag ........ 12\n4. Ikraftträdande"
    )

    titles = [(heading.level, heading.title) for heading in numbered([page])]

    assert titles == [
        (1, "1 Syfte"),
        (2, "1.2 Vem som beslutar"),
        (1, "2 kap. Allmänna bestämmelser"),
        (1, "4. Ikraftträdande"),
    ]


def test_cleaning_mends_hyphens_line_ends_and_letters() -> None:
    dropped = "\ufffe"

    assert clean(f"ett of{dropped}fentligt system") == "ett offentligt\nsystem"
    assert clean(f"en IT{dropped}baserad tjänst") == "en IT-baserad\ntjänst"
    assert clean("a\r\nb\rc\x00d\u00ade \nf") == "a\nb\ncde\nf"
    assert clean("a\u030a\ud800") == "å\ufffd"

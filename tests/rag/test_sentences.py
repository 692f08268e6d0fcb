"""Swedish text falls into its sentences, and nothing of it is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Det gäller t.ex. Stockholm, bl.a. Skärholmen m.m. i länet.",
        "Mötet börjar kl. 10.30 den 3 maj 2026 i Kommunhuset.",
        "Enligt 3 kap. 2 § skollagen (2010:800) gäller detta.",
        "Se prop. 2008/09:150 s. 25 ff. i den delen.",
        "Chefen A. Svensson och dr. B. Ek beslutar fr.o.m. 1 juli.",
        "Taket är 1.500 kr och räntan 2,5 % p.g.a. Riksbanken.",
        "Beslutet fattas av ca. 30 personer, dvs. Alla.",
    ],
)
def test_an_abbreviation_a_date_or_a_number_ends_no_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ansökan görs i tid. Den prövas av nämnden.", ["Ansökan görs i tid.", "Den prövas av nämnden."]),
        ("Får jag? Ja! Det får du.", ["Får jag?", "Ja!", "Det får du."]),
        ("Han sa: ”Kom hit.” Sedan gick han.", ["Han sa: ”Kom hit.”", "Sedan gick han."]),
        ("Det gäller 2025. 2026 gäller annat.", ["Det gäller 2025.", "2026 gäller annat."]),
        ("Det framgår av 5 §. 6 § är upphävd.", ["Det framgår av 5 §.", "6 § är upphävd."]),
    ],
)
def test_a_sentence_ends_where_the_next_begins(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_the_items_of_a_list_stand_alone() -> None:
    text = "Ansökan ska innehålla\n1. namn,\n2. adress och\n3. datum.\nDen skickas till nämnden."

    assert split(text) == [
        "Ansökan ska innehålla",
        "1. namn,",
        "2. adress och",
        "3. datum.",
        "Den skickas till nämnden.",
    ]


def test_bullets_and_sections_of_a_statute_begin_anew() -> None:
    text = "Krav:\n• pass\n• visum\n2 § Nämnden beslutar\n3 § Beslutet gäller"

    assert split(text) == ["Krav:", "• pass", "• visum", "2 § Nämnden beslutar", "3 § Beslutet gäller"]


def test_a_line_that_the_layout_broke_goes_on() -> None:
    text = (
        "Bakgrund\n"
        "I mars 2006 tillsatte regeringen en utredning om förutsättningarna\n"
        "för att reglera en rätt till utbildning, förskoleverksamhet\n"
        "och skolbarnsomsorg för barn. Utredningen lämnade sitt\n"
        "betänkande året därpå."
    )

    assert split(text) == [
        "Bakgrund",
        text[text.index("I mars") : text.index(" Utredningen")],
        "Utredningen lämnade sitt\nbetänkande året därpå.",
    ]


def test_a_table_is_cut_where_its_lines_end() -> None:
    text = "\n".join("kolumn ett och kolumn två och kolumn tre samt mer" for _ in range(40))

    assert all(len(part) <= 700 for part in split(text))
    assert all(part.startswith("kolumn ett") for part in split(text))


@given(st.text(alphabet="abc ÅÄÖ.!?\n\t1§)(•-”,", max_size=400))
def test_sentences_lose_no_text_and_never_overlap(text: str) -> None:
    found = sentences(text)

    kept = "".join(text[start:end] for start, end in found)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(first[1] <= second[0] for first, second in pairwise(found))

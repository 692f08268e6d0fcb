"""The demo's documents are what their manuscripts make, and answer its questions on the page it names."""

import functools
import json
import re
import subprocess
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import docx
import pypdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

DEMO = Path(__file__).parents[2] / "deploy" / "demo"
DOCUMENTS = DEMO / "documents"
ORGANISATIONS = ("ekdalen", "norrskog")
FILES = sorted(path for path in DOCUMENTS.glob("*/*.*") if path.suffix in {".pdf", ".docx"})


@dataclass(frozen=True, slots=True)
class Question:
    question: str
    organisation: str | None
    document: str | None
    page: int | None
    quote: str | None
    kind: str


QUESTIONS = [Question(**row) for row in json.loads((DEMO / "questions.json").read_text("utf-8"))]
ANSWERED = [question for question in QUESTIONS if question.kind != "unsupported"]
UNSUPPORTED = [question for question in QUESTIONS if question.kind == "unsupported"]


def normal(text: str) -> str:
    return " ".join(text.split())


@functools.cache
def pages(path: Path) -> list[str]:
    return _pdf_pages(path) if path.suffix == ".pdf" else _docx_pages(path)


def _pdf_pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [normal(page.get_textpage().get_text_range()) for page in document]


def _docx_pages(path: Path) -> list[str]:
    """The text between explicit page breaks (``w:br`` of type ``page``)."""
    found: list[list[str]] = [[]]
    for element in docx.Document(str(path)).element.body.iter():
        if element.tag == qn("w:br") and element.get(qn("w:type")) == "page":
            found.append([])
        elif element.tag == qn("w:t"):
            found[-1].append(element.text)
        elif element.tag == qn("w:p"):
            found[-1].append("\n")
    return [normal("".join(page)) for page in found]


def label(value: object) -> str:
    return f"{value.organisation}: {value.question}" if isinstance(value, Question) else Path(str(value)).name


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_into(tmp_path_factory.mktemp("made"))


def make_into(folder: Path) -> Path:
    command = [sys.executable, "-B", str(DEMO / "make_documents.py"), "--into", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def content(path: Path) -> object:
    """What the file holds, free of how the machine's zlib packs it."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as package:
            return [(name, package.read(name)) for name in package.namelist()]
    with path.open("rb") as opened:
        reader = pypdf.PdfReader(opened)
        objects = [reader.get_object(number) for number in sorted(reader.xref[0])]
        return [_unpacked(item) for item in objects]


def _unpacked(item: object) -> object:
    if not isinstance(item, pypdf.generic.StreamObject):
        return _shown(item)
    return sorted((key, _shown(value)) for key, value in item.items() if key != "/Length"), item.get_data()


def _shown(item: object) -> str:
    """A PDF object as text, without the reader's address that pypdf puts into its references."""
    return re.sub(r"IndirectObject\((\d+), (\d+), \d+\)", r"\1 \2 R", repr(item))


def test_each_organisation_has_at_least_three_pdfs_and_two_word_documents():
    kinds = {organisation: sorted(path.suffix for path in FILES if path.parent.name == organisation)
             for organisation in ORGANISATIONS}  # fmt: skip
    for suffixes in kinds.values():
        assert suffixes.count(".pdf") >= 3
        assert suffixes.count(".docx") == 2


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_document_has_three_to_eight_pages_and_each_has_text(path):
    lengths = [len(page) for page in pages(path)]

    assert 3 <= len(lengths) <= 8
    assert min(lengths) > 300


def test_making_the_documents_twice_gives_the_same_bytes(made, tmp_path):
    again = make_into(tmp_path)

    first = {path.relative_to(made): path.read_bytes() for path in made.glob("*/*")}
    second = {path.relative_to(again): path.read_bytes() for path in again.glob("*/*")}
    assert len(first) == len(FILES)
    assert first == second


@pytest.mark.parametrize("path", FILES, ids=label)
def test_a_committed_document_is_what_its_manuscript_makes(made, path):
    assert content(path) == content(made / path.relative_to(DOCUMENTS))


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".pdf"], ids=label)
def test_a_pdf_says_its_language_title_author_and_outline(path):
    with path.open("rb") as opened:
        reader = pypdf.PdfReader(opened)
        title, author = reader.metadata.title, reader.metadata.author
        assert reader.trailer["/Root"]["/Lang"] == "sv-SE"
        assert len(reader.outline) >= 5

    assert pages(path)[0].find(title) >= 0
    assert author in {"Ekdalens kommun", "Region Norrskog"}


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".docx"], ids=label)
def test_a_word_document_says_its_language_and_uses_heading_styles(path):
    document = docx.Document(str(path))

    assert document.core_properties.language == "sv-SE"
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "sv-SE"
    headings = [line for line in document.paragraphs if line.style.name == "Heading 1"]
    assert len(headings) >= 4


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".pdf"], ids=label)
def test_a_pdf_numbers_its_pages(path):
    shown = pages(path)

    for number, text in enumerate(shown, start=1):
        assert f"Sida {number} ({len(shown)})" in text


@pytest.mark.parametrize("question", ANSWERED, ids=label)
def test_the_quote_stands_on_that_page_of_that_document_and_on_no_other(question):
    shown = pages(DOCUMENTS / question.organisation / question.document)

    places = [number for number, text in enumerate(shown, start=1) if normal(question.quote) in text]
    assert places == [question.page]


@pytest.mark.parametrize("question", ANSWERED, ids=label)
def test_the_quote_stands_in_no_document_of_the_other_organisation(question):
    others = [path for path in FILES if path.parent.name != question.organisation]

    for path in others:
        assert normal(question.quote) not in " ".join(pages(path))


def test_each_organisation_has_ten_questions_or_more_and_they_reach_every_document():
    for organisation in ORGANISATIONS:
        own = [question for question in ANSWERED if question.organisation == organisation]
        assert len(own) >= 10
        assert {question.document for question in own} == {
            path.name for path in FILES if path.parent.name == organisation
        }


def test_a_pair_is_one_question_that_the_organisations_answer_with_different_figures():
    pairs = defaultdict(dict)
    for question in QUESTIONS:
        if question.kind == "pair":
            pairs[question.question][question.organisation] = question.quote

    assert len(pairs) >= 4
    for answers in pairs.values():
        assert tuple(sorted(answers)) == ORGANISATIONS
        assert answers["ekdalen"] != answers["norrskog"]


def test_nothing_in_the_documents_speaks_of_what_the_unsupported_questions_ask():
    everything = " ".join(text for path in FILES for text in pages(path)).lower()

    assert len(UNSUPPORTED) == 4
    for word in ("väder", "fotboll", "koka", "ägg", "flod"):
        assert not re.search(rf"\b{word}", everything)

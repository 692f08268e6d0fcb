"""A page is drawn with its text in the places where it is seen."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from rag.drawing import draw
from rag.errors import NotDrawn, NotReadable, Unreadable
from rag.extraction import Bounds, extract
from rag.formats import PDF
from rag.picture import Line, Picture, Rectangle, packed, unpacked
from rag.sandbox import Sandbox
from tests.rag import files

DEMO = Path(__file__).resolve().parents[2] / "deploy" / "demo" / "documents"
DOCUMENTS = sorted(DEMO.glob("*/*.pdf"))


def seen(content: bytes, page: int, part: Rectangle) -> str:
    """The words that pdfium itself finds in a part of the page."""
    with pypdfium2.PdfDocument(content) as document:
        one = document[page - 1]
        width, height = one.get_size()
        left, top = part.x * width - 1, (1 - part.y) * height + 1
        right, bottom = (part.x + part.width) * width + 1, (1 - part.y - part.height) * height - 1
        return str(one.get_textpage().get_text_bounded(left, bottom, right, top))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_text_of_the_picture_is_the_text_of_the_page(path: Path) -> None:
    content = path.read_bytes()
    pages = extract(content, PDF, Bounds()).pages

    pictures = [draw(content, number) for number in range(1, len(pages) + 1)]

    assert tuple(picture.text for picture in pictures) == pages
    for picture in pictures:
        shown = "".join(line.text for line in picture.lines)
        assert shown.split() == picture.text.replace("\n", "").split()


@pytest.mark.parametrize("path", DOCUMENTS[:4], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_word_stands_where_it_is_said_to_stand(path: Path) -> None:
    content = path.read_bytes()
    picture = draw(content, 2)

    start = 0
    for word in picture.text.split():
        start = picture.text.index(word, start)
        parts = picture.rectangles(start, start + len(word))
        start += len(word)
        assert len(parts) == 1, word
        assert word in seen(content, 2, parts[0])
        assert len(seen(content, 2, parts[0]).split()) == 1, word


def test_a_passage_over_lines_has_a_rectangle_for_each_and_covers_them_alone() -> None:
    content = files.pdf([["Första raden här", "Andra raden här", "Tredje raden här"]])
    picture = draw(content, 1)
    start, end = picture.text.index("raden"), picture.text.index("Tredje") + len("Tredje")

    parts = picture.rectangles(start, end)

    assert [seen(content, 1, part).strip() for part in parts] == ["raden här", "Andra raden här", "Tredje"]


def test_in_columns_set_across_only_the_words_themselves_are_marked() -> None:
    columns = [["Lön betalas ut", "den 25 varje", "månad."], ["Semester söks", "i mars hos", "chefen."]]
    content = files.pdf_in_columns(columns)
    picture = draw(content, 1)

    for word in [word for column in columns for line in column for word in line.split()]:
        start = picture.text.index(word)
        (part,) = picture.rectangles(start, start + len(word))
        assert seen(content, 1, part).strip() == word
    assert {line.text.strip() for line in picture.lines} == {text for column in columns for text in column}


def test_a_word_that_a_line_end_broke_is_marked_on_both_lines() -> None:
    content = files.pdf([["Det finns ett offentligt rätts\xad", "informationssystem för alla."]])
    picture = draw(content, 1)
    start = picture.text.index("rätts")
    end = picture.text.index("system") + len("system")

    parts = picture.rectangles(start, end)

    assert [part.y for part in parts] == sorted({part.y for part in parts})
    assert "informationssystem" in seen(content, 1, parts[-1])


@pytest.mark.parametrize("cut", [0, 60])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_on_a_turned_and_cut_page_the_mark_is_where_the_word_is_seen(degrees: int, cut: int) -> None:
    picture = draw(files.turned_pdf("Vändning", degrees=degrees, cut=cut), 1)

    marked = picture.passage(picture.text, 0, len("Vändning"))

    image = Image.open(io.BytesIO(picture.image)).convert("L")
    left, top, right, bottom = image.point(lambda value: 255 * (value < 128)).getbbox()
    x, y = min(part.x for part in marked), min(part.y for part in marked)
    end_x, end_y = (
        max(part.x + part.width for part in marked),
        max(part.y + part.height for part in marked),
    )
    assert x <= left / image.width + 0.002
    assert right / image.width - 0.002 <= end_x
    assert y <= top / image.height + 0.002
    assert bottom / image.height - 0.002 <= end_y
    assert (end_x - x) * (end_y - y) < 0.01
    assert (picture.width > picture.height) is (degrees in {90, 270})


def test_what_was_filled_in_is_seen() -> None:
    image = Image.open(io.BytesIO(draw(files.filled_in_pdf(), 1).image)).convert("L")

    assert image.getextrema()[0] < 100


def test_a_page_of_five_metres_is_drawn_no_larger_than_any_other() -> None:
    picture = draw(files.huge_pdf(), 1)

    assert max(Image.open(io.BytesIO(picture.image)).size) <= 2600
    assert len(picture.image) < 2_000_000


@pytest.mark.parametrize(
    ("content", "page", "reason"),
    [
        (files.locked_pdf(), 1, Unreadable.ENCRYPTED),
        (b"%PDF-1.7\nnothing", 1, Unreadable.PARSER_FAILED),
        (files.pdf([["x"]]), 2, Unreadable.PARSER_FAILED),
        (files.pdf([["x"]]), 0, Unreadable.PARSER_FAILED),
    ],
    ids=["locked", "broken", "no such page", "no page 0"],
)
@pytest.mark.anyio
async def test_a_page_that_can_not_be_drawn_says_why(
    tmp_path: Path, content: bytes, page: int, reason: Unreadable
) -> None:
    (tmp_path / "upload").write_bytes(content)

    with pytest.raises(NotDrawn) as refused:
        unpacked(await Sandbox().draw(tmp_path / "upload", page))

    assert refused.value.reason is reason


@pytest.mark.anyio
async def test_a_page_that_never_gets_done_costs_the_seconds_of_the_sandbox(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(files.endless_pdf())

    with pytest.raises(NotReadable) as refused:
        await Sandbox(seconds=2).draw(tmp_path / "upload", 1)

    assert refused.value.reason is Unreadable.TIMED_OUT


def a_picture() -> Picture:
    line = Line(0, "Hej", 100, 200, (100, 200, 300), (200, 300, 400))
    return Picture(595.0, 842.0, "Hej\nalla", (line,), b"RIFF\x00\x00\x00\x00WEBP")


def test_a_picture_is_unpacked_as_it_was_packed() -> None:
    assert unpacked(packed(a_picture())) == a_picture()


@pytest.mark.parametrize(
    ("said", "other"),
    [
        (b'"lines":[[0,3', b'"lines":[[7,3'),
        (b'"lines":[[0,3', b'"lines":[[-1,3'),
        (b"[100,200,300]", b"[100,200]"),
        (b"[100,200,300]", b"[100,200,30000]"),
        (b"[100,200,300]", b'[100,200,"x"]'),
        (b'"width":595.0', b'"width":NaN'),
        (b'"width":595.0', b'"width":-1'),
        (b'"text"', b'"words"'),
        (b"WEBP", b"SVG "),
        (b"{", b"["),
    ],
)
def test_an_answer_of_another_shape_is_not_believed(said: bytes, other: bytes) -> None:
    answer = packed(a_picture())
    assert said in answer

    with pytest.raises(NotDrawn) as refused:
        unpacked(answer.replace(said, other, 1))

    assert refused.value.reason is Unreadable.PARSER_FAILED


def test_a_passage_is_found_again_in_a_page_that_is_read_otherwise_now() -> None:
    picture = a_picture()

    assert picture.passage("Rad ett\nHej", 8, 11) == picture.rectangles(0, 3)
    assert picture.passage("Rad ett\nHopp", 8, 12) == []
    assert picture.passage(picture.text, 3, 3) == []

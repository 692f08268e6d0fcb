"""Pages are drawn once, for their own organisation alone, and forgotten with their document."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from auth.identity import TenantId
from rag.album import Album
from rag.errors import DrawingBusy, NotDrawn, NotPictured, UnknownDocument, UnknownPage, Unreadable
from rag.library import Library
from rag.picture import Picture, packed
from rag.pictures import Pictures
from rag.sandbox import Sandbox
from rag.shelf import TenantShelf
from tests.rag import files

pytestmark = pytest.mark.anyio

BLANK = packed(Picture(100.0, 100.0, "", (), b"RIFF\x00\x00\x00\x00WEBP"))
MINE, THEIRS = TenantId("bollnas"), TenantId("region-gavle")


@dataclass(frozen=True, slots=True)
class Draughtsman(Sandbox):
    """Draws blank pages, as soon as it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    drawn: list[int] = field(default_factory=list)
    answer: bytes = BLANK

    async def draw(self, path: Path, page: int) -> bytes:
        self.drawn.append(page)
        await self.may.wait()
        return self.answer


@pytest.fixture
def draughtsman() -> Draughtsman:
    ready = Draughtsman()
    ready.may.set()
    return ready


async def a_document(shelf: TenantShelf, name: str = "a.pdf", content: bytes | None = None) -> str:
    collection = await shelf.create_collection("Alla")
    taken = await shelf.take_in(collection.id, name, content or files.pdf([["Ett"], ["Två"]]))
    return taken.id


async def test_a_page_is_drawn_as_it_was_read(shelf: TenantShelf) -> None:
    document = await a_document(shelf)

    picture = await shelf.picture(document, 2)

    assert picture.text == await shelf.page(document, 2)
    assert len(picture.passage(picture.text, 0, 3)) == 1


async def test_a_page_is_drawn_once(library: Library, draughtsman: Draughtsman) -> None:
    shelf = replace(library, pictures=Pictures(draughtsman)).shelf(MINE)
    document = await a_document(shelf)

    await asyncio.gather(*(shelf.picture(document, 1) for _ in range(5)))
    await shelf.picture(document, 1)

    assert draughtsman.drawn == [1]


async def test_a_picture_that_was_cut_short_is_drawn_anew(
    library: Library, draughtsman: Draughtsman, tmp_path: Path
) -> None:
    shelf = replace(library, pictures=Pictures(draughtsman)).shelf(MINE)
    document = await a_document(shelf)
    whole = await shelf.picture(document, 1)
    (kept,) = [path for path in tmp_path.rglob(".pages/*/*") if path.is_file()]
    kept.write_bytes(kept.read_bytes()[:20])

    assert await shelf.picture(document, 1) == whole
    assert draughtsman.drawn == [1, 1]


async def test_with_its_document_a_picture_is_gone(shelf: TenantShelf, tmp_path: Path) -> None:
    document = await a_document(shelf)
    await shelf.picture(document, 1)
    assert [path for path in tmp_path.rglob(".pages/*/*") if path.is_file()]

    await shelf.delete_document(document)

    assert list(tmp_path.rglob(".pages/*")) == []


async def test_of_a_document_that_went_while_it_was_drawn_nothing_is_kept(
    library: Library, tmp_path: Path
) -> None:
    draughtsman = Draughtsman()
    shelf = replace(library, pictures=Pictures(draughtsman)).shelf(MINE)
    document = await a_document(shelf)
    drawing = asyncio.create_task(shelf.picture(document, 1))
    while not draughtsman.drawn:
        await asyncio.sleep(0.001)

    await shelf.delete_document(document)
    draughtsman.may.set()

    with pytest.raises(UnknownDocument):
        await drawing
    assert list(tmp_path.rglob(".pages/*")) == []


async def test_another_organisations_page_is_unknown(shelf: TenantShelf, other_shelf: TenantShelf) -> None:
    document = await a_document(shelf)
    await shelf.picture(document, 1)

    with pytest.raises(UnknownDocument):
        await other_shelf.picture(document, 1)


async def test_only_a_pdf_has_pages_to_show(shelf: TenantShelf) -> None:
    document = await a_document(shelf, "a.docx", files.docx_with_breaks())

    with pytest.raises(NotPictured):
        await shelf.picture(document, 1)


@pytest.mark.parametrize("page", [0, -1, 3])
async def test_a_page_that_the_document_has_not_is_not_drawn(
    library: Library, draughtsman: Draughtsman, page: int
) -> None:
    shelf = replace(library, pictures=Pictures(draughtsman)).shelf(MINE)
    document = await a_document(shelf)

    with pytest.raises(UnknownPage):
        await shelf.picture(document, page)
    assert draughtsman.drawn == []


async def test_a_page_that_can_not_be_drawn_says_why_and_frees_its_turn(library: Library) -> None:
    broken = Draughtsman(answer=b'{"reason": "too_large"}')
    broken.may.set()
    shelf = replace(library, pictures=Pictures(broken, patience=1)).shelf(MINE)
    document = await a_document(shelf)

    for _ in range(4):
        with pytest.raises(NotDrawn) as refused:
            await shelf.picture(document, 1)
        assert refused.value.reason is Unreadable.TOO_LARGE


async def test_one_organisations_slow_pages_keep_no_other_waiting(library: Library) -> None:
    draughtsman = Draughtsman()
    slow = replace(library, pictures=Pictures(draughtsman, patience=0.1))
    mine = await a_document(slow.shelf(MINE))
    theirs = await a_document(slow.shelf(THEIRS))
    first = asyncio.create_task(slow.shelf(MINE).picture(mine, 1))
    while not draughtsman.drawn:
        await asyncio.sleep(0.001)

    with pytest.raises(DrawingBusy):
        await slow.shelf(MINE).picture(mine, 2)
    other = asyncio.create_task(slow.shelf(THEIRS).picture(theirs, 2))
    while draughtsman.drawn != [1, 2]:
        await asyncio.sleep(0.001)
    draughtsman.may.set()

    assert await first == await other


def test_the_oldest_pictures_make_room_for_new_ones(tmp_path: Path) -> None:
    album = Album(tmp_path, MINE, most=100)

    for page in range(1, 6):
        album.keep("ab" * 32, page, bytes(40))

    kept = [page for page in range(1, 6) if album.find("ab" * 32, page) is not None]
    assert kept == [4, 5]


def test_two_organisations_share_no_picture(tmp_path: Path) -> None:
    Album(tmp_path, MINE).keep("ab" * 32, 1, b"x")

    assert Album(tmp_path, MINE).find("ab" * 32, 1) == b"x"
    assert Album(tmp_path, THEIRS).find("ab" * 32, 1) is None

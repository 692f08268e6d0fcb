"""A shelf keeps one organisation's documents, and knows nothing of another's."""

import asyncio
from pathlib import Path

import pytest

from auth.identity import TenantId
from rag.documents import Stage, State
from rag.errors import (
    NameInvalid,
    NotReadable,
    RetrievalUnavailable,
    UnknownCollection,
    UnknownDocument,
    UnknownPage,
    Unreadable,
)
from rag.library import Library
from rag.shelf import TenantShelf
from tests.rag.fakes import InlineJobs, WordEmbedder, names

pytestmark = pytest.mark.anyio

LEAVE = "Ansökan om föräldraledighet ska lämnas senast två månader före ledighetens början.".encode()
TRAVEL = "Tjänsteresor ska i första hand göras med tåg. Flyg kräver beslut av förvaltningschefen.".encode()


async def test_a_document_is_ready_and_found_after_it_was_taken_in(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")

    taken = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    document = await shelf.document(taken.id)
    found = await shelf.passages("När ska jag ansöka om föräldraledighet?")
    assert (document.state, document.stage, document.pages) == (State.READY, Stage.DONE, None)
    assert [(passage.document, passage.page, passage.text) for passage in found] == [
        (document.id, None, LEAVE.decode())
    ]
    assert await shelf.page(document.id, 1) == LEAVE.decode()
    assert (await shelf.original(document.id)).read_bytes() == LEAVE


async def test_the_same_file_in_the_same_collection_is_one_document(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    first = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    second = await shelf.take_in(collection.id, "kopia.txt", LEAVE)

    assert second.id == first.id
    assert names(await shelf.documents(collection.id)) == ["ledighet.txt"]
    assert len(await shelf.passages("föräldraledighet")) == 1


async def test_two_uploads_of_one_file_at_once_are_one_document(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")

    taken = await asyncio.gather(*(shelf.take_in(collection.id, "l.txt", LEAVE) for _ in range(5)))

    assert len({document.id for document in taken}) == 1


async def test_a_search_can_be_kept_to_some_collections(shelf: TenantShelf) -> None:
    staff, travel = await shelf.create_collection("Personal"), await shelf.create_collection("Resor")
    await shelf.take_in(staff.id, "ledighet.txt", LEAVE)
    await shelf.take_in(travel.id, "resor.txt", TRAVEL)

    everywhere = await shelf.passages("Hur ska tjänsteresor göras?")
    there = await shelf.passages("Hur ska tjänsteresor göras?", [staff.id])

    assert names(everywhere) == ["resor.txt", "ledighet.txt"]
    assert names(there) == ["ledighet.txt"]


async def test_nothing_of_a_deleted_document_is_left(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    original = await shelf.original(document.id)

    await shelf.delete_document(document.id)

    assert not original.exists()
    assert await shelf.documents(collection.id) == []
    assert await shelf.passages("föräldraledighet") == []
    with pytest.raises(UnknownDocument):
        await shelf.page(document.id, 1)


async def test_a_file_stays_as_long_as_a_document_has_its_content(shelf: TenantShelf) -> None:
    here, there = await shelf.create_collection("A"), await shelf.create_collection("B")
    first = await shelf.take_in(here.id, "ledighet.txt", LEAVE)
    second = await shelf.take_in(there.id, "ledighet.txt", LEAVE)

    await shelf.delete_document(first.id)

    assert (await shelf.original(second.id)).read_bytes() == LEAVE


async def test_a_deleted_collection_takes_its_documents_with_it(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    original = await shelf.original(document.id)

    await shelf.delete_collection(collection.id)

    assert not original.exists()
    assert await shelf.collections() == []
    assert await shelf.passages("föräldraledighet") == []
    with pytest.raises(UnknownDocument):
        await shelf.document(document.id)


async def test_a_collection_can_be_renamed(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")

    await shelf.rename_collection(collection.id, " Medarbetare ")

    assert names(await shelf.collections()) == ["Medarbetare"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "rad\nbrytning", "\u202efdp.txt"])
async def test_a_name_that_can_not_be_shown_is_refused(shelf: TenantShelf, name: str) -> None:
    with pytest.raises(NameInvalid):
        await shelf.create_collection(name)


async def test_two_organisations_may_use_the_same_names_and_see_only_their_own(
    shelf: TenantShelf, other_shelf: TenantShelf
) -> None:
    mine, theirs = await shelf.create_collection("Personal"), await other_shelf.create_collection("Personal")
    await shelf.take_in(mine.id, "ledighet.txt", LEAVE)
    await other_shelf.take_in(theirs.id, "ledighet.txt", TRAVEL)

    found = await other_shelf.passages("När ska jag ansöka om föräldraledighet?")

    assert [passage.text for passage in found] == [TRAVEL.decode()]
    assert [collection.id for collection in await other_shelf.collections()] == [theirs.id]


async def test_another_organisations_ids_are_exactly_as_unknown_as_invented_ones(
    shelf: TenantShelf, other_shelf: TenantShelf
) -> None:
    mine = await shelf.create_collection("Personal")
    document = await shelf.take_in(mine.id, "ledighet.txt", LEAVE)

    for collection in (mine.id, "invented"):
        for attempt in (
            other_shelf.collection(collection),
            other_shelf.documents(collection),
            other_shelf.rename_collection(collection, "X"),
            other_shelf.delete_collection(collection),
            other_shelf.take_in(collection, "a.txt", TRAVEL),
            other_shelf.passages("föräldraledighet", [collection]),
        ):
            with pytest.raises(UnknownCollection) as unknown:
                await attempt
            assert unknown.value.collection == collection
    for name in (document.id, "invented"):
        for attempt in (
            other_shelf.document(name),
            other_shelf.page(name, 1),
            other_shelf.original(name),
            other_shelf.delete_document(name),
        ):
            with pytest.raises(UnknownDocument) as gone:
                await attempt
            assert gone.value.document == name
    assert (await shelf.document(document.id)).state is State.READY
    assert len(await shelf.passages("föräldraledighet")) == 1


async def test_a_page_that_is_not_there_is_unknown(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    with pytest.raises(UnknownPage) as unknown:
        await shelf.page(document.id, 2)

    assert (unknown.value.document, unknown.value.page) == (document.id, 2)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("tom.pdf", b"", Unreadable.EMPTY),
        ("bild.png", b"\x89PNG", Unreadable.UNSUPPORTED),
        ("namn", b"text", Unreadable.UNSUPPORTED),
        ("falsk.pdf", b"MZ\x90\x00", Unreadable.NOT_A_PDF),
        ("gammal.docx", bytes.fromhex("d0cf11e0a1b11ae1"), Unreadable.ENCRYPTED),
        ("falsk.docx", b"hej", Unreadable.UNSUPPORTED),
        ("binar.txt", b"\x00\x01\x02", Unreadable.UNSUPPORTED),
    ],
)
async def test_a_file_that_shows_at_once_that_it_is_no_use_is_refused_at_once(
    shelf: TenantShelf, name: str, content: bytes, reason: Unreadable
) -> None:
    collection = await shelf.create_collection("Personal")

    with pytest.raises(NotReadable) as refused:
        await shelf.take_in(collection.id, name, content)

    assert refused.value.reason is reason
    assert await shelf.documents(collection.id) == []


async def test_a_file_over_the_limit_is_refused_before_it_is_kept(
    shelf: TenantShelf, library: Library, tmp_path: Path
) -> None:
    collection = await shelf.create_collection("Personal")
    big = tmp_path / "stor.txt"
    with big.open("wb") as file:
        file.truncate(library.largest + 1)

    with pytest.raises(NotReadable) as refused:
        await shelf.take_in(collection.id, "stor.txt", big)

    assert refused.value.reason is Unreadable.TOO_LARGE
    assert not list((tmp_path / "originals").glob("**/*"))


async def test_a_file_that_fails_on_reading_says_why_and_can_be_sent_again(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    broken = b"%PDF-1.7 and nothing else"
    taken = await shelf.take_in(collection.id, "trasig.pdf", broken)
    failed = await shelf.document(taken.id)

    again = await shelf.take_in(collection.id, "trasig.pdf", broken)

    assert (failed.state, failed.error) == (State.FAILED, Unreadable.PARSER_FAILED)
    assert (again.id, again.state, again.error) == (taken.id, State.QUEUED, None)
    assert (await shelf.document(taken.id)).state is State.FAILED


async def test_an_embedder_that_is_down_delays_a_document_and_loses_nothing(
    library: Library, shelf: TenantShelf, embedder: WordEmbedder
) -> None:
    collection = await shelf.create_collection("Personal")
    embedder.down = True
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    waiting = await shelf.document(document.id)
    for _ in range(5):
        await library.recover()

    embedder.down = False
    await library.recover()

    assert (waiting.state, waiting.stage) == (State.WORKING, Stage.WAITING)
    assert (await shelf.document(document.id)).state is State.READY
    assert len(await shelf.passages("föräldraledighet")) == 1


async def test_a_search_says_which_part_is_down(shelf: TenantShelf, embedder: WordEmbedder) -> None:
    collection = await shelf.create_collection("Personal")
    await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    embedder.down = True

    with pytest.raises(RetrievalUnavailable) as down:
        await shelf.passages("föräldraledighet")

    assert down.value.part == "embedder"


async def test_a_document_deleted_while_it_waits_is_never_taken_in(
    shelf: TenantShelf, jobs: InlineJobs, embedder: WordEmbedder
) -> None:
    collection = await shelf.create_collection("Personal")
    jobs.held = []
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    await shelf.delete_document(document.id)

    await jobs.release()

    assert embedder.texts == []
    assert await shelf.documents(collection.id) == []


async def test_a_shelf_is_the_same_after_a_restart(library: Library, shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    await library.close()
    await library.open()

    found = await library.shelf(TenantId("bollnas")).passages("föräldraledighet")

    assert names(found) == ["ledighet.txt"]


async def test_an_empty_shelf_finds_nothing(shelf: TenantShelf) -> None:
    await shelf.create_collection("Personal")

    assert await shelf.passages("föräldraledighet") == []


async def test_vectors_of_a_document_that_is_not_ready_are_not_found(
    library: Library, shelf: TenantShelf, embedder: WordEmbedder
) -> None:
    collection = await shelf.create_collection("Personal")
    await shelf.take_in(collection.id, "ledighet.txt", LEAVE)
    vector = await embedder.embed_query("föräldraledighet")
    await library.vectors.of(TenantId("bollnas")).add(collection.id, ["half:0"], [vector])

    assert names(await shelf.passages("föräldraledighet")) == ["ledighet.txt"]

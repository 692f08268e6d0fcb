"""A shelf is the same on PostgreSQL, where row-level security is the second lock."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import select, text

from auth.database import TENANT_SETTING, Database
from auth.identity import TenantId
from rag.documents import State
from rag.errors import UnknownDocument
from rag.shelf import TenantShelf
from rag.tables import collections, documents, metadata, pages, passages
from tests.rag import cluster
from tests.rag.fakes import names

pytestmark = pytest.mark.anyio

LEAVE = "Ansökan om föräldraledighet ska lämnas senast två månader före ledighetens början.".encode()
TRAVEL = "Tjänsteresor ska i första hand göras med tåg.".encode()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    programs = cluster.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with cluster.running(programs) as address:
        yield address


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        for table in (collections, documents, pages, passages):
            await connection.execute(text(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"))
            await connection.execute(text(f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY"))
            rule = f"tenant = current_setting('{TENANT_SETTING}', true)"
            await connection.execute(text(f"CREATE POLICY tenant ON {table.name} USING ({rule})"))
    yield database
    await database.close()


async def test_a_document_is_taken_in_found_and_deleted(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    found = await shelf.passages("När ska jag ansöka om föräldraledighet?")
    await shelf.delete_document(document.id)

    assert names(found) == ["ledighet.txt"]
    assert await shelf.passages("föräldraledighet") == []


async def test_uploads_of_one_file_at_once_are_one_document(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")

    taken = await asyncio.gather(*(shelf.take_in(collection.id, "l.txt", LEAVE) for _ in range(5)))

    assert len({document.id for document in taken}) == 1


async def test_a_deleted_collection_takes_its_documents_with_it(shelf: TenantShelf) -> None:
    collection = await shelf.create_collection("Personal")
    document = await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    await shelf.delete_collection(collection.id)

    with pytest.raises(UnknownDocument):
        await shelf.document(document.id)


async def test_another_organisations_document_is_unknown(
    shelf: TenantShelf, other_shelf: TenantShelf
) -> None:
    mine, theirs = await shelf.create_collection("P"), await other_shelf.create_collection("P")
    document = await shelf.take_in(mine.id, "ledighet.txt", LEAVE)
    await other_shelf.take_in(theirs.id, "resor.txt", TRAVEL)

    found = await other_shelf.passages("När ska jag ansöka om föräldraledighet?")

    assert names(found) == ["resor.txt"]
    with pytest.raises(UnknownDocument):
        await other_shelf.document(document.id)
    assert (await shelf.document(document.id)).state is State.READY


async def test_a_statement_that_forgot_its_tenant_sees_no_row_of_another(
    shelf: TenantShelf, database: Database
) -> None:
    collection = await shelf.create_collection("Personal")
    await shelf.take_in(collection.id, "ledighet.txt", LEAVE)

    seen = {}
    for alias in ("bollnas", "region-gavle"):
        async with database.of(TenantId(alias)).reading() as connection:
            seen[alias] = [
                len((await connection.execute(select(t))).all()) for t in (collections, documents, passages)
            ]
    async with database.installation.reading() as connection:
        unclaimed = (await connection.execute(select(passages))).all()

    assert seen == {"bollnas": [1, 1, 1], "region-gavle": [0, 0, 0]}
    assert unclaimed == []

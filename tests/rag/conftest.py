"""A library on SQLite and an embedded Chroma, with two organisations."""

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auth.database import Database
from auth.identity import TenantId
from rag.library import Library
from rag.shelf import TenantShelf
from rag.tables import metadata
from rag.vectors import EmbeddedVectors
from tests.rag.fakes import InlineJobs, WordEmbedder

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def shared_documents() -> Path:
    folder = SHARED / "documents"
    if not folder.is_dir():
        pytest.skip("needs the documents of ../shared/data, which are not part of the project")
    return folder


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'state.sqlite'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def ids() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id{next(numbers):04}"


@pytest.fixture
def clock() -> Callable[[], datetime]:
    moments = itertools.count()
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(moments))


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def jobs() -> InlineJobs:
    return InlineJobs()


@pytest.fixture
async def library(
    tmp_path: Path,
    database: Database,
    embedder: WordEmbedder,
    jobs: InlineJobs,
    clock: Callable[[], datetime],
    ids: Callable[[], str],
) -> AsyncIterator[Library]:
    library = Library(
        database=database,
        folder=tmp_path / "originals",
        vectors=EmbeddedVectors(tmp_path / "vectors"),
        embedder=embedder,
        jobs=jobs,
        now=clock,
        new_id=ids,
    )
    await library.open()
    yield library
    await library.close()


@pytest.fixture
def shelf(library: Library) -> TenantShelf:
    return library.shelf(TenantId("bollnas"))


@pytest.fixture
def other_shelf(library: Library) -> TenantShelf:
    return library.shelf(TenantId("region-gavle"))

"""Vectors are kept apart by tenant, embedded and on a server, and a server that is down is said to be."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from auth.identity import TenantId
from gateway.installation.plan import free_ports
from rag.errors import RetrievalUnavailable
from rag.vectors import EmbeddedVectors, ServerVectors, TenantVectors, VectorStores

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

MINE, THEIRS = TenantId("bollnas"), TenantId("region-gavle")


class Server:
    """A Chroma server on a port of its own, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        (self._port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        run = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"
        chroma = (sys.executable, "-c", run)  # the environment of a clone has no command of its own for it
        self._process = await asyncio.create_subprocess_exec(
            *(*chroma, "run", "--host", "127.0.0.1", "--port", str(self._port), "--path", str(self._folder)),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
        self._process = None


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    await server.stop()


@pytest.fixture(params=["embedded", "server"])
async def stores(
    request: pytest.FixtureRequest, tmp_path: Path, server: Server
) -> AsyncIterator[VectorStores]:
    stores: VectorStores
    if request.param == "server":
        await server.start()
        stores = ServerVectors(server.url)
        await answering(stores.of(MINE))
    else:
        stores = EmbeddedVectors(tmp_path / "vectors")
    yield stores
    await stores.close()


async def answering(vectors: TenantVectors) -> dict[str, float]:
    async with asyncio.timeout(90):
        while True:
            try:
                return await vectors.nearest("k1", [1.0, 0.0], 10)
            except RetrievalUnavailable:
                await asyncio.sleep(0.1)


async def test_vectors_are_found_by_cosine_and_only_in_their_tenants_collection(stores: VectorStores) -> None:
    mine, theirs = stores.of(MINE), stores.of(THEIRS)
    await mine.add("k1", ["d1:0", "d1:1", "d2:0"], [[2, 0], [0.8, 0.6], [0, 1]])

    nearest = await mine.nearest("k1", [1, 0], 2)

    assert nearest == pytest.approx({"d1:0": 1.0, "d1:1": 0.8}, abs=1e-5)
    assert await mine.similarities("k1", [0, 1], ["d1:1", "no:0"]) == pytest.approx({"d1:1": 0.6}, abs=1e-5)
    assert await mine.similarities("k1", [0, 1], []) == {}
    assert await mine.nearest("k2", [1, 0], 10) == {}
    assert await theirs.nearest("k1", [1, 0], 10) == {}


async def test_a_documents_vectors_are_replaced_and_removed_together(stores: VectorStores) -> None:
    mine = stores.of(MINE)
    await mine.add("k1", ["d1:0", "d1:1", "d2:0"], [[1, 0], [1, 0], [0, 1]])
    await mine.add("k1", ["d1:0"], [[0, 1]])

    replaced = await mine.similarities("k1", [0, 1], ["d1:0"])
    await mine.remove("k1", "d1")

    assert replaced == pytest.approx({"d1:0": 1.0})
    assert set(await mine.nearest("k1", [1, 0], 10)) == {"d2:0"}


async def test_a_collection_is_dropped_whole_and_twice_is_no_fault(stores: VectorStores) -> None:
    mine = stores.of(MINE)
    await mine.add("k1", ["d1:0"], [[1, 0]])

    await mine.drop("k1")
    await mine.drop("k1")

    assert await mine.nearest("k1", [1, 0], 10) == {}


async def test_a_server_that_is_down_is_said_to_be_and_serves_again_when_it_is_back(server: Server) -> None:
    stores = ServerVectors(server.url)
    vectors = stores.of(MINE)
    with pytest.raises(RetrievalUnavailable) as never_there:
        await vectors.nearest("k1", [1, 0], 1)
    await server.start()
    await answering(vectors)
    await vectors.add("k1", ["d1:0"], [[1, 0]])
    await server.stop()
    with pytest.raises(RetrievalUnavailable) as gone:
        await vectors.nearest("k1", [1, 0], 1)

    await server.start()

    assert set(await answering(vectors)) == {"d1:0"}
    assert (never_there.value.part, gone.value.part) == ("chroma", "chroma")
    await stores.close()


async def test_each_tenant_has_a_folder_of_its_own(tmp_path: Path) -> None:
    stores = EmbeddedVectors(tmp_path)
    for tenant in (MINE, THEIRS):
        await stores.of(tenant).add("k1", ["d1:0"], [[1, 0]])

    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["bollnas", "region-gavle"]
    await stores.close()


async def test_the_next_gateway_finds_what_the_first_has_stored(server: Server) -> None:
    await server.start()
    first, second = ServerVectors(server.url), ServerVectors(server.url)
    await answering(first.of(MINE))
    await first.of(MINE).add("k1", ["d1:0"], [[1.0, 0.0]])
    await first.close()
    assert set(await second.of(MINE).nearest("k1", [1.0, 0.0], 10)) == {"d1:0"}
    await second.close()

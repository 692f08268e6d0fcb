"""A process that takes a document in with durable jobs: run as ``python worker.py FOLDER slow|resume``.

``slow`` uploads and then never gets past the second batch of vectors; ``resume`` only starts, and says how it went.
"""

import asyncio
import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from auth.database import Database
from auth.identity import TenantId
from rag.documents import State
from rag.jobs import DurableJobs, JobSettings
from rag.library import Library
from rag.tables import metadata
from rag.vectors import EmbeddedVectors
from tests.rag.fakes import WordEmbedder

TENANT = TenantId("bollnas")
TEXT = "\n\n".join(
    f"Punkt {number} handlar om ärende {number} och inget annat. " * 12 for number in range(60)
)


class StuckEmbedder(WordEmbedder):
    """Does one batch, says so, and never ends the next."""

    async def embed_passages(self, texts: list[str]) -> list[list[float]]:
        if self.texts:
            print("stuck", flush=True)
            await asyncio.sleep(3600)
        return await super().embed_passages(texts)


async def main(folder: Path, mode: str) -> None:
    database = Database(f"sqlite:///{folder / 'state.sqlite'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    library = Library(
        database=database,
        folder=folder / "originals",
        vectors=EmbeddedVectors(folder / "vectors"),
        embedder=StuckEmbedder() if mode == "slow" else WordEmbedder(),
        jobs=DurableJobs(JobSettings(url=f"sqlite:///{folder / 'jobs.sqlite'}", poll_seconds=0.05)),
        now=lambda: datetime.now(UTC),
        new_id=lambda: uuid.uuid4().hex,
    )
    await library.open()
    shelf = library.shelf(TENANT)
    if mode == "slow":
        collection = await shelf.create_collection("Ärenden")
        await shelf.take_in(collection.id, "punkter.txt", TEXT.encode())
        await asyncio.sleep(3600)
    (collection,) = await shelf.collections()
    async with asyncio.timeout(100):
        while (await shelf.documents(collection.id))[0].state is not State.READY:
            await asyncio.sleep(0.05)
    found = await shelf.passages("Vad handlar ärende 7 om?", limit=1000)
    vectors = await library.vectors.of(TENANT).nearest(collection.id, [1.0] * 64, 1000)
    answer = {
        "documents": len(await shelf.documents(collection.id)),
        "passages": sorted(passage.ordinal for passage in found),
        "vectors": len(vectors),
    }
    await library.close()
    await database.close()
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))

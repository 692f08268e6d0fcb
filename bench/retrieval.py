"""Retrieval and quoting on the development split of a Swedish public-sector benchmark.

    python -m bench.retrieval compare --data DIR --embeddings URL     each part alone, exact, with paired intervals
    python -m bench.retrieval shelf   --data DIR --embeddings URL     the product: a shelf in a temporary folder
    python -m bench.retrieval http    --data DIR [--lab var/embedded] the product, through a running lab
    python -m bench.retrieval quotes  --data DIR --embeddings URL     sentences: right ones first, none without support

DIR holds ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``, with ``score.py`` one folder up (``--score`` to
name another). Passage mode: each passage of the corpus is a text document of its own. URL is an OpenAI-compatible
server with multilingual-e5-small; ``--cache FILE`` keeps its vectors for the next run.
"""

import argparse
import asyncio
import hashlib
import json
import logging
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import httpx
import numpy as np
import structlog

from auth.database import Database
from auth.identity import TenantId
from gateway.demo.caller import access_token
from gateway.demo.description import Description
from rag.documents import Passage
from rag.fusion import MOST, closeness, fuse, ideal_score
from rag.jobs import Progress, Task
from rag.lexical import LexicalIndex
from rag.library import Library
from rag.outbox import Work
from rag.quoting import candidates, quote
from rag.search import CANDIDATES, REORDERED
from rag.sentences import sentences
from rag.shelf import QUOTED_PASSAGES
from rag.tables import metadata
from rag.vectors import EmbeddedVectors
from rag.words import stems, stems_of_each

AT_ONCE = 4


@dataclass
class Data:
    folder: Path
    corpus: list[dict]
    questions: list[dict]
    relevant: dict[str, set[str]]

    @classmethod
    def read(cls, folder: Path) -> "Data":
        relevant: dict[str, set[str]] = {}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            question, passage, grade = line.split("\t")
            if int(grade) > 0:
                relevant.setdefault(question, set()).add(passage)
        questions = [one for one in _lines(folder / "queries.jsonl") if one["split"] == "dev"]
        return cls(folder, _lines(folder / "corpus.jsonl"), questions, relevant)

    @cached_property
    def texts(self) -> list[str]:
        return [f"{one['title']}\n{one['text']}" if one["title"] else one["text"] for one in self.corpus]


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


class Embeddings:
    """multilingual-e5-small behind an OpenAI-compatible address, with what it said before kept in a file."""

    def __init__(self, url: str, cache: Path | None) -> None:
        self._url = url.rstrip("/")
        self._cache = cache
        self._known: dict[str, np.ndarray] = {}
        self._turn = asyncio.Semaphore(4)
        if cache is not None and cache.exists():
            kept = np.load(cache)
            self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def of(self, _tenant: TenantId) -> "Embeddings":
        return self

    async def embed_query(self, text: str) -> list[float]:
        return (await self._all([f"query: {text}"]))[0]

    async def embed_passages(self, texts: list[str]) -> list[list[float]]:
        return await self._all([f"passage: {text}" for text in texts])

    def keep(self) -> None:
        if self._cache is not None and self._known:
            np.savez(
                self._cache, keys=list(self._known), vectors=np.array(list(self._known.values()), np.float32)
            )

    async def _all(self, texts: list[str]) -> list[list[float]]:
        return list(await asyncio.gather(*(self._one(text) for text in texts)))

    async def _one(self, text: str) -> list[float]:
        key = hashlib.sha256(text.encode()).hexdigest()
        if key not in self._known:
            async with self._turn, httpx.AsyncClient(timeout=60) as client:
                self._known[key] = await self._ask(client, text)
        return self._known[key].tolist()

    async def _ask(self, client: httpx.AsyncClient, text: str) -> np.ndarray:
        while True:
            try:
                answer = await client.post(
                    f"{self._url}/v1/embeddings", json={"input": [text], "model": "e5"}
                )
            except httpx.TransportError:
                await asyncio.sleep(1)  # llama.cpp closes idle connections, and may be started anew
                continue
            if answer.status_code == 200:
                vector = np.array(answer.json()["data"][0]["embedding"], np.float32)
                return vector / np.linalg.norm(vector)
            text = text[: int(len(text) * 0.9)]  # over the model's 512 tokens
            if len(text) < 100:
                answer.raise_for_status()


class AtOnce:
    """Jobs that are done before ``enqueue`` returns; a benchmark is not killed in the middle."""

    async def open(self, task: Task) -> None:
        self._task = task

    async def enqueue(self, work: Work) -> None:
        await self._task(work.tenant, work.document)

    async def progress(self, work: Work) -> Progress:  # noqa: ARG002  as the real one
        return Progress.UNKNOWN

    async def close(self) -> None:
        pass


async def _each(things: Iterable, work: Callable[..., Awaitable[None]]) -> None:
    """Do something for each thing, a few at a time."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def do(thing: object) -> None:
        async with turn:
            await work(thing)

    await asyncio.gather(*(do(thing) for thing in things))


# compare: each part alone, over all passages


async def compare(data: Data, embeddings: Embeddings) -> None:
    vectors = np.array(await embeddings.embed_passages(data.texts))
    index = LexicalIndex(stems_of_each(data.texts))
    gains: dict[str, list[float]] = {"words": [], "nearness": [], "fused": [], "fused, then closeness": []}
    for question in data.questions:
        near = vectors @ np.array(await embeddings.embed_query(question["text"]))
        for name, order in _orders(data, index, stems(question["text"]), near).items():
            gains[name].append(_ndcg([data.corpus[place]["_id"] for place in order], data, question))
    random = np.random.default_rng(0)
    base = np.array(gains["fused"])
    for name, values in gains.items():
        picks = random.integers(0, len(base), (2000, len(base)))
        low, high = np.quantile((np.array(values) - base)[picks].mean(axis=1), [0.025, 0.975])
        print(f"{name:24} nDCG@10 {np.mean(values):.4f}   against fused {low:+.4f} to {high:+.4f}")


def _orders(data: Data, index: LexicalIndex, terms: list[str], near: np.ndarray) -> dict[str, list[int]]:
    scores = index.scores(terms, index.statistics(terms))
    fused, closer = _fused(data, index, terms, near, hidden=frozenset())
    return {
        "words": np.argsort(-scores, kind="stable")[:10].tolist(),
        "nearness": np.argsort(-near, kind="stable")[:10].tolist(),
        "fused": list(fused)[:10],
        "fused, then closeness": list(closer)[:10],
    }


def _fused(
    data: Data, index: LexicalIndex, terms: list[str], near: np.ndarray, *, hidden: frozenset[int]
) -> tuple[dict[int, float], dict[int, float]]:
    """The scores of the best places, best first: after fusion, and of the first of them after closeness too."""
    whole = index.statistics(terms)
    scores = index.scores(terms, whole)
    chosen = set(np.argsort(-scores)[: CANDIDATES + len(hidden)]) | set(
        np.argsort(-near)[: CANDIDATES + len(hidden)]
    )
    places = [int(place) for place in chosen if int(place) not in hidden]
    fused = fuse(
        {str(place): float(scores[place]) for place in places},
        {str(place): float(near[place]) for place in places},
        ideal_score(terms, whole),
    )
    ranked = _descending({int(place): score for place, score in fused.items()})
    closer = {
        place: (ranked[place] + closeness(terms, _parts(data, place), whole)) / MOST
        for place in list(ranked)[:REORDERED]
    }
    return ranked, _descending(closer)


def _parts(data: Data, place: int) -> list[list[str]]:
    text = data.texts[place]
    return stems_of_each(text[start:end] for start, end in sentences(text))


def _descending(scores: dict[int, float]) -> dict[int, float]:
    return dict(sorted(scores.items(), key=lambda one: -one[1]))


def _ndcg(found: Sequence[str], data: Data, question: dict) -> float:
    relevant = data.relevant[question["_id"]]
    gain = sum(1 / np.log2(rank + 2) for rank, one in enumerate(found[:10]) if one in relevant)
    return gain / sum(1 / np.log2(rank + 2) for rank in range(min(len(relevant), 10)))


# shelf and http: the product


async def shelf(data: Data, embeddings: Embeddings, score: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/state.sqlite")
        async with database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        library = Library(
            database=database,
            folder=Path(folder) / "originals",
            vectors=EmbeddedVectors(Path(folder) / "vectors"),
            embedder=embeddings,
            jobs=AtOnce(),
            now=lambda: datetime.now(UTC),
            new_id=lambda: secrets.token_hex(12),
        )
        await library.open()
        own = library.shelf(TenantId("bench"))
        collection = await own.create_collection("corpus")
        ids: dict[str, list[str]] = {}

        async def take_in(passage: tuple[dict, str]) -> None:
            taken = await own.take_in(collection.id, f"{passage[0]['_id']}.txt", passage[1].encode())
            ids.setdefault(taken.id, []).append(passage[0]["_id"])

        async def ask(question: str) -> list[str]:
            return [found.document for found in await own.passages(question, [collection.id], limit=20)]

        await _each(zip(data.corpus, data.texts, strict=True), take_in)
        await _scored(data, ask, ids, score)
        await library.close()
        await database.close()


class Employee(httpx.Auth):
    """The demonstration's employee: a token, and a new one when a request finds it expired."""

    def __init__(self, lab: Description) -> None:
        self._lab = lab
        self._token = ""

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        for _ in range(2):
            if not self._token:
                self._token = await asyncio.to_thread(self._fetch)
            request.headers["authorization"] = f"Bearer {self._token}"
            answer = yield request
            if answer.status_code != 401:
                return
            self._token = ""

    def _fetch(self) -> str:
        return access_token(self._lab, "medarbetare@ekdalen.example", scope="openid organization:ekdalen")


async def through_http(data: Data, lab: Description, score: Path) -> None:
    """Upload, wait, ask; the collection is deleted afterwards."""
    async with httpx.AsyncClient(
        base_url=lab.url, auth=Employee(lab), timeout=120, trust_env=False
    ) as client:
        made = await client.post("/api/collections", json={"name": f"bench {secrets.token_hex(4)}"})
        collection = made.raise_for_status().json()["id"]
        try:
            ids = await upload(client, data, collection)
            await until_ready(client, collection)
            await _scored(data, lambda question: search(client, collection, question), ids, score)
        finally:
            await client.delete(f"/api/collections/{collection}")


async def upload(client: httpx.AsyncClient, data: Data, collection: str) -> dict[str, list[str]]:
    """Each passage as a text document; which passages each document's id stands for."""
    ids: dict[str, list[str]] = {}

    async def send(passage: tuple[dict, str]) -> None:
        name = f"{passage[0]['_id']}.txt"
        while True:
            answer = await client.post(
                f"/api/collections/{collection}/documents", files={"file": (name, passage[1].encode())}
            )
            if answer.status_code != 429:
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
        ids.setdefault(answer.raise_for_status().json()["id"], []).append(passage[0]["_id"])

    await _each(zip(data.corpus, data.texts, strict=True), send)
    return ids


async def until_ready(client: httpx.AsyncClient, collection: str) -> None:
    """Wait until no document is on its way any more.

    Raises:
        RuntimeError: some failed.
    """
    while True:
        listed = (
            (await client.get(f"/api/collections/{collection}/documents")).raise_for_status().json()["items"]
        )
        states = [one["state"] for one in listed]
        print(f"{states.count('ready')} of {len(states)} ready", file=sys.stderr, flush=True)
        if "failed" in states:
            raise RuntimeError(f"{states.count('failed')} documents failed")
        if set(states) == {"ready"}:
            return
        await asyncio.sleep(10)


async def search(client: httpx.AsyncClient, collection: str, question: str) -> list[str]:
    """The ids of the documents whose passages answer best."""
    body = {"query": question, "max_num_results": 20}
    answer = await client.post(f"/v1/vector_stores/{collection}/search", json=body)
    return [hit["file_id"] for hit in answer.raise_for_status().json()["data"]]


async def _scored(
    data: Data, ask: Callable[[str], Awaitable[list[str]]], ids: dict[str, list[str]], score: Path
) -> None:
    rows = []
    for question in data.questions:
        began = time.perf_counter()
        found = await ask(question["text"])
        passages = [passage for document in found for passage in ids[document]]
        took = 1000 * (time.perf_counter() - began)
        rows.append({"query_id": question["_id"], "passage_ids": passages, "ms": took})
    await asyncio.to_thread(_score, data, rows, score)


def _score(data: Data, rows: list[dict], score: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as run:
        run.write("".join(json.dumps(row) + "\n" for row in rows))
        run.flush()
        command = [
            sys.executable,
            str(score),
            "--data",
            str(data.folder),
            "--run",
            run.name,
            "--split",
            "dev",
        ]
        subprocess.run([*command, "--by-source"], check=True)


# quotes: the right sentence first, and none where the documents say nothing


async def quotes(data: Data, embeddings: Embeddings, unrelated: Sequence[str]) -> None:
    """Three kinds of questions: answered by the corpus; the same with the answering document taken away; unrelated."""
    vectors = np.array(await embeddings.embed_passages(data.texts))
    index = LexicalIndex(stems_of_each(data.texts))
    first, among, given = 0, 0, 0
    for question in data.questions:
        found = await _quoted(data, index, vectors, embeddings, question["text"], without=None)
        right = [_answers(one, question, data) for one in found]
        first, among, given = first + any(right[:1]), among + any(right), given + bool(found)
    count = len(data.questions)
    print(
        f"answered questions: quoted {given / count:.3f}, right first {first / count:.3f}, "
        f"among 3 {among / count:.3f}"
    )
    gone = [
        await _quoted(data, index, vectors, embeddings, one["text"], without=one["doc_id"])
        for one in data.questions[::4]
    ]
    print(f"answering document taken away: no support {1 - np.mean([bool(found) for found in gone]):.3f}")
    strange = [await _quoted(data, index, vectors, embeddings, one, without=None) for one in unrelated]
    print(f"unrelated questions: no support {1 - np.mean([bool(found) for found in strange]):.3f}")


async def _quoted(
    data: Data,
    index: LexicalIndex,
    vectors: np.ndarray,
    embeddings: Embeddings,
    question: str,
    *,
    without: str | None,
) -> list[tuple[str, str]]:
    """The passages' ids and the sentences that are quoted from them."""
    asked = await embeddings.embed_query(question)
    hidden = frozenset(place for place, one in enumerate(data.corpus) if one["doc_id"] == without)
    _, scores = _fused(data, index, stems(question), vectors @ np.array(asked), hidden=hidden)
    best = list(scores.items())[:QUOTED_PASSAGES]
    found = candidates(
        question, [_passage(data, *one) for one in best], _pages(data, [place for place, _ in best])
    )
    given = await embeddings.embed_passages([one.text for one in found])
    said = quote(found, asked, given, question=question, limit=3)
    return [(one.document, one.quote) for one in said.sentences]


def _passage(data: Data, place: int, score: float) -> Passage:
    name, text = data.corpus[place]["_id"], data.texts[place]
    return Passage(name, "corpus", name, None, 0, len(text), text, 0, score=score)


def _pages(data: Data, places: Sequence[int]) -> dict[tuple[str, int | None], str]:
    return {(data.corpus[place]["_id"], None): data.texts[place] for place in places}


def _answers(quoted: tuple[str, str], question: dict, data: Data) -> bool:
    """A sentence of the right passage that holds the answer's words, or is part of an answer that is longer."""
    passage, sentence = quoted
    said, answer = " ".join(sentence.lower().split()), " ".join(question["answer"].lower().split())
    return passage in data.relevant[question["_id"]] and (answer in said or said in answer)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["compare", "shelf", "http", "quotes"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--score", type=Path)
    parser.add_argument("--embeddings", default="http://127.0.0.1:8090")
    parser.add_argument("--cache", type=Path)
    parser.add_argument(
        "--lab", type=Path, default=Path("var/embedded"), help="the data folder of a running lab"
    )
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    data, embeddings = Data.read(asked.data), Embeddings(asked.embeddings, asked.cache)
    score = asked.score or asked.data.parent / "score.py"
    unrelated = (Path(__file__).parent / "unrelated_sv.txt").read_text(encoding="utf-8").splitlines()
    runs = {
        "compare": lambda: compare(data, embeddings),
        "shelf": lambda: shelf(data, embeddings, score),
        "http": lambda: through_http(data, Description.read(asked.lab), score),
        "quotes": lambda: quotes(data, embeddings, unrelated),
    }
    try:
        asyncio.run(runs[asked.what]())
    finally:
        embeddings.keep()


if __name__ == "__main__":
    main()

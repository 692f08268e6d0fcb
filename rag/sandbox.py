"""Where untrusted files are read: a child of its own for each, that lives a minute at most."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from rag.errors import NotReadable, Unreadable
from rag.extraction import Bounds, Extract, plain
from rag.formats import Kind, kind_of
from rag.headings import Heading
from rag.picture import MOST_BYTES

_PROBE_SECONDS = 30.0
_ANSWER_OVERHEAD = 64 * 1024 * 1024  # JSON escapes and headings beside the characters themselves
_CPU_KILLED = -signal.SIGXCPU


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds for a file's parser here, beside its limits: no network, no file but program code."""

    network: bool
    files: bool


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Reads files in short-lived children.

    Attributes:
        seconds: how long a file may take by the clock.
        bounds: how much a file may be.
        unshare: util-linux's command, for a network namespace without a network; ``None`` to do without.
    """

    seconds: float = 90.0
    bounds: Bounds = field(default_factory=Bounds)
    unshare: str | None = field(default_factory=lambda: shutil.which("unshare"))

    async def read(self, path: Path, media_type: str) -> Extract:
        """The pages of a file that was recognised as this media type.

        Raises:
            NotReadable: for each reason that shows only on reading.
        """
        if kind_of(media_type) is Kind.TEXT:
            return await self._read_text(path)
        namespaced = await self._namespaced()
        asked = [media_type, json.dumps(asdict(self.bounds))]
        most = self.bounds.characters * 6 + _ANSWER_OVERHEAD
        with path.open("rb") as file:
            answer = await self._ask(asked, namespaced, file, most=most)
        return _extract(answer)

    async def draw(self, path: Path, page: int) -> bytes:
        """The page of a PDF as a picture, packed (``rag.picture``).

        Raises:
            NotReadable: too_large, timed_out, parser_failed; other reasons stand in the answer.
        """
        namespaced = await self._namespaced()
        with path.open("rb") as file:
            return await self._ask(["draw", str(page)], namespaced, file, most=MOST_BYTES)

    async def confinement(self) -> Confinement:
        """What holds here, found out by trying."""
        namespaced = await self._namespaced()
        answer = _object(
            await self._ask(["probe"], namespaced, asyncio.subprocess.DEVNULL, most=_ANSWER_OVERHEAD)
        )
        return Confinement(network=answer.get("network") is True, files=answer.get("files") is True)

    async def _read_text(self, path: Path) -> Extract:
        found = plain(await asyncio.to_thread(_content, path, self.bounds.characters))
        if not found.pages[0].strip():
            raise NotReadable(Unreadable.NO_TEXT)
        return found

    async def _namespaced(self) -> Sequence[str]:
        """The prefix that puts a command into namespaces of its own, where this machine allows it."""
        if self.unshare is None:
            return ()
        prefix = (self.unshare, "--map-root-user", "--net", "--ipc")
        trial = await asyncio.create_subprocess_exec(
            *prefix, "true", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        return prefix if await trial.wait() == 0 else ()

    async def _ask(
        self, arguments: Sequence[str], prefix: Sequence[str], file: IO[bytes] | int, *, most: int
    ) -> bytes:
        child = await asyncio.create_subprocess_exec(
            *prefix,
            *(sys.executable, "-s", "-m", "rag.parser", *arguments),
            stdin=file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self.seconds):
                answer = await _at_most(child, most)
                code = await child.wait()
        except TimeoutError as slow:
            raise NotReadable(Unreadable.TIMED_OUT) from slow
        finally:
            await _end(child)
        if code == _CPU_KILLED:
            raise NotReadable(Unreadable.TIMED_OUT)
        if code != 0:
            raise NotReadable(Unreadable.PARSER_FAILED)
        return answer


def _content(path: Path, most: int) -> bytes:
    if path.stat().st_size > most:
        raise NotReadable(Unreadable.TOO_LARGE)
    return path.read_bytes()


def _environment() -> dict[str, str]:
    """Nothing of ours but where the code is; one thread each, as memory is bounded by address space."""
    return {
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "RAYON_NUM_THREADS": "1",
        "TOKIO_WORKER_THREADS": "1",
    }


async def _at_most(child: asyncio.subprocess.Process, size: int) -> bytes:
    if child.stdout is None:
        raise NotReadable(Unreadable.PARSER_FAILED)
    answer = bytearray()
    while chunk := await child.stdout.read(1 << 16):
        answer += chunk
        if len(answer) > size:
            raise NotReadable(Unreadable.TOO_LARGE)
    return bytes(answer)


async def _end(child: asyncio.subprocess.Process) -> None:
    """No child outlives its file, whatever happened: the whole session of processes is ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    await asyncio.shield(child.wait())


def _object(answer: bytes) -> dict[str, Any]:
    try:
        read = json.loads(answer)
    except ValueError as broken:
        raise NotReadable(Unreadable.PARSER_FAILED) from broken
    if not isinstance(read, dict):
        raise NotReadable(Unreadable.PARSER_FAILED)
    return read


def _extract(answer: bytes) -> Extract:
    """The child's answer, believed only as far as its shape goes: it has read an untrusted file."""
    read = _object(answer)
    if "reason" in read:
        raise NotReadable(Unreadable(read["reason"]))
    try:
        headings = tuple(
            Heading(int(one["page"]), int(one["start"]), int(one["level"]), str(one["title"]))
            for one in read["headings"]
        )
        return Extract(
            tuple(str(page) for page in read["pages"]), paged=bool(read["paged"]), headings=headings
        )
    except (KeyError, TypeError, ValueError) as broken:
        raise NotReadable(Unreadable.PARSER_FAILED) from broken

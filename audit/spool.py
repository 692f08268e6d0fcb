"""Strict capture: what a caller is shown is sealed and on the disk before it is released."""

import asyncio
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import anyio.to_thread
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit import envelope
from audit.durable import make_folder, sync_folder, write_all
from audit.envelope import ContentKeys, Place
from audit.errors import LedgerUnavailable, Unavailable
from audit.keys import Entropy
from audit.records import Content


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose key seals the content: a pseudonym and a month (``2026-11``)."""

    pid: str
    month: str


class Spool:
    """The capture of one call; one task writes, and what comes while the disk works goes into one frame."""

    def __init__(self, file: "_File", failed: Callable[[str], None], classification: str) -> None:
        self._file = file
        self._failed = failed
        self._classification = classification
        self._buffer = bytearray()
        self._taken = 0
        self._durable = 0
        self._turn = asyncio.Lock()

    async def write(self, plain: bytes) -> None:
        """Durable when this returns; only then may the bytes be released.

        Raises:
            LedgerUnavailable: they are not, and nothing more of the call may be released.
        """
        self._buffer += plain
        self._taken += len(plain)
        mine = self._taken
        async with self._turn:
            if self._durable >= mine:
                return
            chunk = bytes(self._buffer)
            self._buffer.clear()
            await self._on_disk(lambda: self._file.add(chunk))
            self._durable += len(chunk)

    async def close(self) -> Content:
        """Ends the capture; what is returned belongs on the outcome's record.

        Raises:
            LedgerUnavailable: the end is not durable.
        """
        async with self._turn:
            await self._on_disk(self._file.end)
        return self._file.content(self._classification)

    async def _on_disk(self, work: Callable[[], None]) -> None:
        try:
            await anyio.to_thread.run_sync(work)
        except OSError as fault:
            self._failed(f"content: {fault.strerror}")
            raise LedgerUnavailable(Unavailable.FAILED) from fault


class _File:
    """The file of sealed frames; used by one thread at a time."""

    def __init__(self, folder: Path, keys: ContentKeys, place: Place, owner: Owner, entropy: Entropy) -> None:
        make_folder(folder)
        self._place = place
        self._dek, subject = keys.for_month(place.log, owner.pid, owner.month)
        key, salt = entropy(32), entropy(envelope.SALT_BYTES)
        self._key = AESGCM(key)
        self._cm = hmac.new(salt, digestmod=sha256)
        self._ct = sha256()
        self._number = 0
        self._length = 0
        path = folder / f"{place.blob}.sealed"
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        wrapped = envelope.wrap(subject, key, place.bound, nonce=entropy(12))
        self._put(envelope.head_line(place, self._dek, wrapped) + self._sealed(salt))
        sync_folder(folder)

    def add(self, plain: bytes) -> None:
        """Raises: OSError."""
        self._take(plain)
        self._put(self._sealed(plain))

    def end(self) -> None:
        """Raises: OSError."""
        self._put(envelope.seal_last(self._key, self._number, b"", self._place.bound))
        os.close(self._fd)

    def content(self, classification: str) -> Content:
        return Content(
            classification,
            self._length,
            blob=self._place.blob,
            ct=f"sha256:{self._ct.hexdigest()}",
            cm=f"hmac-sha256:{self._cm.hexdigest()}",
            dek=self._dek,
        )

    def _take(self, plain: bytes) -> None:
        self._cm.update(plain)
        self._length += len(plain)

    def _sealed(self, plain: bytes) -> bytes:
        frame = envelope.seal(self._key, self._number, plain, self._place.bound)
        self._number += 1
        return frame

    def _put(self, raw: bytes) -> None:
        self._ct.update(raw)
        write_all(self._fd, raw)
        os.fdatasync(self._fd)


async def open_spool(
    folder: Path,
    keys: ContentKeys,
    place: Place,
    owner: Owner,
    *,
    classification: str,
    entropy: Entropy,
    failed: Callable[[str], None],
) -> Spool:
    """A spool for the call, its file durable.

    Raises:
        LedgerUnavailable: the file can't be made.
    """
    try:
        file = await anyio.to_thread.run_sync(lambda: _File(folder, keys, place, owner, entropy))
    except OSError as fault:
        failed(f"content: {fault.strerror}")
        raise LedgerUnavailable(Unavailable.FAILED) from fault
    return Spool(file, failed, classification)

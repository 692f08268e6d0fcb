"""The write-ahead log: segments of framed records, one ``fdatasync`` per batch.

A frame is ``length u32 | crc32c u32 | name length u8 | name | leaf hash 32 | body``, integers little-endian.
The checksum covers name and leaf hash, the leaf hash covers the body, so that every byte is covered once.
A frame without a name and with :data:`BARRIER` and its own offset as body opens each batch: what stands
before it was durable when it was written. That tells a torn tail (no barrier behind it) from damage.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import getitem, xor
from pathlib import Path
from typing import Final

from audit.durable import sync_folder, write_all
from audit.errors import LedgerDamaged
from audit.merkle import leaf_hash

MAGIC: Final = b"valv wal 1\n\x00\x00\x00\x00\x00"
BARRIER: Final = b"valv barrier\n"
SEGMENT_BYTES: Final = 16 * 1024 * 1024

_HEAD: Final = struct.Struct("<IIB")
_OFFSET: Final = struct.Struct("<Q")


def _table() -> tuple[int, ...]:
    row = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        row.append(value)
    return tuple(row)


_CRC: Final = _table()


def _crc_step(state: int, content: bytes) -> int:
    table = _CRC
    for byte in content:
        state = (state >> 8) ^ table[(state ^ byte) & 0xFF]
    return state


@lru_cache(maxsize=4096)
def _crc_of_name(name: bytes) -> int:
    return _crc_step(0xFFFFFFFF, name)


def _places() -> tuple[tuple[int, ...], ...]:
    """What a byte at each place of a leaf hash adds to the checksum behind it (CRCs are linear)."""
    places, row = [], _CRC
    for _ in range(32):
        places.append(row)
        row = tuple((value >> 8) ^ _CRC[value & 0xFF] for value in row)
    return tuple(reversed(places))


_LEAF: Final = _places()


def crc32c(name: bytes, leaf: bytes) -> int:
    """CRC-32C (RFC 3720 B.4) of a name and a leaf hash; the state after the name is remembered."""
    state = int.from_bytes(leaf[:4], "little") ^ _crc_of_name(name)
    return reduce(xor, map(getitem, _LEAF, state.to_bytes(4, "little") + leaf[4:]), 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Frame:
    """One record in the write-ahead log."""

    log: str
    leaf: bytes
    body: bytes


def frame_head(name: bytes, leaf: bytes, length: int) -> bytes:
    """What stands before the body."""
    return _HEAD.pack(length, crc32c(name, leaf), len(name)) + name + leaf


def barrier(offset: int) -> bytes:
    body = BARRIER + _OFFSET.pack(offset)
    return frame_head(b"", leaf_hash(body), len(body)) + body


class Segment:
    """One file of the write-ahead log, open for appending."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        write_all(self._fd, MAGIC)
        os.fsync(self._fd)
        sync_folder(path.parent)
        self.size = len(MAGIC)

    def append(self, frames: bytes) -> None:
        """Writes the batch; not durable before :meth:`sync`.

        Raises:
            OSError: nothing of it counts; :meth:`cut_back` takes away what was written.
        """
        batch = barrier(self.size) + frames
        write_all(self._fd, batch)
        self.size += len(batch)

    def sync(self) -> None:
        """Raises: OSError, after which the file must not be used again."""
        os.fdatasync(self._fd)

    def cut_back(self) -> None:
        """Takes away a batch that could not be written whole."""
        os.ftruncate(self._fd, self.size)
        os.lseek(self._fd, self.size, os.SEEK_SET)

    def close(self) -> None:
        os.close(self._fd)


def segment_path(folder: Path, number: int) -> Path:
    return folder / f"{number:020d}.wal"


def segments(folder: Path) -> list[Path]:
    """The segment files, oldest first."""
    return sorted(folder.glob("*.wal"))


@dataclass(frozen=True, slots=True)
class Scan:
    """What a segment holds: its frames, and the offset behind the last whole one."""

    frames: list[Frame]
    end: int
    size: int


def scan(path: Path, *, last: bool) -> Scan:
    """Reads a segment; a torn tail is accepted in the last one only.

    Raises:
        LedgerDamaged: torn elsewhere, or damaged before a barrier.
    """
    raw = path.read_bytes()
    if not raw.startswith(MAGIC):
        if last and MAGIC.startswith(raw):
            return Scan([], 0, len(raw))
        raise LedgerDamaged(path.name, "not a segment of a write-ahead log")
    frames, end = [], len(MAGIC)
    for frame, end in _frames(raw, len(MAGIC)):  # noqa: B007  the last end is needed
        if frame.log:
            frames.append(frame)
    if end != len(raw) and (not last or _has_barrier(raw, end)):
        raise LedgerDamaged(path.name, f"damaged at byte {end}")
    return Scan(frames, end, len(raw))


def cut(path: Path, end: int) -> None:
    """Takes the torn tail off a segment, durably."""
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.ftruncate(fd, end)
        os.fsync(fd)
    finally:
        os.close(fd)


def _frames(raw: bytes, offset: int) -> Iterator[tuple[Frame, int]]:
    while (frame := _frame(raw, offset)) is not None:
        offset += _HEAD.size + len(frame.log.encode()) + 32 + len(frame.body)
        yield frame, offset


def _frame(raw: bytes, offset: int) -> Frame | None:
    if offset + _HEAD.size > len(raw):
        return None
    length, checksum, named = _HEAD.unpack_from(raw, offset)
    start = offset + _HEAD.size
    name, leaf = raw[start : start + named], raw[start + named : start + named + 32]
    body = raw[start + named + 32 : start + named + 32 + length]
    if len(leaf) != 32 or len(body) != length or crc32c(name, leaf) != checksum or leaf_hash(body) != leaf:
        return None
    return Frame(name.decode(), leaf, body)


def _has_barrier(raw: bytes, start: int) -> bool:
    """Whether a batch that was opened after this point stands whole at its own offset."""
    found = raw.find(BARRIER, start)
    while found >= 0:
        offset = found - _HEAD.size - 32
        frame = _frame(raw, offset) if offset >= start else None
        if frame is not None and frame.body == BARRIER + _OFFSET.pack(offset):
            return True
        found = raw.find(BARRIER, found + 1)
    return False

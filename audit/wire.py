"""What passes between the ledger's process and the one that it works for: frames, and faults by name.

A frame is a head (body's length u32, kind u8, number u32, little-endian) and a body, mostly MessagePack.
"""

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, cast

import msgspec

from audit.errors import (
    AuditError,
    ContentUnavailable,
    FilterRefused,
    KeysFault,
    LedgerBusy,
    LedgerDamaged,
    LedgerLost,
    LedgerUnavailable,
    NoteFault,
    ProofFault,
    RecordNotFound,
    RecordRefused,
    TreeFault,
    Unavailable,
)

HEAD: Final = struct.Struct("<IBI")
LONGEST: Final = 256 * 1024 * 1024
_TEXT: Final = b"{["  # in MessagePack these are small numbers, of one byte

T = TypeVar("T")


class Kind(IntEnum):
    """What a frame carries; its number says what an answer belongs to."""

    START = 1
    DRAFT = 2
    REQUEST = 3
    RECEIPTS = 4
    ANSWER = 5
    FAULT = 6
    STATUS = 7
    PROGRESS = 8


class Malformed(Exception):
    """What came is no frame, or holds no message: there is nothing more to be understood on this line."""


class Fault(msgspec.Struct, array_like=True):
    """An error by its name and what it says."""

    name: str
    said: list[str | int | None]


def frame(kind: Kind, number: int, body: bytes) -> bytes:
    return HEAD.pack(len(body), kind, number) + body


class Frames:
    """Cuts what arrives into frames."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def taken(self, data: bytes) -> Iterator[tuple[Kind, int, bytes]]:
        """The frames that are whole now.

        Raises:
            Malformed: the head of one is none.
        """
        rest = self._rest
        rest += data
        start = 0
        try:
            while len(rest) - start >= HEAD.size:
                length, kind, number = opened_head(rest, start)
                end = start + HEAD.size + length
                if end > len(rest):
                    break
                body = bytes(rest[start + HEAD.size : end])
                start = end
                yield kind, number, body
        finally:
            del rest[:start]


def opened_head(raw: bytes | bytearray, start: int = 0) -> tuple[int, Kind, int]:
    """Length, kind and number. Raises: Malformed."""
    length, kind, number = HEAD.unpack_from(raw, start)
    if length > LONGEST or kind not in _KINDS:
        raise Malformed(f"a frame of kind {kind} and {length} bytes")
    return length, _KINDS[kind], number


def pack(message: object) -> bytes:
    """The message; as JSON where a text in it has lone surrogates, which MessagePack can't hold.

    Raises:
        TypeError, OverflowError, RecursionError: it is none that can be sent.
    """
    try:
        return _ENCODER.encode(message)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(message, enc_hook=_plain)).encode()


class Unpacker(Generic[T]):
    """Reads messages of one type."""

    def __init__(self, kind: object) -> None:
        """``kind``: a type, or a union of types."""
        self._kind: Any = kind
        self._decoder = msgspec.msgpack.Decoder(self._kind)

    def read(self, raw: bytes | bytearray) -> T:
        """The message.

        Raises:
            msgspec.ValidationError: it is one of another type.
            Malformed: it is none at all.
        """
        try:
            if len(raw) > 1 and raw[0] in _TEXT:
                return cast("T", msgspec.convert(json.loads(raw), self._kind))
            return cast("T", self._decoder.decode(raw))
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, ValueError) as broken:
            raise Malformed(str(broken)) from broken


def pack_fault(error: BaseException) -> bytes:
    """An error of the ledger, of its disk or of its databases.

    Raises:
        KeyError: any other error is not sent, it ends the process.
    """
    if isinstance(error, OSError):
        where = None if error.filename is None else str(error.filename)
        return _ENCODER.encode(Fault("OSError", [error.errno, error.strerror, where]))
    if isinstance(error, sqlite3.Error):
        return _ENCODER.encode(Fault("sqlite3.Error", [str(error)]))
    name = type(error).__name__
    fields, _ = FAULTS[name]
    return _ENCODER.encode(Fault(name, [_said(getattr(error, field)) for field in fields]))


def fault_in(raw: bytes | bytearray) -> Exception:
    """The error that was packed, of the same class and with the same attributes. Raises: Malformed."""
    fault = _FAULT.read(raw)
    said: list[Any] = fault.said
    if fault.name == "OSError":
        return OSError(*said)
    if fault.name == "sqlite3.Error":
        return sqlite3.Error(*said)
    try:
        return FAULTS[fault.name][1](*said)
    except (KeyError, TypeError, ValueError) as unknown:
        raise Malformed(f"a fault of the name {fault.name}") from unknown


FAULTS: Final[Mapping[str, tuple[tuple[str, ...], Callable[..., AuditError]]]] = {
    "ContentUnavailable": (("blob", "fault"), ContentUnavailable),
    "FilterRefused": (("field", "fault"), FilterRefused),
    "KeysFault": (("path", "fault"), lambda path, fault: KeysFault(Path(path), fault)),
    "LedgerBusy": (("folder",), lambda folder: LedgerBusy(Path(folder))),
    "LedgerDamaged": (("where", "fault"), LedgerDamaged),
    "LedgerLost": (("fault",), LedgerLost),
    "LedgerUnavailable": (("reason",), lambda reason: LedgerUnavailable(Unavailable(reason))),
    "NoteFault": (("fault",), NoteFault),
    "ProofFault": (("fault",), ProofFault),
    "RecordNotFound": (("log", "seq"), RecordNotFound),
    "RecordRefused": (("field", "fault"), RecordRefused),
    "TreeFault": (("path", "fault"), TreeFault),
}
"""Every error of the ledger: its attributes in order, and how it is made of them."""


def _said(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)


def _plain(value: object) -> object:
    """What MessagePack has no word for: a mapping that is no dict."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


_KINDS: Final = {int(kind): kind for kind in Kind}
_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_FAULT: Final[Unpacker[Fault]] = Unpacker(Fault)

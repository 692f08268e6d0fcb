"""Captured content at rest: keys within keys, and a file of sealed frames that tells a prefix from a whole.

A tenant's root key (outside the data folder) wraps one key per person and month, which wraps one key per call.
The file is a line of JSON (``head``) and frames ``length u32 | AES-256-GCM``. The nonce is the frame's number, with
the top bit set on the last one (the STREAM construction), so that no frame can be moved, repeated or left out.
"""

import hmac
import json
import sqlite3
import struct
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.errors import ContentUnavailable
from audit.keys import Entropy, LedgerKeys, root_key

SALT_BYTES: Final = 32
_LENGTH: Final = struct.Struct("<I")
_LAST: Final = 1 << 95
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS subject_key (
    log TEXT NOT NULL, pid TEXT NOT NULL, month TEXT NOT NULL, id TEXT NOT NULL UNIQUE, wrapped BLOB NOT NULL,
    PRIMARY KEY (log, pid, month)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Which call the content belongs to; what it is sealed with stands for no other."""

    log: str
    call: str
    seq: int

    @property
    def blob(self) -> str:
        return f"b_{self.call}"

    @property
    def bound(self) -> bytes:
        """The additional authenticated data: origin, call and number."""
        return f"{self.log}\0{self.call}\0{self.seq}".encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """The content of a call; ``whole`` is false where a crash cut the capture off."""

    plain: bytes
    whole: bool


class ContentKeys:
    """The wrapped keys of people and months; to delete one is to erase what it seals."""

    def __init__(self, path: Path, keys: LedgerKeys, *, entropy: Entropy) -> None:
        self._keys = keys
        self._entropy = entropy
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(_SCHEMA)

    def for_month(self, log: str, pid: str, month: str) -> tuple[str, bytes]:
        """The id and the key of a person in a month (``2026-11``), made and stored on first use."""
        with self._lock:
            row = self._db.execute(
                "SELECT id, wrapped FROM subject_key WHERE log = ? AND pid = ? AND month = ?",
                (log, pid, month),
            ).fetchone()
            root = root_key(self._keys, log, entropy=self._entropy)
            if row is not None:
                return str(row[0]), _unwrap(root, row[1], _bound(log, str(row[0])))
            name, key = f"k_{self._entropy(12).hex()}", self._entropy(32)
            wrapped = wrap(root, key, _bound(log, name), nonce=self._entropy(12))
            self._db.execute(
                "INSERT INTO subject_key VALUES (?, ?, ?, ?, ?)", (log, pid, month, name, wrapped)
            )
            return name, key

    def named(self, log: str, name: str) -> bytes | None:
        """The key of that id, unless it was deleted."""
        with self._lock:
            row = self._db.execute(
                "SELECT wrapped FROM subject_key WHERE log = ? AND id = ?", (log, name)
            ).fetchone()
        if row is None:
            return None
        return _unwrap(root_key(self._keys, log, entropy=self._entropy), row[0], _bound(log, name))

    def shred(self, log: str, pid: str) -> int:
        """Deletes every key of a person. How many there were."""
        with self._lock:
            gone = self._db.execute("DELETE FROM subject_key WHERE log = ? AND pid = ?", (log, pid)).rowcount
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone

    def close(self) -> None:
        with self._lock:
            self._db.close()


def wrap(key: bytes, content: bytes, bound: bytes, *, nonce: bytes) -> bytes:
    return nonce + AESGCM(key).encrypt(nonce, content, bound)


def head_line(place: Place, dek: str, wrapped: bytes) -> bytes:
    head = {"v": 1, "log": place.log, "call": place.call, "seq": place.seq, "dek": dek, "key": wrapped.hex()}
    return json.dumps(head, separators=(",", ":")).encode() + b"\n"


def seal(key: AESGCM, number: int, plain: bytes, bound: bytes) -> bytes:
    """A frame in the middle."""
    return _sealed(key, number, plain, bound)


def seal_last(key: AESGCM, number: int, plain: bytes, bound: bytes) -> bytes:
    """The frame after which there is none."""
    return _sealed(key, number | _LAST, plain, bound)


def open_file(path: Path, keys: ContentKeys, place: Place, *, cm: str | None = None) -> Opened:
    """Decrypts a captured content and holds it against the commitment on record.

    Raises:
        ContentUnavailable: missing, shredded, changed, or not what was recorded.
    """
    try:
        line, _, frames = path.read_bytes().partition(b"\n")
        head = json.loads(line)
        dek, wrapped = str(head["dek"]), bytes.fromhex(head["key"])
    except FileNotFoundError as missing:
        raise ContentUnavailable(place.blob, "missing") from missing
    except (ValueError, KeyError, TypeError) as broken:
        raise ContentUnavailable(place.blob, "changed") from broken
    if head_line(place, dek, wrapped) != line + b"\n":
        raise ContentUnavailable(place.blob, "changed")
    subject = keys.named(place.log, dek)
    if subject is None:
        raise ContentUnavailable(place.blob, "shredded")
    try:
        key = AESGCM(_unwrap(subject, wrapped, place.bound))
        parts, whole = _opened(key, frames, place.bound)
    except InvalidTag as wrong:
        raise ContentUnavailable(place.blob, "changed") from wrong
    joined = b"".join(parts)
    salt, plain = joined[:SALT_BYTES], joined[SALT_BYTES:]
    if cm is not None and not (whole and hmac.compare_digest(commitment(salt, plain), cm)):
        raise ContentUnavailable(place.blob, "not what was recorded")
    return Opened(plain, whole)


def commitment(salt: bytes, plain: bytes) -> str:
    return f"hmac-sha256:{hmac.digest(salt, plain, sha256).hex()}"


def _sealed(key: AESGCM, number: int, plain: bytes, bound: bytes) -> bytes:
    sealed = key.encrypt(number.to_bytes(12, "big"), plain, bound)
    return _LENGTH.pack(len(sealed)) + sealed


def _opened(key: AESGCM, frames: bytes, bound: bytes) -> tuple[list[bytes], bool]:
    """The frames up to the last one, or up to where a crash tore the file."""
    parts, offset, number = [], 0, 0
    while offset + _LENGTH.size <= len(frames):
        end = offset + _LENGTH.size + _LENGTH.unpack_from(frames, offset)[0]
        if end > len(frames):
            break
        sealed = frames[offset + _LENGTH.size : end]
        if end == len(frames):
            try:
                parts.append(key.decrypt((number | _LAST).to_bytes(12, "big"), sealed, bound))
            except InvalidTag:
                pass
            else:
                return parts, True
        parts.append(key.decrypt(number.to_bytes(12, "big"), sealed, bound))
        offset, number = end, number + 1
    return parts, False


def _unwrap(key: bytes, wrapped: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], bound)


def _bound(log: str, name: str) -> bytes:
    return f"{log}\0{name}".encode()

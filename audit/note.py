"""C2SP signed-note and tlog-checkpoint, Ed25519 and witness cosignatures; pure but for the signatures.

A checkpoint, with the signature of its log::

    lab.example.se/audit/t/bollnas
    1042
    sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

    — lab.example.se/audit/t/bollnas hI2DJw…
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.errors import NoteFault

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
MOST_SIGNATURES: Final = 64

_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: who it is, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name that it signs under."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """C2SP signed-note: SHA-256(name || 0x0A || type || key)[:4]."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def under(self, origin: str) -> "VerifierKey":
        """The same key for a log below this name.

        Raises:
            NoteFault: the log is not below this name.
        """
        if origin != self.name and not origin.startswith(self.name + "/"):
            raise NoteFault(f"the key of {self.name} does not speak for {origin}")
        return VerifierKey(origin, self.kind, self.public)


def parse_vkey(text: str) -> VerifierKey:
    """``<name>+<key id, hex>+<base64 of type and key>``.

    Raises:
        NoteFault: malformed, of an unknown type, or with an id that is not its own.
    """
    name, _, rest = text.strip().partition("+")
    written_id, _, encoded = rest.partition("+")
    raw = _unbase64(encoded)
    if not _NAME.fullmatch(name) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise NoteFault("not a verifier key of type Ed25519 or cosignature")
    key = VerifierKey(name, raw[0], raw[1:])
    if key.id.hex() != written_id:
        raise NoteFault("the key id is not that of the key")
    return key


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> bytes:
    """The checkpoint as a note signed in the name of its own log."""
    verifier = VerifierKey(checkpoint.origin, ED25519, key.public_key().public_bytes_raw())
    signature = base64.b64encode(verifier.id + key.sign(checkpoint.text.encode())).decode()
    return f"{checkpoint.text}\n— {checkpoint.origin} {signature}\n".encode()


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> str:
    """The text of the note, if at least one of the keys has signed it.

    Raises:
        NoteFault: malformed, unsigned by these keys, or with a signature of theirs that is wrong.
    """
    text, signatures = _taken_apart(note)
    verified = False
    for key in keys:
        for name, blob in signatures:
            if name == key.name and blob[:4] == key.id:
                _check_signature(key, text, blob[4:])
                verified = True
    if not verified:
        raise NoteFault("no trusted key has signed it")
    return text


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in the note, signed in the name of its own log by the key or the key it stands under.

    Raises:
        NoteFault: malformed, or not signed by the key.
    """
    text, _ = _taken_apart(note)
    checkpoint = parse_checkpoint(text)
    open_note(note, [key.under(checkpoint.origin)])
    return checkpoint


def witnesses(note: bytes, keys: Iterable[VerifierKey]) -> set[str]:
    """The names of the witnesses whose cosignature on the note holds (C2SP tlog-cosignature)."""
    held = set()
    for key in keys:
        try:
            open_note(note, [key])
        except NoteFault:
            continue
        held.add(key.name)
    return held


def parse_checkpoint(text: str) -> Checkpoint:
    """C2SP tlog-checkpoint without extension lines.

    Raises:
        NoteFault: not three lines of origin, size and root.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise NoteFault("not a checkpoint of three lines")
    root = _unbase64(lines[2])
    if len(root) != 32:
        raise NoteFault("the root is no SHA-256 hash")
    return Checkpoint(lines[0], int(lines[1]), root)


def _taken_apart(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    try:
        whole = note.decode()
    except UnicodeDecodeError as broken:
        raise NoteFault("not UTF-8") from broken
    body, separator, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if not separator or lines.pop() or any(sign < " " and sign != "\n" for sign in whole):
        raise NoteFault("not a signed note")
    if not 1 <= len(lines) <= MOST_SIGNATURES:
        raise NoteFault("no signatures, or too many")
    return body + "\n", [_signature_line(line) for line in lines]


def _signature_line(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    blob = _unbase64(encoded)
    if dash != "—" or not _NAME.fullmatch(name) or len(blob) < 5:
        raise NoteFault("malformed signature line")
    return name, blob


def _check_signature(key: VerifierKey, text: str, signature: bytes) -> None:
    signed = text.encode()
    if key.kind == COSIGNATURE:
        moment = int.from_bytes(signature[:8], "big")
        signed = f"cosignature/v1\ntime {moment}\n{text}".encode()
        signature = signature[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature as wrong:
        raise NoteFault(f"the signature of {key.name} is wrong") from wrong


def _unbase64(encoded: str) -> bytes:
    """Strict: one encoding per value, so that no bit of a note can be flipped unseen."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as broken:
        raise NoteFault("not base64") from broken
    if base64.b64encode(raw).decode() != encoded:
        raise NoteFault("not canonical base64")
    return raw

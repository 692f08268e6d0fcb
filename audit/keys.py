"""The secrets of the ledger, outside its data folder: signing key, hash secret, tenants' root keys."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.durable import make_folder, sync_folder, write_file
from audit.errors import KeysFault
from audit.note import ED25519, VerifierKey

SIGNING: Final = "checkpoint.ed25519.pem"
SECRET: Final = "hash.secret"  # noqa: S105  a file name
CONTENT: Final = "content"

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class LedgerKeys:
    """What the ledger signs and hashes with; ``folder`` also holds the tenants' content keys."""

    folder: Path
    signing: Ed25519PrivateKey
    secret: bytes

    def vkey(self, origin: str) -> VerifierKey:
        """The public key, in the name of a log or of the whole installation."""
        return VerifierKey(origin, ED25519, self.signing.public_key().public_bytes_raw())

    def hash_key(self, log: str) -> bytes:
        """The key of a log's keyed hashes (HKDF-SHA-256, RFC 5869)."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=b"valv audit hash v1\n" + log.encode()).derive(
            self.secret
        )


def open_keys(folder: Path) -> LedgerKeys:
    """The keys in the folder.

    Raises:
        KeysFault: one is missing, malformed or readable by others.
    """
    pem = _read(folder / SIGNING)
    try:
        signing = serialization.load_pem_private_key(pem, password=None)
    except ValueError as broken:
        raise KeysFault(folder / SIGNING, "not a private key in PEM") from broken
    if not isinstance(signing, Ed25519PrivateKey):
        raise KeysFault(folder / SIGNING, "not an Ed25519 key")
    secret = _read(folder / SECRET)
    if len(secret) != 32:
        raise KeysFault(folder / SECRET, "not 32 bytes")
    return LedgerKeys(folder, signing, secret)


def create_keys(folder: Path, *, entropy: Entropy = os.urandom) -> LedgerKeys:
    """New keys in a folder that has none.

    Raises:
        KeysFault: it already has.
    """
    if (folder / SIGNING).exists() or (folder / SECRET).exists():
        raise KeysFault(folder, "has keys already")
    make_folder(folder)
    signing = Ed25519PrivateKey.from_private_bytes(entropy(32))
    pem = signing.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    secret = entropy(32)
    write_file(folder / SECRET, secret)
    write_file(folder / SIGNING, pem)
    sync_folder(folder)
    return LedgerKeys(folder, signing, secret)


def ensured_keys(folder: Path) -> LedgerKeys:
    """The keys in the folder, made first where it is empty: for an evaluation's first start.

    Raises:
        KeysFault: one is missing, malformed or readable by others.
    """
    return open_keys(folder) if any(folder.glob("*")) else create_keys(folder)


def root_key(keys: LedgerKeys, log: str, *, entropy: Entropy = os.urandom) -> bytes:
    """The key that wraps a tenant's content keys, made on first use.

    Raises:
        KeysFault: it is malformed or readable by others.
    """
    path = keys.folder / CONTENT / f"{log.replace('/', '.')}.key"
    if not path.exists():
        make_folder(path.parent)
        write_file(path, entropy(32))
        sync_folder(path.parent)
    raw = _read(path)
    if len(raw) != 32:
        raise KeysFault(path, "not 32 bytes")
    return raw


def check_apart(keys: LedgerKeys, data: Path) -> None:
    """Raises: KeysFault, if the keys lie inside the data folder, whose copies must be harmless."""
    if keys.folder.resolve().is_relative_to(data.resolve()):
        raise KeysFault(keys.folder, f"lies inside {data}")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise KeysFault(path, "readable by others; needs mode 0600")
            return file.read()
    except FileNotFoundError as missing:
        raise KeysFault(path, "missing") from missing

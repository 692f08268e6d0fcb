"""What a command was given. A folder, file or key of the wrong kind is no tampering: a sentence says what to do."""

import zipfile
from pathlib import Path
from typing import Final

from audit import proofs
from audit.errors import NoteFault
from audit.export import BROKEN, PARTS
from audit.note import Checkpoint, VerifierKey, parse_vkey
from audit.rules import opened
from audit.survey import is_ledger, is_log, logs_in, stem_of

_KINDS: Final = (proofs.INCLUSION.encode(), proofs.CONSISTENCY.encode())
_SIGNED: Final = "— ".encode()
_ZIPPED: Final = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")


def existing(name: str) -> Path:
    """The path of what is there.

    Raises:
        ValueError: nothing is.
    """
    path = Path(name)
    if not path.exists():
        raise ValueError(f"there is no file or folder {name}")
    return path


def key(text: str) -> VerifierKey:
    """A verifier key, or a file that holds one.

    Raises:
        ValueError: neither.
    """
    held = Path(text)
    if "+" not in text or held.is_file():
        text = existing(text).read_text()
    try:
        return parse_vkey(text)
    except NoteFault as fault:
        raise ValueError(f"--vkey takes a key such as NAME+01234567+BASE64, or its file: {fault}") from fault


def checkpoint(name: str) -> tuple[bytes, Checkpoint]:
    """The file with a checkpoint that was kept; who signed it is not looked at.

    Raises:
        ValueError: no checkpoint is in it.
    """
    raw = existing(name).read_bytes()
    try:
        return raw, opened(raw, None)
    except NoteFault as fault:
        raise ValueError(f"{name} is no checkpoint of a log ({fault})") from fault


def checkpoint_of(origin: str, name: str) -> tuple[bytes, Checkpoint]:
    """The file with a checkpoint of just that log.

    Raises:
        ValueError: no checkpoint is in it, or another log's.
    """
    raw, head = checkpoint(name)
    if head.origin != origin:
        raise ValueError(f"{name} is a checkpoint of {head.origin}, and the folder holds {origin}")
    return raw, head


def ledger(name: str) -> Path:
    """The folder of a ledger or of one log; what was taken out of either is for the verification to tell.

    Raises:
        ValueError: there is nothing of a log.
    """
    folder = existing(name)
    if is_ledger(folder) or is_log(stem_of(folder)):
        return folder
    raise ValueError(f"{name} holds no whole ledger and is no log; {_advice(folder)}")


def log(name: str) -> Path:
    """The folder of one log.

    Raises:
        ValueError: there is no log, or there are several.
    """
    folder = existing(name)
    if is_log(folder):
        return folder
    raise ValueError(f"{name} is not the folder of one log; {_advice(folder)}")


def package(path: Path) -> Path:
    """An evidence package, whole or not.

    Raises:
        ValueError: nothing of the file is one.
    """
    raw = path.read_bytes()
    if not any(mark in raw for mark in _ZIPPED):
        hint = ", but a proof: python -m audit check takes it" if _is_of_a_proof(raw) else ""
        raise ValueError(f"{path} is no evidence package{hint}")
    if _holds_others(path):
        raise ValueError(f"{path} is an archive of something else, no evidence package")
    return path


def proofs_in(name: str) -> list[bytes]:
    """Each proof of the file, one after the other; what stands between two belongs to the one before.

    Raises:
        ValueError: nothing of the file is a proof.
    """
    raw = existing(name).read_bytes()
    if zipfile.is_zipfile(name):
        raise ValueError(f"{name} is no proof; if it is an evidence package, python -m audit verify takes it")
    if not _is_of_a_proof(raw) or _is_checkpoint(raw):
        raise ValueError(f"{name} is no proof: one begins with the line {proofs.INCLUSION}")
    return _parted(raw)


def _parted(raw: bytes) -> list[bytes]:
    parts = [b""]
    for line in raw.splitlines(keepends=True):
        if line.rstrip(b"\n") in _KINDS and parts[-1]:
            parts.append(b"")
        parts[-1] += line
    return parts


def _is_of_a_proof(raw: bytes) -> bool:
    """Whether anything is left of a proof: the line that names its kind, or a signature."""
    return any(line.startswith((*_KINDS, _SIGNED)) for line in raw.splitlines())


def _is_checkpoint(raw: bytes) -> bool:
    try:
        opened(raw, None)
    except NoteFault:
        return False
    return True


def _holds_others(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return not {*PARTS} & {*archive.namelist()}
    except BROKEN:
        return False


def _advice(folder: Path) -> str:
    found = logs_in(folder)
    if found:
        return f"name one of those in it: {', '.join(str(log) for log in found)}"
    return "an organisation's log is the folder tree/t/ORGANISATION of the ledger's folder"

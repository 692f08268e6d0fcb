"""The files as they were uploaded: one folder a tenant, named by content, whole or not at all."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from auth.identity import TenantId


@dataclass(frozen=True, slots=True)
class Original:
    """A stored file: sha256 in hex, size in bytes."""

    sha256: str
    size: int


class Originals:
    """One tenant's files under ``<folder>/<tenant>/<first two of the hash>/<hash>``."""

    def __init__(self, folder: Path, tenant: TenantId) -> None:
        self._folder = folder / tenant.alias

    def path(self, sha256: str) -> Path:
        """Where the file with this content is, or would be."""
        return self._folder / sha256[:2] / sha256

    def keep(self, content: bytes | Path) -> Original:
        """Store the file durably (data and name are on disk on return); the same content is stored once."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                _write(content, file.fileno())
                os.fsync(file.fileno())
            original = _measured(Path(temporary))
            self._move(Path(temporary), self.path(original.sha256))
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
        return original

    def discard(self, sha256: str) -> None:
        """Remove the file, if it is there."""
        self.path(sha256).unlink(missing_ok=True)

    def _move(self, temporary: Path, target: Path) -> None:
        target.parent.mkdir(exist_ok=True)
        temporary.rename(target)
        for folder in (target.parent, self._folder):
            _sync_folder(folder)


def _write(content: bytes | Path, descriptor: int) -> None:
    with open(descriptor, "wb", closefd=False) as out:
        if isinstance(content, bytes):
            out.write(content)
            return
        with content.open("rb") as source:
            shutil.copyfileobj(source, out, 1 << 20)


def _measured(path: Path) -> Original:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Original(digest, path.stat().st_size)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

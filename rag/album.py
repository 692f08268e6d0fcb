"""Pictures of pages drawn before, kept beside the originals: one folder a tenant, of a bounded size."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from auth.identity import TenantId

# Raise it when the same page would be drawn otherwise, or packed otherwise.
_VERSION = 1
MOST_BYTES = 256 * 1024 * 1024


class Album:
    """One tenant's pictures under ``<folder>/<tenant>/.pages/<hash of the original>/<page>.<version>``.

    They can be lost at any time: a page that is not here is drawn anew.
    """

    def __init__(self, folder: Path, tenant: TenantId, *, most: int = MOST_BYTES) -> None:
        self._folder = folder / tenant.alias / ".pages"
        self._most = most

    def find(self, sha256: str, page: int) -> bytes | None:
        """The picture, packed, if it is here."""
        try:
            return self._path(sha256, page).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, sha256: str, page: int, picture: bytes) -> None:
        """Put a picture here, whole or not at all; the oldest ones make room for it."""
        path = self._path(sha256, page)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._make_room(len(picture))
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(picture)
            Path(temporary).rename(path)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def discard(self, sha256: str) -> None:
        """Remove every picture of a document with this content."""
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._folder / sha256)

    def _path(self, sha256: str, page: int) -> Path:
        return self._folder / sha256 / f"{page}.{_VERSION}"

    def _make_room(self, needed: int) -> None:
        held = sorted(_measured(self._folder))
        taken = sum(size for _, size, _ in held) + needed
        for _, size, path in held:
            if taken <= self._most:
                return
            path.unlink(missing_ok=True)
            taken -= size


def _measured(folder: Path) -> list[tuple[int, int, Path]]:
    """When each file was written, its size, and where it is; what goes meanwhile is left out."""
    found = []
    for path in folder.glob("*/*"):
        with contextlib.suppress(FileNotFoundError):
            stated = path.stat()
            found.append((stated.st_mtime_ns, stated.st_size, path))
    return found

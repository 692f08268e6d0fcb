"""Files that are whole or not there, and on the disk when the call returns."""

import os
import threading
from collections.abc import Iterable
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Temporary name, fsync, rename; the caller makes the folder durable with :func:`sync_folder`.

    Raises:
        OSError: nothing is at ``path`` that was not there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{threading.get_ident()}")
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            write_all(fd, content)
            os.fsync(fd)
        finally:
            os.close(fd)
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write_all(fd: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(fd, rest) :]


def sync_folder(folder: Path) -> None:
    """Makes names in the folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_up_to(folders: Iterable[Path], top: Path) -> None:
    """Makes the folders durable, and those above them as far as ``top``."""
    seen = {above for folder in folders for above in (folder, *folder.parents) if above.is_relative_to(top)}
    for folder in sorted(seen, key=lambda path: len(path.parts), reverse=True):
        sync_folder(folder)


def make_folder(folder: Path) -> None:
    """A folder for the owner alone, with a durable name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sync_folder(folder.parent)

"""Room on the disk: new work stops before it is full, and a ballast lets work in flight finish."""

import errno
import os
from pathlib import Path
from typing import Final

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_BALLAST_SHARE: Final = 50


class Reserve:
    """Watches the free share of the file system and keeps a file to give up when it runs out."""

    def __init__(self, folder: Path, *, floor: float, ballast: int) -> None:
        """``floor`` is the share that must be free for new work, ``ballast`` the most bytes to set aside."""
        self._folder = folder
        self._path = folder / "ballast"
        self._floor = floor
        self._ballast = ballast
        self.low = False

    def look(self) -> None:
        """Sets :attr:`low` by what is free now."""
        disk = os.statvfs(self._folder)
        self.low = disk.f_bavail < disk.f_blocks * self._floor

    def hold(self) -> None:
        """Sets the ballast aside, where it is missing and there is room for it."""
        disk = os.statvfs(self._folder)
        size = min(self._ballast, disk.f_blocks * disk.f_frsize // _BALLAST_SHARE)
        free = disk.f_bavail * disk.f_frsize - size
        if self._path.exists() or free < disk.f_blocks * disk.f_frsize * self._floor:
            return
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(fd, 0, max(size, 1))
        finally:
            os.close(fd)

    def give_up(self) -> None:
        """Hands the ballast back to the file system."""
        self._path.unlink(missing_ok=True)

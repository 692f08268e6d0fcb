"""Where the ledger keeps what, and what its logs are called. Standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.records import Installation, LogName

ROOT_LOG: Final = "root"
INSTALLATION_LOG: Final = "installation"
TENANTS: Final = "t"


@dataclass(frozen=True, slots=True)
class Layout:
    """The data folder of a ledger, and the origin that its logs are named under."""

    folder: Path
    origin: str

    @property
    def tree(self) -> Path:
        return self.folder / "tree"

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def content(self) -> Path:
        return self.folder / "content"

    def content_folder(self, origin: str) -> Path:
        return self.content / self.place(origin)

    @property
    def pseudonyms(self) -> Path:
        return self.folder / "pseudonyms.sqlite"

    @property
    def root_origin(self) -> str:
        return f"{self.origin}/{ROOT_LOG}"

    def origin_of(self, log: LogName) -> str:
        if isinstance(log, Installation):
            return f"{self.origin}/{INSTALLATION_LOG}"
        return f"{self.origin}/{TENANTS}/{log.alias}"

    def place(self, origin: str) -> str:
        """The log's path below the tree, which is its origin without the common part."""
        return origin.removeprefix(f"{self.origin}/")

    def log_folder(self, origin: str) -> Path:
        return self.tree / self.place(origin)

    def file_for(self, folder: Path, origin: str, suffix: str) -> Path:
        """One file per log in a flat folder."""
        return folder / f"{self.place(origin).replace('/', '.')}{suffix}"

    def stored_origins(self) -> list[str]:
        """The logs that have a folder, without the root log."""
        places = [INSTALLATION_LOG] if (self.tree / INSTALLATION_LOG).is_dir() else []
        tenants = self.tree / TENANTS
        if tenants.is_dir():
            places += [f"{TENANTS}/{entry.name}" for entry in sorted(tenants.iterdir()) if entry.is_dir()]
        return [f"{self.origin}/{place}" for place in places]

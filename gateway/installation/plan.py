"""What a lab on one machine is made of: which parts, at which ports, with which files and secrets."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from inference.launch.probes import is_free

_OURS: Final = range(20_000, 32_768)  # below Linux' own range of ephemeral ports
_WORDS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class Flavour(StrEnum):
    """Which parts stand behind the same application."""

    EMBEDDED = "embedded"
    LAB = "lab"


class InstalledMissing(Exception):
    """A part that this flavour needs was never installed; ``target`` is the make target that installs it."""

    def __init__(self, part: str, target: str) -> None:
        super().__init__(f"{part} is not installed: run `make {target}`")
        self.part = part
        self.target = target


class NotALab(Exception):
    """The data folder that was named is used for something else."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"{data} holds something else than a lab: name a folder that is not there, or holds no files"
        )
        self.data = data


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each part listens on loopback."""

    gateway: int = 8080
    metrics: int = 8081
    identity: int = 8180
    identity_health: int = 9180
    database: int = 8543
    vectors: int = 8544

    @classmethod
    def free(cls) -> Self:
        """Ports that nothing uses now, for a lab beside another one."""
        numbers = free_ports(len(fields(cls)))
        return cls(*numbers)


def free_ports(count: int) -> list[int]:
    """That many different ports of 127.0.0.1 that nothing uses now.

    Linux gives none of them to outgoing connections, unless it was told to (ip_local_port_range): else one could be
    gone when the part that shall listen there has started.
    """
    found: list[int] = []
    while len(found) < count:
        port = _OURS.start + secrets.randbelow(len(_OURS))
        if port not in found and is_free(port):
            found.append(port)
    return found


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the installer put what a lab needs beside the gateway's own packages."""

    weights: Path
    cache: Path
    web: Path | None = None
    keycloak: Path | None = None
    model_python: Path | None = None

    @classmethod
    def read(cls, file: Path) -> Self:
        """The installer's note.

        Raises:
            InstalledMissing: there is none, or it has no weights.
        """
        try:
            noted: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InstalledMissing("the lab", "run") from None
        if "weights" not in noted:
            raise InstalledMissing("the model weights", "run")
        known = {field.name for field in fields(cls)}
        return cls(**{name: Path(path) for name, path in noted.items() if name in known})


@dataclass(frozen=True, slots=True)
class Plan:
    """One lab: its flavour, its data folder, its ports and where its parts were installed."""

    flavour: Flavour
    data: Path
    ports: Ports
    installed: Installed
    root: Path

    @property
    def file(self) -> Path:
        """This plan, written down for the gateway's own start."""
        return self.data / "plan.json"

    def write(self) -> None:
        """Leave it in the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(asdict(self), default=str, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Self:
        """The plan that was written there."""
        said = json.loads(file.read_text(encoding="utf-8"))
        paths = {name: Path(path) for name, path in said["installed"].items() if path is not None}
        return cls(
            Flavour(said["flavour"]),
            Path(said["data"]),
            Ports(**said["ports"]),
            Installed(**paths),
            Path(said["root"]),
        )

    @property
    def url(self) -> str:
        """Where browsers and programmes find the gateway."""
        return f"http://127.0.0.1:{self.ports.gateway}"

    @property
    def issuer(self) -> str:
        """The realm's address, as it stands in tokens."""
        return f"http://127.0.0.1:{self.ports.identity}/realms/valv"

    @property
    def keys(self) -> Path:
        """Secrets, beside the data and never inside it: a copied data folder opens nothing."""
        return self.data.with_name(f"{self.data.name}-keys")

    @property
    def models(self) -> Path:
        """The model routes with the ports and digests of this lab."""
        return self.data / "models.yaml"


def secret(folder: Path, name: str) -> str:
    """A secret of the installation: made at its first use, then always the same."""
    return _kept(folder / name, lambda: secrets.token_urlsafe(32))


def passphrase(folder: Path, name: str) -> str:
    """A secret that people type: four groups of four letters and digits (79 bits)."""
    groups = ("".join(secrets.choice(_WORDS) for _ in range(4)) for _ in range(4))
    return _kept(folder / name, lambda: "-".join(groups))


def _kept(file: Path, make: Callable[[], str]) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(make(), encoding="utf-8")
    return file.read_text(encoding="utf-8")

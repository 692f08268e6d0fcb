"""How the two identity providers are started, as a supervisor needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """One process to run, what to add to its environment, and where it says that it is ready."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]
    ready_url: str


@dataclass(frozen=True, slots=True)
class Ports:
    """Where Keycloak listens on loopback: for everyone, and for health checks."""

    http: int
    management: int


_HEAP: Final = "-Xms64m -Xmx512m"


def keycloak_command(
    home: Path, *, ports: Ports, data: Path, public_url: str, administrator: str, password: str
) -> Command:
    """Keycloak as installed by ``deploy/keycloak/install.py``, its database a file in ``data``.

    ``public_url`` is where browsers reach it; the issuer is ``<public_url>/realms/valv``. Administrator and
    password are those of the first one, and are looked at on the first start alone.
    """
    argv = (
        str(home / "bin" / "kc.sh"),
        "start",
        "--optimized",
        "--http-enabled=true",
        "--http-host=127.0.0.1",
        f"--http-port={ports.http}",
        "--http-management-host=127.0.0.1",
        f"--http-management-port={ports.management}",
        f"--hostname={public_url}",
        # One node: no cluster to look for on the network.
        "--cache=local",
        f"--db-url=jdbc:h2:file:{data / 'keycloak'};NON_KEYWORDS=VALUE",
        "--log-level=warn",
    )
    environment = {
        "KC_BOOTSTRAP_ADMIN_USERNAME": administrator,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": password,
        "JAVA_OPTS_KC_HEAP": _HEAP,
    }
    return Command(argv, environment, f"http://127.0.0.1:{ports.management}/health/ready")


def standin_command(python: Path, *, port: int, data: Path, realm: Path) -> Command:
    """The stand-in for evaluation; ``data`` names the file of its people, ``realm`` the rendered realm."""
    argv = (
        str(python),
        "-m",
        "auth.standin",
        f"--port={port}",
        f"--data={data}",
        f"--realm={realm}",
    )
    return Command(argv, {}, f"http://127.0.0.1:{port}/health/ready")

"""The processes of a lab: identity provider, database, vector server, gateway; each with its command."""

import hashlib
import os
import pwd
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from auth import servers
from gateway.installation.plan import Flavour, InstalledMissing, Plan, secret
from inference import sealed
from inference.launch.parts import Part
from inference.launch.probes import answers, listens

CLUSTER: Final = "postgresql"
INHERITED: Final = ("PATH", "HOME", "LANG", "TZ", "JAVA_HOME")


def base(environment: Mapping[str, str]) -> dict[str, str]:
    """What a child may inherit: nothing that carries a secret or a proxy."""
    return {name: environment[name] for name in INHERITED if name in environment} | {"PYTHONUNBUFFERED": "1"}


def stand_in(plan: Plan, inherited: Mapping[str, str], realm: Path) -> Part:
    """The loopback stand-in for Keycloak."""
    command = servers.standin_command(
        Path(sys.executable), port=plan.ports.identity, data=plan.data / "identity.json", realm=realm
    )
    return Part(
        name="identity (stand-in)",
        argv=command.argv,
        env=sealed.environment(inherited, command.environment, {"PYTHONPATH": str(plan.root)}),
        ready=answers(command.ready_url),
        log=plan.data / "logs" / "identity.log",
        port=plan.ports.identity,
    )


def keycloak(plan: Plan, inherited: Mapping[str, str]) -> Part:
    """Keycloak itself, its database in the lab's data folder.

    Raises:
        InstalledMissing: it was never installed.
    """
    if plan.installed.keycloak is None:
        raise InstalledMissing("Keycloak", "lab")
    data = plan.data / "keycloak"
    data.mkdir(parents=True, exist_ok=True)
    command = servers.keycloak_command(
        plan.installed.keycloak,
        ports=servers.Ports(plan.ports.identity, plan.ports.identity_health),
        data=data,
        public_url=f"http://127.0.0.1:{plan.ports.identity}",
        administrator="bootstrap",
        password=secret(plan.keys, "keycloak-bootstrap"),
    )
    return Part(
        name="Keycloak",
        argv=command.argv,
        env=sealed.environment(inherited, command.environment),
        ready=answers(command.ready_url),
        log=plan.data / "logs" / "keycloak.log",
        port=plan.ports.identity,
        patience=480,  # beside two model servers on two cores its first start takes minutes
        grace=20,
    )


def postgresql(plan: Plan, inherited: Mapping[str, str]) -> Part:
    """PostgreSQL on a cluster of its own; it refuses to run as root, so root runs it as ``postgres``."""
    folder = database_folder(plan)
    options = ("-c", f"port={plan.ports.database}", "-c", "listen_addresses=127.0.0.1")
    quiet = ("-c", "unix_socket_directories=", "-c", "synchronous_commit=on")
    return Part(
        name="PostgreSQL",
        argv=(*as_postgres(), str(postgres_binaries() / "postgres"), "-D", str(folder), *options, *quiet),
        env=sealed.environment(inherited),
        ready=listens(plan.ports.database),
        log=plan.data / "logs" / "postgresql.log",
        port=plan.ports.database,
        stop=signal.SIGINT,
        grace=20,
    )


def chroma(plan: Plan, inherited: Mapping[str, str]) -> Part:
    """The Chroma server, which only the gateway reaches."""
    run = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"
    where = ("--host", "127.0.0.1", "--port", str(plan.ports.vectors), "--path", str(plan.data / "chroma"))
    return Part(
        name="Chroma",
        argv=(sys.executable, "-c", run, "run", *where),
        env=sealed.environment(inherited),
        ready=answers(f"http://127.0.0.1:{plan.ports.vectors}/api/v2/heartbeat"),
        log=plan.data / "logs" / "chroma.log",
        port=plan.ports.vectors,
    )


def gateway(
    plan: Plan, inherited: Mapping[str, str], settings: Mapping[str, str], *, after: tuple[str, ...]
) -> Part:
    """The gateway, which first brings database and realm up to date."""
    return Part(
        name="gateway",
        argv=(sys.executable, "-m", "gateway.installation.start", str(plan.file)),
        env=sealed.environment(inherited, settings, {"PYTHONPATH": str(plan.root)}),
        ready=answers(f"{plan.url}/healthz"),
        log=plan.data / "logs" / "gateway.log",
        port=plan.ports.gateway,
        after=after,
        patience=180,
        grace=20,
    )


def database_folder(plan: Plan) -> Path:
    """Where the cluster lies: in the data folder, or where the user ``postgres`` can go if it can't go there."""
    if os.geteuid() != 0 or _all_may_enter(plan.data):
        return plan.data / CLUSTER
    digest = hashlib.sha256(str(plan.data).encode()).hexdigest()[:12]
    return Path("/var/lib/postgresql") / f"valv-{digest}"


def postgres_binaries() -> Path:
    """The folder of the newest PostgreSQL on this machine.

    Raises:
        InstalledMissing: there is none.
    """
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    if not versions:
        raise InstalledMissing("PostgreSQL", "lab")
    return versions[-1]


def as_postgres() -> tuple[str, ...]:
    """What goes before a command that must not run as root."""
    if os.geteuid() != 0:
        return ()
    return (shutil.which("setpriv") or "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")


def postgres_owner() -> tuple[int, int] | None:
    """The user and group that PostgreSQL's files belong to, where that is not the caller."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("postgres")
    return user.pw_uid, user.pw_gid


def _all_may_enter(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in folder.resolve().parents if part.exists())


def flavour_parts(plan: Plan, inherited: Mapping[str, str], people: Path) -> tuple[Part, ...]:
    """What stands behind the gateway, without the model servers."""
    if plan.flavour is Flavour.EMBEDDED:
        return (stand_in(plan, inherited, people),)
    return (keycloak(plan, inherited), postgresql(plan, inherited), chroma(plan, inherited))

"""Running labs for the tests of behaviour: started once by the product's own command, used by every test."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
import yaml

from gateway.demo.caller import client
from gateway.demo.description import Description
from gateway.installation.environment import settings
from gateway.installation.plan import Plan
from tests.freezing import freeze

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = {"embedded": 180, "lab": 540}
RECOVERY = {"embedded": 60, "lab": 420}
NEEDED = {
    "embedded": {"weights": "weights"},
    "lab": {"weights": "weights", "keycloak": "keycloak", "model_python": "models"},
}
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class RunningLab:
    """A lab that answers, and the process that supervises it."""

    described: Description
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def plan(self) -> Plan:
        """What the lab is made of."""
        return Plan.read(Path(self.described.data) / "plan.json")

    @property
    def is_full(self) -> bool:
        """Whether the parts are Keycloak, PostgreSQL, Chroma and vLLM."""
        return self.described.flavour == "lab"

    @property
    def said(self) -> str:
        """What `valv up` has printed until now."""
        return (self.folder / "up.log").read_text(encoding="utf-8", errors="replace")

    def http(self) -> httpx.Client:
        """A client without credentials."""
        return client(self.described)

    def group(self, part: str) -> int:
        """The process group of a part, found among the supervisor's children by the port that it serves."""
        if part == "gateway":
            return int((Path(self.described.data) / "gateway.pid").read_text(encoding="utf-8"))
        port = str(self._port(part))
        found = [pid for pid in children(self.process.pid) if port in command(pid)]
        assert found, f"no child of `valv up` serves {part} on port {port}"
        return found[0]

    def processes(self) -> list["Process"]:
        """The supervisor and everything under it now."""
        return [Process.of(pid) for pid in (self.process.pid, *descendants(self.process.pid))]

    def readiness(self) -> dict[str, dict[str, object]]:
        """The parts by name, as `/readyz` tells them."""
        with self.http() as http:
            return {part["name"]: part for part in http.get("/readyz").json()["parts"]}

    def wait_until_ready(self) -> None:
        """Every part answers; the failure names the ones that do not."""
        with self.http() as http:

            def is_ready() -> bool:
                with contextlib.suppress(httpx.HTTPError):
                    return http.get("/readyz").status_code == 200
                return False

            until(is_ready, within=RECOVERY[self.described.flavour], otherwise=lambda: f"{self.said[-2000:]}")

    @contextlib.contextmanager
    def without(self, part: str) -> Iterator[None]:
        """A part is killed, and stays away while the body runs, for the supervisor sleeps; then all is ready again."""
        self.wait_until_ready()
        group = self.group(part)
        freeze(self.process.pid)
        try:
            os.killpg(group, signal.SIGKILL)
            until(lambda: not listens(self._port(part)), within=10, otherwise=lambda: f"{part} would not die")
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)
            self.wait_until_ready()

    @contextlib.contextmanager
    def hanging(self, part: str) -> Iterator[None]:
        """A part hangs while the body runs: it takes connections and answers none."""
        self.wait_until_ready()
        group = self.group(part)
        freeze(group, *descendants(group))
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)
            self.wait_until_ready()

    def valv(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the product, about this lab."""
        line = [sys.executable, "-m", "gateway.cli", *arguments]
        about = {**environment(), **settings(self.plan)}
        return subprocess.run(line, cwd=ROOT, env=about, capture_output=True, text=True, check=False)

    def _port(self, part: str) -> int:
        ports = self.plan.ports
        known = {
            "gateway": ports.gateway,
            "identity": ports.identity,
            "database": ports.database,
            "vectors": ports.vectors,
        }
        return known.get(part) or self._model_port(part)

    def _model_port(self, route: str) -> int:
        said = yaml.safe_load(self.plan.models.read_text(encoding="utf-8"))
        backends = next(row["backends"] for row in said["routes"] if row["name"] == route)
        return int(backends[0].rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Process:
    """A process that is told from a later one of the same number by when it began."""

    pid: int
    began: str
    command: str = field(compare=False)

    @classmethod
    def of(cls, pid: int) -> "Process":
        """The process that has the number now."""
        return cls(pid, _stat(pid)[19], command(pid))

    @property
    def is_there(self) -> bool:
        """Whether it still runs; one that ended and that nobody has reaped does not."""
        told = _stat(self.pid)
        return told[19] == self.began and told[0] != "Z"


RUNNING: dict[str, RunningLab] = {}


def command_of(flavour: str, folder: Path, *, ports: Sequence[str] = ("--any-ports",)) -> list[str]:
    """`valv up`, as a person types it."""
    return [sys.executable, "-m", "gateway.cli", "up", flavour, *ports, "--data", str(folder / "data")]


def start(flavour: str, folder: Path, *, inside: Sequence[str] = ()) -> RunningLab:
    """`valv up`, and wait until it says that it is ready; a part that was never installed skips with the reason.

    ``inside``: a command that runs its arguments, such as `unshare`.
    """
    check_installed(flavour)
    log = folder / "up.log"
    before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as out:
        line = [*inside, *command_of(flavour, folder)]
        process = subprocess.Popen(line, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + PATIENCE[flavour]
    while time.monotonic() < deadline:
        said = log.read_bytes()[before:].decode()
        if "Valv is ready" in said:
            return RunningLab(Description.read(folder / "data"), process, folder)
        if process.poll() is not None:
            pytest.fail(f"valv up {flavour} ended:\n{said}\n{_logs(folder)}")
        time.sleep(0.1)
    stop(process)
    pytest.fail(f"valv up {flavour} was not ready in {PATIENCE[flavour]} s:\n{said}\n{_logs(folder)}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and wait."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def check_installed(flavour: str) -> None:
    """Skip, with what to run, where a part was never installed."""
    note = Path(sys.prefix) / "installed.json"
    installed = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    for part, step in NEEDED[flavour].items():
        if not Path(installed.get(part, "/nowhere")).exists():
            pytest.skip(f"{part} is not installed (python3 deploy/setup/install.py {step})")


def until(
    look: Callable[[], Seen],
    *,
    within: float,
    otherwise: Callable[[], object] = lambda: "",
    every: float = 0.05,
) -> Seen:
    """What ``look`` finds as soon as it is true; fails with what ``otherwise`` says."""
    deadline = time.monotonic() + within
    while not (seen := look()):
        if time.monotonic() > deadline:
            pytest.fail(f"not in {within:g} s: {otherwise()}")
        time.sleep(every)
    return seen


def children(pid: int) -> list[int]:
    """The children of a process."""
    parents = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    return sorted(child for child, told in parents.items() if told[1] == str(pid))


def descendants(pid: int) -> list[int]:
    """Everything under a process."""
    return [each for child in children(pid) for each in (child, *descendants(child))]


def listens(port: int) -> bool:
    """Whether anything takes connections there; a killed process does for as long as a thread of it is left."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def command(pid: int) -> str:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def surroundings(pid: int) -> dict[str, str]:
    """The environment that a process was started with."""
    pairs = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0")
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def readable_by_others(data: Path) -> list[str]:
    """What others on the machine could open in a data folder, which may be passed; the cluster is another user's."""
    if data.stat().st_mode & 0o066:
        return [str(data)]
    return [str(each) for each in data.iterdir() if each.stat().st_mode & 0o077 and each.name != "postgresql"]


def _stat(pid: int) -> list[str]:
    """proc(5): state, parent, group and what follows; of one that is gone, as many empty texts."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return [""] * 20


def _logs(folder: Path) -> str:
    tails = []
    for log in sorted((folder / "data" / "logs").glob("*.log")):
        tails.append(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))
    return "\n".join(tails)


def environment() -> dict[str, str]:
    """What a command of the product inherits in a test."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def wait_for_documents(lab: RunningLab) -> None:
    """The demonstration's documents are searchable."""
    seeded = Path(lab.described.data) / "seeded"
    until(seeded.exists, within=300, otherwise=lambda: lab.said[-2000:])

"""Running labs for the tests of behaviour: started once by the product's own command, used by every test."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.demo.description import Description

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = {"embedded": 180, "lab": 420}
NEEDED = {
    "embedded": {"weights": "weights"},
    "lab": {"weights": "weights", "keycloak": "keycloak", "model_python": "models"},
}


@dataclass(frozen=True, slots=True)
class RunningLab:
    """A lab that answers, and the process that supervises it."""

    described: Description
    process: subprocess.Popen[bytes]
    folder: Path

    def pid_of(self, part: str) -> int:
        """The process of a part, by a text of its command line, among the supervisor's descendants."""
        found = [pid for pid in _descendants(self.process.pid) if part in _command(pid)]
        assert found, f"no process with {part!r} in its command"
        return found[0]


def start(flavour: str, folder: Path) -> RunningLab:
    """`valv up`, and wait until it says that it is ready; a part that was never installed skips with the reason."""
    _check_installed(flavour)
    log = (folder / "up.log").open("wb")
    command = [sys.executable, "-m", "gateway.cli", "up", flavour, "--any-ports", "--data", str(folder / "data")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + PATIENCE[flavour]
    while time.monotonic() < deadline:
        said = (folder / "up.log").read_text(encoding="utf-8")
        if "Valv is ready" in said:
            return RunningLab(Description.read(folder / "data"), process, folder)
        if process.poll() is not None:
            pytest.fail(f"valv up {flavour} ended:\n{said}\n{_logs(folder)}")
        time.sleep(0.2)
    stop(process)
    pytest.fail(f"valv up {flavour} was not ready in {PATIENCE[flavour]} s:\n{said}\n{_logs(folder)}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and wait."""
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)


def _check_installed(flavour: str) -> None:
    note = Path(sys.prefix) / "installed.json"
    installed = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    for part, step in NEEDED[flavour].items():
        if not Path(installed.get(part, "/nowhere")).exists():
            pytest.skip(f"{part} is not installed (python3 deploy/setup/install.py {step})")


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _logs(folder: Path) -> str:
    tails = []
    for log in sorted((folder / "data" / "logs").glob("*.log")):
        tails.append(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))
    return "\n".join(tails)


def environment() -> dict[str, str]:
    """What a command of the product inherits in a test."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}

"""A lab without a way out: everything works, and nothing even tries to leave."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.behaviour import labs
from tests.behaviour.labs import ROOT, RunningLab, environment, until

pytestmark = pytest.mark.lab

QUESTION = "Hur många dagar i veckan får jag arbeta på distans?"
LOOPBACK_ONLY = "ip link set lo up"
# Every address leads to this machine itself, where nobody listens and the trap sees who was called.
TRAPPED = f"{LOOPBACK_ONLY} && ip route add local default dev lo && ip -6 route add local default dev lo"


@dataclass(frozen=True)
class Sealed:
    """A lab in a network namespace of its own."""

    lab: RunningLab

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command beside the lab, in its namespace."""
        enter = ["nsenter", f"--target={self.lab.process.pid}", "--net"]
        if os.geteuid() != 0:
            enter += ["--user", "--preserve-credentials"]
        line = [*enter, "--", *command]
        return subprocess.run(line, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)

    def someone_asks(self) -> dict[str, object]:
        """Login by the login page, and a question; what was seen."""
        data = self.lab.described.data
        done = self.run(sys.executable, "-m", "tests.behaviour.visitor", data, QUESTION)
        assert done.returncode == 0, done.stdout + done.stderr
        seen: dict[str, object] = json.loads(done.stdout)
        return seen


def namespace(setup: str) -> Sequence[str]:
    """What goes before a command that shall run in a network namespace of its own."""
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    tried = subprocess.run([*apart, "sh", "-c", setup], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no network namespace can be made here: {tried.stderr.strip()}")
    return [*apart, "sh", "-c", f'{setup} && exec "$@"', "sealed"]


@pytest.fixture
def without_route(tmp_path: Path) -> Iterator[Sealed]:
    lab = labs.start("embedded", tmp_path, inside=namespace(LOOPBACK_ONLY))
    yield Sealed(lab)
    labs.stop(lab.process)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Where the trap notes who was called."""
    return tmp_path / "called"


@pytest.fixture
def trapped(tmp_path: Path, trap: Path) -> Iterator[Sealed]:
    watch = f"{{ {sys.executable} {Path(__file__).with_name('trap.py')} {trap} & }}"
    inside = namespace(TRAPPED)
    inside = [part.replace('&& exec "$@"', f'&& {watch} && exec "$@"') for part in inside]
    lab = labs.start("embedded", tmp_path, inside=inside)
    yield Sealed(lab)
    labs.stop(lab.process)


@pytest.mark.timeout(600)
def test_without_any_route_people_log_in_and_get_answers_with_sources(without_route: Sealed) -> None:
    assert without_route.run("ip", "route").stdout == ""
    labs.wait_for_documents(without_route.lab)
    seen = without_route.someone_asks()
    assert seen["organisation"] == "ekdalen"
    assert seen["supported"] is True
    assert seen["citations"]
    assert without_route.run("cat", "/proc/net/route").stdout.count("\n") == 1


@pytest.mark.timeout(600)
def test_from_start_to_answer_nothing_tries_to_leave(trapped: Sealed, trap: Path) -> None:
    labs.wait_for_documents(trapped.lab)
    assert trapped.someone_asks()["citations"]
    assert trap.read_text(encoding="utf-8").splitlines() == ["watching"]
    call = "import socket; socket.socket().connect_ex(('192.0.2.7', 443))"
    trapped.run(sys.executable, "-c", call)
    until(lambda: "tcp 192.0.2.7:443" in trap.read_text(encoding="utf-8"), within=5)

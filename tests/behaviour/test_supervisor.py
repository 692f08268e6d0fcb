"""`valv up` keeps all of a lab running, or nothing: no process is left, and its end is said in one sentence."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.behaviour import labs
from tests.behaviour.labs import ROOT, Process, RunningLab, command_of, until

pytestmark = pytest.mark.lab

MODEL, EMBEDDER = "smollm2-135m", "multilingual-e5-small"


@dataclass(frozen=True)
class Stopped:
    """A lab that was started, ran, and ended: what was left behind, and how long the start took."""

    folder: Path
    left: list[str]
    code: int
    said: str
    kept: dict[str, int]
    scratch: set[str]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    """The first start of a lab, to its documents being searchable, and Ctrl-C."""
    lab = labs.start("embedded", tmp_path_factory.mktemp("supervised"))
    labs.wait_for_documents(lab)
    processes = lab.processes()
    scratch = temporary(lab)
    os.kill(lab.process.pid, signal.SIGINT)
    code = lab.process.wait(timeout=60)
    return Stopped(lab.folder, still_there(processes), code, lab.said, kept(lab.folder), scratch)


@pytest.fixture
def again(first: Stopped) -> Iterator[RunningLab]:
    """The same lab, started once more."""
    lab = labs.start("embedded", first.folder)
    yield lab
    labs.stop(lab.process)


def temporary(lab: RunningLab) -> set[str]:
    """Where the model servers of a lab have their temporary files; nobody else may look there."""
    found = {str(labs.surroundings(lab.group(each)).get("TMPDIR")) for each in (MODEL, EMBEDDER)}
    assert {Path(each).stat().st_mode & 0o777 for each in found} == {0o700}
    return found


def still_there(processes: list[Process], *, within: float = 0) -> list[str]:
    """The commands of those that have not ended by then."""
    deadline = time.monotonic() + within
    while (left := [each.command for each in processes if each.is_there]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def kept(folder: Path) -> dict[str, int]:
    """What a start makes once, by when it was made: organisations, documents, secrets and weights."""
    data, keys = folder / "data", folder / "data-keys"
    made = [data / each for each in ("prepared", "provisioned", "seeded")]
    made += [each for each in keys.rglob("*") if each.is_file()]
    return {str(each): each.stat().st_mtime_ns for each in made if each.name != "realm.json"}


def test_ctrl_c_ends_every_process_and_the_command_ends_well(first: Stopped) -> None:
    assert first.left == []
    assert first.code == 0
    assert "Traceback" not in first.said


def test_nobody_else_on_the_machine_may_read_what_it_keeps(first: Stopped) -> None:
    data = first.folder / "data"
    assert {each.name for each in data.iterdir()} >= {"chroma", "documents", "ledger", "valv.db"}
    assert labs.readable_by_others(data) == []


def test_what_an_earlier_version_let_others_read_is_closed_at_a_start(first: Stopped) -> None:
    data = first.folder / "data"
    for place in (data, data / "documents", data / "chroma"):
        place.chmod(0o755)
    lab = labs.start("embedded", first.folder)
    labs.stop(lab.process)
    assert labs.readable_by_others(data) == []


@pytest.mark.parametrize("name", ["annat", "ledger/annat"])
def test_a_folder_that_is_no_labs_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    other = data / name
    other.parent.mkdir(parents=True)
    data.chmod(0o755)
    other.write_text("Läses av alla.", encoding="utf-8")
    other.chmod(0o644)
    ended = subprocess.run(
        command_of("embedded", tmp_path), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert f"{data} holds something else than a lab" in ended.stderr
    assert (data.stat().st_mode & 0o777, other.stat().st_mode & 0o777) == (0o755, 0o644)
    assert [each for each in data.rglob("*") if each.is_file()] == [other]


def test_no_temporary_file_of_a_model_server_is_left(first: Stopped) -> None:
    assert len(first.scratch) == 1
    assert not any(Path(each).exists() for each in first.scratch)


def test_a_second_start_makes_nothing_anew(
    first: Stopped, again: RunningLab, record_property: pytest.FixtureRequest
) -> None:
    took = [float(each) for each in re.findall(r"is ready \((\d+\.\d) s\)", again.said)]
    record_property("slowest part, seconds", max(took[-4:]))
    print(f"second start: the slowest part was ready after {max(took[-4:])} s")
    assert kept(first.folder) == first.kept
    said = again.said[len(first.said) :]
    for word in ("convert", "searchable", "download", "prepar"):
        assert word not in said.lower(), said


def test_a_killed_supervisor_leaves_no_process(again: RunningLab) -> None:
    processes = again.processes()
    assert len(processes) >= 6, [each.command for each in processes]
    os.kill(again.process.pid, signal.SIGKILL)
    again.process.wait(timeout=10)
    assert still_there(processes, within=30) == []


def test_a_part_that_crashes_again_and_again_ends_all_with_one_sentence(again: RunningLab) -> None:
    processes = again.processes()
    deadline = time.monotonic() + 100
    crashed: set[int] = set()
    while again.process.poll() is None and time.monotonic() < deadline:
        crashed |= crash(again, crashed)
        time.sleep(0.1)
    assert again.process.wait(timeout=30) == 1
    assert len(crashed) == 3
    sentences = [line for line in again.said.splitlines() if "so everything is stopped" in line]
    assert len(sentences) == 1, again.said[-2000:]
    assert re.search(rf"{MODEL} ended unexpectedly \(SIGKILL\) for the 3\. time in \d+ s", sentences[0])
    assert f"{MODEL}.log" in sentences[0]
    assert "Traceback" not in again.said
    assert still_there(processes, within=5) == []


def crash(lab: RunningLab, crashed: set[int]) -> set[int]:
    """Kill the model server, if it is another one than those killed before."""
    mark = f"--alias {MODEL}"
    found = {pid for pid in labs.children(lab.process.pid) if mark in labs.command(pid)} - crashed
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return found


def test_a_port_that_is_taken_is_said_in_one_sentence_and_nothing_is_started(first: Stopped) -> None:
    with socket.socket() as holder:
        hold(holder, 8180)
        line = command_of("embedded", first.folder, ports=())
        ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    told = ended.stdout + ended.stderr
    assert "identity (stand-in) cannot start: another program already listens on 127.0.0.1:8180." in told
    assert "make run ARGS=--any-ports" in told
    assert "is ready" not in told
    assert "Traceback" not in told


def hold(holder: socket.socket, port: int) -> None:
    """Listen there, unless someone does already."""
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        return
    holder.listen()


@pytest.mark.full
@pytest.mark.last
@pytest.mark.timeout(900)
def test_the_full_lab_ends_whole_too(full: RunningLab) -> None:
    """Java, PostgreSQL under its own user, and vLLM's own children: none outlives a killed supervisor."""
    processes = full.processes()
    assert len(processes) >= 10, [each.command for each in processes]
    os.kill(full.process.pid, signal.SIGKILL)
    full.process.wait(timeout=10)
    assert still_there(processes, within=45) == []
    until(lambda: not labs.listens(full.plan.ports.database), within=5)

"""The stored log as a verifier in another language sees it, built on the Go team's notes and trees."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from audit import tree
from audit.note import open_checkpoint
from tests.audit.fakes import ORIGIN, filled, keys_in

SOURCE = Path(__file__).parent / "independent"


def go_version() -> tuple[int, int]:
    if shutil.which("go") is None:
        return (0, 0)
    said = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"go(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if go_version() < (1, 22):
        pytest.skip("needs Go 1.22 or later")
    binary = tmp_path_factory.mktemp("go") / "independent"
    built = subprocess.run(
        ["go", "build", "-o", binary, "."],
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-buildvcs=false"},
    )
    if "dial tcp" in built.stderr or "no such host" in built.stderr:
        pytest.skip("golang.org/x/mod is neither cached nor reachable")
    assert built.returncode == 0, built.stderr
    return binary


def run(verifier: Path, log: Path, vkey: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(verifier), str(log), vkey], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("calls", [1, 128, 200])
def test_go_reads_the_same_root_from_the_same_folder(verifier: Path, tmp_path: Path, calls: int) -> None:
    log = filled(tmp_path, calls) / "tree" / "t" / "bollnas"
    key = keys_in(tmp_path).vkey(f"{ORIGIN}/t/bollnas")

    said = run(verifier, log, str(key))

    head = open_checkpoint(tree.read_checkpoint(log), key)
    assert (said.returncode, said.stdout) == (0, f"{2 * calls} {head.root.hex()}\n")


def test_go_finds_a_changed_record(verifier: Path, tmp_path: Path) -> None:
    log = filled(tmp_path, 130) / "tree" / "t" / "bollnas"
    path = log / "tile" / "entries" / "000"
    path.write_bytes(path.read_bytes().replace(b'"seq":77,', b'"seq":78,'))

    said = run(verifier, log, str(keys_in(tmp_path).vkey(f"{ORIGIN}/t/bollnas")))

    assert (said.returncode, said.stdout) == (1, "#77: not the record that was hashed\n")

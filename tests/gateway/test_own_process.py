"""`valv serve` and the ledger's own process: they end together, in good order or at once."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from audit import tree
from audit.survey import Trust, survey
from gateway import schema
from gateway.installation.plan import free_ports
from tests.gateway.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Served:
    process: subprocess.Popen
    folder: Path

    @property
    def said(self):
        return (self.folder / "said").read_text()

    @property
    def ledgers(self):
        """The processes that the gateway started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(each) for each in children.split()]

    @property
    def types(self):
        """What is on the installation's record."""
        log = self.folder / "data" / "ledger" / "tree" / "installation"
        reader = tree.TreeReader(log, int(tree.read_checkpoint(log).split(b"\n")[1]))
        return [json.loads(body)["type"] for body in reader.bundle(0)]


def open_files_of(process):
    """What the process has open; a file that is closed while one looks is none of it."""
    held = []
    for each in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            held.append(os.readlink(each))
    return held


def command_of(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def until(true, within=60):
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def gateway(tmp_path):
    with served_in(tmp_path) as gateway:
        yield gateway


@contextlib.contextmanager
def served_in(folder):
    port, metrics = free_ports(2)
    nowhere = "http://127.0.0.1:9"
    (folder / "data").mkdir(exist_ok=True)
    (folder / "models.yaml").write_text(catalogue(chat=nowhere, unsteady=nowhere, vectors=nowhere))
    database = f"sqlite:///{folder / 'data' / 'valv.db'}"
    schema.upgrade(database)
    settings = {
        "VALV_EVALUATION": "true",
        "VALV_PORT": str(port),
        "VALV_METRICS_PORT": str(metrics),
        "VALV_DATA": str(folder / "data"),
        "VALV_DATABASE_URL": database,
        "VALV_SESSION_KEY": "a-secret-of-the-gateway-0123456789",
        "VALV_MODELS": str(folder / "models.yaml"),
        "VALV_IDENTITY__ISSUER": f"{nowhere}/realms/valv",
        "VALV_IDENTITY__CLIENT_SECRET": "another-secret-of-the-gateway",
        "VALV_AUDIT__FOLDER": str(folder / "data" / "ledger"),
        "VALV_AUDIT__KEYS": str(folder / "keys"),
        "VALV_AUDIT__DISK_FLOOR_PERCENT": "0",
        "VALV_VECTORS__FOLDER": str(folder / "data" / "chroma"),
    }
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway.cli", "serve"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
            cwd=folder,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        until(lambda: process.poll() is None and answers(port))
        yield Served(process, folder)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port):
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
        return True
    return False


def test_nobody_else_on_the_machine_may_read_what_it_keeps(gateway):
    data = gateway.folder / "data"
    written = [each for each in data.rglob("*") if not each.name.startswith("valv.db")]  # made by this test
    assert written
    assert [str(each) for each in written if each.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_of_them_closes_the_ledger_before_they_end(gateway, sign):
    (ledger,) = gateway.ledgers
    assert "audit.process" in command_of(ledger)
    os.killpg(gateway.process.pid, sign)
    assert gateway.process.wait(timeout=60) == 0
    assert command_of(ledger) == ""
    assert gateway.types == ["ledger.start", "ledger.stop"]
    assert "Traceback" not in gateway.said


def test_the_gateway_ends_with_one_sentence_when_its_ledger_is_killed(gateway):
    (ledger,) = gateway.ledgers
    os.kill(ledger, signal.SIGKILL)
    assert gateway.process.wait(timeout=60) == 1
    sentences = [line for line in gateway.said.splitlines() if "start the gateway again" in line]
    assert sentences == [
        "The ledger's process ended, and nothing can be recorded without it: start the gateway again"
    ]
    assert "Traceback" not in gateway.said


def test_a_killed_gateway_takes_its_ledger_with_it_and_the_next_one_says_so(gateway, tmp_path):
    (ledger,) = gateway.ledgers
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    until(lambda: "audit.process" not in command_of(ledger), within=5)
    with served_in(tmp_path) as again:
        os.killpg(again.process.pid, signal.SIGTERM)
        assert again.process.wait(timeout=60) == 0
    assert again.types == ["ledger.start", "ledger.start", "ledger.recovered", "ledger.stop"]
    assert survey(tmp_path / "data" / "ledger", Trust(None)).tampering == []


def test_the_ledger_s_process_is_told_no_secret_and_the_gateway_keeps_no_file_of_the_ledger_open(gateway):
    (ledger,) = gateway.ledgers
    told = Path(f"/proc/{ledger}/environ").read_bytes() + Path(f"/proc/{ledger}/cmdline").read_bytes()
    held = open_files_of(gateway.process.pid)
    assert held
    assert b"secret" not in told
    assert [each for each in held if "/ledger/" in each or "/keys/" in each] == []

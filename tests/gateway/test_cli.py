"""The commands: which installation they are about."""

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from gateway.cli import configuration, demo
from gateway.cli.configuration import NoInstallation, find_settings
from gateway.demo.description import Description


def test_where_nothing_tells_of_an_installation_that_is_said_and_not_what_it_lacks(monkeypatch, tmp_path):
    monkeypatch.setattr(configuration, "ROOT", tmp_path)
    for name in [each for each in os.environ if each.startswith("VALV_")]:
        monkeypatch.delenv(name)
    with pytest.raises(NoInstallation, match="make run"):
        find_settings()


class Well(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        """Quietly."""


@pytest.fixture
def address():
    with HTTPServer(("127.0.0.1", 0), Well) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def gateway():
    """A process that is called as a gateway is."""
    said = "import time; print(flush=True); time.sleep(60)"
    command = [sys.executable, "-c", said, "gateway.cli", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()  # its command line can be read from now on
        yield process
        process.kill()


def lab(folder, address, *, pid):
    folder.mkdir(parents=True)
    Description(folder.name, address, *[""] * 8).write(folder)
    (folder / "gateway.pid").write_text(str(pid))


def test_of_two_labs_that_had_one_address_the_demonstration_takes_the_one_that_runs(
    monkeypatch, tmp_path, address, gateway
):
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    lab(tmp_path / "var" / "embedded", address, pid=os.getppid())  # what has its number now is no gateway
    lab(tmp_path / "var" / "lab", address, pid=gateway.pid)
    assert demo._running(None).flavour == "lab"


def test_where_only_a_stranger_answers_no_lab_runs(monkeypatch, tmp_path, address, gateway):
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    gateway.kill()
    gateway.wait()
    lab(tmp_path / "var" / "embedded", address, pid=gateway.pid)
    with pytest.raises(demo.NoLab, match="make run"):
        demo._running(None)

"""The two identity providers, started for tests on ports of their own."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from auth import demo, realm
from auth.keycloak import Keycloak, as_administrator, as_service
from auth.servers import Command, Ports, keycloak_command, standin_command
from gateway.installation.plan import free_ports

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "VALV_GATEWAY_SECRET": "gateway-secret-of-tests",
    "VALV_CLI_SECRET": "cli-secret-of-tests",
    "VALV_MEMBERS_SECRET": "members-secret-of-tests",
    "VALV_DEMO_SECRET": "demo-secret-of-tests",
}


@dataclass(frozen=True)
class RunningProvider:
    """A provider that is up, with the demonstration's people; ``told`` are the logout tokens it has sent."""

    kind: str
    url: str
    gateway: str
    told: list
    http: httpx.Client

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/valv"

    @property
    def oidc(self) -> str:
        return f"{self.issuer}/protocol/openid-connect"

    def service(self) -> Keycloak:
        return as_service(self.url, realm="valv", client="valv-cli", secret=SECRETS["VALV_CLI_SECRET"])


def password_of(username: str) -> str:
    return f"losenord-{username.split('@', maxsplit=1)[0]}-1"


def everyone() -> demo.Demo:
    return demo.read(json.loads((ROOT / "deploy/demo/people.json").read_text()))


def realm_for(gateway: str) -> dict:
    read = [
        json.loads((ROOT / "deploy/keycloak" / name).read_text())
        for name in ("valv-realm.json", "demo-overlay.json")
    ]
    urls = {"VALV_GATEWAY_URL": gateway, "VALV_BACKCHANNEL_URL": gateway}
    return realm.render(realm.overlaid(*read), secrets=SECRETS, urls=urls)


@contextmanager
def running(kind: str, folder: Path):
    with ExitStack() as stack:
        told: list[str] = []
        gateway = stack.enter_context(_gateway(told))
        start = _keycloak if kind == "keycloak" else _standin
        url = stack.enter_context(start(folder, realm_for(gateway)))
        http = stack.enter_context(httpx.Client(timeout=30, verify=False))
        provider = RunningProvider(kind, url, gateway, told, http)
        people = everyone()
        demo.provision(
            provider.service(), people, passwords={each: password_of(each) for each in people.usernames}
        )
        yield provider


@contextmanager
def _gateway(told):
    """The one address of the gateway that providers call themselves: back-channel logout."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            told.extend(parse_qs(body)["logout_token"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments):
            """Nothing to say."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def _standin(folder, rendered):
    file, (port,) = folder / "realm.json", free_ports(1)
    file.write_text(json.dumps(rendered))
    command = standin_command(Path(sys.executable), port=port, data=folder / "people.json", realm=file)
    with _started(command, folder):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _keycloak(folder, rendered):
    home = Path(os.environ.get("VALV_CACHE", "~/.cache/valv")).expanduser() / "keycloak-26.7.4"
    if not (home / ".valv-built").is_file():
        pytest.skip("Keycloak is not installed: python deploy/keycloak/install.py --cache ~/.cache/valv")
    if shutil.which("java") is None:
        pytest.skip("Keycloak needs Java: install openjdk-17-jre-headless")
    ports = Ports(*free_ports(2))
    url = f"http://127.0.0.1:{ports.http}"
    command = keycloak_command(
        home, ports=ports, data=folder, public_url=url, administrator="first", password="first-password-1"
    )
    with _started(command, folder):
        first = as_administrator(url, realm="valv", username="first", password="first-password-1")
        first.publish_realm(rendered)
        first.publish_realm(rendered)
        yield url


@contextmanager
def _started(command: Command, folder: Path):
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command.argv, env={**os.environ, **command.environment}, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            _wait(command, process, folder)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait(command, process, folder):
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(command.ready_url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"{command.argv[0]} did not start: {(folder / 'log').read_text()[-2000:]}")

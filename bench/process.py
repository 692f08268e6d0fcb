"""The gateway as `valv serve` runs it, in a folder of its own: started, asked how it is, ended."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from auth.database import Database
from auth.identity import Method, Principal, Role, TenantId
from auth.keys import KeyRing
from gateway import schema
from gateway.installation.plan import free_ports

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Gateway:
    """A running gateway with one API key; ``began`` is when it was started, on the monotonic clock."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    key: str
    began: float

    @property
    def log(self) -> str:
        return (self.folder / "gateway.log").read_text()


@contextmanager
def launched(folder: Path, *, whole: int = 9, stream: int = 9) -> Iterator[Gateway]:
    """A gateway whose two chat models answer at these ports; `ready` says when it serves."""
    port, metrics = free_ports(2)
    key = asyncio.run(_prepare(folder))
    began = time.monotonic()
    process = _serve(folder, port, metrics, whole, stream)
    try:
        yield Gateway(process, port, folder, key, began)
    finally:
        process.terminate()
        process.wait()


def ready(gateway: Gateway, within: float = 60) -> None:
    """Wait until it answers."""
    for _ in _patiently(gateway, within):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/healthz", timeout=1).close()
        except OSError:
            continue
        return


def warm(gateway: Gateway, within: float = 120) -> None:
    """Wait until the library is loaded, which happens while it serves already."""
    for _ in _patiently(gateway, within):
        if "library.warm" in gateway.log:
            return


def _patiently(gateway: Gateway, within: float) -> Iterator[None]:
    while time.monotonic() < gateway.began + within and gateway.process.poll() is None:
        yield
        time.sleep(0.05)
    raise SystemExit(f"the gateway did not start:\n{gateway.log}")


def memory(gateway: Gateway) -> float:
    """Resident memory in MiB (proc(5))."""
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def processor_seconds(process: int) -> float:
    """What a process and its children have used so far (proc(5): utime and stime, in ticks)."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    used = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    ticks = int(used[11]) + int(used[12])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(child)) for child in children)


async def _prepare(folder: Path) -> str:
    """A database with one key of one prototyper."""
    url = f"sqlite:///{folder / 'valv.db'}"
    await asyncio.to_thread(schema.upgrade, url)
    database = Database(url)
    tenant = TenantId("bench")
    owner = Principal("bench", tenant, frozenset({Role.PROTOTYPER}), Method.ACCESS_TOKEN)
    ring = KeyRing(database, clock=time.time, entropy=secrets.token_bytes)
    made = await ring.of(tenant).create(owner, name="bench")
    await database.close()
    return made.secret


def _serve(folder: Path, port: int, metrics: int, whole: int, stream: int) -> subprocess.Popen[bytes]:
    models = folder / "models.yaml"
    models.write_text(yaml.safe_dump(_models(whole, stream)))
    settings = {
        "VALV_EVALUATION": "true",
        "VALV_PORT": str(port),
        "VALV_METRICS_PORT": str(metrics),
        "VALV_DATA": str(folder),
        "VALV_DATABASE_URL": f"sqlite:///{folder / 'valv.db'}",
        "VALV_SESSION_KEY": secrets.token_urlsafe(32),
        "VALV_MODELS": str(models),
        "VALV_IDENTITY__ISSUER": "http://127.0.0.1:9/realms/valv",
        "VALV_IDENTITY__CLIENT_SECRET": secrets.token_urlsafe(32),
        "VALV_AUDIT__FOLDER": str(folder / "ledger"),
        "VALV_AUDIT__KEYS": str(folder / "keys"),
        "VALV_VECTORS__FOLDER": str(folder / "chroma"),
        "VALV_LIMITS__TENANT_REQUESTS_PER_MINUTE": "100000000",
        "VALV_LIMITS__KEY_REQUESTS_PER_MINUTE": "100000000",
    }
    log = (folder / "gateway.log").open("wb")
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gateway.cli", "serve"]
    return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)


def _models(whole: int, stream: int) -> dict[str, object]:
    def route(name: str, kind: str, port: int) -> dict[str, object]:
        return {
            "name": name,
            "kind": kind,
            "engine": "vllm",
            "weights": "/bench",
            "languages": ["en"],
            "context_length": 2048,
            "ceiling": "internal",
            "max_parallel": 256,
            "max_queue": 1024,
            "backends": [f"http://127.0.0.1:{port}"],
            "title": {"sv": name, "en": name},
            "description": {"sv": name, "en": name},
        }

    return {
        "routes": [
            route("whole", "chat", whole),
            route("stream", "chat", stream),
            route("e", "embedding", whole),
        ]
    }

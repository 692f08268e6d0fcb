"""Applications on loopback, in the test's own event loop."""

import asyncio
import contextlib
import socket

import httpx
import uvicorn

from gateway.server import Forwarded, configured


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):
        """Signals are the test runner's."""
        yield


def bound(port=0):
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind(("127.0.0.1", port))
    return opened


def url_of(opened):
    return f"http://127.0.0.1:{opened.getsockname()[1]}"


@contextlib.asynccontextmanager
async def served(application, opened=None):
    """The application as `gateway/server.py` serves it; yields its address."""
    opened = opened or bound()
    config = configured(Forwarded(application, trusted=("127.0.0.1",)), host="127.0.0.1", port=0)
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[opened]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield url_of(opened)
    finally:
        server.should_exit = True
        await running


def client(url, credential=None, **headers):
    """An HTTP client of that address; it obeys no proxy, follows no redirect and keeps no cookie of its own."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    if credential is not None:
        said["authorization"] = f"Bearer {credential}"
    return httpx.AsyncClient(base_url=url, headers=said, timeout=60, trust_env=False)

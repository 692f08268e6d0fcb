"""Questions that tell whether a part is ready; all of them ask on loopback only."""

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

from inference.launch.parts import Probe

HOST = "127.0.0.1"
PATIENCE = 2.0


def answers(url: str, *, status: int = 200) -> Probe:
    """Ready when a GET of the URL (``http://127.0.0.1:port/path``) is answered with the status."""
    parts = urlsplit(url)
    host, port, path = parts.hostname or HOST, parts.port or 80, parts.path or "/"
    query = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()

    async def ask() -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await _status(host, port, query) == status
        except (OSError, TimeoutError):
            return False

    return ask


def listens(port: int, *, host: str = HOST) -> Probe:
    """Ready when a connection to the port is taken."""

    async def ask() -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                _reader, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            return False
        await _close(writer)
        return True

    return ask


def is_free(port: int) -> bool:
    """Whether a server could listen on the port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


async def _status(host: str, port: int, query: bytes) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(query)
        await writer.drain()
        line = await reader.readline()
    finally:
        await _close(writer)
    _version, _, rest = line.partition(b" ")
    return int(rest[:3]) if rest[:3].isdigit() else 0


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()

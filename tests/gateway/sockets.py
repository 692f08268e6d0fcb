"""A client that holds the connection itself, to see when the first byte comes and to hang up when it likes."""

import asyncio
import contextlib
import json
from urllib.parse import urlsplit


@contextlib.asynccontextmanager
async def asked(url, path, body, credential):
    """A connection on which the request was sent; leaving hangs up."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    sent = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {credential}\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    writer.write(head.encode() + sent)
    await writer.drain()
    try:
        yield reader
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def is_silent(reader, seconds=0.3):
    """Whether nothing comes for so long; what does come is lost."""
    try:
        return await asyncio.wait_for(reader.read(1), seconds) is None
    except TimeoutError:
        return True


async def until(reader, mark):
    """Everything up to and with the mark."""
    return await asyncio.wait_for(reader.readuntil(mark), 10)


async def rest(reader):
    """Everything until the other side closes or resets."""
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""


async def events(reader, count):
    """The bytes of so many events of a chunked stream (RFC 9112 section 7.1), in however few chunks they come."""
    found = b""
    while found.count(b"\n\n") < count:
        size = int((await until(reader, b"\r\n")).strip(), 16)
        found += await asyncio.wait_for(reader.readexactly(size), 10)
        await reader.readexactly(2)
    return found

"""One call to one of a route's servers: its turn, the choice of the server, the exchange, the way out."""

import asyncio
import re
from collections.abc import Iterable

from auth.identity import TenantId
from inference.connection import Connection
from inference.errors import (
    Failure,
    ModelFailed,
    ModelOverloaded,
    ModelTimedOut,
    ModelUnavailable,
    RouteError,
)
from inference.fairness import Turnstile
from inference.models import ModelRoute
from inference.pool import Pool, PoolFull
from inference.refusals import read_refusal
from inference.routing import Server, Servers
from inference.wire import (
    Address,
    ConnectFailed,
    ConnectionLost,
    Deadlines,
    Head,
    Limits,
    TooLarge,
    Window,
    WireError,
    WireTimedOut,
)

_SPARE = 16
"""Connections beyond a route's calls in flight: for tokenizing and for asking how a server is."""

_ERROR_BODY = 65_536
_CALL = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def in_our_words(route: str, broken: WireError) -> RouteError:
    """What a fault of the wire means to whoever asked."""
    match broken:
        case WireTimedOut():
            return ModelTimedOut(route, stage=broken.stage)
        case ConnectFailed():
            return ModelUnavailable(route)
        case TooLarge():
            return ModelFailed(route, how=Failure.TOO_LARGE)
        case ConnectionLost():
            return ModelFailed(route, how=Failure.CLOSED)
        case _:
            return ModelFailed(route, how=Failure.ANSWER)


def _request(address: Address, path: str, body: bytes, call: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: {address.authority}\r\nContent-Type: application/json\r\n"
        f"X-Request-Id: {call}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode("ascii") + body


def _probe(address: Address) -> bytes:
    return f"GET /health HTTP/1.1\r\nHost: {address.authority}\r\n\r\n".encode("ascii")


class Lane:
    """Everything that belongs to one route: its turnstile, its servers and their connections."""

    def __init__(self, route: ModelRoute, *, deadlines: Deadlines, limits: Limits) -> None:
        self.route = route
        self.deadlines = deadlines
        self.limits = limits
        self.turnstile = Turnstile(
            route.name, parallel=route.max_parallel, queue=route.max_queue, patience=deadlines.turn
        )
        self.servers = Servers(route.name, self._connect_to(route))

    def _connect_to(self, route: ModelRoute) -> Iterable[Server]:
        for backend in route.backends:
            pool = Pool(
                Address.of(backend.url),
                size=route.max_parallel + _SPARE,
                connect=self.deadlines.connect,
                limits=self.limits,
            )
            yield Server(backend, pool)

    def close(self) -> None:
        """Close every connection of the route."""
        for server in self.servers.all:
            server.pool.close()


class Call:
    """One question on its way: ``open`` it, read it, and always ``close`` it, which frees all that it held.

    Closing before the response is whole closes the connection, and by that stops the engine.
    """

    __slots__ = ("_began", "_body", "_call", "_connection", "_lane", "_path", "_server", "_window")

    def __init__(self, lane: Lane, path: str, body: bytes, call: str) -> None:
        if not _CALL.fullmatch(call):
            raise ValueError(call)
        self._lane = lane
        self._path = path
        self._body = body
        self._call = call
        self._began: float | None = None
        self._server: Server | None = None
        self._connection: Connection | None = None

    async def wait_for_turn(self, tenant: TenantId) -> None:
        """Wait until the route takes another call.

        Raises:
            ModelOverloaded: the queue is full, or the turn did not come in time.
        """
        await self._lane.turnstile.enter(tenant)
        self._began = asyncio.get_running_loop().time()

    async def open(self, first_byte: float) -> None:
        """Send the question to a server that can be reached; returns when one begins to answer with 200.

        Raises:
            RouteError: none can be reached, or the one that was asked refuses, breaks or is too slow.
        """
        now = asyncio.get_running_loop().time()
        deadlines = self._lane.deadlines
        self._window = Window(now + deadlines.total, first_byte, deadlines.idle)
        head = await self._reach(now)
        if head.status != 200:
            body = await self.whole(_ERROR_BODY)
            raise read_refusal(self._lane.route.name, head.status, body, head.retry_after)

    async def whole(self, limit: int) -> bytes:
        """The whole body.

        Raises:
            RouteError: it breaks, is too large or too slow.
        """
        try:
            return await self._opened().whole(limit)
        except WireError as broken:
            raise in_our_words(self._lane.route.name, broken) from broken

    async def more(self) -> bytes:
        """The next piece of the body, empty at its end.

        Raises:
            RouteError: it breaks or is too slow.
        """
        try:
            return await self._opened().more()
        except WireError as broken:
            raise in_our_words(self._lane.route.name, broken) from broken

    @property
    def at_end(self) -> bool:
        """Whether the whole body has come and been read."""
        return self._connection is not None and self._connection.at_end

    def close(self) -> None:
        """Give back the connection and the turn; nothing more can be read."""
        now = asyncio.get_running_loop().time()
        self._hang_up(now)
        if self._began is not None:
            self._lane.turnstile.leave(now - self._began)
            self._began = None

    def _opened(self) -> Connection:
        if self._connection is None:
            raise ModelFailed(self._lane.route.name, how=Failure.CLOSED)
        return self._connection

    def _hang_up(self, now: float) -> None:
        if self._server is None:
            return
        if self._connection is not None:
            self._server.pool.put(self._connection, now)
        self._server.outstanding -= 1
        self._server = self._connection = None

    async def _reach(self, now: float) -> Head:
        servers = self._lane.servers
        tried: list[Server] = []
        while (server := servers.choose(now, tried)) is not None:
            tried.append(server)
            self._server = server
            server.outstanding += 1
            try:
                head = await self._send(server, now)
            except ConnectFailed:
                pass
            except PoolFull:
                again = self._lane.turnstile.retry_after
                raise ModelOverloaded(self._lane.route.name, retry_after=again) from None
            except WireError as broken:
                # Not asked again elsewhere: a question that broke one server should not be handed to the next.
                raise in_our_words(self._lane.route.name, broken) from broken
            else:
                if head.status != 503:
                    servers.found(server)
                    return head
            now = asyncio.get_running_loop().time()
            self._hang_up(now)
            servers.lost(server, now)
        raise ModelUnavailable(self._lane.route.name)

    async def _send(self, server: Server, now: float) -> Head:
        pool = server.pool
        request = _request(pool.address, self._path, self._body, self._call)
        used = pool.take_idle(now)
        if used is not None:
            try:
                self._connection = used
                return await used.open(request, self._window)
            except ConnectionLost as lost:
                # RFC 9112, section 9.3.1: a server may close an idle connection in the moment it is used.
                if lost.answered:
                    raise
                pool.put(used, now)
        self._connection = None
        self._connection = await pool.connect()
        return await self._connection.open(request, self._window)


async def is_well(server: Server, within: float) -> bool:
    """Whether the server says, in so many seconds, that it can answer."""
    loop = asyncio.get_running_loop()
    connection: Connection | None = None
    try:
        connection = await server.pool.connect()
        head = await connection.open(
            _probe(server.pool.address), Window(loop.time() + within, within, within)
        )
    except (WireError, PoolFull):
        return False
    else:
        return head.status == 200
    finally:
        if connection is not None:
            connection.abort()

"""The connections to one model server: kept alive, bounded, and none forgotten."""

import asyncio

from inference.connection import Connection
from inference.wire import Address, ConnectFailed, Limits


class PoolFull(Exception):
    """As many connections as allowed are in use."""


class Pool:
    """At most ``size`` connections to one address; an idle one is used again, the youngest first."""

    def __init__(self, address: Address, *, size: int, connect: float, limits: Limits) -> None:
        self.address = address
        self._size = size
        self._connect = connect
        self._limits = limits
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._connecting = 0

    @property
    def open(self) -> int:
        """How many connections there are, idle ones too."""
        return len(self._open)

    def take_idle(self, now: float) -> Connection | None:
        """A connection that was used before and still seems open, or none."""
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable and now - connection.idle_since < self._limits.keep:
                return connection
            connection.abort()
        return None

    async def connect(self) -> Connection:
        """A fresh connection.

        Raises:
            ConnectFailed: refused, unreachable or not accepted within the deadline.
            PoolFull: the bound is reached.
        """
        if len(self._open) + self._connecting >= self._size:
            raise PoolFull
        self._connecting += 1
        try:
            return await self._dial()
        finally:
            self._connecting -= 1

    def put(self, connection: Connection, now: float) -> None:
        """Take a connection back after an exchange; one that can't be used again is closed."""
        if not connection.reusable or connection not in self._open:
            connection.abort()
            return
        connection.idle_since = now
        self._idle.append(connection)

    def close(self) -> None:
        """Close every connection, those in use too."""
        for connection in tuple(self._open):
            connection.abort()
        self._idle.clear()

    async def _dial(self) -> Connection:
        connection = Connection(self._limits, self._forget)
        loop = asyncio.get_running_loop()
        dialled = False
        try:
            async with asyncio.timeout(self._connect):
                await loop.create_connection(lambda: connection, self.address.host, self.address.port)
            dialled = True
        except (OSError, TimeoutError) as refused:
            raise ConnectFailed from refused
        finally:
            if not dialled:
                connection.abort()
        if not connection.lost:
            self._open.add(connection)
        return connection

    def _forget(self, connection: Connection) -> None:
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

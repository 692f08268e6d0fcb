"""Which of a route's servers answers a call: the one with the least to do among those that can be reached."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import structlog

from inference.models import Backend
from inference.pool import Pool

REST = 2.0
"""Seconds for which a server that can't be reached is passed over."""

_log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Server:
    """A backend with its connections and what it is doing; ``losses``: how often it was there, and then was not."""

    backend: Backend
    pool: Pool
    outstanding: int = field(default=0)
    rests_until: float | None = field(default=None)
    losses: int = field(default=0)
    lost_at: float | None = field(default=None)

    @property
    def up(self) -> bool:
        """Whether the last that we know is that it answers."""
        return self.rests_until is None


class Servers:
    """The servers of one route. Times are seconds on any clock that does not go back."""

    def __init__(self, route: str, servers: Iterable[Server]) -> None:
        self._route = route
        self._servers = list(servers)

    @property
    def all(self) -> tuple[Server, ...]:
        """Every server of the route."""
        return tuple(self._servers)

    def choose(self, now: float, tried: Collection[Server] = ()) -> Server | None:
        """The server to ask next, or none when all were tried.

        A server that could not be reached rests for two seconds; then a single call tries it again. Where
        every server rests, the one whose rest ends first is asked all the same: there is nothing to lose.
        """
        if len(self._servers) == 1 and not tried and self._servers[0].up:
            return self._servers[0]
        left = [server for server in self._servers if server not in tried]
        if not left:
            return None
        awake = [server for server in left if server.rests_until is None or server.rests_until <= now]
        if not awake:
            return min(left, key=lambda server: server.rests_until or now)
        chosen = min(awake, key=lambda server: server.outstanding)
        if chosen.rests_until is not None:
            chosen.rests_until = now + REST
        self._turn(chosen)
        return chosen

    def lost(self, server: Server, now: float) -> None:
        """The server could not be reached, or said that it is not ready."""
        if server.up:
            _log.warning("backend.lost", route=self._route, backend=server.backend.url)
            server.losses += 1
            server.lost_at = now
        server.rests_until = now + REST

    def found(self, server: Server) -> None:
        """The server answered."""
        if not server.up:
            _log.info("backend.found", route=self._route, backend=server.backend.url)
            server.rests_until = None

    def _turn(self, chosen: Server) -> None:
        """Among equals the one that was asked longest ago is first."""
        if len(self._servers) > 1:
            self._servers.remove(chosen)
            self._servers.append(chosen)

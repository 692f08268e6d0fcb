"""The terms on which we speak HTTP/1.1 with a model server, and what can break there.

WireError
  ConnectFailed      refused, unreachable, or not accepted in time
  ConnectionLost     closed before the answer was whole
  Garbled            not HTTP as we know it
  TooLarge           headers or body over the limit
  WireTimedOut       a deadline passed, at a named stage
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from inference.errors import Stage


class WireError(Exception):
    """Something broke between us and a model server."""


class ConnectFailed(WireError):
    """No connection came about."""


class ConnectionLost(WireError):
    """The connection ended before the answer was whole; ``answered`` says whether any byte of it had come."""

    def __init__(self, *, answered: bool) -> None:
        super().__init__()
        self.answered = answered


class Garbled(WireError):
    """The bytes are no HTTP/1.1 response."""


class TooLarge(WireError):
    """More bytes than the limits allow."""


class WireTimedOut(WireError):
    """The server was too slow at ``stage``."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long we wait, in seconds.

    Attributes:
        turn: for a place among the calls in flight.
        connect: for a connection to be accepted.
        first_byte: for the beginning of a stream; a prompt is read by the model before it.
        idle: for the next piece of a stream.
        total: for a whole call, from its turn to its last byte.
        probe: for a server to say that it is well.
    """

    turn: float = 30.0
    connect: float = 2.0
    first_byte: float = 120.0
    idle: float = 60.0
    total: float = 600.0
    probe: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much we take, in bytes, and for how long a connection is kept.

    Attributes:
        head: of a response's status line and headers together.
        body: of a response that is not streamed.
        event: of one event of a stream.
        unread: of a stream that its reader has not taken; the server is held back above it.
        keep: seconds a connection may lie idle; both engines close theirs after five.
    """

    head: int = 65_536
    body: int = 67_108_864
    event: int = 4_194_304
    unread: int = 262_144
    keep: float = 4.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens; ``authority`` is what the Host header says."""

    host: str
    port: int
    authority: str

    @classmethod
    def of(cls, url: str) -> "Address":
        """Of ``http://host:port``."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or 80, parts.netloc)


class Head(msgspec.Struct, frozen=True, gc=False):
    """How a response begins; ``retry_after`` is that header's whole seconds, where given."""

    status: int
    retry_after: int | None


class Window(msgspec.Struct, frozen=True, gc=False):
    """The deadlines of one exchange on the loop's clock: ``ends`` is a time, the others are seconds."""

    ends: float
    first_byte: float
    idle: float

"""Questions of the read side: each comes on a socket of its own, so that no answer stands in another's way.

The gateway's side asks from any thread and blocks; the ledger's process answers each in a thread.
"""

import socket
from collections.abc import Callable
from typing import Final

from audit.errors import LedgerUnavailable, Unavailable
from audit.messages import AnyAsk
from audit.rules import Progress
from audit.wire import HEAD, Kind, Malformed, Unpacker, fault_in, frame, opened_head, pack

_LOOK_S: Final = 1.0
_PROGRESS: Final[Unpacker[tuple[str, int, int]]] = Unpacker(tuple[str, int, int])


class Door:
    """Where the gateway's side asks; each question hands over one end of a new pair of sockets."""

    def __init__(self, door: socket.socket, lives: Callable[[], bool]) -> None:
        """``lives``: whether the ledger's process was heard lately."""
        self._door = door
        self._door.settimeout(_LOOK_S)
        self._lives = lives

    def ask(self, question: AnyAsk, progress: Progress | None = None) -> bytearray:
        """The answer, packed. Blocks.

        Raises:
            LedgerUnavailable: nobody is there to answer.
            AuditError, OSError, sqlite3.Error: whatever the ledger itself raised.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            ours.settimeout(_LOOK_S)
            try:
                ours.sendall(frame(Kind.REQUEST, 0, pack(question)))
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                raise LedgerUnavailable(Unavailable.FAILED) from None
            return self._answer(ours, progress)

    def close(self) -> None:
        self._door.close()

    def _hand_over(self, theirs: socket.socket) -> None:
        try:
            socket.send_fds(self._door, [b"?"], [theirs.fileno()])
        except OSError:
            raise LedgerUnavailable(Unavailable.FAILED) from None

    def _answer(self, ours: socket.socket, progress: Progress | None) -> bytearray:
        while True:
            length, kind, _ = opened_head(self._received(ours, HEAD.size))
            body = self._received(ours, length)
            if kind is Kind.PROGRESS:
                if progress is not None:
                    progress(*_PROGRESS.read(body))
            elif kind is Kind.FAULT:
                raise fault_in(body)
            elif kind is Kind.ANSWER:
                return body
            else:
                raise Malformed(f"a frame of kind {kind.name} from the ledger")

    def _received(self, ours: socket.socket, length: int) -> bytearray:
        """Waits as long as the other side gives signs of life."""
        raw = bytearray(length)
        view, done = memoryview(raw), 0
        while done < length:
            try:
                count = ours.recv_into(view[done:])
            except TimeoutError:
                if self._lives():
                    continue
                raise LedgerUnavailable(Unavailable.DEADLINE) from None
            except ConnectionResetError:
                count = 0
            if count == 0:
                raise LedgerUnavailable(Unavailable.FAILED)
            done += count
        return raw


def next_caller(door: socket.socket) -> socket.socket | None:
    """The socket of who asks next, or ``None`` when the other side is gone. Blocks."""
    said, fds, _, _ = socket.recv_fds(door, 1, 1)
    return socket.socket(fileno=fds[0]) if said and fds else None

"""The ledger's own process: ``python -m audit.process LINE DOOR``, two inherited sockets by their numbers.

It is told on the line where ledger and keys lie, opens both itself, and ends with the process that started it.
"""

import asyncio
import ctypes
import gc
import signal
import socket
import sys
from typing import Final

import structlog
import uvloop

from audit.clerk import Clerk

_PR_SET_PDEATHSIG: Final = 1  # prctl(2)
_COLLECT_AFTER: Final = (50_000, 20, 50)  # a record makes no cycles


def main() -> None:
    """Serve until the line ends. Whoever stops a group of processes means the gateway, which then closes this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    _configure_logging()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    line, door = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    uvloop.run(_serve(line, door))


async def _serve(line: socket.socket, door: socket.socket) -> None:
    clerk = Clerk(door)
    await asyncio.get_running_loop().create_unix_connection(lambda: clerk, sock=line)
    await clerk.ended()


def _die_with_parent() -> None:
    """A second lock beside the line's end, where the kernel has one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _configure_logging() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    main()

"""The gateway's process: objects opened, one HTTP server, everything closed again."""

import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import anyio
import structlog
import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from audit.client import AnyLedger, LedgerClient
from audit.errors import LedgerLost
from gateway.app import compose, opened
from gateway.lean.protocol import CallProtocol
from gateway.recorder import Application, Receive, Scope, Send
from gateway.settings import Settings

# A call makes some three hundred objects and no cycles: with CPython's 700, looking for cycles was a fifth of its time.
_COLLECT_AFTER: Final = (50_000, 20, 50)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; calls in flight get ten seconds to finish.

    Raises:
        AuditError, SchemaOutdated: nothing was served.
        LedgerLost: the ledger's process ended, and so nothing more was answered.
    """
    configure_logging()
    lost = None
    async with opened(settings) as lab:
        # What is there now stays: the collector need not look through it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECT_AFTER)
        served = Forwarded(compose(lab), trusted=settings.trusted_proxies)
        server = Server(configured(served, host=settings.host, port=settings.port))
        lost = await serve_while_recorded(server, lab.ledger)
    if lost is not None:
        raise lost


async def serve_while_recorded(server: uvicorn.Server, ledger: AnyLedger) -> LedgerLost | None:
    """Serve until a signal, or until the ledger is gone: then who supervises the gateway starts both anew."""
    lost: LedgerLost | None = None

    async def watch(ledger: LedgerClient) -> None:
        nonlocal lost
        lost = await ledger.lost()
        server.should_exit = True

    async with anyio.create_task_group() as tasks:
        if isinstance(ledger, LedgerClient):
            tasks.start_soon(watch, ledger)
        await server.serve()
        tasks.cancel_scope.cancel()
    return lost


def configured(application: Application, *, host: str, port: int) -> uvicorn.Config:
    """The HTTP server in front of an application."""
    return uvicorn.Config(
        application,
        host=host,
        port=port,
        interface="asgi3",
        lifespan="off",
        http=CallProtocol,
        loop="none",
        ws="none",
        proxy_headers=False,
        access_log=False,
        server_header=False,
        date_header=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,
        backlog=2048,
    )


class Server(uvicorn.Server):
    """Ends on a signal, and leaves it at that: uvicorn's own raises it again, before the ledger is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Once it has ended, a second signal is the process's again."""
        before = {sign: signal.signal(sign, self.handle_exit) for sign in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)


class Forwarded:
    """Takes the client's address from a trusted proxy (X-Forwarded-For); costs nothing where none is."""

    def __init__(self, application: Application, *, trusted: Sequence[str]) -> None:
        """``trusted``: the proxies' addresses and networks."""
        self._application = application
        self._behind: Any = ProxyHeadersMiddleware(application, trusted_hosts=list(trusted))  # type: ignore[arg-type]  # ASGI scopes as plain mappings

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """The answer, from behind the proxy or at once."""
        for name, _ in scope["headers"]:
            if name.startswith(b"x-forwarded-"):
                answered: Awaitable[None] = self._behind(scope, receive, send)
                return answered
        return self._application(scope, receive, send)


def configure_logging() -> None:
    """Events with fields as JSON lines on standard error; no user's text is ever in one."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)

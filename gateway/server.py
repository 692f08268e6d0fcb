"""The gateway's process: objects opened, one HTTP server, everything closed again."""

import logging
import sys

import structlog
import uvicorn

from gateway.app import compose, opened
from gateway.settings import Settings


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; calls in flight get ten seconds to finish.

    Raises:
        AuditError, SchemaOutdated: nothing was served.
    """
    configure_logging()
    async with opened(settings) as lab:
        server = uvicorn.Server(
            uvicorn.Config(
                compose(lab),
                host=settings.host,
                port=settings.port,
                lifespan="off",
                http="httptools",
                loop="none",
                ws="none",
                access_log=False,
                server_header=False,
                date_header=False,
                log_config=None,
                timeout_graceful_shutdown=10,
                timeout_keep_alive=75,
                backlog=2048,
            )
        )
        await server.serve()


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

"""Work in the background that survives the process: DBOS, on SQLite or on PostgreSQL.

DBOS keeps one instance a process, so one ``DurableJobs`` can be open at a time.
"""

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from auth.identity import TenantId
from rag.outbox import Work

if TYPE_CHECKING:
    from dbos import Queue

Task = Callable[[TenantId, str], Awaitable[None]]

_WORKFLOW = "take_in"
_QUEUE = "documents"
_UNDER_WAY = frozenset({"ENQUEUED", "PENDING", "DELAYED"})


class Progress(Enum):
    """What became of a try."""

    UNKNOWN = "unknown"
    UNDER_WAY = "under way"
    ENDED = "ended"
    FAILED = "failed"


class Jobs(Protocol):
    """Runs work that is named by a key once for each key, even if the process ends in between."""

    async def open(self, task: Task) -> None: ...

    async def enqueue(self, work: Work) -> None: ...

    async def progress(self, work: Work) -> Progress: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class JobSettings:
    """Where jobs are kept, who this worker is, and how many documents it takes in at a time.

    ``worker`` must be the same after a restart (a stateful set's pod name): what a worker had begun when it was
    killed, it begins again when it is back.
    """

    url: str
    worker: str = "local"
    at_once: int = 2
    poll_seconds: float = 0.5


class DurableJobs:
    """Jobs kept by DBOS."""

    def __init__(self, settings: JobSettings) -> None:
        self._settings = settings
        self._queue: Queue | None = None
        self._function: Callable[[str, str], str] | None = None
        self._running: set[concurrent.futures.Future[None]] = set()
        self._closing = False

    async def open(self, task: Task) -> None:
        """Start to work; what was begun and not ended before is begun again."""
        from dbos import DBOS

        loop = asyncio.get_running_loop()

        def take_in(tenant: str, document: str) -> str:
            return self._run(loop, task(TenantId(tenant), document))

        await asyncio.to_thread(self._launch, take_in)
        self._queue = await DBOS.register_queue_async(
            _QUEUE,
            worker_concurrency=self._settings.at_once,
            polling_interval_sec=self._settings.poll_seconds,
            on_conflict="always_update",
        )

    async def enqueue(self, work: Work) -> None:
        """Have this try done; a key that is known already changes nothing."""
        from dbos import SetWorkflowID

        if self._queue is None or self._function is None:
            raise RuntimeError("the jobs are not open")
        with SetWorkflowID(work.key):
            await self._queue.enqueue_async(self._function, work.tenant.alias, work.document)

    async def progress(self, work: Work) -> Progress:
        """What became of this try."""
        from dbos import DBOS

        status = await DBOS.get_workflow_status_async(work.key)
        if status is None:
            return Progress.UNKNOWN
        if status.status in _UNDER_WAY:
            return Progress.UNDER_WAY
        return Progress.ENDED if status.status == "SUCCESS" else Progress.FAILED

    async def close(self) -> None:
        """Stop working; what is under way is interrupted, and stays to be done."""
        from dbos import DBOS

        self._closing = True
        for running in list(self._running):
            running.cancel()
        while self._running:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        self._queue, self._closing = None, False

    def _launch(self, take_in: Callable[[str, str], str]) -> None:
        from dbos import DBOS, DBOSConfig

        config: DBOSConfig = {
            "name": "valv",
            "system_database_url": self._settings.url,
            "executor_id": self._settings.worker,
            # Fixed: a job is only two ids, and any later version can take it up.
            "application_version": "1",
            "enable_otlp": False,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": self._settings.poll_seconds,
        }
        DBOS(config=config)
        self._function = DBOS.workflow(name=_WORKFLOW)(take_in)
        DBOS.launch()

    def _run(self, loop: asyncio.AbstractEventLoop, job: Awaitable[None]) -> str:
        """In one of DBOS's threads: wait for the job, which runs with everything else on the gateway's loop."""
        future = asyncio.run_coroutine_threadsafe(_awaited(job), loop)
        self._running.add(future)
        if self._closing:
            future.cancel()
        try:
            future.result()
        except concurrent.futures.CancelledError:
            return "interrupted"
        finally:
            self._running.discard(future)
        return "done"


async def _awaited(job: Awaitable[Any]) -> None:
    await job

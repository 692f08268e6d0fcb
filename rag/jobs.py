"""Work in the background that survives the process: DBOS, on SQLite or on PostgreSQL.

DBOS keeps one instance a process, so one ``DurableJobs`` can be open at a time. Its ``…_async`` functions put an
executor of their own into the running loop, which dies with DBOS; so here its plain functions run in threads.
"""

import asyncio
import concurrent.futures
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from auth.identity import TenantId
from rag.outbox import Work

if TYPE_CHECKING:
    from dbos import Queue

Task = Callable[[TenantId, str], Coroutine[None, None, None]]

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
        self._running: set[asyncio.Task[None]] = set()
        self._closing = False

    async def open(self, task: Task) -> None:
        """Start to work; what was begun and not ended before is begun again."""
        loop = asyncio.get_running_loop()

        def take_in(tenant: str, document: str) -> str:
            return _wait_for(loop, self._awaited(task(TenantId(tenant), document)))

        await asyncio.to_thread(self._launch, take_in)

    async def enqueue(self, work: Work) -> None:
        """Have this try done; a key that is known already changes nothing."""
        await asyncio.to_thread(self._enqueue, work)

    async def progress(self, work: Work) -> Progress:
        """What became of this try."""
        from dbos import DBOS

        status = await asyncio.to_thread(DBOS.get_workflow_status, work.key)
        if status is None:
            return Progress.UNKNOWN
        if status.status in _UNDER_WAY:
            return Progress.UNDER_WAY
        return Progress.ENDED if status.status == "SUCCESS" else Progress.FAILED

    async def close(self) -> None:
        """Stop working; what is under way is interrupted, and stays to be done."""
        from dbos import DBOS

        self._closing = True
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
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
        self._queue = DBOS.register_queue(
            _QUEUE,
            worker_concurrency=self._settings.at_once,
            polling_interval_sec=self._settings.poll_seconds,
            on_conflict="always_update",
        )

    def _enqueue(self, work: Work) -> None:
        from dbos import SetWorkflowID

        if self._queue is None or self._function is None:
            raise RuntimeError("the jobs are not open")
        with SetWorkflowID(work.key):
            self._queue.enqueue(self._function, work.tenant.alias, work.document)

    async def _awaited(self, job: Coroutine[None, None, None]) -> None:
        """The job, in a task that ``close`` knows of."""
        task = asyncio.ensure_future(job)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if self._closing:
            task.cancel()
        await task


def _wait_for(loop: asyncio.AbstractEventLoop, job: Coroutine[None, None, None]) -> str:
    """In one of DBOS's threads: wait for the job, which runs with everything else on the gateway's loop."""
    try:
        asyncio.run_coroutine_threadsafe(job, loop).result()
    except concurrent.futures.CancelledError:
        return "interrupted"
    return "done"

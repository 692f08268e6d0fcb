"""Where the officers' jobs are done: a few at once, apart from their requests, in threads of their own."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import anyio
import anyio.to_thread

from audit.client import AnyLedger
from audit.filters import Filter
from auth.identity import TenantId
from gateway.calls import Call
from gateway.errors import noted
from gateway.inspection.archive import Archive
from gateway.inspection.job import UNDER_WAY, Job, Kind, State
from gateway.inspection.track import JobStopped, Track
from gateway.inspection.work import export, verify
from gateway.inspection_errors import PackageUnavailable, TooManyJobs, UnknownJob
from gateway.scribe import Scribe

OF_A_TENANT: Final = 2
_AT_ONCE: Final = 4
KEPT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Tools:
    """What every job needs."""

    ledger: AnyLedger
    scribe: Scribe
    archive: Archive
    now: Callable[[], datetime]
    new_id: Callable[[], str]


@dataclass(slots=True)
class _Running:
    """A job under way, and where it can be watched and stopped."""

    tenant: TenantId
    job: Job
    call: Call
    track: Track = field(default_factory=Track)


class Office:
    """Owns the tasks that work; ``close`` waits for all of them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = anyio.Semaphore(_AT_ONCE)
        self._threads = anyio.CapacityLimiter(_AT_ONCE)
        self._closing = False

    def now(self) -> datetime:
        """The time, as jobs have it."""
        return self._tools.now()

    async def open(self) -> None:
        """Read what is kept; jobs that the last gateway left are shown as interrupted."""
        await anyio.to_thread.run_sync(self._tools.archive.open, self._tools.now())

    async def tidy(self) -> None:
        """Delete what has had its time."""
        await anyio.to_thread.run_sync(self._tools.archive.tidy, self._tools.now())

    async def close(self) -> None:
        """Interrupt all that is under way, and wait until that is kept."""
        self._closing = True
        for running in self._running.values():
            running.track.stop()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def of(self, tenant: TenantId) -> "Cabinet":
        """The jobs of one organisation."""
        return Cabinet(self, self._tools, tenant)

    def track(self, tenant: TenantId, number: str) -> Track | None:
        """Where a job that is under way can be watched and stopped."""
        running = self._running.get(number)
        return running.track if running is not None and running.tenant == tenant else None

    async def begin(self, tenant: TenantId, call: Call, kind: Kind, asked: Filter) -> Job:
        """Take a job on, for a call whose record is durable.

        Raises:
            TooManyJobs: as many of this organisation are under way.
            OSError: it can't be kept; nothing was begun.
        """
        if sum(running.tenant == tenant for running in self._running.values()) >= OF_A_TENANT:
            raise TooManyJobs(OF_A_TENANT)
        tools = self._tools
        job = Job(tools.new_id(), kind, State.WAITING, call.id, tools.now(), asked)
        running = self._running[job.id] = _Running(tenant, job, call)
        try:
            await self._keep(running)
        except BaseException:
            del self._running[job.id]
            raise
        running.call = call.handed_on()
        task = asyncio.create_task(self._run(running))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _run(self, running: _Running) -> None:
        try:
            await noted(running.call, self._work(running))
            if running.call.problem is not None:
                await self._fail(running)
        finally:
            del self._running[running.job.id]

    async def _work(self, running: _Running) -> None:
        async with self._room:
            running.job = replace(running.job, state=State.RUNNING, begun=self._tools.now())
            await self._keep(running)
            try:
                ended = await anyio.to_thread.run_sync(self._done, running, limiter=self._threads)
            except JobStopped:
                running.call.gone = True
                state = State.INTERRUPTED if self._closing else State.CANCELLED
                ended = replace(running.job, state=state)
        await self._tools.scribe.conclude(running.call, detail=_told(ended))
        await self._end(running, ended)

    def _done(self, running: _Running) -> Job:
        """The work itself. Blocks."""
        tools, job, track = self._tools, running.job, running.track
        track.begin()
        reader = tools.ledger.reader(running.tenant)
        if job.kind is Kind.VERIFICATION:
            return replace(job, state=State.DONE, found=verify(reader, track))
        path = tools.archive.package(running.tenant, job.id)
        return replace(job, state=State.DONE, package=export(reader, track, (job.asked, path), self._times()))

    def _times(self) -> tuple[datetime, datetime]:
        now = self._tools.now()
        return now, now + KEPT_FOR

    async def _fail(self, running: _Running) -> None:
        """What it failed with is on its call; if even that can't be kept, the next start finds it interrupted."""
        problem = running.call.problem
        failed = replace(running.job, state=State.FAILED, problem=problem.slug if problem else None)
        await noted(running.call, self._end(running, failed))
        self._tools.archive.package(running.tenant, failed.id).unlink(missing_ok=True)

    async def _end(self, running: _Running, job: Job) -> None:
        track = running.track
        running.job = replace(job, ended=self._tools.now(), done=track.done, size=track.size)
        await self._keep(running)

    async def _keep(self, running: _Running) -> None:
        await anyio.to_thread.run_sync(self._tools.archive.put, running.tenant, running.job)


class Cabinet:
    """One organisation's jobs; no method takes another organisation."""

    def __init__(self, office: Office, tools: Tools, tenant: TenantId) -> None:
        self._office = office
        self._archive = tools.archive
        self._tenant = tenant
        self._now = tools.now

    async def begin_verification(self, call: Call) -> Job:
        """Have the whole log recomputed.

        Raises:
            TooManyJobs: as many are under way.
        """
        return await self._office.begin(self._tenant, call, Kind.VERIFICATION, Filter())

    async def begin_export(self, call: Call, asked: Filter) -> Job:
        """Have the matching records packaged.

        Raises:
            TooManyJobs: as many are under way.
        """
        return await self._office.begin(self._tenant, call, Kind.EXPORT, asked)

    def jobs(self, kind: Kind) -> list[Job]:
        """The newest first, each as far as it has come."""
        return [self._as_of_now(job) for job in self._archive.jobs(self._tenant, kind)]

    def job(self, kind: Kind, number: str) -> Job:
        """One job, as far as it has come.

        Raises:
            UnknownJob: there is none.
        """
        found = self._archive.job(self._tenant, kind, number)
        if found is None:
            raise UnknownJob
        return self._as_of_now(found)

    def cancel(self, kind: Kind, number: str) -> Job:
        """Have a job stopped; one that has ended stays as it is.

        Raises:
            UnknownJob: there is none.
        """
        job = self.job(kind, number)
        track = self._office.track(self._tenant, job.id)
        if track is not None:
            track.stop()
        return job

    def verified(self) -> Job | None:
        """The newest verification that came to its end."""
        return next((job for job in self.jobs(Kind.VERIFICATION) if job.state is State.DONE), None)

    def verifying(self) -> Job | None:
        """The verification under way, if one is."""
        return next((job for job in self.jobs(Kind.VERIFICATION) if job.state in UNDER_WAY), None)

    def package(self, number: str) -> Path:
        """The file of an export.

        Raises:
            UnknownJob: there is no such export.
            PackageUnavailable: it has no file, or its time is out.
        """
        job = self.job(Kind.EXPORT, number)
        if job.package is None or job.package.deleted_at <= self._now():
            raise PackageUnavailable
        return self._archive.package(self._tenant, number)

    def _as_of_now(self, job: Job) -> Job:
        track = self._office.track(self._tenant, job.id)
        return job if track is None or job.state not in UNDER_WAY else track.shown_on(job)


def _told(job: Job) -> dict[str, str | int]:
    """What the record of the end says: what was found or made."""
    said: dict[str, str | int] = {"job": job.id, "state": job.state.value}
    if job.found is not None:
        said |= {"verdict": job.found.verdict.value, "size": job.found.size}
        if job.found.tampered is not None and job.found.tampered.index is not None:
            said["first_bad"] = job.found.tampered.index
    if job.package is not None:
        said |= {"records": job.package.records, "sha256": job.package.sha256}
    return said

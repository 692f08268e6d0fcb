"""The jobs of all organisations on the disk: a file for each, and the packages beside them. Blocks."""

import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import structlog

from audit.durable import make_folder, sync_folder, write_file
from audit.export import SCRATCH
from auth.identity import NotATenant, TenantId
from gateway.inspection.job import UNDER_WAY, Job, Kind, State

_KEPT: Final = 100  # of each kind and organisation; what they did stays in the log
_DECODER: Final = msgspec.json.Decoder(Job)

log = structlog.get_logger()


class Archive:
    """Remembers what is on the disk; what is put in is durable when ``put`` returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs: defaultdict[TenantId, dict[str, Job]] = defaultdict(dict)

    def open(self, now: datetime) -> None:
        """Read what is there; what was under way when the gateway ended was interrupted then."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in self._folder.iterdir():
            try:
                tenant = TenantId(folder.name)
            except NotATenant:
                continue
            for path in folder.glob("*.json"):
                self._read(tenant, path, now)
            self._sweep(tenant)

    def put(self, tenant: TenantId, job: Job) -> None:
        """Keep the job as it is now.

        Raises:
            OSError: it is not kept.
        """
        folder = self._folder_of(tenant)
        if not folder.is_dir():
            make_folder(folder)
        write_file(folder / f"{job.id}.json", msgspec.json.encode(job))
        sync_folder(folder)
        self._jobs[tenant][job.id] = job

    def job(self, tenant: TenantId, kind: Kind, number: str) -> Job | None:
        found = self._jobs[tenant].get(number)
        return found if found is not None and found.kind is kind else None

    def jobs(self, tenant: TenantId, kind: Kind) -> list[Job]:
        """The newest first."""
        mine = [job for job in list(self._jobs[tenant].values()) if job.kind is kind]
        return sorted(mine, key=lambda job: (job.created, job.id), reverse=True)

    def package(self, tenant: TenantId, number: str) -> Path:
        """Where the package of an export is, or is to be."""
        return self._folder_of(tenant) / f"{number}.zip"

    def tidy(self, now: datetime) -> None:
        """Delete packages whose time is out, and the oldest jobs."""
        for tenant, jobs in list(self._jobs.items()):
            for job in list(jobs.values()):
                if job.package is not None and job.package.deleted_at <= now:
                    self.package(tenant, job.id).unlink(missing_ok=True)
            for kind in Kind:
                for job in self.jobs(tenant, kind)[_KEPT:]:
                    self._forget(tenant, job)

    def _forget(self, tenant: TenantId, job: Job) -> None:
        if job.state in UNDER_WAY:
            return
        self.package(tenant, job.id).unlink(missing_ok=True)
        (self._folder_of(tenant) / f"{job.id}.json").unlink(missing_ok=True)
        del self._jobs[tenant][job.id]

    def _read(self, tenant: TenantId, path: Path, now: datetime) -> None:
        try:
            job = _DECODER.decode(path.read_bytes())
        except msgspec.DecodeError:
            log.warning("inspection.unreadable", job=path.stem)
            return
        if job.state in UNDER_WAY:
            self.put(tenant, replace(job, state=State.INTERRUPTED, ended=now))
            return
        self._jobs[tenant][job.id] = job

    def _sweep(self, tenant: TenantId) -> None:
        """What an interrupted export left behind."""
        folder = self._folder_of(tenant)
        for left in folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        for part in folder.glob("*.part"):
            part.unlink(missing_ok=True)
        for path in folder.glob("*.zip"):
            job = self._jobs[tenant].get(path.stem)
            if job is None or job.package is None:
                path.unlink(missing_ok=True)

    def _folder_of(self, tenant: TenantId) -> Path:
        return self._folder / tenant.alias

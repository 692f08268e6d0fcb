"""The work of a job itself. Blocks; belongs in a thread."""

import hashlib
from datetime import datetime
from pathlib import Path

from audit.filters import Filter
from audit.remote import AnyReader
from gateway.inspection.job import Found, Package
from gateway.inspection.track import Track


def verify(reader: AnyReader, track: Track) -> Found:
    """The whole log, recomputed.

    Raises:
        JobStopped: it was told to stop.
        AuditError, OSError: it can't be done.
    """
    return Found.of(reader.verify(track))


def export(
    reader: AnyReader, track: Track, what: tuple[Filter, Path], times: tuple[datetime, datetime]
) -> Package:
    """The matching records as a package at a path; ``times``: when it is made, and when it is to be deleted.

    Raises:
        JobStopped: it was told to stop; there is no file.
        AuditError, OSError: it can't be done; there is no file.
    """
    (asked, path), (made, deleted_at) = what, times
    whole = path.with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        records = reader.export(asked, whole, made=made.isoformat(timespec="seconds"), progress=track)
        track.begin()
        with whole.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = whole.stat().st_size
        whole.rename(path)
    finally:
        whole.unlink(missing_ok=True)
    return Package(records, size, digest, deleted_at)

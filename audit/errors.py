"""What can go wrong with the ledger.

::

    AuditError
    ├── LedgerUnavailable        nothing can be put on record now             .reason
    ├── LedgerLost               the process that records is gone             .fault
    ├── LedgerBusy               another process writes in this folder        .folder
    ├── LedgerDamaged            the stored ledger contradicts itself         .where, .fault
    ├── RecordRefused            the record would break the format            .field, .fault
    ├── FilterRefused            a search that can't be understood            .field, .fault
    ├── KeysFault                a key file is missing, open or misplaced     .path, .fault
    ├── NoteFault                a signed note that proves nothing            .fault
    ├── ProofFault               a proof that proves nothing                  .fault
    ├── TreeFault                a stored file of the tree is unusable        .path, .fault
    ├── RecordNotFound           no such record in this log                   .log, .seq
    └── ContentUnavailable       captured content can't be opened             .blob, .fault
"""

from enum import StrEnum
from pathlib import Path


class Unavailable(StrEnum):
    """Why nothing can be put on record."""

    CLOSED = "closed"
    DEADLINE = "deadline"
    DISK_LOW = "disk_low"
    FAILED = "failed"
    LAGGING = "lagging"
    QUEUE_FULL = "queue_full"


class AuditError(Exception):
    """Something about the ledger."""


class LedgerUnavailable(AuditError):
    """The record could not be made durable; whoever asked must not act."""

    def __init__(self, reason: Unavailable) -> None:
        super().__init__(reason)
        self.reason = reason


class LedgerLost(AuditError):
    """The ledger's process ended before it was told to; whoever worked with it must start anew."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"{fault}, and nothing can be recorded without it: start the gateway again")
        self.fault = fault


class LedgerBusy(AuditError):
    """Another writer holds the lock of the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


class LedgerDamaged(AuditError):
    """What is stored contradicts itself; ``where`` names a log and an index, or a file."""

    def __init__(self, where: str, fault: str) -> None:
        super().__init__(f"{where}: {fault}")
        self.where = where
        self.fault = fault


class RecordRefused(AuditError):
    """A draft that can't become a record of the format."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


class FilterRefused(AuditError):
    """What was asked of a search is not what the field holds."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


class KeysFault(AuditError):
    """A key file is missing, readable by others, malformed or inside the data folder."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path
        self.fault = fault


class NoteFault(AuditError):
    """The note is malformed, or no trusted key has signed it."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class ProofFault(AuditError):
    """The proof is malformed, or does not lead to the root."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class TreeFault(AuditError):
    """A file of the stored tree is missing or malformed."""

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path
        self.fault = fault


class RecordNotFound(AuditError):
    """The log has no record of that number."""

    def __init__(self, log: str, seq: int) -> None:
        super().__init__(f"{log}#{seq}")
        self.log = log
        self.seq = seq


class ContentUnavailable(AuditError):
    """The content is not there, was shredded, or is not what was recorded."""

    def __init__(self, blob: str, fault: str) -> None:
        super().__init__(f"{blob}: {fault}")
        self.blob = blob
        self.fault = fault

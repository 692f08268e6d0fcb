"""How much the ledger may hold back, and how it is."""

from dataclasses import dataclass

from audit.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may wait, how long, and how much room the disk must have.

    Attributes:
        queue: records that may wait for the disk; those that finish a call may take as many again.
        behind: durable records that no checkpoint covers yet.
        deadline_s: how long an append may take.
        checkpoint_s: the pause between checkpoints while there is something to sign.
        heartbeat_s: the pause between ``ledger.heartbeat`` records.
        floor: the share of the disk that must be free for new work.
        ballast: the most bytes set aside for work in flight.
    """

    queue: int = 2048
    behind: int = 100_000
    deadline_s: float = 2.0
    checkpoint_s: float = 0.5
    heartbeat_s: float = 60.0
    floor: float = 0.05
    ballast: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogStatus:
    """One log: its records, those under its newest checkpoint, and when that was signed (epoch seconds)."""

    origin: str
    size: int
    checkpoint_size: int
    checkpoint_at: float | None

    @property
    def lag(self) -> int:
        return self.size - self.checkpoint_size


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """Whether new work can be put on record, and if not, why."""

    healthy: bool
    reason: Unavailable | None
    fault: str | None
    waiting: int
    logs: tuple[LogStatus, ...]

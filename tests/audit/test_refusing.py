"""What can't be put on record is refused: a slow, full or dying disk, too many at once, callers that are gone."""

import asyncio
import errno
import threading
from pathlib import Path

import pytest

from audit import wal
from audit.clock import Clock
from audit.errors import LedgerUnavailable, Unavailable
from audit.status import Limits
from audit.survey import Trust, survey
from audit.writer import Pending
from tests.audit.fakes import (
    BOLLNAS,
    ORIGIN,
    STILL,
    call,
    intent,
    keys_in,
    open_ledger,
    outcome,
    records_of,
)

pytestmark = pytest.mark.anyio

# Those that hold the disk do it while the loop goes on: for them the writer has its thread.
both = pytest.mark.usefixtures("writer")


class SlowDisk:
    """Makes every append wait until it is let go, by holding the writer in its clock."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.go.set()

    @property
    def clock(self) -> Clock:
        return Clock(self._now, lambda: 1)

    def _now(self) -> int:
        self.go.wait(20)
        return 1_795_287_774_000_000_000


async def test_the_queue_is_bounded_and_calls_in_flight_can_still_end(tmp_path: Path) -> None:
    disk = SlowDisk()
    async with open_ledger(
        tmp_path, Limits(queue=64, checkpoint_s=0.01, floor=0), clock=disk.clock
    ) as ledger:
        first = await ledger.append(BOLLNAS, intent())
        disk.go.clear()
        waiting = [asyncio.create_task(ledger.append(BOLLNAS, intent())) for _ in range(512)]
        await asyncio.sleep(0.05)

        refused = [task for task in waiting if task.done()]
        assert len(refused) == 512 - 64
        assert ledger.status().reason is Unavailable.QUEUE_FULL
        ending = asyncio.create_task(ledger.append(BOLLNAS, outcome(first)))
        await asyncio.sleep(0)
        disk.go.set()
        assert (await ending).seq > 0
        results = await asyncio.gather(*waiting, return_exceptions=True)

    faults = [result for result in results if isinstance(result, LedgerUnavailable)]
    assert len(faults) == 448
    assert {fault.reason for fault in faults} == {Unavailable.QUEUE_FULL}


async def test_an_append_that_takes_too_long_is_refused_and_its_intent_never_stays_open(
    tmp_path: Path,
) -> None:
    disk = SlowDisk()
    limits = Limits(deadline_s=1, checkpoint_s=0.01, floor=0)
    async with open_ledger(tmp_path, limits, clock=disk.clock) as ledger:
        disk.go.clear()
        with pytest.raises(LedgerUnavailable) as late:
            await ledger.append(BOLLNAS, intent())
        disk.go.set()

    assert late.value.reason is Unavailable.DEADLINE
    if (tmp_path / "data" / "tree" / "t" / "bollnas").exists():
        assert [row["type"] for row in records_of(tmp_path)] == ["call.intent", "call.interrupted"]


async def test_an_intent_whose_caller_is_gone_is_closed_by_the_ledger(tmp_path: Path) -> None:
    disk = SlowDisk()
    async with open_ledger(tmp_path, clock=disk.clock) as ledger:
        disk.go.clear()
        waiting = asyncio.create_task(ledger.append(BOLLNAS, intent()))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        disk.go.set()
        await call(ledger)

    left = survey(tmp_path / "data", Trust(keys_in(tmp_path).vkey(ORIGIN)))
    assert left.tampering == []
    assert {gap.kind for gap in left.gaps} <= {"interrupted"}


@both
async def test_a_low_disk_refuses_new_work_and_lets_calls_in_flight_end(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        first = await ledger.append(BOLLNAS, intent())
        ledger._parts.reserve._floor = 1.1
        await ledger.append(BOLLNAS, outcome(first))

        with pytest.raises(LedgerUnavailable) as low:
            await ledger.append(BOLLNAS, intent())

        assert low.value.reason is Unavailable.DISK_LOW
        assert not ledger.status().healthy

    async with open_ledger(tmp_path, Limits(floor=1.1)) as ledger:
        assert ledger.status().reason is Unavailable.DISK_LOW


@both
async def test_a_tree_that_reads_back_changed_ends_the_ledger_s_work(tmp_path: Path) -> None:
    async with open_ledger(tmp_path, STILL) as ledger:
        await call(ledger)
        forest = ledger._parts.found.forest
        ledger.reader(BOLLNAS).checkpoint()
        forest.branches[f"{ORIGIN}/t/bollnas"]._bodies[0] = b"{}"
        await call(ledger)
        ledger._settle()

        with pytest.raises(LedgerUnavailable) as failed:
            await ledger.append(BOLLNAS, intent())
        assert failed.value.reason is Unavailable.FAILED
        assert "read back changed" in str(ledger.status().fault)


class HeldClock:
    """Holds the writer when it stamps the one record of a batch, which is then as good as written."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.held = threading.Event()
        self.looks: int | None = None

    @property
    def clock(self) -> Clock:
        return Clock(self._now, lambda: 1)

    def _now(self) -> int:
        if self.looks is not None:
            self.looks += 1
            if self.looks == 2:
                self.held.set()
                self.go.wait(20)
        return 1_795_287_774_000_000_000


async def test_an_intent_that_becomes_durable_after_its_deadline_is_closed_by_the_ledger(
    tmp_path: Path,
) -> None:
    time = HeldClock()
    limits = Limits(deadline_s=1, checkpoint_s=3600, floor=0)
    async with open_ledger(tmp_path, limits, clock=time.clock) as ledger:
        time.looks = 0
        with pytest.raises(LedgerUnavailable) as late:
            await ledger.append(BOLLNAS, intent())
        assert late.value.reason is Unavailable.DEADLINE
        assert time.held.is_set()
        time.go.set()
        await call(ledger)

    rows = records_of(tmp_path)
    ends = [(row["ref"], row["detail"]) for row in rows if row["type"] == "call.interrupted"]
    assert rows[0]["type"] == "call.intent"
    assert ends == [(0, {"why": "unacknowledged"})]


class DyingSegment:
    """A segment whose disk dies between the write and its confirmation."""

    def __init__(self, segment: wal.Segment) -> None:
        self._segment = segment
        self.path, self.size = segment.path, segment.size
        self.append, self.close = segment.append, segment.close
        self.syncs = 0

    def sync(self) -> None:
        self.syncs += 1
        raise OSError(errno.EIO, "the disk died")


@both
async def test_a_record_whose_fdatasync_failed_is_not_acknowledged_and_no_other_is_tried(
    tmp_path: Path,
) -> None:
    async with open_ledger(tmp_path, STILL) as ledger:
        dying = DyingSegment(ledger._writer._segment)
        ledger._writer._segment = dying  # type: ignore[assignment]  the fault that is tested
        for _ in range(3):
            with pytest.raises(LedgerUnavailable) as failed:
                await ledger.append(BOLLNAS, intent())
            assert failed.value.reason is Unavailable.FAILED

        assert dying.syncs == 1
        assert ledger.status().fault == "write-ahead log: EIO"


@both
async def test_a_fault_of_the_trees_while_the_ledger_closes_ends_its_work_too(tmp_path: Path) -> None:
    async with open_ledger(tmp_path, STILL) as ledger:
        await call(ledger)
        integrator = ledger._parts.integrator
        stop = integrator.stop

        def fails_at_last() -> None:
            stop()
            integrator._duties.failed("tree: EIO")

        integrator.stop = fails_at_last  # type: ignore[method-assign]  the fault that is tested
    assert ledger.status().fault == "tree: EIO"
    assert list((tmp_path / "data" / "wal").glob("*.wal"))


async def test_what_nobody_foresaw_refuses_all_that_wait_and_ends_the_work(tmp_path: Path) -> None:
    def breaks() -> None:
        raise KeyError

    async with open_ledger(tmp_path, STILL, writer_thread=False) as ledger:
        ledger._parts.reserve.look = breaks  # type: ignore[method-assign]  the fault that is tested
        waiting = asyncio.get_running_loop().create_future()
        ledger._writer._gathered.append(Pending(ledger._origin(BOLLNAS), intent(), waiting))
        with pytest.raises(KeyError):
            ledger._writer._hand_over()
        with pytest.raises(LedgerUnavailable):
            await waiting
        assert ledger.status().fault == "the writer ended"

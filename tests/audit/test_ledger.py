"""The ledger at work: durable, chained, bounded, and closed where nothing can be put on record."""

import asyncio
import errno
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from audit import durable, tree, wal
from audit.clock import Clock
from audit.errors import KeysFault, LedgerBusy, LedgerUnavailable, RecordRefused, Unavailable
from audit.filters import Filter
from audit.keys import create_keys
from audit.ledger import Ledger
from audit.records import INSTALLATION, Draft, EventType, Status
from audit.status import Limits
from audit.survey import Trust, survey
from audit.writer import Pending
from tests.audit.fakes import (
    BOLLNAS,
    OFFICER,
    ORIGIN,
    QUICK,
    REGION,
    STILL,
    SetClock,
    call,
    intent,
    keys_in,
    open_ledger,
    outcome,
)

pytestmark = pytest.mark.anyio

# Those that hold the disk do it while the loop goes on: for them the writer has its thread.
both = pytest.mark.usefixtures("writer")


def records_of(folder: Path, place: str = "t/bollnas") -> list[dict[str, Any]]:
    log = folder / "data" / "tree" / place
    size = int(tree.read_checkpoint(log).split(b"\n")[1])
    reader = tree.TreeReader(log, size)
    return [json.loads(body) for index in range(-(-size // 256)) for body in reader.bundle(index)]


@both
async def test_a_record_is_in_the_write_ahead_log_when_its_receipt_is_there(tmp_path: Path) -> None:
    async with open_ledger(tmp_path, STILL) as ledger:
        receipt = await ledger.append(BOLLNAS, intent())

        stored = [
            frame
            for path in wal.segments(tmp_path / "data" / "wal")
            for frame in wal.scan(path, last=True).frames
        ]
        assert receipt.leaf in [frame.leaf for frame in stored]


@both
async def test_records_are_numbered_and_chained_in_each_log_alone(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        receipts = [await call(ledger, tenant) for tenant in (BOLLNAS, REGION, BOLLNAS)]

    assert [receipt.seq for receipt in receipts] == [0, 0, 2]
    rows = records_of(tmp_path)
    assert [row["seq"] for row in rows] == [0, 1, 2, 3]
    assert rows[0]["prev"] is None
    assert [row["prev"] for row in rows[1:3]] != [None, None]
    assert rows[2]["ref"] is None
    assert rows[3]["ref"] == 2
    assert rows[2]["call"] == rows[3]["call"] == receipts[2].call
    assert {row["log"] for row in rows} == {f"{ORIGIN}/t/bollnas"}


@both
async def test_start_and_stop_are_on_the_installation_s_record(tmp_path: Path) -> None:
    for _ in range(2):
        async with open_ledger(tmp_path) as ledger:
            await ledger.append(INSTALLATION, Draft(EventType.AUTH_FAILED))

    types = [row["type"] for row in records_of(tmp_path, "installation")]
    assert types == ["ledger.start", "auth.failed", "ledger.stop"] * 2


@both
async def test_a_checkpoint_is_signed_by_itself(tmp_path: Path) -> None:
    async with open_ledger(tmp_path, Limits(checkpoint_s=0.05, floor=0)) as ledger:
        await call(ledger)
        async with asyncio.timeout(2):
            while next(log for log in ledger.status().logs if log.origin.endswith("bollnas")).lag:
                await asyncio.sleep(0.01)

        note = ledger.checkpoint(BOLLNAS)
        assert note is not None
        assert note.split(b"\n")[:2] == [f"{ORIGIN}/t/bollnas".encode(), b"2"]


@both
async def test_a_clean_stop_leaves_nothing_in_the_write_ahead_log(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        await call(ledger)

    assert wal.segments(tmp_path / "data" / "wal") == []


@both
async def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    async with open_ledger(tmp_path):
        with pytest.raises(LedgerBusy):
            await Ledger.open(tmp_path / "data", origin=ORIGIN, keys=keys_in(tmp_path))


@both
async def test_keys_inside_the_data_folder_are_refused(tmp_path: Path) -> None:
    keys = create_keys(tmp_path / "data" / "keys")

    with pytest.raises(KeysFault):
        await Ledger.open(tmp_path / "data", origin=ORIGIN, keys=keys)


@both
async def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    (keys.folder / "hash.secret").chmod(0o640)

    with pytest.raises(KeysFault):
        keys_in(tmp_path)


@both
async def test_a_draft_that_is_refused_takes_no_number(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        await call(ledger)
        for broken in (Draft(EventType.API_READ, ref=2**53), Draft(EventType.API_READ, case=7)):  # type: ignore[arg-type]  tested
            with pytest.raises(RecordRefused):
                await ledger.append(BOLLNAS, broken)
        assert (await call(ledger)).seq == 2


@both
async def test_a_clock_that_was_set_is_on_record_before_what_carries_its_time(tmp_path: Path) -> None:
    time = SetClock()
    async with open_ledger(tmp_path, clock=time.clock) as ledger:
        await call(ledger)
        time.wall_ns -= 86_400 * 1_000_000_000
        await call(ledger)

    assert [row["seq"] for row in records_of(tmp_path)] == [0, 1, 2, 3]
    jumps = [row["detail"] for row in records_of(tmp_path, "installation") if row["type"] == "ledger.clock"]
    assert jumps == [{"jump_ms": -86_400_000}]


@both
async def test_calls_that_a_crash_cut_off_are_closed_before_the_ledger_opens(tmp_path: Path) -> None:
    ledger = await Ledger.open(tmp_path / "data", origin=ORIGIN, keys=keys_in(tmp_path), limits=QUICK)
    whole, cut = await call(ledger), await ledger.append(BOLLNAS, intent())
    await ledger.close()

    async with open_ledger(tmp_path):
        pass

    rows = records_of(tmp_path)
    assert [(row["type"], row["ref"], row["call"]) for row in rows[1:]] == [
        ("call.outcome", 0, whole.call),
        ("call.intent", None, cut.call),
        ("call.interrupted", cut.seq, cut.call),
    ]
    async with open_ledger(tmp_path):
        pass
    assert len(records_of(tmp_path)) == len(rows)


@both
async def test_open_calls_are_found_without_the_remembered_state(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        await call(ledger)
        await ledger.append(BOLLNAS, intent())
    for path in (tmp_path / "data" / "state").iterdir():
        path.write_text("{")

    async with open_ledger(tmp_path):
        pass

    assert records_of(tmp_path)[-1]["type"] == "call.interrupted"


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
    limits = Limits(deadline_s=0.05, checkpoint_s=0.01, floor=0)
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
async def test_after_close_nothing_is_put_on_record(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        pass

    with pytest.raises(LedgerUnavailable) as closed:
        await ledger.append(BOLLNAS, intent())
    assert closed.value.reason is Unavailable.CLOSED


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


@both
async def test_a_person_can_be_forgotten_while_the_ledger_runs(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        await call(ledger)
        reader = ledger.reader(BOLLNAS)
        before = reader.pid(OFFICER.subject)
        assert before is not None
        assert reader.who(before) == OFFICER.subject
        assert await ledger.shred(BOLLNAS, OFFICER.subject, decision_ref="KS 2026/123")
        assert await ledger.shred(BOLLNAS, "nobody", decision_ref="KS 2026/123") is None
        await call(ledger)
        after = reader.pid(OFFICER.subject)

        assert reader.who(before) is None
        assert after != before
        assert len(reader.search(Filter(actor=before)).records) == 2
        assert len(reader.search(Filter(actor=after)).records) == 2


@both
async def test_many_appenders_get_numbers_without_holes(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        receipts = await asyncio.gather(*(ledger.append(BOLLNAS, intent()) for _ in range(700)))
        await asyncio.gather(*(ledger.append(BOLLNAS, outcome(one, Status.FAILED)) for one in receipts))

    assert sorted(receipt.seq for receipt in receipts) == list(range(700))
    report = survey(tmp_path / "data", Trust(keys_in(tmp_path).vkey(ORIGIN)))
    assert report.exit_code == 0
    assert next(log for log in report.logs if log.log.endswith("bollnas")).size == 1400


@both
async def test_only_the_last_two_generations_of_a_partial_file_are_kept(tmp_path: Path) -> None:
    async with open_ledger(tmp_path, STILL) as ledger:
        reader = ledger.reader(BOLLNAS)
        await asyncio.gather(*(call(ledger) for _ in range(120)))
        for _ in range(12):
            await call(ledger)
            reader.checkpoint()

    log = tmp_path / "data" / "tree" / "t" / "bollnas" / "tile"
    assert sorted(path.name for path in (log / "entries").iterdir()) == ["000", "001.p"]
    assert len(list((log / "entries" / "001.p").iterdir())) <= 2
    assert len(list((log / "0" / "001.p").iterdir())) <= 2


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "name").mkdir()

    with pytest.raises(OSError, match="name"):
        durable.write_file(tmp_path / "name", b"content")

    assert [path.name for path in tmp_path.iterdir()] == ["name"]


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
    limits = Limits(deadline_s=0.2, checkpoint_s=3600, floor=0)
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

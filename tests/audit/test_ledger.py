"""The ledger at work: durable, numbered, chained, signed, and taken up where a crash left it."""

import asyncio
from pathlib import Path

import pytest

from audit import durable, wal
from audit.errors import KeysFault, LedgerBusy, LedgerUnavailable, RecordRefused, Unavailable
from audit.filters import Filter
from audit.keys import create_keys
from audit.ledger import Ledger
from audit.records import INSTALLATION, Draft, EventType, Status
from audit.status import Limits
from audit.survey import Trust, survey
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
    records_of,
)

pytestmark = pytest.mark.anyio

# With a writer on the loop, and with one that has its thread.
both = pytest.mark.usefixtures("writer")


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


@both
async def test_after_close_nothing_is_put_on_record(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        pass

    with pytest.raises(LedgerUnavailable) as closed:
        await ledger.append(BOLLNAS, intent())
    assert closed.value.reason is Unavailable.CLOSED


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

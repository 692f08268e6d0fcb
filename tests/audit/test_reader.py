"""The officer's side: search with filters and pages, proofs, an index that is never believed, an export."""

import json
import sqlite3
from pathlib import Path

import pytest

from audit.__main__ import main
from audit.client import AnyLedger
from audit.errors import FilterRefused, RecordNotFound
from audit.filters import Filter
from audit.merkle import leaf_hash
from audit.note import open_checkpoint, parse_vkey
from audit.records import INSTALLATION, Actor, Draft, EventType, Operation, Receipt, Status
from tests.audit.fakes import (
    BOLLNAS,
    OFFICER,
    ORIGIN,
    REGION,
    STILL,
    Opening,
    SetClock,
    call,
    intent,
    keys_in,
    open_ledger,
    outcome,
)

pytestmark = pytest.mark.anyio


async def some_calls(ledger: AnyLedger, time: SetClock) -> list[Receipt]:
    """Ten calls an hour apart, every second by another person with another model, every third failed."""
    other, large = Actor("another-subject"), Operation("embed", "POST /v1/embeddings", "large")
    made = []
    for number in range(10):
        draft = intent() if number % 2 else intent(actor=other, op=large)
        receipt = await ledger.append(BOLLNAS, draft)
        await ledger.append(BOLLNAS, outcome(receipt, Status.OK if number % 3 else Status.FAILED))
        made.append(receipt)
        time.wall_ns += 3_600_000_000_000
        time.mono_ns += 3_600_000_000_000
    return made


async def test_records_come_newest_first_and_in_pages_without_overlap(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        reader = ledger.reader(BOLLNAS)
        seen, cursor = [], None
        while True:
            page = reader.search(Filter(), cursor=cursor, limit=7)
            seen += [stored.seq for stored in page.records]
            assert page.checkpoint.size == 20
            if (cursor := page.cursor) is None:
                break

    assert seen == list(range(19, -1, -1))


async def test_each_filter_finds_the_records_of_its_calls(tmp_path: Path) -> None:
    time = SetClock()
    async with open_ledger(tmp_path, STILL, clock=time.clock) as ledger:
        made = await some_calls(ledger, time)
        reader = ledger.reader(BOLLNAS)

        def found(**wanted: str) -> list[int]:
            return [stored.seq for stored in reader.search(Filter(**wanted), limit=100).records][::-1]

        assert found(type="call.intent") == list(range(0, 20, 2))
        assert found(type="call.") == list(range(20))
        assert found(type="call") == list(range(20))
        assert found(type="auth") == []
        assert found(model="large") == [
            seq for number in range(0, 10, 2) for seq in (2 * number, 2 * number + 1)
        ]
        assert found(op="embed", status="failed") == [0, 1, 12, 13]
        assert found(actor=str(reader.pid("another-subject")), type="call.intent") == list(range(0, 20, 4))
        assert found(call=str(made[3].call)) == [6, 7]
        assert found(doc="d_1", type="call.outcome") == list(range(1, 20, 2))
        assert found(since="2026-11-21T20:02:54Z", to="2026-11-21T21:02:55Z") == [2, 3, 4, 5]
        assert found(since="2026-11-21T20:02:54.123457+00:00", to="2026-11-21T22:02:55+01:00") == [4, 5]
        assert found(model="no such ' model") == []
        with pytest.raises(FilterRefused):
            found(since="yesterday")


async def test_what_can_not_be_looked_for_or_written_is_said_as_what_it_is(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await call(ledger)
        reader = ledger.reader(BOLLNAS)
        with pytest.raises(FilterRefused) as refused:
            reader.search(Filter(since="yesterday"))
        with pytest.raises(FileNotFoundError):
            reader.export(Filter(), tmp_path / "nowhere" / "bundle.zip", made="2026-11-22T05:00:00Z")
        with pytest.raises(RecordNotFound) as missing:
            reader.inclusion(7)

    assert refused.value.field == "since"
    assert (missing.value.log, missing.value.seq) == (f"{ORIGIN}/t/bollnas", 7)


async def test_people_are_found_by_pseudonym_until_they_are_erased(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await call(ledger)
        reader = ledger.reader(BOLLNAS)
        pid = reader.pid(OFFICER.subject)
        assert pid is not None
        assert reader.who(pid) == OFFICER.subject
        assert await ledger.shred(BOLLNAS, "nobody", decision_ref="KS 2026/123") is None
        receipt = await ledger.shred(BOLLNAS, OFFICER.subject, decision_ref="KS 2026/123", actor=OFFICER)

        assert receipt is not None
        assert reader.record(receipt.seq).record["type"] == "key.shred"
        assert reader.who(pid) is None


async def test_checkpoints_are_signed_by_the_key_that_is_told(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        assert ledger.checkpoint(BOLLNAS) is None
        await call(ledger)
        note = ledger.reader(BOLLNAS).checkpoint()

        assert open_checkpoint(note, parse_vkey(ledger.vkey(BOLLNAS))).size == 2
        assert ledger.checkpoint(BOLLNAS) == note
        root = ledger.root_checkpoint()
        assert root is not None
        assert open_checkpoint(root, parse_vkey(ledger.vkey())).origin == f"{ORIGIN}/root"


async def test_an_officer_sees_their_own_search(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt = await ledger.append(BOLLNAS, Draft(EventType.AUDIT_SEARCH, actor=OFFICER))

        page = ledger.reader(BOLLNAS).search(Filter(type="audit."))

    assert [stored.leaf for stored in page.records] == [receipt.leaf]


async def test_a_tenant_s_log_holds_nothing_of_another_s(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await call(ledger, REGION)
        await call(ledger, BOLLNAS)

        for tenant in (BOLLNAS, REGION):
            page = ledger.reader(tenant).search(Filter())
            assert {stored.record["log"] for stored in page.records} == {f"{ORIGIN}/t/{tenant}"}
        assert ledger.reader(BOLLNAS).pid(OFFICER.subject) != ledger.reader(REGION).pid(OFFICER.subject)


async def test_a_record_is_handed_out_with_a_proof_that_holds(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt = await call(ledger)
        reader = ledger.reader(BOLLNAS)

        proof = reader.inclusion(receipt.seq)
        assert proof.check(keys_in(tmp_path).vkey(ORIGIN)).size == 2
        assert leaf_hash(proof.body) == receipt.leaf == reader.record(receipt.seq).leaf
        for seq in (2, -1):
            with pytest.raises(RecordNotFound):
                reader.record(seq)
        with pytest.raises(RecordNotFound):
            ledger.reader(REGION).record(0)


@pytest.mark.parametrize(
    ("statement", "mismatches", "missing"),
    [
        ("UPDATE record SET model = 'none', status = 'ok' WHERE seq = 6", (6,), 0),
        ("UPDATE record SET ts = '2020' WHERE seq = 7", (7,), 0),
        ("DELETE FROM record WHERE seq IN (6, 7)", (), 2),
        ("DELETE FROM fact WHERE seq = 7", (), 1),
        ("UPDATE fact SET at = 0 WHERE seq = 7", (7,), 0),
        ("UPDATE fact SET type = (SELECT type FROM fact WHERE seq = 6) WHERE seq = 7", (7,), 0),
        ("UPDATE fact SET pid = NULL, model = NULL WHERE seq = 6", (6,), 0),
    ],
)
async def test_an_index_edited_by_hand_is_seen_and_mended(
    tmp_path: Path, opened: Opening, statement: str, mismatches: tuple[int, ...], missing: int
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        reader = ledger.reader(BOLLNAS)
        reader.search(Filter())
        with sqlite3.connect(tmp_path / "data" / "index" / "t.bollnas.sqlite") as index:
            index.execute(statement)
        index.close()

        page = reader.search(Filter(), limit=100)
        assert (page.mismatches, page.missing) == (mismatches, missing)
        assert all(stored.record["seq"] == stored.seq for stored in page.records)
        reader.reindex()
        mended = reader.search(Filter(), limit=100)
        assert (mended.mismatches, mended.missing, len(mended.records)) == ((), 0, 20)


async def test_the_index_is_fed_while_the_ledger_works(tmp_path: Path) -> None:
    async with open_ledger(tmp_path) as ledger:
        await call(ledger)
        ledger._settle()

        assert ledger._parts.indexes.of(f"{ORIGIN}/t/bollnas").fed() == 2


async def test_an_export_holds_what_was_asked_for_and_verifies(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        bundle = tmp_path / "bundle.zip"
        count = ledger.reader(BOLLNAS).export(Filter(model="large"), bundle, made="2026-11-22T05:00:00Z")
        vkey = ledger.vkey()

    assert count == 10
    said = (tmp_path / "said").open("w+")
    assert main(["verify", str(bundle), "--vkey", vkey], said, said) == 0
    said.close()


async def test_the_whole_log_is_verified_with_progress(tmp_path: Path, opened: Opening) -> None:
    steps: list[tuple[str, int, int]] = []
    async with opened(tmp_path, STILL) as ledger:
        for _ in range(3):
            await call(ledger)
        report = ledger.reader(BOLLNAS).verify(lambda *step: steps.append(step))

        assert (report.size, report.tampering) == (6, [])
        assert steps == [(f"{ORIGIN}/t/bollnas", 6, 6)]


async def test_the_installation_s_log_is_read_like_a_tenant_s(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        page = ledger.reader(INSTALLATION).search(Filter())

        assert [stored.record["type"] for stored in page.records] == ["ledger.start"]


async def test_canaries_are_in_no_file_that_is_copied_or_searched(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path) as ledger:
        await call(ledger)
        ledger.reader(BOLLNAS).search(Filter())

    for folder in ("tree", "index", "state", "wal"):
        for path in (tmp_path / "data" / folder).rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            assert b"nobody" not in content
            assert b"a-session" not in content
    assert json.loads((tmp_path / "data" / "state" / "t.bollnas.json").read_text())["open"] == []

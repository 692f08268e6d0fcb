"""Strict capture: sealed and durable before release, erased with its key, a prefix after a crash."""

import asyncio
import json
from pathlib import Path

import pytest

from audit.client import AnyLedger
from audit.envelope import Opened
from audit.errors import ContentUnavailable, LedgerUnavailable
from audit.records import Receipt
from audit.survey import Trust, survey
from tests.audit.fakes import BOLLNAS, OFFICER, ORIGIN, REGION, STILL, Opening, intent, keys_in, outcome

pytestmark = pytest.mark.anyio
SECRET = "Kommunens hemliga svar, ord för ord. ".encode()


async def captured(ledger: AnyLedger, parts: int = 5) -> tuple[Receipt, str]:
    """A call with captured content; its receipt and the commitment on record."""
    receipt = await ledger.append(BOLLNAS, intent())
    spool = await ledger.spool(BOLLNAS, receipt, subject=OFFICER.subject, classification="internal")
    for _ in range(parts):
        await spool.write(SECRET)
    content = await spool.close()
    done = await ledger.append(BOLLNAS, outcome(receipt, content=content))
    record = ledger.reader(BOLLNAS).record(done.seq).record
    assert record["content"]["len"] == parts * len(SECRET)
    return receipt, record["content"]["cm"]


def sealed_file(folder: Path) -> Path:
    return next((folder / "data" / "content" / "t" / "bollnas").glob("*.sealed"))


async def test_content_opens_as_it_was_captured(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt, cm = await captured(ledger)

        opened = ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq, cm=cm)

    assert opened == Opened(SECRET * 5, whole=True)


async def test_what_was_written_is_on_the_disk_before_write_returns(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt = await ledger.append(BOLLNAS, intent())
        spool = await ledger.spool(BOLLNAS, receipt, subject=OFFICER.subject, classification="internal")
        for count in range(1, 4):
            await spool.write(SECRET)
            opened = ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq)
            assert opened == Opened(SECRET * count, whole=False)
        await spool.close()


async def test_parallel_writes_go_into_few_frames_in_order(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt = await ledger.append(BOLLNAS, intent())
        spool = await ledger.spool(BOLLNAS, receipt, subject=OFFICER.subject, classification="internal")
        await asyncio.gather(*(spool.write(f"{number:03d}".encode()) for number in range(200)))
        await spool.close()

        opened = ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq)
        assert opened.plain.decode() == "".join(f"{number:03d}" for number in range(200))
        assert sealed_file(tmp_path).stat().st_size < 2000


async def test_no_plaintext_and_no_identity_is_in_the_data_folder(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path) as ledger:
        await captured(ledger)

    for path in (tmp_path / "data").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b"hemliga" not in content
        assert "pseudonyms" in path.name or OFFICER.subject.encode() not in content


async def test_after_a_shred_the_content_is_gone_and_every_proof_stays(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt, _ = await captured(ledger)
        await ledger.shred(BOLLNAS, OFFICER.subject, decision_ref="KS 2026/123")

        with pytest.raises(ContentUnavailable) as gone:
            ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq)
        assert gone.value.fault == "shredded"

    report = survey(tmp_path / "data", Trust(keys_in(tmp_path).vkey(ORIGIN)))
    assert report.exit_code == 2
    assert [(gap.kind, gap.detail) for gap in report.gaps] == [("shredded", "KS 2026/123")]


async def test_content_of_one_call_or_tenant_does_not_open_as_another_s(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt, cm = await captured(ledger)

        for log, call, seq, fault in (
            (BOLLNAS, str(receipt.call), receipt.seq + 1, "changed"),
            (REGION, str(receipt.call), receipt.seq, "missing"),
            (BOLLNAS, "another", receipt.seq, "missing"),
        ):
            with pytest.raises(ContentUnavailable) as refused:
                ledger.open_content(log, call, seq, cm=cm)
            assert refused.value.fault == fault
        with pytest.raises(ContentUnavailable, match="not what was recorded"):
            ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq, cm=cm[:-1])


async def test_any_change_to_sealed_content_is_noticed(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt, cm = await captured(ledger)
        path = sealed_file(tmp_path)
        raw = path.read_bytes()
        changes = [
            raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in range(0, len(raw), 9)
        ]

        for changed in [*changes, raw[:-1], raw[:-20], raw + raw[-20:], b""]:
            path.write_bytes(changed)
            with pytest.raises(ContentUnavailable):
                ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq, cm=cm)


async def test_a_capture_that_a_crash_tore_opens_as_a_prefix(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt, cm = await captured(ledger, parts=3)
        path = sealed_file(tmp_path)
        raw = path.read_bytes()
        head = raw.index(b"\n") + 1

        for length in range(head, len(raw), 5):
            path.write_bytes(raw[:length])
            opened = ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq)
            assert not opened.whole
            assert (SECRET * 3).startswith(opened.plain)
            with pytest.raises(ContentUnavailable):
                ledger.open_content(BOLLNAS, str(receipt.call), receipt.seq, cm=cm)
        assert json.loads(raw[:head])["call"] == receipt.call


async def test_a_capture_that_can_not_be_made_ends_the_ledger_s_work(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        receipt = await ledger.append(BOLLNAS, intent())
        (tmp_path / "data" / "content" / "t").write_text("in the way")

        with pytest.raises(LedgerUnavailable):
            await ledger.spool(BOLLNAS, receipt, subject=OFFICER.subject, classification="internal")
        assert not ledger.status().healthy

"""Golden vectors for other implementers: fixed keys, clock and randomness give these bytes. A change is a decision."""

import asyncio
from pathlib import Path

import pytest

from audit import tree
from audit.keys import create_keys
from audit.ledger import Ledger
from audit.records import Content, Draft, EventType
from tests.audit.fakes import BOLLNAS, ORIGIN, STILL, CountedBytes, SetClock, intent, outcome

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("records.jsonl", "checkpoint", "vkey", "bundle.bin", "tile.bin", "inclusion.tlog-proof")


async def _made(folder: Path) -> dict[str, bytes]:
    keys = create_keys(folder / "keys", entropy=CountedBytes())
    time = SetClock()
    ledger = await Ledger.open(
        folder / "data", origin=ORIGIN, keys=keys, limits=STILL, clock=time.clock, entropy=CountedBytes()
    )
    receipt = await ledger.append(BOLLNAS, intent(purpose="handläggning", case="KS 2026/123", retain="rp_1"))
    time.wall_ns += 90_000_000
    time.mono_ns += 90_000_000
    await ledger.append(BOLLNAS, outcome(receipt, content=Content("internal", 2913)))
    await ledger.append(BOLLNAS, Draft(EventType.DOC_INGEST, detail={"document": "d_1", "pages": 7}))
    reader = ledger.reader(BOLLNAS)
    proof = reader.inclusion(1)
    bodies = [reader.record(seq).body for seq in range(3)]
    await ledger.close()
    log = folder / "data" / "tree" / "t" / "bollnas"
    return {
        "records.jsonl": b"".join(body + b"\n" for body in bodies),
        "checkpoint": tree.read_checkpoint(log),
        "vkey": (folder / "data" / "vkey").read_bytes(),
        "bundle.bin": (log / "tile" / "entries" / "000.p" / "3").read_bytes(),
        "tile.bin": (log / "tile" / "0" / "000.p" / "3").read_bytes(),
        "inclusion.tlog-proof": proof.text,
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return asyncio.run(_made(tmp_path_factory.mktemp("golden")))


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_are_the_golden_ones(made: dict[str, bytes], name: str) -> None:
    assert made[name] == (GOLDEN / name).read_bytes()


def test_every_type_of_event_is_in_the_written_format() -> None:
    written = (Path(__file__).parents[2] / "docs" / "audit-format.md").read_text()

    assert [kind.value for kind in EventType if f"`{kind.value}`" not in written] == []

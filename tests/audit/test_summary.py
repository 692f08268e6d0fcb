"""What the index counts: as many as a search finds, by each field and over time, and pages in both directions."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from audit import summary
from audit.client import AnyLedger
from audit.filters import Filter
from audit.index import Index
from audit.records import Actor, Draft, EventType, Operation, Receipt, Status
from audit.summary import FACETS, step_for
from tests.audit.fakes import BOLLNAS, STILL, Opening, SetClock, intent, open_ledger, outcome

pytestmark = pytest.mark.anyio

HOUR = 3_600_000_000_000


async def some_calls(ledger: AnyLedger, time: SetClock) -> list[Receipt]:
    """Ten calls an hour apart, every second by another person with another model, every third failed; one login."""
    other, large = Actor("another-subject"), Operation("embed", "POST /v1/embeddings", "large")
    made = []
    for number in range(10):
        draft = intent() if number % 2 else intent(actor=other, op=large)
        receipt = await ledger.append(BOLLNAS, draft)
        await ledger.append(BOLLNAS, outcome(receipt, Status.OK if number % 3 else Status.FAILED))
        made.append(receipt)
        time.wall_ns += HOUR
        time.mono_ns += HOUR
    await ledger.append(BOLLNAS, Draft(EventType.AUTH_LOGIN, actor=other))
    return made


FILTERS = [
    Filter(),
    Filter(type="call."),
    Filter(type="call.intent"),
    Filter(status="failed"),
    Filter(model="large"),
    Filter(op="embed", status="ok"),
    Filter(since="2026-11-21T22:02:54.500000Z"),
    Filter(since="2026-11-21T21:02:54Z", to="2026-11-22T00:02:54Z", status="ok"),
    Filter(model="none of these"),
]


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_the_index_counts_what_a_search_finds(tmp_path: Path, wanted: Filter) -> None:
    time = SetClock()
    async with open_ledger(tmp_path, STILL, clock=time.clock) as ledger:
        await some_calls(ledger, time)
        page = ledger.reader(BOLLNAS).search(wanted, limit=100)
        found = page.summary
        assert found is not None
        assert found.total == len(page.records)
        assert set(found.facets) == set(FACETS)
        if found.histogram is None:
            assert found.total == 0
        else:
            assert sum(found.histogram.counts) == found.total
        for name, field in (("type", "type"), ("status", "status"), ("model", "model"), ("op", "op")):
            for value, count in found.facets[name]:
                narrowed = _and(wanted, field, value)
                if narrowed is not None:
                    assert len(ledger.reader(BOLLNAS).search(narrowed, limit=100).records) == count


def _and(wanted: Filter, field: str, value: str) -> Filter | None:
    """The filter with one thing more, where nothing was asked of that field."""
    return replace(wanted, **{field: value}) if getattr(wanted, field) is None else None


async def test_facets_come_with_the_most_frequent_first_and_blanks_are_filled_from_the_call(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        found = ledger.reader(BOLLNAS).search(Filter()).summary
        assert found is not None
        assert found.total == 21
        # the status stands on the outcome alone, and counts for the intent too
        assert found.facets["status"] == (("ok", 12), ("failed", 8))
        assert found.facets["type"] == (("call.intent", 10), ("call.outcome", 10), ("auth.login", 1))
        assert [count for _, count in found.facets["actor"]] == [11, 10]


async def test_a_histogram_covers_the_window_in_round_steps(tmp_path: Path) -> None:
    time = SetClock()
    async with open_ledger(tmp_path, STILL, clock=time.clock) as ledger:
        await some_calls(ledger, time)
        found = ledger.reader(BOLLNAS).search(Filter(since="2026-11-21T19:00:00Z")).summary
        assert found is not None
        assert found.histogram is not None
        assert (found.histogram.start, found.histogram.step_s) == ("2026-11-21T19:00:00Z", 900)
        assert [count for count in found.histogram.counts if count] == [2] * 10 + [1]


@pytest.mark.parametrize(
    ("seconds", "step"), [(1, 1), (60, 1), (61, 5), (86400, 3600), (365 * 86400, 7 * 86400), (10**9, 0)]
)
def test_a_histogram_has_at_most_sixty_bars_or_so(seconds: int, step: int) -> None:
    chosen = step_for(seconds * 1_000_000) // 1_000_000
    assert seconds <= chosen * 60
    if step:
        assert chosen == step


async def test_pages_lead_back_the_way_they_came(tmp_path: Path, opened: Opening) -> None:
    async with opened(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        reader = ledger.reader(BOLLNAS)
        first = reader.search(Filter(), limit=7)
        second = reader.search(Filter(), cursor=first.cursor, limit=7)
        third = reader.search(Filter(), cursor=second.cursor, limit=7)
        back = reader.search(Filter(), after=third.newer, limit=7)
        start = reader.search(Filter(), after=back.newer, limit=7)
    assert (first.newer, third.cursor) == (None, None)
    assert [each.seq for each in back.records] == [each.seq for each in second.records]
    assert [each.seq for each in start.records] == [each.seq for each in first.records]
    assert (start.newer, start.cursor) == (None, first.cursor)
    assert first.summary is not None
    assert second.summary is None
    assert back.summary is None


async def test_what_takes_too_long_to_count_is_said_to_be_uncounted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "_LONGEST_S", -1.0)
    monkeypatch.setattr(summary, "_LOOK", 1)
    async with open_ledger(tmp_path, STILL) as ledger:
        await some_calls(ledger, SetClock())
        page = ledger.reader(BOLLNAS).search(Filter())
    assert page.summary is None
    assert len(page.records) == 21


def test_an_index_of_an_older_version_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, ts TEXT)")
        old.execute("CREATE TABLE fed (size INTEGER)")
        old.execute("INSERT INTO fed VALUES (7)")
    old.close()
    index = Index(path)
    assert index.fed() == 0
    assert index.summary(Filter()) == summary.Summary(0, dict.fromkeys(FACETS, ()), None)
    index.close()


class _Enough(Exception):
    """What a progress raises to end the work."""


def _enough(_log: str, _done: int, _size: int) -> None:
    raise _Enough


async def test_whoever_has_enough_of_a_verification_or_an_export_ends_it_and_the_ledger_goes_on(
    tmp_path: Path, opened: Opening
) -> None:
    async with opened(tmp_path, STILL) as ledger:
        made = await some_calls(ledger, SetClock())
        reader = ledger.reader(BOLLNAS)
        with pytest.raises(_Enough):
            reader.verify(_enough)
        with pytest.raises(_Enough):
            reader.export(Filter(), tmp_path / "bundle.zip", made="2026-11-22T05:00:00Z", progress=_enough)
        with anyio.fail_after(
            10
        ):  # the other process may write it to its end before it sees that nobody waits
            while (tmp_path / "bundle.zip").exists():
                await anyio.sleep(0.01)
        assert reader.record(made[0].seq).seq == made[0].seq
        assert not reader.verify().tampering

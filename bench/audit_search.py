"""How fast an officer's search is over a log of a million records: rows, counts and histogram of the index.

::

    python -m bench.audit_search --records 1000000
"""

import argparse
import json
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit import tiles
from audit.filters import Filter
from audit.index import Index

_BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
_PEOPLE = 3000


def body_of(seq, chance):
    """A record as the index reads it: every second one ends the call of the one before."""
    call = f"01CALL{seq // 2:020d}"
    ends = seq % 2
    record = {
        "seq": seq,
        "ts": (_BEGUN + timedelta(seconds=30 * seq)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "type": "call.outcome" if ends else "call.intent",
        "call": call,
        "actor": {"pid": f"p_{(seq // 2) * 7919 % _PEOPLE:032x}"},
        "op": {"name": chance.choice(("chat:ask", "embedding:create")), "model": "skrivare"},
    }
    if ends:
        record["outcome"] = {"status": chance.choice(("ok", "ok", "ok", "failed", "blocked"))}
    return json.dumps(record).encode()


def filled(index, folder, records):
    """The records as entry bundles, taken in by the index; the seconds that that took."""
    chance = random.Random(4)
    for bundle in range(-(-records // tiles.WIDTH)):
        first = bundle * tiles.WIDTH
        width = min(tiles.WIDTH, records - first)
        bodies = [body_of(seq, chance) for seq in range(first, first + width)]
        path = folder / tiles.bundle_path(bundle)
        if width < tiles.WIDTH:
            path = path.with_name(f"{path.name}.p") / str(width)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(len(body).to_bytes(2, "big") + body for body in bodies))
    begun = time.perf_counter()
    index.feed(folder, records)
    return time.perf_counter() - begun


def quickest(work, rounds=3):
    """Milliseconds of the quickest round."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return round(best * 1000)


def main():
    given = argparse.ArgumentParser()
    given.add_argument("--records", type=int, default=1_000_000)
    records = given.parse_args().records
    middle = (_BEGUN + timedelta(seconds=15 * records)).isoformat()
    week = (_BEGUN + timedelta(seconds=15 * records, days=7)).isoformat()
    asked = {
        "everything": Filter(),
        "a week in the middle": Filter(since=middle, to=week),
        "failed calls": Filter(status="failed"),
        "one person": Filter(actor=f"p_{7:032x}"),
        "one call": Filter(call=f"01CALL{records // 4:020d}"),
        "the first half, failed": Filter(to=middle, status="failed"),
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        index = Index(folder / "index.sqlite")
        took = filled(index, folder, records)
        size = (folder / "index.sqlite").stat().st_size / 2**20
        print(f"{records} records taken in after {took:.0f} s, {size:.0f} MiB")
        for name, wanted in asked.items():
            rows = quickest(lambda wanted=wanted: index.older(wanted, before=None, limit=51))
            counts = quickest(lambda wanted=wanted: index.summary(wanted))
            found = index.summary(wanted)
            print(
                f"{name}: rows {rows} ms, counts {counts} ms, {found.total if found else 'uncounted'} found"
            )
        index.close()


if __name__ == "__main__":
    main()

"""Durable appends a second at 1, 16, 64 and 256 appenders, beside raw ``fdatasync`` on the same disk.

    python bench/ledger.py [FOLDER] [SECONDS]

Every append is a whole record of a model call (intent and outcome in turn), on the disk when it returns. Who is refused
because the trees are too far behind tries again a little later, so no rate is one that they could not follow for long;
how many records they lag at the end of each row, and how long they take to come up, is told.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from audit.errors import LedgerUnavailable, Unavailable
from audit.keys import create_keys
from audit.ledger import Ledger
from audit.records import (
    Actor,
    Draft,
    EventType,
    Operation,
    Outcome,
    PolicyVerdict,
    Retrieved,
    Source,
    Status,
)
from audit.status import Limits
from auth.identity import TenantId

APPENDERS = (1, 16, 64, 256)
TENANT = TenantId("bench")
ACTOR = Actor(
    "a-subject", idp="https://idp.example.se", session="a-session", azp="webui", roles=("employee",)
)
SOURCE = Source("10.1.2.3", "a browser")
CHAT = Operation(
    "chat", "POST /v1/chat/completions", "m", f"sha256:{'0' * 64}", f"sha256:{'1' * 64}", stream=True
)
POLICY = PolicyVerdict("default", f"sha256:{'2' * 64}", "allow")
RAG = tuple(Retrieved("styrdokument", f"d_{n}", n, f"sha256:{'3' * 64}", 800) for n in range(4))


def raw_syncs(folder: Path, seconds: float) -> float:
    """``write`` of 1 KiB and ``fdatasync``, one after the other, a second."""
    fd = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT)
    block, count, end = b"x" * 1024, 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        os.write(fd, block)
        os.fdatasync(fd)
        count += 1
    os.close(fd)
    return count / seconds


async def one_appender(ledger: Ledger, end: float) -> int:
    count = 0
    while time.perf_counter() < end:
        try:
            receipt = await ledger.append(
                TENANT, Draft(EventType.CALL_INTENT, actor=ACTOR, src=SOURCE, op=CHAT, policy=POLICY)
            )
        except LedgerUnavailable as refused:
            if refused.reason is not Unavailable.LAGGING:
                raise
            await asyncio.sleep(0.01)
            continue
        outcome = Outcome(Status.OK, "stop", 812, 64, 310_000, 2_100_000, 4096)
        await ledger.append(
            TENANT,
            Draft(EventType.CALL_OUTCOME, call=receipt.call, ref=receipt.seq, rag=RAG, outcome=outcome),
        )
        count += 2
    return count


def lag(ledger: Ledger) -> int:
    """Durable records that no checkpoint covers yet."""
    return sum(log.lag for log in ledger.status().logs)


async def caught_up(ledger: Ledger) -> float:
    """Seconds until the trees cover everything that is durable now."""
    start = time.perf_counter()
    while lag(ledger):
        await asyncio.sleep(0.05)
    return time.perf_counter() - start


async def rate(ledger: Ledger, appenders: int, seconds: float) -> tuple[float, float]:
    """Appends a second, and microseconds of processor time per append in all threads."""
    used, start = time.process_time(), time.perf_counter()
    counts = await asyncio.gather(*(one_appender(ledger, start + seconds) for _ in range(appenders)))
    took = time.perf_counter() - start
    return sum(counts) / took, (time.process_time() - used) / sum(counts) * 1e6


async def main(folder: Path, seconds: float) -> None:
    print(f"disk: {folder}, load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    raw = raw_syncs(folder, seconds)
    print(f"raw fdatasync       {raw:10.0f} /s")
    ledger = await Ledger.open(
        folder / "data",
        origin="bench.example.se/audit",
        keys=create_keys(folder / "keys"),
        limits=Limits(floor=0),
    )
    try:
        for appenders in APPENDERS:
            appends, cost = await rate(ledger, appenders, seconds)
            behind, wait = lag(ledger), await caught_up(ledger)
            print(
                f"{appenders:4d} appenders      {appends:10.0f} /s   {appends / raw:7.2f} x raw   {cost:6.1f} us each"
                f"   trees {behind:6d} behind, up in {wait:.1f} s"
            )
    finally:
        await ledger.close()


if __name__ == "__main__":
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    place = Path(tempfile.mkdtemp(dir=top))
    try:
        asyncio.run(main(place, float(sys.argv[2]) if len(sys.argv) > 2 else 3.0))
    finally:
        shutil.rmtree(place)

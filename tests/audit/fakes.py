"""What the ledger's tests hand in: a clock and randomness that they decide, keys, drafts, a ledger."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from audit import tree
from audit.client import AnyLedger, LedgerClient
from audit.clock import Clock
from audit.keys import LedgerKeys, create_keys, open_keys
from audit.ledger import Ledger
from audit.records import (
    Actor,
    ActorKind,
    Draft,
    EventType,
    GuardFinding,
    Operation,
    Outcome,
    PolicyVerdict,
    Receipt,
    Retrieved,
    Source,
    Status,
)
from audit.status import Limits
from auth.identity import TenantId

ORIGIN = "lab.example.se/audit"
BOLLNAS = TenantId("bollnas")
REGION = TenantId("region")
QUICK = Limits(checkpoint_s=0.01, floor=0.0)
STILL = Limits(checkpoint_s=3600, floor=0.0)
"""Nothing is signed unless asked for."""

OFFICER = Actor(
    "a-subject-nobody-may-see",
    ActorKind.USER,
    "https://idp.example.se",
    "gold",
    "a-session",
    "webui",
    ("employee",),
)
BROWSER = Source("10.1.2.3", "A browser that nobody may see")
CHAT = Operation(
    "chat",
    "POST /v1/chat/completions",
    "small",
    f"sha256:{'a' * 64}",
    f"sha256:{'b' * 64}",
    stream=True,
    max_tokens=512,
)
POLICY = PolicyVerdict("default", f"sha256:{'c' * 64}", "allow")


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, wall_ns: int = 1_795_287_774_123_456_000, mono_ns: int = 83_912) -> None:
        self.wall_ns = wall_ns
        self.mono_ns = mono_ns

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.wall_ns, lambda: self.mono_ns)


class CountedBytes:
    """Randomness that is the same in every run."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.shake_256(str(self.count).encode()).digest(size)


def keys_in(folder: Path) -> LedgerKeys:
    place = folder / "keys"
    return open_keys(place) if place.exists() else create_keys(place)


def intent(**fields: object) -> Draft:
    return Draft(
        EventType.CALL_INTENT,
        **{"actor": OFFICER, "src": BROWSER, "op": CHAT, "policy": POLICY, **fields},  # type: ignore[arg-type]  test data
    )


def outcome(receipt: Receipt, status: Status = Status.OK, **fields: object) -> Draft:
    return Draft(
        EventType.CALL_OUTCOME,
        call=receipt.call,
        ref=receipt.seq,
        outcome=Outcome(status, "stop", 10, 20, 1500, 90_000, 300),
        rag=(Retrieved("styrdokument", "d_1", 17, f"sha256:{'d' * 64}", 812),),
        guard=(GuardFinding("personnummer", 1, "mask"),),
        **fields,  # type: ignore[arg-type]  test data
    )


WRITER = "VALV_TESTS_WRITER"


@asynccontextmanager
async def open_ledger(folder: Path, limits: Limits = QUICK, **sources: object) -> AsyncIterator[Ledger]:
    """A ledger in ``folder/data`` with keys in ``folder/keys``, closed in the end; its writer where the test says."""
    sources.setdefault("writer_thread", os.environ.get(WRITER) != "loop")
    ledger = await Ledger.open(folder / "data", origin=ORIGIN, keys=keys_in(folder), limits=limits, **sources)  # type: ignore[arg-type]  test data
    try:
        yield ledger
    finally:
        await ledger.close()


@asynccontextmanager
async def open_apart(folder: Path, limits: Limits = QUICK, **sources: object) -> AsyncIterator[LedgerClient]:
    """The same ledger in a process of its own."""
    keys_in(folder)
    ledger = await LedgerClient.open(
        folder / "data", origin=ORIGIN, keys=folder / "keys", limits=limits, **sources
    )  # type: ignore[arg-type]  test data
    try:
        yield ledger
    finally:
        await ledger.close()


Opening = Callable[..., AbstractAsyncContextManager[AnyLedger]]


async def call(ledger: AnyLedger, tenant: TenantId = BOLLNAS) -> Receipt:
    """One whole call; its intent's receipt."""
    receipt = await ledger.append(tenant, intent())
    await ledger.append(tenant, outcome(receipt))
    return receipt


def filled(folder: Path, calls: int, *tenants: TenantId) -> Path:
    """The data folder of a closed ledger with that many calls of each tenant."""

    async def fill() -> None:
        async with open_ledger(folder) as ledger:
            for _ in range(calls):
                await asyncio.gather(*(call(ledger, tenant) for tenant in tenants or (BOLLNAS,)))

    asyncio.run(fill())
    return folder / "data"


def records_of(folder: Path, place: str = "t/bollnas") -> list[dict[str, Any]]:
    log = folder / "data" / "tree" / place
    size = int(tree.read_checkpoint(log).split(b"\n")[1])
    reader = tree.TreeReader(log, size)
    return [json.loads(body) for index in range(-(-size // 256)) for body in reader.bundle(index)]

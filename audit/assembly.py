"""Puts a ledger together: lock, recovery, and the parts that work for it."""

import asyncio
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from audit.branch import signer
from audit.clock import Clock, RandomPool, ulid
from audit.composer import Composer
from audit.durable import make_folder, sync_folder, write_file
from audit.envelope import ContentKeys
from audit.errors import AuditError, LedgerBusy
from audit.index import Indexes
from audit.integrator import Duties, Integrator
from audit.keys import Entropy, LedgerKeys, check_apart
from audit.layout import Layout
from audit.pseudonyms import Pseudonyms
from audit.records import INSTALLATION, Draft, EventType
from audit.recovery import Found, recover
from audit.reserve import Reserve
from audit.status import Limits
from audit.writer import Pending, Workplace, Writer


@dataclass(slots=True)
class Parts:
    """What a ledger is made of, recovered and not yet started."""

    layout: Layout
    keys: LedgerKeys
    limits: Limits
    lock: int
    reserve: Reserve
    pseudonyms: Pseudonyms
    found: Found
    writer: Writer
    integrator: Integrator
    indexes: Indexes
    content_keys: ContentKeys
    clock: Clock
    entropy: Entropy


def assemble(
    layout: Layout,
    keys: LedgerKeys,
    limits: Limits,
    sources: tuple[Clock, Entropy],
    loop: asyncio.AbstractEventLoop,
    *,
    writer_thread: bool,
) -> Parts:
    check_apart(keys, layout.folder)
    for folder in (layout.folder, layout.tree, layout.wal, layout.state, layout.index, layout.content):
        make_folder(folder)
    lock = _lock(layout.folder)
    try:
        return _recovered(layout, keys, limits, sources, (loop, lock), writer_thread=writer_thread)
    except (AuditError, OSError):
        os.close(lock)
        raise


def _recovered(
    layout: Layout,
    keys: LedgerKeys,
    limits: Limits,
    sources: tuple[Clock, Entropy],
    held: tuple[asyncio.AbstractEventLoop, int],
    *,
    writer_thread: bool,
) -> Parts:
    clock, entropy = sources
    vkey = keys.vkey(layout.origin)
    write_file(layout.folder / "vkey", f"{vkey}\n".encode())
    sync_folder(layout.folder)
    found = recover(layout, vkey, signer(keys.signing), clock)
    reserve = Reserve(layout.folder, floor=limits.floor, ballast=limits.ballast)
    reserve.look()
    pseudonyms = Pseudonyms(layout.pseudonyms, entropy=entropy)
    composer = Composer(keys, pseudonyms, boot=ulid(clock.wall_ns(), entropy(10)))
    indexes = Indexes(layout)
    home = layout.origin_of(INSTALLATION)
    place = Workplace(layout.wal, composer, found.heads, reserve, clock, RandomPool(entropy), home)

    def beat() -> None:
        writer.submit(Pending(home, Draft(EventType.LEDGER_HEARTBEAT)))

    def fail(why: str) -> None:
        writer.submit(Pending(home, Draft(EventType.LEDGER_FAILED, detail={"why": why})))

    duties = Duties(limits.checkpoint_s, limits.heartbeat_s, beat, indexes.feed, fail)
    integrator = Integrator(found.forest, reserve, duties)
    writer = Writer(place, integrator, held[0], own_thread=writer_thread)
    integrator.take(found.entries)
    for path in found.segments:
        integrator.segment_closed(path)
    integrator.integrate()
    content_keys = ContentKeys(layout.content / "keys.sqlite", keys, entropy=entropy)
    return Parts(
        layout, keys, limits, held[1], reserve, pseudonyms, found, writer, integrator, indexes,
        content_keys, clock, entropy,
    )  # fmt: skip


def _lock(folder: Path) -> int:
    fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        os.close(fd)
        raise LedgerBusy(folder) from held
    return fd

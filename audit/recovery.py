"""What a start finds: trees as signed, records that only the write-ahead log holds, calls left open."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit import merkle, tiles, tree, wal
from audit.branch import Branch, Sign, load_branch
from audit.clock import Clock
from audit.composer import Head
from audit.entries import Entry, OpenCalls, parse_entry
from audit.errors import LedgerDamaged, NoteFault
from audit.integrator import Forest, Signed
from audit.layout import Layout
from audit.note import Checkpoint, VerifierKey, open_checkpoint
from audit.records import EventType

_ROOT_TAIL: Final = 4


@dataclass(slots=True)
class Found:
    """The ledger as it was left: ``entries`` are durable but in no tree yet, ``cut`` bytes were torn."""

    forest: Forest
    heads: dict[str, Head]
    entries: list[Entry]
    segments: list[Path]
    cut: int
    stopped: bool


def recover(layout: Layout, key: VerifierKey, sign: Sign, clock: Clock) -> Found:
    """Reads what is stored and holds the parts against each other.

    Raises:
        LedgerDamaged: they contradict each other.
        TreeFault: a file of a tree's right edge is missing or malformed.
        OSError: something can't be read.
    """
    root, root_signed = _open_branch(layout, layout.root_origin, key)
    forest = Forest(layout, sign, clock, root)
    if root_signed is not None:
        forest.signed[root.origin] = root_signed
    heads = {}
    for origin in layout.stored_origins():
        branch, signed = _open_branch(layout, origin, key)
        forest.branches[origin] = branch
        if signed is not None:
            forest.signed[origin] = signed
        heads[origin] = _head(branch)
    _check_root(forest, key)
    found = Found(forest, heads, [], wal.segments(layout.wal), 0, stopped=False)
    _replay(found)
    for origin in forest.branches:
        forest.calls[origin] = _open_calls(layout, forest.branches[origin])
    found.stopped = not found.entries and _was_stopped(layout, forest)
    return found


def _open_branch(layout: Layout, origin: str, key: VerifierKey) -> tuple[Branch, Signed | None]:
    folder = layout.log_folder(origin)
    path = folder / tree.CHECKPOINT
    if not path.exists():
        return Branch(folder, origin, tiles.Tower(), []), None
    note = path.read_bytes()
    try:
        checkpoint = open_checkpoint(note, key)
    except NoteFault as fault:
        raise LedgerDamaged(f"{origin}/checkpoint", fault.fault) from fault
    if checkpoint.origin != origin:
        raise LedgerDamaged(f"{origin}/checkpoint", f"belongs to {checkpoint.origin}")
    return load_branch(folder, checkpoint), Signed(checkpoint.size, path.stat().st_mtime, note)


def _head(branch: Branch) -> Head:
    if branch.size == 0:
        return Head(branch.origin)
    last = tree.TreeReader(branch.folder, branch.size).hash_at(0, branch.size - 1)
    return Head(branch.origin, branch.size, last.hex())


def _check_root(forest: Forest, key: VerifierKey) -> None:
    """A log must not be older than the root log says; heads that the root log lacks are added to it."""
    recent: dict[str, Checkpoint] = {}
    reader = tree.TreeReader(forest.root.folder, forest.root.size)
    bundles = -(-forest.root.size // tiles.WIDTH)
    for index in range(max(0, bundles - _ROOT_TAIL), bundles):
        for note in reader.bundle(index):
            checkpoint = open_checkpoint(note, key)
            recent[checkpoint.origin] = checkpoint
    for origin, checkpoint in recent.items():
        branch = forest.branches.get(origin)
        if branch is None or branch.size < checkpoint.size:
            raise LedgerDamaged(origin, f"rolled back: the root log has seen {checkpoint.size} records")
    forest.unrooted = {
        origin
        for origin, signed in forest.signed.items()
        if origin != forest.root.origin and (origin not in recent or recent[origin].size < signed.size)
    }


def _replay(found: Found) -> None:
    """Takes from the write-ahead log what the trees lack, and cuts a torn tail off."""
    for path in found.segments:
        last = path == found.segments[-1]
        scan = wal.scan(path, last=last)
        if scan.end != scan.size:
            wal.cut(path, scan.end)
            found.cut += scan.size - scan.end
        for frame in scan.frames:
            _replay_frame(found, frame)


def _replay_frame(found: Found, frame: wal.Frame) -> None:
    entry = parse_entry(frame.log, frame.leaf, frame.body)
    branch = found.forest.branches.get(frame.log)
    if branch is not None and entry.seq < branch.size:
        if tree.TreeReader(branch.folder, branch.size).hash_at(0, entry.seq) != frame.leaf:
            raise LedgerDamaged(f"{frame.log}#{entry.seq}", "the tree holds another record")
        return
    head = found.heads.get(frame.log) or Head(frame.log)
    if entry.seq != head.next or json.loads(frame.body)["prev"] != head.last:
        raise LedgerDamaged(f"{frame.log}#{head.next}", f"followed by record {entry.seq} of another chain")
    found.entries.append(entry)
    found.heads[frame.log] = Head(frame.log, entry.seq + 1, frame.leaf.hex())


def _open_calls(layout: Layout, branch: Branch) -> OpenCalls:
    """The calls that the stored tree leaves open: from the remembered state, or from the records."""
    calls, start = _remembered(layout.file_for(layout.state, branch.origin, ".json"), branch.size)
    reader = tree.TreeReader(branch.folder, branch.size)
    for index in range(start // tiles.WIDTH, -(-branch.size // tiles.WIDTH)):
        for body in reader.bundle(index):
            entry = parse_entry(branch.origin, merkle.leaf_hash(body), body)
            if entry.seq >= start:
                calls.follow(entry)
    return calls


def _remembered(path: Path, size: int) -> tuple[OpenCalls, int]:
    try:
        state = json.loads(path.read_bytes())
        if not 0 <= state["size"] <= size:
            return OpenCalls({}), 0
        return OpenCalls({int(seq): str(call) for seq, call in state["open"]}), int(state["size"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return OpenCalls({}), 0


def _was_stopped(layout: Layout, forest: Forest) -> bool:
    """Whether the last thing on the installation's record is an orderly stop."""
    branch = next((b for b in forest.branches.values() if b.origin.endswith("/installation")), None)
    if branch is None or branch.size == 0:
        return not forest.branches
    bodies = tree.load_bundle(
        layout.log_folder(branch.origin),
        (branch.size - 1) // tiles.WIDTH,
        (branch.size - 1) % tiles.WIDTH + 1,
    )
    return parse_entry(branch.origin, b"", bodies[-1]).type is EventType.LEDGER_STOP

"""One log's folder, recomputed from the stored bytes: bundles, tiles, chain, root and signature."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from audit import leftovers, merkle, tiles, tree
from audit.errors import NoteFault, TreeFault
from audit.findings import LogReport
from audit.note import Checkpoint, VerifierKey
from audit.rules import HeadRules, Progress, RecordRules, Tampered, opened

Heads = Iterable[tuple[Checkpoint, str]]
"""Checkpoints known from elsewhere, each with where it came from."""


def verify_log(
    folder: Path, key: VerifierKey | None, *, known: Heads = (), progress: Progress | None = None
) -> LogReport:
    """Everything about one log of records."""
    report = LogReport(folder.name)
    rules = RecordRules(report)
    _verify(Walk(folder, report, rules), key, known, progress)
    if not report.tampering:
        rules.end()
    return report


def verify_root(
    folder: Path, key: VerifierKey | None, *, known: Heads = (), progress: Progress | None = None
) -> tuple[LogReport, list[tuple[Checkpoint, str]]]:
    """The root log, and the checkpoints of the other logs in it."""
    report = LogReport(folder.name)
    rules = HeadRules(key)
    _verify(Walk(folder, report, rules), key, known, progress)
    return report, rules.heads


def _verify(walk: "Walk", key: VerifierKey | None, known: Heads, progress: Progress | None) -> None:
    try:
        head = opened(tree.read_checkpoint(walk.folder), key)
    except (NoteFault, TreeFault) as fault:
        walk.report.blame(None, f"checkpoint: {fault.fault}")
        return
    try:
        walk.run(head, known, progress)
        leftovers.compare(walk.folder, head.size)
    except Tampered as found:
        walk.report.blame(found.index, found.fault)


@dataclass(frozen=True, slots=True)
class _Stored:
    """The entries of a bundle as far as they can be read, and what is wrong with the rest."""

    bodies: list[bytes]
    fault: str | None = None


class Walk:
    """One pass over a log: bundles against tiles, tiles against each other, roots against known heads."""

    def __init__(self, folder: Path, report: LogReport, rules: RecordRules | HeadRules) -> None:
        self.folder = folder
        self.report = report
        self._rules = rules
        self._tower = tiles.Tower()
        self._size = 0
        self._heads: dict[int, list[tuple[Checkpoint, str]]] = {}

    def run(self, head: Checkpoint, known: Heads, progress: Progress | None) -> None:
        """Raises: Tampered, with the first bad index."""
        self.report.log, self.report.size, self.report.root = head.origin, head.size, head.root.hex()
        self._size = head.size
        ours = [pair for pair in known if pair[0].origin == head.origin]
        for pair in sorted([*ours, (head, "the checkpoint")], key=lambda pair: pair[0].size):
            self._heads.setdefault(pair[0].size, []).append(pair)
        self._compare_root()
        for index in range(-(-head.size // tiles.WIDTH)):
            self._bundle(index)
            if progress is not None:
                progress(head.origin, self._tower.size, head.size)
        for tile in self._tower.edge():
            self._compare_tile(tile)
        for size, pairs in self._heads.items():
            raise Tampered(head.size, f"truncated: {size} records were signed ({pairs[0][1]})")

    def _bundle(self, index: int) -> None:
        first, width = index * tiles.WIDTH, tiles.tile_width(0, index, self._size)
        leaves = self._leaves(index, width)
        stored = self._stored(index, width)
        for place, leaf in enumerate(leaves):
            if stored is None:
                self._rules.skip(leaf)
            else:
                self._record(first + place, stored.bodies[place : place + 1], leaf)
            for tile in self._tower.add(leaf):
                self._compare_tile(tile)
            if self._tower.size in self._heads:
                self._compare_root()
        if stored is not None and stored.fault is not None:
            raise Tampered(first + width - 1, stored.fault)

    def _record(self, index: int, body: list[bytes], leaf: bytes) -> None:
        if not body:
            raise Tampered(index, "the entry bundle ends before this record")
        if merkle.leaf_hash(body[0]) != leaf:
            raise Tampered(index, "the record is not the one that was hashed")
        self._rules.follow(index, body[0], leaf)

    def _leaves(self, index: int, width: int) -> list[bytes]:
        try:
            return tree.load_tile(self.folder, (0, index), width)
        except TreeFault as fault:
            raise Tampered(index * tiles.WIDTH, f"{fault.path}: {fault.fault}") from fault

    def _stored(self, index: int, width: int) -> _Stored | None:
        """``None`` where retention took the records away."""
        try:
            return _Stored(tree.load_bundle(self.folder, index, width))
        except TreeFault as fault:
            if fault.fault != "missing":
                bodies, _ = tiles.split_bundle((self.folder / fault.path).read_bytes())
                return _Stored(bodies[:width], f"{fault.path}: {fault.fault}")
            first = index * tiles.WIDTH
            if not _was_pruned(self.folder, self._size, first, first + width - 1):
                raise Tampered(first, f"{fault.path}: missing") from fault
        self.report.note("pruned", first, f"{width} records")
        return None

    def _compare_tile(self, tile: tiles.Tile) -> None:
        """A stored tile must hold the hashes that follow from the level below."""
        reach = 8 * tile.level
        try:
            stored = tree.load_tile(self.folder, (tile.level, tile.index), len(tile.hashes))
        except TreeFault as fault:
            raise Tampered((tile.index * tiles.WIDTH) << reach, f"{fault.path}: {fault.fault}") from fault
        for place, (have, expected) in enumerate(zip(stored, tile.hashes, strict=True)):
            if have != expected:
                first = (tile.index * tiles.WIDTH + place) << reach
                raise Tampered(first, f"{tile.path}: hash {place} does not follow from the level below")

    def _compare_root(self) -> None:
        """The root so far, against every checkpoint that was ever signed at this size."""
        size = self._tower.size
        for head, source in self._heads.pop(size, ()):
            if head.root != self._tower.root():
                raise Tampered(max(0, size - 1), f"not the log that was signed at {size} records ({source})")


def _was_pruned(folder: Path, size: int, first: int, last: int) -> bool:
    """Whether a later record says that retention took these records away."""
    for index in range(first // tiles.WIDTH + 1, -(-size // tiles.WIDTH)):
        try:
            bodies = tree.load_bundle(folder, index, tiles.tile_width(0, index, size))
        except TreeFault:
            continue
        if any(_prunes(body, first, last) for body in bodies):
            return True
    return False


def _prunes(body: bytes, first: int, last: int) -> bool:
    if b'"type":"retention.prune"' not in body:
        return False
    try:
        detail = json.loads(body)["detail"]
        return int(detail["first"]) <= first and last <= int(detail["last"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return False

"""The read side of one log: search, records, proofs, verification, export. Blocks; belongs in a thread."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audit import export, merkle, tiles, tree
from audit.errors import RecordNotFound
from audit.facts import agrees, said_of
from audit.filters import Filter
from audit.findings import LogReport
from audit.index import Index, Row
from audit.note import Checkpoint, VerifierKey, open_checkpoint
from audit.proofs import InclusionProof
from audit.pseudonyms import Pseudonyms
from audit.rules import Progress
from audit.summary import Summary
from audit.verifier import verify_log


@dataclass(frozen=True, slots=True)
class Stored:
    """A record under a checkpoint: its bytes, its leaf hash, and what they say."""

    seq: int
    leaf: bytes
    body: bytes
    record: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Records newest first, each proven to be under the checkpoint.

    Attributes:
        records: read from the log itself, not from the index.
        cursor: where the page of older records starts, or ``None`` after the last one.
        newer: where the page of newer records ends, or ``None`` on the first one.
        checkpoint: the signed head that every record was checked against.
        mismatches: numbers of records of which the index says something else than the log.
        missing: how many records the index lacks that it had taken in; ``reindex`` mends both.
        summary: all that matches, counted by the index; on the first page, unless it would take too long.
    """

    records: tuple[Stored, ...]
    cursor: int | None
    newer: int | None
    checkpoint: Checkpoint
    mismatches: tuple[int, ...]
    missing: int
    summary: Summary | None


class LogReader:
    """One log, as of its newest checkpoint at each call."""

    def __init__(
        self,
        folder: Path,
        *,
        origin: str,
        key: VerifierKey,
        index: Index,
        settle: Callable[[], None],
        pseudonyms: Pseudonyms,
    ) -> None:
        """``settle`` brings everything durable under a checkpoint."""
        self._folder = folder
        self._origin = origin
        self._key = key
        self._index = index
        self._settle = settle
        self._pseudonyms = pseudonyms

    def search(
        self, wanted: Filter, *, cursor: int | None = None, after: int | None = None, limit: int = 50
    ) -> Page:
        """A page of matching records: the newest below the cursor, or else those next above ``after``.

        Raises:
            FilterRefused: a time in the filter is none.
            NoteFault, ProofFault, TreeFault: the log itself does not hold; verify it.
        """
        _, head = self._head()
        index = self._index
        index.feed(self._folder, head.size)
        if cursor is None and after is not None:
            rows = index.newer(wanted, after=after, limit=limit)
        else:
            rows = index.older(wanted, before=cursor, limit=limit)
        records, mismatches = self._read(head, rows)
        older = bool(rows) and bool(index.older(wanted, before=rows[-1].said[0], limit=1))
        newer = bool(rows) and bool(index.newer(wanted, after=rows[0].said[0], limit=1))
        return Page(
            records=records,
            cursor=records[-1].seq if older else None,
            newer=records[0].seq if newer else None,
            checkpoint=head,
            mismatches=mismatches,
            missing=index.missing(),
            summary=index.summary(wanted) if cursor is None and after is None else None,
        )

    def record(self, seq: int) -> Stored:
        """One record, proven to be under the newest checkpoint.

        Raises:
            RecordNotFound: there is none of that number.
            NoteFault, ProofFault, TreeFault: the log itself does not hold.
        """
        _, head = self._head(at_least=seq + 1)
        return self._proven(tree.TreeReader(self._folder, head.size), head, seq)

    def inclusion(self, seq: int) -> InclusionProof:
        """The proof that a record is in the log, checked before it is handed out.

        Raises:
            RecordNotFound: there is none of that number.
            NoteFault, ProofFault, TreeFault: the log itself does not hold.
        """
        note, head = self._head(at_least=seq + 1)
        reader = tree.TreeReader(self._folder, head.size)
        stored = self._proven(reader, head, seq)
        proof = InclusionProof(stored.body, seq, tuple(reader.inclusion(seq)), note)
        proof.check(self._key)
        return proof

    def verify(self, progress: Progress | None = None) -> LogReport:
        """The whole log, recomputed."""
        self._settle()
        return verify_log(self._folder, self._key, progress=progress)

    def export(self, wanted: Filter, out: Path, *, made: str, progress: Progress | None = None) -> int:
        """Writes an evidence package of all matching records, made at a time (RFC 3339). How many there are.

        Raises:
            FilterRefused: a time in the filter is none.
            NoteFault, ProofFault, TreeFault: the log itself does not hold.
            OSError: the file can't be written.
        """
        _, head = self._head()
        self._index.feed(self._folder, head.size)
        asked = {name: str(value) for name, value in asdict(wanted).items() if value is not None}
        selection = export.Selection(asked, self._index.numbers(wanted, before=head.size))
        return export.write_export(self._folder, self._key, selection, out, made=made, progress=progress)

    def reindex(self) -> None:
        """Throws the index away and reads the log anew."""
        _, head = self._head()
        self._index.rebuild(self._folder, head.size)

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint, over everything durable."""
        return self._head()[0]

    def who(self, pid: str) -> str | None:
        """The subject behind a pseudonym, unless forgotten."""
        return self._pseudonyms.subject(self._origin, pid)

    def pid(self, subject: str) -> str | None:
        """The pseudonym of a subject in this log, if there is one."""
        return self._pseudonyms.find(self._origin, subject)

    def _head(self, *, at_least: int | None = None) -> tuple[bytes, Checkpoint]:
        """The newest checkpoint; signed anew unless it reaches far enough as it is."""
        if at_least is None or not self._reaches(at_least):
            self._settle()
        if not (self._folder / tree.CHECKPOINT).exists():
            raise RecordNotFound(self._origin, (at_least or 1) - 1)
        note = tree.read_checkpoint(self._folder)
        return note, open_checkpoint(note, self._key)

    def _reaches(self, size: int) -> bool:
        path = self._folder / tree.CHECKPOINT
        return path.exists() and open_checkpoint(path.read_bytes(), self._key).size >= size

    def _read(self, head: Checkpoint, rows: Sequence[Row]) -> tuple[tuple[Stored, ...], tuple[int, ...]]:
        """The records that the rows stand for, and the numbers of those of which the index says something else."""
        reader = tree.TreeReader(self._folder, head.size)
        records = tuple(self._proven(reader, head, row.said[0]) for row in rows)
        wrong = tuple(
            stored.seq
            for stored, row in zip(records, rows, strict=True)
            if said_of(stored.record) != row.said or not agrees(stored.record, row.counted)
        )
        return records, wrong

    def _proven(self, reader: tree.TreeReader, head: Checkpoint, seq: int) -> Stored:
        if not 0 <= seq < head.size:
            raise RecordNotFound(self._origin, seq)
        body = reader.bundle(seq // tiles.WIDTH)[seq % tiles.WIDTH]
        leaf = merkle.leaf_hash(body)
        merkle.check_inclusion(leaf, seq, head.size, reader.inclusion(seq), root=head.root)
        return Stored(seq, leaf, body, json.loads(body))

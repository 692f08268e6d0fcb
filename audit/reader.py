"""The read side of one log: search, records, proofs, verification, export. Blocks; belongs in a thread."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from audit import export, merkle, tiles, tree
from audit.errors import RecordNotFound
from audit.findings import LogReport
from audit.index import Filter, Index, row_of
from audit.note import Checkpoint, VerifierKey, open_checkpoint
from audit.proofs import InclusionProof
from audit.pseudonyms import Pseudonyms
from audit.rules import Progress
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
        cursor: where the next page starts, or ``None`` after the last one.
        checkpoint: the signed head that every record was checked against.
        mismatches: numbers of records of which the index says something else than the log.
        missing: how many records the index lacks that it had taken in; ``reindex`` mends both.
    """

    records: tuple[Stored, ...]
    cursor: int | None
    checkpoint: Checkpoint
    mismatches: tuple[int, ...]
    missing: int


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

    def search(self, wanted: Filter, *, cursor: int | None = None, limit: int = 50) -> Page:
        """The newest matching records below the cursor.

        Raises:
            FilterRefused: a time in the filter is none.
            NoteFault, ProofFault, TreeFault: the log itself does not hold; verify it.
        """
        _, head = self._head()
        self._index.feed(self._folder, head.size)
        rows = self._index.rows(wanted, before=cursor, limit=limit + 1)
        reader = tree.TreeReader(self._folder, head.size)
        found, mismatches = [], []
        for row in rows[:limit]:
            stored = self._proven(reader, head, row[0])
            found.append(stored)
            if row_of(stored.record) != tuple(row):
                mismatches.append(stored.seq)
        more = found[-1].seq if len(rows) > limit else None
        return Page(tuple(found), more, head, tuple(mismatches), self._index.missing())

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

    def export(self, wanted: Filter, out: Path, *, made: str) -> int:
        """Writes an evidence package of all matching records, made at a time (RFC 3339). How many there are.

        Raises:
            FilterRefused: a time in the filter is none.
            NoteFault, ProofFault, TreeFault: the log itself does not hold.
            OSError: the file can't be written.
        """
        _, head = self._head()
        self._index.feed(self._folder, head.size)
        rows = self._index.rows(wanted, before=head.size, limit=-1)
        asked = {name: str(value) for name, value in asdict(wanted).items() if value is not None}
        selection = export.Selection(asked, tuple(sorted(row[0] for row in rows)))
        return export.write_export(self._folder, self._key, selection, out, made=made)

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

    def _proven(self, reader: tree.TreeReader, head: Checkpoint, seq: int) -> Stored:
        if not 0 <= seq < head.size:
            raise RecordNotFound(self._origin, seq)
        body = reader.bundle(seq // tiles.WIDTH)[seq % tiles.WIDTH]
        leaf = merkle.leaf_hash(body)
        merkle.check_inclusion(leaf, seq, head.size, reader.inclusion(seq), root=head.root)
        return Stored(seq, leaf, body, json.loads(body))

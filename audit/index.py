"""The search index: SQLite over the metadata of one log, derived from the tree and never believed."""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from audit import tiles, tree
from audit.clock import instant
from audit.errors import FilterRefused, TreeFault
from audit.layout import Layout
from audit.note import parse_checkpoint

_BUDGET: Final = 2048
_COLUMNS: Final = ("seq", "ts", "type", "call", "pid", "status", "op", "model")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY, ts TEXT, type TEXT, "call" TEXT, pid TEXT, status TEXT, op TEXT, model TEXT
);
CREATE TABLE IF NOT EXISTS passage (doc TEXT, seq INTEGER, PRIMARY KEY (doc, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_call ON record ("call", seq);
CREATE INDEX IF NOT EXISTS record_pid ON record (pid, seq);
CREATE INDEX IF NOT EXISTS record_ts ON record (ts, seq);
CREATE INDEX IF NOT EXISTS record_type ON record (type, seq);
CREATE TABLE IF NOT EXISTS fed (size INTEGER);
"""

_DECODER: Final = msgspec.json.Decoder()  # a third of the time of json.loads

log = structlog.get_logger()

Row = tuple[int, str, str, str | None, str | None, str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; what is empty is not asked. Times are ISO 8601, ``to`` is not included.

    ``actor``, ``status``, ``model``, ``op`` and ``doc`` hold for a record if they hold for any of its call.
    """

    since: str | None = None
    to: str | None = None
    type: str | None = None
    call: str | None = None
    actor: str | None = None
    status: str | None = None
    model: str | None = None
    op: str | None = None
    doc: str | None = None


def row_of(record: dict[str, Any]) -> Row:
    """What the index says about a record."""
    op = record.get("op") or {}
    return (
        record["seq"],
        record["ts"],
        record["type"],
        record["call"],
        (record.get("actor") or {}).get("pid"),
        (record.get("outcome") or {}).get("status"),
        op.get("name"),
        op.get("model"),
    )


class Index:
    """One log's index; any thread may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._db = self._opened()

    def fed(self) -> int:
        """How many records it has taken in."""
        with self._lock:
            return self._size()

    def feed(self, folder: Path, size: int, *, budget: int | None = None) -> None:
        """Takes in the records up to ``size``, or as many as the budget allows.

        Raises:
            TreeFault: a bundle is missing or malformed.
        """
        with self._lock:
            start = self._size()
            end = size if budget is None else min(size, start + budget)
            for index in range(start // tiles.WIDTH, -(-end // tiles.WIDTH)):
                bodies = tree.load_bundle(folder, index, min(tiles.WIDTH, end - index * tiles.WIDTH))
                self._take(
                    bodies[max(0, start - index * tiles.WIDTH) :], end=index * tiles.WIDTH + len(bodies)
                )

    def missing(self) -> int:
        """How many of the records that it took in are no longer there."""
        with self._lock:
            return self._size() - int(self._db.execute("SELECT count(*) FROM record").fetchone()[0])

    def rows(self, wanted: Filter, *, before: int | None, limit: int) -> list[Row]:
        """The newest matching rows below ``before``."""
        where, values = _condition(wanted)
        if before is not None:
            where, values = [*where, "seq < ?"], [*values, before]
        columns = ", ".join(f'"{name}"' for name in _COLUMNS)
        clause = f"WHERE {' AND '.join(where)} " if where else ""
        query = f"SELECT {columns} FROM record AS one {clause}ORDER BY seq DESC LIMIT ?"  # noqa: S608  own words only
        with self._lock:
            return self._db.execute(query, [*values, limit]).fetchall()

    def rebuild(self, folder: Path, size: int) -> None:
        """Throws everything away and reads the tree anew."""
        with self._lock:
            self._db.close()
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._db = self._opened()
        self.feed(folder, size)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=OFF")
        db.executescript(_SCHEMA)
        return db

    def _size(self) -> int:
        row = self._db.execute("SELECT max(size) FROM fed").fetchone()
        return int(row[0] or 0)

    def _take(self, bodies: Sequence[bytes], *, end: int) -> None:
        records = [_DECODER.decode(body) for body in bodies]
        passages = [(part["doc"], record["seq"]) for record in records for part in record.get("rag", ())]
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [row_of(record) for record in records],
        )
        self._db.executemany("INSERT OR REPLACE INTO passage VALUES (?, ?)", passages)
        self._db.execute("DELETE FROM fed")
        self._db.execute("INSERT INTO fed VALUES (?)", (end,))
        self._db.execute("COMMIT")


class Indexes:
    """The indexes of all logs, opened when first needed."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._open: dict[str, Index] = {}
        self._lock = threading.Lock()

    def of(self, origin: str) -> Index:
        with self._lock:
            if origin not in self._open:
                path = self._layout.file_for(self._layout.index, origin, ".sqlite")
                self._open[origin] = Index(path)
            return self._open[origin]

    def feed(self, origins: Iterable[str]) -> None:
        """A little of what has grown, so that a search has not everything to catch up with."""
        for origin in origins:
            try:
                self._feed(origin)
            except (sqlite3.Error, TreeFault) as fault:
                log.warning("index.behind", log=origin, fault=type(fault).__name__)

    def close(self) -> None:
        for index in self._open.values():
            index.close()

    def _feed(self, origin: str) -> None:
        folder = self._layout.log_folder(origin)
        text = tree.read_checkpoint(folder).decode().partition("\n\n")[0] + "\n"
        self.of(origin).feed(folder, parse_checkpoint(text).size, budget=_BUDGET)


def _instant(field: str, text: str | None) -> str | None:
    try:
        return None if text is None else instant(text)
    except ValueError as broken:
        raise FilterRefused(field, "not a time of ISO 8601") from broken


def _condition(wanted: Filter) -> tuple[list[str], list[str | int]]:
    where: list[str] = []
    values: list[str | int] = []
    since, to = _instant("since", wanted.since), _instant("to", wanted.to)
    for clause, value in (("ts >= ?", since), ("ts < ?", to), ('"call" = ?', wanted.call)):
        if value is not None:
            where.append(clause)
            values.append(value)
    if wanted.type is not None:
        where.append("(type = ? OR substr(type, 1, ?) = ?)")
        values += [wanted.type, len(wanted.type), wanted.type]
    for column, value in (
        ("pid", wanted.actor),
        ("status", wanted.status),
        ("model", wanted.model),
        ("op", wanted.op),
    ):
        if value is not None:
            where.append(
                f'({column} = ? OR EXISTS (SELECT 1 FROM record AS other WHERE other."call" = one."call" '  # noqa: S608  own words only
                f"AND other.{column} = ?))"
            )
            values += [value, value]
    if wanted.doc is not None:
        where.append(
            '(seq IN (SELECT seq FROM passage WHERE doc = ?) OR "call" IN '
            '(SELECT "call" FROM record WHERE seq IN (SELECT seq FROM passage WHERE doc = ?)))'
        )
        values += [wanted.doc, wanted.doc]
    return where, values

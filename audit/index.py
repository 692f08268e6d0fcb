"""The search index: SQLite over the metadata of one log, derived from the tree and never believed."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import structlog

from audit import facts, tiles, tree
from audit.errors import TreeFault
from audit.facts import Said, said_of
from audit.filters import Condition, Filter, condition
from audit.layout import Layout
from audit.note import parse_checkpoint
from audit.summary import Summary, summarised

_VERSION: Final = 2  # of the tables below; an index of another version is made anew
_BUDGET: Final = 2048
_COLUMNS: Final = ("seq", "ts", "type", "call", "pid", "status", "op", "model")
_COUNTED: Final = ("type", "pid", "status", "op", "model")
_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY, ts TEXT, type TEXT, "call" TEXT, pid TEXT, status TEXT, op TEXT, model TEXT
);
CREATE TABLE IF NOT EXISTS passage (doc TEXT, seq INTEGER, PRIMARY KEY (doc, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_call ON record ("call", seq);
CREATE INDEX IF NOT EXISTS passage_seq ON passage (seq);
CREATE TABLE IF NOT EXISTS fed (size INTEGER);
{facts.SCHEMA}
PRAGMA user_version = {_VERSION};
"""

_DECODER: Final = msgspec.json.Decoder()  # a third of the time of json.loads

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Row:
    """What the index says of a record, and what it counts it as: moment, type, actor, status, operation, model."""

    said: Said
    counted: tuple[object, ...]


class Index:
    """One log's index; any thread may use it, and reading waits for nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._db = self._opened()

    def fed(self) -> int:
        """How many records it has taken in."""
        with self._lock:
            return self._size()

    def feed(self, folder: Path, size: int, *, budget: int | None = None) -> None:
        """Takes in the records up to ``size``, or as many as the budget allows; others may come in between.

        Raises:
            TreeFault: a bundle is missing or malformed.
        """
        end = size if budget is None else min(size, self.fed() + budget)
        while self._feed_bundle(folder, end):
            pass

    def missing(self) -> int:
        """How many of the records that it took in are no longer there."""
        with self._reading() as db:
            size = int(db.execute("SELECT max(size) FROM fed").fetchone()[0] or 0)
            least = min(
                int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  own words only
                for table in ("record", "fact")
            )
            return size - least

    def older(self, wanted: Filter, *, before: int | None, limit: int) -> list[Row]:
        """The newest matching rows below ``before``, newest first."""
        found = condition(wanted)
        return self._rows(found if before is None else found.and_("seq < ?", before), "DESC", limit)

    def newer(self, wanted: Filter, *, after: int, limit: int) -> list[Row]:
        """The oldest matching rows above ``after``, newest first."""
        return self._rows(condition(wanted).and_("seq > ?", after), "ASC", limit)[::-1]

    def numbers(self, wanted: Filter, *, before: int) -> tuple[int, ...]:
        """The numbers of all matching records below ``before``, ascending."""
        found = condition(wanted).and_("seq < ?", before)
        with self._reading() as db:
            query = f"SELECT seq FROM fact AS one {found.where} ORDER BY seq"  # noqa: S608  own words only
            return tuple(seq for (seq,) in db.execute(query, found.values))

    def summary(self, wanted: Filter) -> Summary | None:
        """How many match, by what, and when; ``None`` when that can't be counted within a few seconds."""
        with self._reading() as db:
            return summarised(db, wanted)

    def rebuild(self, folder: Path, size: int) -> None:
        """Throws everything away and reads the tree anew."""
        with self._lock:
            self._db.close()
            self._discard()
            self._db = self._opened()
        self.feed(folder, size)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own, which sees one state and holds up no one who feeds."""
        db = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            db.execute("BEGIN")
            yield db
        finally:
            db.close()

    def _rows(self, found: Condition, order: str, limit: int) -> list[Row]:
        columns = ", ".join(f'record."{name}"' for name in _COLUMNS)
        words = ", ".join(f"(SELECT text FROM word WHERE id = one.{name})" for name in _COUNTED)  # noqa: S608  own words only
        query = (
            f"SELECT {columns}, one.at, {words} FROM "  # noqa: S608  own words only
            f"(SELECT * FROM fact AS one {found.where} ORDER BY seq {order} LIMIT ?) AS one "
            f"JOIN record ON record.seq = one.seq ORDER BY one.seq {order}"
        )
        with self._reading() as db:
            rows = db.execute(query, (*found.values, limit)).fetchall()
        return [Row(row[: len(_COLUMNS)], row[len(_COLUMNS) :]) for row in rows]

    def _opened(self) -> sqlite3.Connection:
        db = _connected(self._path)
        if db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            db.close()
            self._discard()
            db = _connected(self._path)
        db.executescript(_SCHEMA)
        return db

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _size(self) -> int:
        row = self._db.execute("SELECT max(size) FROM fed").fetchone()
        return int(row[0] or 0)

    def _feed_bundle(self, folder: Path, end: int) -> bool:
        """Takes in the rest of one bundle; whether there was any."""
        with self._lock:
            start = self._size()
            if start >= end:
                return False
            index = start // tiles.WIDTH
            first = index * tiles.WIDTH
            bodies = tree.load_bundle(folder, index, min(tiles.WIDTH, end - first))
            try:
                self._take(bodies[start - first :], end=first + len(bodies))
            except (msgspec.DecodeError, KeyError, TypeError, ValueError) as broken:
                raise TreeFault(tiles.bundle_path(index), "holds what is no record") from broken
            return True

    def _take(self, bodies: Sequence[bytes], *, end: int) -> None:
        records = [_DECODER.decode(body) for body in bodies]
        rows = [said_of(record) for record in records]
        passages = [(part["doc"], record["seq"]) for record in records for part in record.get("rag", ())]
        with _transaction(self._db):
            self._db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            facts.take(self._db, rows)
            self._db.executemany("INSERT OR REPLACE INTO passage VALUES (?, ?)", passages)
            self._db.execute("DELETE FROM fed")
            self._db.execute("INSERT INTO fed VALUES (?)", (end,))


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


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=OFF")
    return db


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")

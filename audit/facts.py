"""What the index counts by: one small row a record, its words as numbers, its blanks filled from its call."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from audit.clock import micros

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS word (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS fact (
    seq INTEGER PRIMARY KEY, at INTEGER, type INTEGER, pid INTEGER, status INTEGER, op INTEGER, model INTEGER
);
CREATE INDEX IF NOT EXISTS fact_type ON fact (type);
CREATE INDEX IF NOT EXISTS fact_pid ON fact (pid);
CREATE INDEX IF NOT EXISTS fact_status ON fact (status);
CREATE INDEX IF NOT EXISTS fact_op ON fact (op);
CREATE INDEX IF NOT EXISTS fact_model ON fact (model);
"""

Said = tuple[int, str, str, str | None, str | None, str | None, str | None, str | None]
"""Number, stamp, type, call, actor, status, operation, model: what a record says of itself."""

_Fact = tuple[int, int, int, int | None, int | None, int | None, int | None]


def said_of(record: dict[str, Any]) -> Said:
    """What a record says of itself."""
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


def take(db: sqlite3.Connection, rows: Sequence[Said]) -> None:
    """Takes the facts of new records in, and fills the blanks of the older records of their calls.

    Raises:
        ValueError: a stamp is no time.
    """
    numbers = _numbers(db, {word for row in rows for word in (row[2], *row[4:]) if word is not None})
    groups = _of_calls(db, rows)
    before = {fact[0]: fact for group in groups.values() for fact in group}
    alone: list[_Fact] = []
    for row in rows:
        fact = _fact(row, numbers)
        (alone if row[3] is None else groups[row[3]]).append(fact)
    blended = [fact for group in groups.values() for fact in _blended(group)]
    changed = [fact for fact in blended if before.get(fact[0]) != fact]
    db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", alone + changed)


def agrees(record: dict[str, Any], kept: Sequence[object]) -> bool:
    """Whether what is counted (moment, type, actor, status, operation, model) is what the record says itself."""
    _, stamp, kind, _, *shared = said_of(record)
    moment, counted, *rest = kept
    own = all(value in {None, theirs} for value, theirs in zip(shared, rest, strict=True))
    return own and (moment, counted) == (micros(stamp), kind)


def _fact(row: Said, numbers: dict[str, int]) -> _Fact:
    seq, stamp, kind, _, *shared = row
    pid, status, op, model = (None if word is None else numbers[word] for word in shared)
    return (seq, micros(stamp), numbers[kind], pid, status, op, model)


def _of_calls(db: sqlite3.Connection, rows: Iterable[Said]) -> defaultdict[str, list[_Fact]]:
    """What is known already of the calls of these records."""
    groups: defaultdict[str, list[_Fact]] = defaultdict(list)
    new = {row[0] for row in rows}
    for call in {row[3] for row in rows if row[3] is not None}:
        known = db.execute('SELECT fact.* FROM record JOIN fact USING (seq) WHERE "call" = ?', [call])
        groups[call] = [fact for fact in known if fact[0] not in new]
    return groups


def _blended(group: list[_Fact]) -> list[_Fact]:
    """The records of one call, each with its own values and otherwise the first that another has."""
    columns = zip(*((fact[3], fact[4], fact[5], fact[6]) for fact in group), strict=True)
    pid, status, op, model = (_first(column) for column in columns)
    return [
        (
            *fact[:3],
            pid if fact[3] is None else fact[3],
            status if fact[4] is None else fact[4],
            op if fact[5] is None else fact[5],
            model if fact[6] is None else fact[6],
        )
        for fact in group
    ]


def _first(column: Iterable[int | None]) -> int | None:
    return next((value for value in column if value is not None), None)


def _numbers(db: sqlite3.Connection, words: set[str]) -> dict[str, int]:
    db.executemany("INSERT OR IGNORE INTO word (text) VALUES (?)", [(word,) for word in sorted(words)])
    return {word: db.execute("SELECT id FROM word WHERE text = ?", [word]).fetchone()[0] for word in words}

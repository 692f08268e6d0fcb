"""How many records a filter finds, by what, and when: counted by the index."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from audit.clock import instant, micros
from audit.filters import Condition, Filter, condition

FACETS: Final = {"type": "type", "actor": "pid", "status": "status", "op": "op", "model": "model"}
"""What is counted by, and the index's column of it."""

_SECOND: Final = 1_000_000
_BARS: Final = 60
_STEPS: Final = tuple(
    seconds * _SECOND
    for seconds in (
        1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600,
        86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400,
    )
)  # fmt: skip
_FEW: Final = 20
_LONGEST_S: Final = 3.0
_LOOK: Final = 20_000


@dataclass(frozen=True, slots=True)
class Histogram:
    """Records by time: ``counts[i]`` are those of the ``step_s`` seconds from ``start`` plus ``i`` steps (RFC 3339)."""

    start: str
    step_s: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a filter finds, counted; for each of ``FACETS`` the most frequent values and their counts."""

    total: int
    facets: dict[str, tuple[tuple[str, int], ...]]
    histogram: Histogram | None


def summarised(db: sqlite3.Connection, wanted: Filter) -> Summary | None:
    """What the filter finds; ``None`` when that can't be counted within a few seconds.

    Raises:
        FilterRefused: a time in the filter is none.
    """
    found = condition(wanted)
    end = time.monotonic() + _LONGEST_S
    db.set_progress_handler(lambda: time.monotonic() > end, _LOOK)
    try:
        return _counted(db, wanted, found)
    except sqlite3.OperationalError as stopped:
        if stopped.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        db.set_progress_handler(None, 0)


def _counted(db: sqlite3.Connection, wanted: Filter, found: Condition) -> Summary:
    table = _table_of(db, found)
    query = f"SELECT count(*), min(at), max(at) FROM {table}"  # noqa: S608  own words only
    total, first, last = db.execute(query).fetchone()
    facets = {name: _facet(db, table, column) for name, column in FACETS.items()}
    if not total:
        return Summary(0, facets, None)
    start = first if wanted.since is None else micros(instant(wanted.since))
    end = last + 1 if wanted.to is None else micros(instant(wanted.to))
    return Summary(total, facets, _histogram(db, table, (start, min(end, last + 1))))


def _table_of(db: sqlite3.Connection, found: Condition) -> str:
    """Where what is found stands: it is looked for once, and counted many times."""
    if not found.clauses:
        return "fact"
    db.execute("PRAGMA temp_store = MEMORY")
    query = f"CREATE TEMP TABLE hit AS SELECT at, type, pid, status, op, model FROM fact AS one {found.where}"  # noqa: S608  own words only
    db.execute(query, found.values)
    return "hit"


def _facet(db: sqlite3.Connection, table: str, column: str) -> tuple[tuple[str, int], ...]:
    query = (
        f"SELECT (SELECT text FROM word WHERE id = value), many FROM "  # noqa: S608  own words only
        f"(SELECT {column} AS value, count(*) AS many FROM {table} GROUP BY {column}) "
        f"WHERE value IS NOT NULL ORDER BY many DESC, 1 LIMIT {_FEW}"
    )
    return tuple((str(text), int(many)) for text, many in db.execute(query))


def _histogram(db: sqlite3.Connection, table: str, span: tuple[int, int]) -> Histogram:
    start, end = span
    step = step_for(end - start)
    start -= start % step
    counts = [0] * (-(-(end - start) // step) or 1)
    query = f"SELECT (at - ?) / ?, count(*) FROM {table} GROUP BY 1"  # noqa: S608  own words only
    for place, many in db.execute(query, (start, step)):
        counts[place] = many
    begun = datetime.fromtimestamp(start / _SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Histogram(begun, step // _SECOND, tuple(counts))


def step_for(span: int) -> int:
    """The shortest step, in microseconds, that takes at most sixty bars or so over a span."""
    return next(
        (step for step in _STEPS if span <= step * _BARS), -(-span // (_BARS * _STEPS[-1])) * _STEPS[-1]
    )

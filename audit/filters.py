"""What to look for in a log, and the same in the words of its index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audit.clock import instant, micros
from audit.errors import FilterRefused


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; what is empty is not asked. Times are ISO 8601, ``to`` is not included.

    ``actor``, ``status``, ``model`` and ``op`` hold for a record by its own value or, where it has none, by its call's;
    ``doc`` holds for a record if it holds for any of its call.
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


_ANSWERS: Final = ("chatcmpl-", "cmpl-")


def call_id(quoted: str | None) -> str | None:
    """The call's id in what a person quotes: that itself, or the id of an answer, which begins with its kind."""
    for kind in _ANSWERS:
        quoted = quoted and quoted.removeprefix(kind)
    return quoted


@dataclass(frozen=True, slots=True)
class Condition:
    """The clauses over ``fact AS one`` that a filter stands for, and the values of their places."""

    clauses: tuple[str, ...]
    values: tuple[str | int, ...]

    def and_(self, clause: str, *values: str | int) -> "Condition":
        return Condition((*self.clauses, clause), (*self.values, *values))

    @property
    def where(self) -> str:
        return f"WHERE {' AND '.join(self.clauses)}" if self.clauses else ""


_WORD = "(SELECT id FROM word WHERE text = ?)"


def condition(wanted: Filter) -> Condition:
    """Raises: FilterRefused: a time in the filter is none."""
    found = Condition((), ())
    # The plus keeps SQLite on the order of the numbers: a pass over the small facts beats sorting what a range found.
    for clause, moment in (
        ("+at >= ?", _moment("since", wanted.since)),
        ("+at < ?", _moment("to", wanted.to)),
    ):
        if moment is not None:
            found = found.and_(clause, moment)
    if wanted.type is not None:
        found = _of_type(found, wanted.type)
    for column, value in _words(wanted):
        if value is not None:
            found = found.and_(f"{column} = {_WORD}", value)
    if wanted.call is not None:
        found = found.and_('seq IN (SELECT seq FROM record WHERE "call" = ?)', wanted.call)
    if wanted.doc is not None:
        found = found.and_(_DOC, wanted.doc, wanted.doc)
    return found


_DOC = (
    "seq IN (SELECT seq FROM passage WHERE doc = ? UNION "
    'SELECT seq FROM record WHERE "call" IN '
    '(SELECT "call" FROM record WHERE seq IN (SELECT seq FROM passage WHERE doc = ?)))'
)


def _words(wanted: Filter) -> Sequence[tuple[str, str | None]]:
    return (
        ("pid", wanted.actor),
        ("status", wanted.status),
        ("model", wanted.model),
        ("op", wanted.op),
    )


def _of_type(found: Condition, kind: str) -> Condition:
    """A whole type is looked up; the beginning of one names several, which only a pass can keep in order."""
    whole = "." in kind and not kind.endswith(".")
    if whole:
        return found.and_(f"type = {_WORD}", kind)
    clause = "+type IN (SELECT id FROM word WHERE substr(text, 1, ?) = ?)"
    return found.and_(clause, len(kind), kind)


def _moment(field: str, text: str | None) -> int | None:
    try:
        return None if text is None else micros(instant(text))
    except ValueError as broken:
        raise FilterRefused(field, "not a time of ISO 8601") from broken

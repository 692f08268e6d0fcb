"""What callers are told when something goes wrong: the one table of error classes, rendered in two dialects.

Status codes exist in this package only. Texts say what happened and what to do; no exception text ever leaves.
RFC 9457 (`application/problem+json`) for `/api`, the OpenAI error object for `/v1`.
"""

import json
import math
from typing import Any, Final

from gateway.problems import callers, conversations, documents, inspection, ledger, members, models, requests
from gateway.problems.entry import Entry, Language, Problem, Value, broken

__all__ = [
    "INTERNAL",
    "TABLE",
    "TYPE_BASE",
    "Entry",
    "Language",
    "Problem",
    "of",
    "render_openai",
    "render_problem",
]

TYPE_BASE: Final = "https://valv.example/problems/"

INTERNAL: Final = broken(
    500,
    "internal",
    "Something broke on our side. Try again; if it stays, give your operator the request id.",
    "Något gick sönder hos oss. Försök igen; om det består, ge driften ärendenumret.",
)

TABLE: Final[dict[type[Exception], Entry]] = {
    **callers.TABLE,
    **members.TABLE,
    **requests.TABLE,
    **documents.TABLE,
    **conversations.TABLE,
    **inspection.TABLE,
    **ledger.TABLE,
    **models.TABLE,
}


def of(error: Exception) -> Problem:
    """The problem that stands for an error: the nearest class in its MRO, else an internal one."""
    for kind in type(error).__mro__:
        entry = TABLE.get(kind)
        if entry is not None:
            return _fill(entry, error)
    return _fill(INTERNAL, error)


def _fill(entry: Entry, error: Exception) -> Problem:
    fields = {name: _plain(getattr(error, name)) for name in entry.fields}
    texts = {"en": entry.en.format_map(fields), "sv": entry.sv.format_map(fields)}
    retry = fields.get("retry_after")
    return Problem(
        entry.status, entry.slug, entry.kind, texts, fields, int(retry) if isinstance(retry, int) else None
    )


def _plain(value: object) -> Value:
    if value is None or isinstance(value, (int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        return math.ceil(value)
    if isinstance(value, (tuple, frozenset, list)):
        return sorted(str(item) for item in value)
    return str(value)


def render_openai(problem: Problem, *, request_id: str) -> bytes:
    """The OpenAI error object, with the request id that the officer can look up."""
    error: dict[str, Any] = {
        "message": problem.title("en"),
        "type": problem.kind,
        "param": problem.fields.get("param"),
        "code": problem.slug,
    }
    return json.dumps({"error": error, "request_id": request_id}, ensure_ascii=False).encode()


def render_problem(problem: Problem, *, request_id: str, language: Language) -> bytes:
    """A problem document (RFC 9457 section 3.1) with ``slug`` and ``request_id`` as extension members."""
    document: dict[str, Any] = {
        "type": TYPE_BASE + problem.slug,
        "title": problem.title(language),
        "status": problem.status,
        "slug": problem.slug,
        "request_id": request_id,
        **{name: value for name, value in problem.fields.items() if value is not None},
    }
    return json.dumps(document, ensure_ascii=False).encode()

"""Callers of a running lab, and what they may be told: real tokens, real keys, the officer's log."""

import json
import math
import re
import time
from typing import Any

import httpx

from gateway.demo.caller import Caller, client
from tests.behaviour.labs import RunningLab

CHAT = {"model": "smollm2-135m", "messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 8}
# What a Python or JSON library says of itself, and where code lies: nothing of it may reach a caller.
_INSIDES = re.compile(
    r"Traceback|\.py\b|Error\(|Exception|line \d+|pydantic|httpx|sqlalchemy|psycopg|chromadb|0x[0-9a-f]{6}",
    re.I,
)


_KNOWN: dict[tuple[str, str, str], tuple[float, Caller]] = {}
_FRESH_SECONDS = 150  # a token lasts 300


def person(lab: RunningLab, role: str, tenant: str = "ekdalen") -> Caller:
    """A demo person of the organisation, whose access token is still good for a while."""
    name = (lab.described.url, role, tenant)
    since, known = _KNOWN.get(name, (-math.inf, None))
    if known is not None and time.monotonic() - since < _FRESH_SECONDS:
        return known
    if known is not None:
        known.http.close()
    made = Caller(lab.described, f"{role}@{tenant}.example", tenant)
    _KNOWN[name] = (time.monotonic(), made)
    return made


def everyone_leaves() -> None:
    """Close every person's connections."""
    for _, known in _KNOWN.values():
        known.http.close()
    _KNOWN.clear()


def key(lab: RunningLab, tenant: str = "ekdalen") -> dict[str, Any]:
    """A new API key of the organisation's prototyper: ``secret``, and what is known of it under ``key``."""
    made: dict[str, Any] = person(lab, "prototypare", tenant).post("/api/keys", name="Prov", days=1)
    return made


def programme(lab: RunningLab, tenant: str = "ekdalen") -> httpx.Client:
    """A programme with a new API key."""
    return client(lab.described, key(lab, tenant)["secret"])


def records(lab: RunningLab, call: str, tenant: str = "ekdalen") -> list[dict[str, Any]]:
    """What the officer finds about a call, oldest first."""
    found = person(lab, "granskare", tenant).get("/api/audit/records", call=call)["items"]
    return [each["record"] for each in reversed(found)]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and slug of a refusal that is told in the dialect of its path and says nothing of our insides."""
    told = answer.json()
    is_openai = answer.request.url.path.startswith("/v1/")
    kind = "application/json" if is_openai else "application/problem+json"
    assert answer.headers["content-type"] == kind, answer.text
    assert told["request_id"] == answer.headers["x-request-id"]
    said = told | {"request_id": ""}  # drawn by chance: it may look like an address
    assert not _INSIDES.search(json.dumps(said)), f"the caller is told of our insides: {answer.text}"
    if is_openai:
        assert set(told["error"]) == {"message", "type", "param", "code"}
        return answer.status_code, told["error"]["code"]
    assert told["status"] == answer.status_code
    assert told["type"].endswith(f"/{told['slug']}")
    assert told["title"]
    return answer.status_code, told["slug"]


def call_of(answer: httpx.Response) -> str:
    """The id under which the officer finds the call."""
    return answer.headers["x-request-id"]

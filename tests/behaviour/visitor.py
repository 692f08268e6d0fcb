"""Someone who logs in by the login page and asks a question: run in a sealed lab's own network namespace."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from gateway.demo.caller import events
from gateway.demo.description import Description
from tests.auth.person import Person


async def logged_in(lab: Description) -> str:
    """The session's cookie, after the walk through the login page."""
    person = Person("medarbetare@ekdalen.example", lab.demo_password)
    callback = f"{lab.url}/auth/callback"
    query = await person.visit(f"{lab.url}/auth/login", back_to=callback)
    await person._ask("GET", f"{callback}?{urlencode(query)}")
    await person.close()
    return f"__Host-valv={person._cookies['__Host-valv']}"


def asked(lab: Description, cookie: str, question: str) -> dict[str, Any]:
    """Who the page says that they are, and what they are answered."""
    seen: dict[str, Any] = {"text": ""}
    with httpx.Client(base_url=lab.url, headers={"cookie": cookie}, timeout=120, trust_env=False) as http:
        me = http.get("/api/me").raise_for_status().json()
        seen["organisation"] = me["organisation"]["alias"]
        http.headers["x-valv-csrf"] = me["csrf"]
        with http.stream("POST", "/api/answers", json={"question": question}) as answer:
            answer.raise_for_status()
            for name, data in events(answer.iter_lines()):
                match name:
                    case "delta":
                        seen["text"] += data["text"]
                    case "citations":
                        seen["citations"] = data["items"]
                    case "done":
                        seen["supported"] = data["supported"]
    return seen


def main() -> None:
    """Print what was seen, as JSON."""
    lab = Description.read(Path(sys.argv[1]))
    cookie = asyncio.run(logged_in(lab))
    print(json.dumps(asked(lab, cookie, sys.argv[2])))


if __name__ == "__main__":
    main()

"""Someone who uses the lab over HTTP, as their own programme would."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from gateway.demo.description import Description
from gateway.demo.telling import StepFailed

_TIMEOUT: Final = httpx.Timeout(120, connect=5)
_JOB_SECONDS: Final = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer from the workspace: its text, its citations, and whether the documents support it."""

    call: str
    model: str
    text: str
    citations: list[dict[str, Any]]
    supported: bool


@dataclass(slots=True)
class Caller:
    """A person with an access token for one organisation."""

    lab: Description
    username: str
    tenant: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        token = access_token(self.lab, self.username, scope=f"openid organization:{self.tenant}")
        self.http = client(self.lab, token)

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401  JSON
        """The JSON at a path."""
        return _json(self.http.get(path, params=query))

    def post(self, path: str, **body: Any) -> Any:  # noqa: ANN401  JSON
        """The JSON that answers a JSON body."""
        return _json(self.http.post(path, json=body))

    def wait_for(self, path: str, **body: Any) -> Any:  # noqa: ANN401  JSON
        """The job that a JSON body begins, when it has ended."""
        job = self.post(path, **body)
        deadline = time.monotonic() + _JOB_SECONDS
        while job["state"] in {"waiting", "running"}:
            if time.monotonic() > deadline:
                raise StepFailed(f"{path} did not end within {_JOB_SECONDS} seconds")
            time.sleep(0.1)
            job = self.get(f"{path}/{job['id']}")
        return job

    def upload(self, collection: str, name: str, content: bytes) -> dict[str, Any]:
        """A document, taken in."""
        path = f"/api/collections/{collection}/documents"
        taken: dict[str, Any] = _json(self.http.post(path, files={"file": (name, content)}))
        return taken

    def ask(self, question: str, **choices: Any) -> Reply:  # noqa: ANN401  JSON
        """A question in the workspace, read as a stream to its end."""
        reply: dict[str, Any] = {"text": "", "citations": [], "supported": False, "call": "", "model": ""}
        body = {"question": question, **choices}
        with self.http.stream("POST", "/api/answers", json=body) as answer:
            if answer.status_code != 200:
                answer.read()
                raise StepFailed(f"the question was answered with {answer.status_code}: {answer.text[:300]}")
            for name, data in events(answer.iter_lines()):
                _take(reply, name, data)
        return Reply(**reply)


def access_token(lab: Description, username: str, *, scope: str) -> str:
    """An access token of the demonstration's own client (password grant; evaluation only)."""
    form = {
        "grant_type": "password",
        "client_id": lab.demo_client,
        "client_secret": lab.demo_secret,
        "username": username,
        "password": lab.demo_password,
        "scope": scope,
    }
    url = f"{lab.issuer}/protocol/openid-connect/token"
    answer = httpx.post(url, data=form, timeout=_TIMEOUT, trust_env=False)
    if answer.status_code != 200:
        raise StepFailed(f"{username} got no token: {answer.status_code} {answer.text[:200]}")
    token: str = answer.json()["access_token"]
    return token


def client(lab: Description, token: str | None = None) -> httpx.Client:
    """An HTTP client of this lab; it obeys no proxy."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=lab.url, headers=headers, timeout=_TIMEOUT, trust_env=False)


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The named events of a stream (one line of data each, as `/api/answers` writes them)."""
    name = "message"
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def _take(reply: dict[str, Any], name: str, data: dict[str, Any]) -> None:
    match name:
        case "start":
            reply |= {"call": data["call"], "model": data["model"]}
        case "delta":
            reply["text"] += data["text"]
        case "citations":
            reply["citations"] = data["items"]
        case "done":
            reply["supported"] = data["supported"]
        case "error":
            raise StepFailed(f"the stream broke off: {data.get('title')}")


def _json(answer: httpx.Response) -> Any:  # noqa: ANN401  JSON
    if not answer.is_success:
        raise StepFailed(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
        )
    return answer.json() if answer.content else None

"""HTTP as the stand-in needs it: one request, one answer, over ASGI."""

import json
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_LIMIT: Final = 256 * 1024


class BodyTooLarge(Exception):
    """The request's body is over the limit."""


@dataclass(frozen=True)
class Request:
    """A request that was read whole."""

    method: str
    path: str
    query_text: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.query_text, keep_blank_values=True))

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    @cached_property
    def cookies(self) -> dict[str, str]:
        try:
            return {
                name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()
            }
        except CookieError:
            return {}

    @property
    def bearer(self) -> str:
        """The bearer token (RFC 6750 section 2.1), or nothing."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    @property
    def client(self) -> tuple[str, str]:
        """Client id and secret, from the header or the form (RFC 6749 section 2.3.1)."""
        scheme, _, said = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self.form.get("client_id", ""), self.form.get("client_secret", "")
        try:
            name, _, secret = b64decode(said, validate=True).decode().partition(":")
        except ValueError:
            return "", ""
        return unquote(name), unquote(secret)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one if it is something else."""
        try:
            said = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())

    def and_header(self, name: str, value: str) -> "Answer":
        return Answer(self.status, self.body, (*self.headers, (name, value)))


def json_answer(said: object, status: int = 200) -> Answer:
    headers = (("content-type", "application/json"), ("cache-control", "no-store"))
    return Answer(status, json.dumps(said, ensure_ascii=False).encode(), headers)


def oauth_error(code: str, description: str, status: int = 400) -> Answer:
    """RFC 6749 section 5.2."""
    return json_answer({"error": code, "error_description": description}, status)


def redirect(url: str) -> Answer:
    return Answer(302, b"", (("location", url), ("cache-control", "no-store")))


async def read(scope: Scope, receive: Receive) -> Request:
    """The whole request.

    Raises:
        BodyTooLarge: over 256 KiB.
    """
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_LIMIT:
            raise BodyTooLarge
        if not message.get("more_body", False):
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["path"], scope["query_string"].decode(), headers, bytes(body))


async def write(answer: Answer, send: Send) -> None:
    said = (*answer.headers, ("content-length", str(len(answer.body))), ("x-content-type-options", "nosniff"))
    headers = [(name.encode(), value.encode("latin-1")) for name, value in said]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})

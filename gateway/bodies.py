"""How much of a request's body is taken: counted as it is read, which is after its caller is known."""

from collections.abc import Iterable

from gateway.recorder import Application, Message, Receive, Scope, Send
from gateway.refusals import BodyTooLarge


class Bounded:
    """Wraps an application: reading more of a body than its kind may have raises ``BodyTooLarge``."""

    def __init__(self, inner: Application, *, plain: int, form: int) -> None:
        """``plain`` and ``form`` in bytes; a form may hold a file."""
        self._inner = inner
        self._plain = plain
        self._form = form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            receive = _Metered(receive, self._limit(scope["headers"]), _declared(scope["headers"]))
        await self._inner(scope, receive, send)

    def _limit(self, headers: Iterable[tuple[bytes, bytes]]) -> int:
        is_form = _header(headers, b"content-type").lower().startswith(b"multipart/form-data")
        return self._form if is_form else self._plain


class _Metered:
    """``receive`` with a meter; what the client says beforehand counts too."""

    __slots__ = ("_limit", "_receive", "_seen", "_sent")

    def __init__(self, receive: Receive, limit: int, declared: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = declared
        self._sent = 0

    async def __call__(self) -> Message:
        if self._seen > self._limit:
            raise BodyTooLarge(self._limit)
        message = await self._receive()
        self._sent += len(message.get("body", b""))
        self._seen = max(self._seen, self._sent)
        if self._seen > self._limit:
            raise BodyTooLarge(self._limit)
        return message


def _declared(headers: Iterable[tuple[bytes, bytes]]) -> int:
    length = _header(headers, b"content-length")
    return int(length) if length.isdigit() else 0


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")

"""Server-sent events, cut out of bytes that come in any pieces (WHATWG HTML, section 9.2.6)."""

from collections.abc import Iterator


class EventTooLarge(Exception):
    """One event, or one line, is longer than the limit."""


class EventSplitter:
    """Feed it bytes, get the data of every event that is complete; an event without a data field is none.

    Only ``data`` fields matter here; comments and the fields ``event``, ``id`` and ``retry`` are passed over.
    """

    __slots__ = ("_after_cr", "_data", "_held", "_limit", "_rest")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = b""
        self._after_cr = False
        self._data: list[bytes] = []
        self._held = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The data of each event that this piece completes, lines joined with a line feed; take them all.

        Raises:
            EventTooLarge: an event grows over the limit.
        """
        if not chunk:
            return iter(())
        if not self._rest and not self._data and not self._after_cr and len(chunk) <= self._limit:
            events = _plain(chunk)
            if events is not None:
                return iter(events)
        return self._read(chunk)

    def _read(self, chunk: bytes) -> Iterator[bytes]:
        if self._after_cr and chunk[0] == 0x0A:
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        # bytes.splitlines ends a line at CR, LF and CRLF, and at nothing else: the three of the standard.
        lines = (self._rest + chunk).splitlines()
        self._rest = b"" if chunk.endswith((b"\n", b"\r")) or not lines else lines.pop()
        for line in lines:
            event = self._take(line)
            if event is not None:
                yield event
        if len(self._rest) + self._held > self._limit:
            raise EventTooLarge

    def _take(self, line: bytes) -> bytes | None:
        if not line:
            return self._end()
        if line.startswith(b"data:"):
            value = line[6:] if line.startswith(b"data: ") else line[5:]
        elif line == b"data":
            value = b""
        else:
            return None
        self._held += len(value)
        if self._held > self._limit:
            raise EventTooLarge
        self._data.append(value)
        return None

    def _end(self) -> bytes | None:
        if not self._data:
            return None
        event = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data = []
        self._held = 0
        return event


def _plain(chunk: bytes) -> list[bytes] | None:
    """The data of whole events of one ``data: `` line each, ended as engines end them; else nothing."""
    if not chunk.startswith(b"data: ") or not chunk.endswith(b"\n\n") or b"\r" in chunk:
        return None
    events = chunk[6:-2].split(b"\n\ndata: ")
    return None if b"\n" in b"".join(events) else events

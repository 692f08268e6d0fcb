"""What was found out a moment ago."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """A bounded map whose entries end at a stated time; when it is full, the least recently used goes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[bytes, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, name: bytes, now: float) -> Value | None:
        entry = self._entries.get(name)
        if entry is None:
            return None
        until, value = entry
        if until <= now:
            del self._entries[name]
            return None
        self._entries.move_to_end(name)
        return value

    def put(self, name: bytes, value: Value, until: float) -> None:
        self._entries[name] = (until, value)
        self._entries.move_to_end(name)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)

    def forget(self, matches: Callable[[Value], bool]) -> None:
        """Drop every entry whose value matches."""
        for name in [name for name, (_, value) in self._entries.items() if matches(value)]:
            del self._entries[name]

"""Who is logged in at the stand-in: the single sign-on that tokens hang on."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from auth.standin.directory import write_private

IDLE_SECONDS: Final = 1800
ABSOLUTE_SECONDS: Final = 36_000


@dataclass(frozen=True, slots=True)
class SignOn:
    """One person at one browser, the clients that have tokens of it, and when (epoch seconds)."""

    sid: str
    person: str
    created: int
    touched: int
    clients: tuple[str, ...] = ()


class SignOns:
    """Every login that lasts, kept in one file; half an hour idle, ten hours in all."""

    def __init__(self, file: Path, *, clock: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._file = file
        self._clock = clock
        self._new_id = new_id
        said = json.loads(file.read_text()) if file.exists() else []
        self._open = {each["sid"]: SignOn(**{**each, "clients": tuple(each["clients"])}) for each in said}

    def open(self, person: str) -> SignOn:
        now = int(self._clock())
        made = SignOn(self._new_id(), person, now, now)
        self._open[made.sid] = made
        self._write()
        return made

    def find(self, sid: str) -> SignOn | None:
        """The login, if it lasts."""
        found = self._open.get(sid)
        return found if found and self._lasts(found) else None

    def use(self, sign_on: SignOn, client: str) -> None:
        """Note that a client has tokens of it, now."""
        clients = tuple(dict.fromkeys((*sign_on.clients, client)))
        self._open[sign_on.sid] = replace(sign_on, touched=int(self._clock()), clients=clients)
        self._write()

    def end(self, sid: str) -> SignOn | None:
        ended = self._open.pop(sid, None)
        self._write()
        return ended

    def of(self, person: str) -> list[SignOn]:
        return [each for each in self._open.values() if each.person == person]

    def _lasts(self, each: SignOn) -> bool:
        now = self._clock()
        return now - each.touched < IDLE_SECONDS and now - each.created < ABSOLUTE_SECONDS

    def _write(self) -> None:
        self._open = {sid: each for sid, each in self._open.items() if self._lasts(each)}
        write_private(self._file, json.dumps([asdict(each) for each in self._open.values()]).encode())

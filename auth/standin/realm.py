"""What the parts of the stand-in share: the realm's clients, people, logins and mint."""

from collections.abc import Callable
from dataclasses import dataclass

import anyio
import anyio.to_thread

from auth.standin.clients import Client
from auth.standin.directory import Directory, Organisation, Person
from auth.standin.logins import SignOn, SignOns
from auth.standin.minting import Login, Mint
from auth.standin.passwords import Throttle, matches
from auth.standin.scopes import Wish, wish
from auth.standin.wire import Request


@dataclass(frozen=True, slots=True)
class StandInRealm:
    """One realm, whole."""

    clients: dict[str, Client]
    directory: Directory
    sign_ons: SignOns
    mint: Mint
    throttle: Throttle
    clock: Callable[[], float]
    new_id: Callable[[], str]
    # scrypt takes a core and 32 MiB for a while: two at a time.
    slots: anyio.CapacityLimiter

    def wish(self, client: Client, scope: str) -> Wish:
        """What a client asks for.

        Raises:
            InvalidScope.
        """
        aliases = [each.alias for each in self.directory.organisations()]
        return wish(scope, known=client.scopes, always=client.always, aliases=aliases)

    def client_of(self, request: Request) -> Client | None:
        """The client that a request proves to come from."""
        name, secret = request.client
        client = self.clients.get(name)
        return client if client and client.proves(secret) else None

    async def person_with(self, username: str, password: str) -> Person | None:
        """The person who shows the right password, and has not failed too often."""
        name = username.strip().lower()
        person = self.directory.named(name)
        stored = person.password if person else ""
        right = await anyio.to_thread.run_sync(matches, password, stored, limiter=self.slots)
        if self.throttle.waits(name):
            return None
        if not right or person is None or not person.enabled:
            self.throttle.failed(name)
            return None
        self.throttle.succeeded(name)
        return person

    def login(self, sign_on: SignOn, acr: str) -> Login | None:
        """The login as it stands now: nothing, if the person is gone or shut out."""
        person = self.directory.person(sign_on.person)
        return Login(sign_on.sid, person, acr == "1") if person and person.enabled else None

    def organisations(self) -> dict[str, Organisation]:
        return {each.alias: each for each in self.directory.organisations()}

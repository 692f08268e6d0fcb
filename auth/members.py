"""The people of one organisation, at the identity provider.

What goes in and out of here is for administrators' eyes; names and addresses are never stored or logged. Keycloak's
library is read in when it is first asked, so that a gateway starts without it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakValueDictionary

import anyio
import anyio.to_thread

from auth.errors import (
    AddressElsewhere,
    AlreadyMember,
    IdentityProviderRefused,
    MemberNotFound,
    MembersOff,
    OperatorNoMember,
    PersonNotFound,
)
from auth.identity import Role, TenantId
from auth.tenants import Tenants

if TYPE_CHECKING:
    from keycloak import KeycloakAdmin

    from auth.adminapi import OrganisationApi

Found = TypeVar("Found")

PAGE: Final = 50
_TIMEOUT: Final = 10
_OPERATORS: Final = "platform-operators"
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Account:
    """The service account that may see people and change members, and nothing else."""

    url: str
    realm: str
    client: str
    secret: str


@dataclass(frozen=True, slots=True)
class Member:
    """Someone in an organisation. ``managed``: the membership is the organisation's own login's, which renews it."""

    id: str
    name: str
    email: str
    roles: frozenset[Role]
    enabled: bool
    managed: bool


class Membership:
    """The members of every organisation; ``of`` is the only way to one's own."""

    def __init__(self, account: Account | None, tenants: Tenants) -> None:
        self._account = account
        self._tenants = tenants
        self._admin: KeycloakAdmin | None = None
        # The library's connection renews its token without a lock: one question at a time.
        self._slot = anyio.CapacityLimiter(1)
        self._turns: WeakValueDictionary[TenantId, anyio.Lock] = WeakValueDictionary()

    def turn(self, tenant: TenantId) -> anyio.Lock:
        """Held by whoever looks at an organisation's members and then changes them: one at a time in this process."""
        return self._turns.setdefault(tenant, anyio.Lock())

    async def of(self, tenant: TenantId) -> "Members":
        """The members of one organisation: the one that the alias has been bound to since it was first seen.

        Raises:
            MembersOff: this gateway has no account for it.
            UnknownTenant: nobody of that organisation was ever here.
        """
        if self._account is None:
            raise MembersOff
        return Members(self, await self._tenants.organisation(tenant))

    async def ask(self, operation: str, work: "Callable[[KeycloakAdmin], Found]") -> Found:
        """Run blocking work in a thread, when it is its turn.

        Raises:
            IdentityProviderDown.
            IdentityProviderRefused.
        """
        return await anyio.to_thread.run_sync(self._done, operation, work, limiter=self._slot)

    def _done(self, operation: str, work: "Callable[[KeycloakAdmin], Found]") -> Found:
        from auth.adminapi import asking, service_account

        account = self._account
        if account is None:
            raise MembersOff
        with asking(operation):
            if self._admin is None:
                self._admin = service_account(
                    account.url,
                    realm=account.realm,
                    client=account.client,
                    secret=account.secret,
                    timeout=_TIMEOUT,
                )
            return work(self._admin)


class Members:
    """The members of one organisation; it can name no other.

    Raises (every method):
        IdentityProviderDown.
        IdentityProviderRefused.
    """

    def __init__(self, membership: Membership, organisation: str) -> None:
        self._membership = membership
        self._organisation = organisation

    async def page(self, *, search: str = "", first: int = 0) -> list[Member]:
        """The members from number ``first`` on, at most 51 (one more than a page has), by user name."""
        query: dict[str, str | int] = {"first": first, "max": PAGE + 1}
        if search:
            query["search"] = search

        def read(api: "OrganisationApi") -> list[Member]:
            return [_member(said, api.roles_of(said["id"])) for said in api.members(**query)]

        return await self._ask("list_members", read)

    async def member(self, member: str) -> Member:
        """One member.

        Raises:
            MemberNotFound: the organisation has none of that id.
        """
        if not _ID.fullmatch(member):
            raise MemberNotFound(member)
        try:
            return await self._ask(
                "read_member", lambda api: _member(api.member(member), api.roles_of(member))
            )
        except IdentityProviderRefused as refused:
            # Keycloak answers 400 to who is a person, but no member of this organisation.
            if refused.code in {"400", "404"}:
                raise MemberNotFound(member) from refused
            raise

    async def administrators(self) -> frozenset[str]:
        """The ids of the administrators who can log in."""

        def read(api: "OrganisationApi") -> frozenset[str]:
            holders = api.holders(api.roles()[Role.TENANT_ADMIN])
            return frozenset(each["id"] for each in holders if each.get("enabled", True))

        return await self._ask("list_administrators", read)

    async def outsider(self, email: str) -> Member:
        """Someone whom the identity provider knows and who is no member yet, by an address of the organisation's own.

        Raises:
            AddressElsewhere: the address is not in one of the organisation's domains.
            PersonNotFound: nobody has it.
            OperatorNoMember: an operator's, who belongs to no organisation.
            AlreadyMember.
        """
        domains = await self._ask("read_domains", lambda api: _domains(api.described()))
        if email.rpartition("@")[2].lower() not in domains:
            raise AddressElsewhere(domains)
        person, is_operator = await self._membership.ask("find_person", lambda admin: _person(admin, email))
        if is_operator:
            raise OperatorNoMember
        try:
            await self.member(person.id)
        except MemberNotFound:
            return person
        raise AlreadyMember

    async def join(self, person: str, roles: frozenset[Role]) -> None:
        """Make someone a member with these roles."""

        def done(api: "OrganisationApi") -> None:
            api.join(person)
            api.assign(person, roles)

        await self._ask("add_member", done)

    async def assign(self, member: str, roles: frozenset[Role]) -> None:
        """Give a member exactly these roles."""
        await self._ask("assign_roles", lambda api: api.assign(member, roles))

    async def leave(self, member: str) -> None:
        """End a membership; the person's account stays."""
        await self._ask("remove_member", lambda api: api.leave(member))

    async def _ask(self, operation: str, work: "Callable[[OrganisationApi], Found]") -> Found:
        def done(admin: "KeycloakAdmin") -> Found:
            from auth.adminapi import OrganisationApi

            return work(OrganisationApi(admin, self._organisation))

        return await self._membership.ask(operation, done)


def _person(admin: "KeycloakAdmin", email: str) -> tuple[Member, bool]:
    found = admin.get_users({"email": email, "exact": "true"})
    if not found:
        raise PersonNotFound
    groups = admin.get_user_groups(found[0]["id"])
    return _member(found[0], frozenset()), any(each["name"] == _OPERATORS for each in groups)


def _member(said: Mapping[str, Any], roles: frozenset[Role]) -> Member:
    name = f"{said.get('firstName') or ''} {said.get('lastName') or ''}".strip()
    return Member(
        id=said["id"],
        name=name or said["username"],
        email=said.get("email") or "",
        roles=roles,
        enabled=said.get("enabled", True) is True,
        managed=said.get("membershipType") == "MANAGED",
    )


def _domains(said: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["name"].lower() for each in said.get("domains", ()))

"""What an administrator does with the members of their own organisation.

Every change is looked over first, then on record, then made, then felt: sessions and keys of the person follow at once.
"""

from collections.abc import Mapping

import anyio

from audit.records import EventType, Operation
from auth.errors import LastAdministrator, ManagedMember, OwnOfficer, SeparatedRoles
from auth.identity import Principal, Role
from auth.members import Member, Members
from auth.policy import SEPARATED, Action
from gateway.calls import Call
from gateway.lab import Lab

_NOBODY = frozenset[Role]()


async def add(lab: Lab, call: Call, who: Principal, *, email: str, roles: frozenset[Role]) -> Member:
    """Take someone whom the identity provider knows into the organisation.

    Raises:
        MemberFault, SeparatedRoles, LedgerUnavailable, IdentityProviderDown, IdentityProviderRefused.
    """
    _check_together(roles)
    members = await lab.membership.of(who.tenant)
    async with lab.membership.turn(who.tenant):
        person = await members.outsider(email)
        await _record(lab, call, EventType.ADMIN_MEMBER_ADD, person, {"given": _named(roles)})
        await members.join(person.id, roles)
        return await members.member(person.id)


async def assign(lab: Lab, call: Call, who: Principal, *, member: str, roles: frozenset[Role]) -> Member:
    """Give a member exactly these roles.

    Raises:
        MemberFault, SeparatedRoles, LedgerUnavailable, IdentityProviderDown, IdentityProviderRefused.
    """
    _check_together(roles)
    members = await lab.membership.of(who.tenant)
    async with lab.membership.turn(who.tenant):
        now = await members.member(member)
        if now.id == who.subject and Role.SECURITY_OFFICER in roles - now.roles:
            raise OwnOfficer
        await _check_administrators(members, now, roles)
        detail = {"given": _named(roles - now.roles), "taken": _named(now.roles - roles)}
        await _record(lab, call, EventType.ADMIN_ROLES_CHANGE, now, detail)
        try:
            await members.assign(now.id, roles)
        finally:
            # Also where it broke off half-way: what was taken is gone.
            await _felt(lab, who, now, roles)
        return await members.member(now.id)


async def remove(lab: Lab, call: Call, who: Principal, *, member: str) -> None:
    """End a membership; the person's account, and what they have made here, stay.

    Raises:
        MemberFault, LedgerUnavailable, IdentityProviderDown, IdentityProviderRefused.
    """
    members = await lab.membership.of(who.tenant)
    async with lab.membership.turn(who.tenant):
        now = await members.member(member)
        if now.managed:
            raise ManagedMember
        await _check_administrators(members, now, _NOBODY)
        await _record(lab, call, EventType.ADMIN_MEMBER_REMOVE, now, {"taken": _named(now.roles)})
        try:
            await members.leave(now.id)
        finally:
            await _felt(lab, who, now, _NOBODY)


def _check_together(roles: frozenset[Role]) -> None:
    if roles >= SEPARATED:
        raise SeparatedRoles(SEPARATED)


async def _check_administrators(members: Members, now: Member, roles: frozenset[Role]) -> None:
    if Role.TENANT_ADMIN in now.roles - roles and not await members.administrators() - {now.id}:
        raise LastAdministrator


async def _record(
    lab: Lab, call: Call, event: EventType, member: Member, detail: Mapping[str, str | int]
) -> None:
    call.member = member.id
    call.detail = {name: value for name, value in detail.items() if value} or None
    await lab.scribe.intend(call, event, Operation(name=Action.MEMBER_WRITE.value, route=call.route))


async def _felt(lab: Lab, who: Principal, member: Member, roles: frozenset[Role]) -> None:
    with anyio.CancelScope(shield=True):
        await lab.sign_in.roles_changed(who.tenant, member.id)
        if member.roles - roles:
            await lab.keys.of(who.tenant).confine(member.id, roles)


def _named(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))

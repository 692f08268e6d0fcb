"""The members of the administrator's own organisation, and their roles there."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from audit.records import EventType
from auth.identity import Principal, Role
from auth.members import PAGE, Member
from auth.policy import Action
from gateway import membership
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.refusals import BadValue

router = APIRouter(prefix="/api/members", route_class=Guarded)

Reader = Annotated[Principal, may(Action.MEMBER_READ, records=EventType.API_READ)]
# The use case names the member on the record, whom it must find first.
Changer = Annotated[Principal, may(Action.MEMBER_WRITE, records=None)]


class RolesIn(BaseModel):
    """Every role that a member is to have."""

    roles: list[str] = Field(max_length=len(Role))


class MemberIn(RolesIn):
    """Someone to take in, by an address in one of the organisation's own domains."""

    email: str = Field(min_length=3, max_length=254)


class MemberOut(BaseModel):
    """A member. ``enabled``: can log in; ``managed``: the membership comes from the organisation's own login."""

    id: str
    name: str
    email: str
    roles: list[str]
    enabled: bool
    managed: bool
    own: bool

    @classmethod
    def of(cls, member: Member, who: Principal) -> "MemberOut":
        """The member as the wire has them; ``own`` where it is the caller."""
        return cls(
            id=member.id,
            name=member.name,
            email=member.email,
            roles=sorted(member.roles),
            enabled=member.enabled,
            managed=member.managed,
            own=member.id == who.subject,
        )


class MembersOut(BaseModel):
    """Members by user name; ``next`` is the ``first`` of the following page."""

    items: list[MemberOut]
    next: int | None


@router.get("")
async def members(
    who: Reader,
    lab: TheLab,
    search: Annotated[str, Query(max_length=100)] = "",
    first: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> MembersOut:
    """The organisation's members, 50 at a time; ``search`` looks in names and addresses."""
    found = await (await lab.membership.of(who.tenant)).page(search=search.strip(), first=first)
    shown = [MemberOut.of(each, who) for each in found[:PAGE]]
    return MembersOut(items=shown, next=first + PAGE if len(found) > PAGE else None)


@router.post("", status_code=201)
async def add(body: MemberIn, who: Changer, lab: TheLab, call: TheCall) -> MemberOut:
    """Take in someone whom the identity provider knows already."""
    roles = _roles(body.roles)
    return MemberOut.of(await membership.add(lab, call, who, email=body.email.strip(), roles=roles), who)


@router.put("/{member}/roles")
async def assign(member: str, body: RolesIn, who: Changer, lab: TheLab, call: TheCall) -> MemberOut:
    """Give a member exactly these roles; they are in force with the member's next request in the browser."""
    roles = _roles(body.roles)
    return MemberOut.of(await membership.assign(lab, call, who, member=member, roles=roles), who)


@router.delete("/{member}", status_code=204)
async def remove(member: str, who: Changer, lab: TheLab, call: TheCall) -> Response:
    """End a membership."""
    await membership.remove(lab, call, who, member=member)
    return Response(status_code=204)


def _roles(names: list[str]) -> frozenset[Role]:
    try:
        return frozenset(Role(name) for name in names)
    except ValueError:
        raise BadValue("roles", expected=f"a list of {', '.join(Role)}") from None

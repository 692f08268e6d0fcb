"""What a verified token says: from Keycloak's claims to a caller, and nothing but computing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from auth.errors import NoTenant, OperatorInTenant, Reason, SeveralTenants, Unauthenticated
from auth.identity import (
    Caller,
    Method,
    NotATenant,
    Operator,
    Organisation,
    Principal,
    Role,
    TenantId,
    Unplaced,
)
from auth.signing import Claims

LEEWAY_SECONDS: Final = 30
PLATFORM_OPERATOR: Final = "platform-operator"
DISPLAY_NAME: Final = "display_name"


@dataclass(frozen=True, slots=True)
class Membership:
    """One organisation of the claim: its alias, its identity, the caller's roles there, and what people call it."""

    tenant: TenantId
    organisation: str
    roles: frozenset[Role]
    name: str


@dataclass(frozen=True, slots=True)
class Identified:
    """A caller, and the id of the organisation that the alias stood for when the token was made."""

    caller: Caller
    organisation: str | None


def text(claims: Claims, name: str) -> str:
    """A claim that must be a text and not empty.

    Raises:
        Unauthenticated: malformed.
    """
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise Unauthenticated(Reason.MALFORMED)
    return value


def instant(claims: Claims, name: str) -> int:
    """A claim that must be a time, in whole seconds since the epoch (RFC 7519 section 2, NumericDate).

    Raises:
        Unauthenticated: malformed.
    """
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unauthenticated(Reason.MALFORMED)
    return int(value)


def audiences(claims: Claims) -> frozenset[str]:
    """``aud``, which is one text or a list of texts (RFC 7519 section 4.1.3)."""
    value = claims.get("aud")
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(each for each in _listed(value) if isinstance(each, str))


def check_period(claims: Claims, now: float) -> None:
    """Return if the claims hold now, give or take 30 seconds.

    Raises:
        Unauthenticated: expired, not_yet_valid or malformed.
    """
    if instant(claims, "exp") + LEEWAY_SECONDS <= now:
        raise Unauthenticated(Reason.EXPIRED)
    if "nbf" in claims and instant(claims, "nbf") - LEEWAY_SECONDS > now:
        raise Unauthenticated(Reason.NOT_YET_VALID)


def memberships(claims: Claims) -> tuple[Membership, ...]:
    """The organisations of the claim ``organization``, in Keycloak's JSON form with ids and groups.

    Raises:
        Unauthenticated: malformed, also when the realm's mappers leave the ids out.
    """
    claim = claims.get("organization", {})
    if not isinstance(claim, Mapping):
        raise Unauthenticated(Reason.MALFORMED)
    return tuple(_membership(alias, said) for alias, said in claim.items())


def _membership(alias: object, said: object) -> Membership:
    if not isinstance(alias, str) or not isinstance(said, Mapping):
        raise Unauthenticated(Reason.MALFORMED)
    try:
        tenant = TenantId(alias)
    except NotATenant as fault:
        raise Unauthenticated(Reason.MALFORMED) from fault
    names = [name for name in _listed(said.get(DISPLAY_NAME)) if isinstance(name, str)]
    return Membership(tenant, text(said, "id"), roles(_listed(said.get("groups"))), (names or [alias])[0])


def roles(groups: list[object]) -> frozenset[Role]:
    """Organization groups at the top (``/employee``) named like a role; others mean nothing here."""
    paths = {f"/{role}": role for role in Role}
    return frozenset(paths[group] for group in groups if isinstance(group, str) and group in paths)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def is_operator(claims: Claims, client: str) -> bool:
    """Whether the token carries the client role ``platform-operator`` of our API's client."""
    access = claims.get("resource_access")
    said = access.get(client) if isinstance(access, Mapping) else None
    return PLATFORM_OPERATOR in _listed(said.get("roles") if isinstance(said, Mapping) else None)


def identified(claims: Claims, *, audience: str, method: Method) -> Identified:
    """The caller that a verified access token stands for.

    Raises:
        NoTenant: it names no organisation.
        SeveralTenants: it names more than one.
        OperatorInTenant: it is a platform operator's, and names organisations.
        Unauthenticated: malformed.
    """
    member_of = memberships(claims)
    aliases = [each.tenant.alias for each in member_of]
    if is_operator(claims, audience):
        if aliases:
            raise OperatorInTenant(aliases)
        return Identified(_operator(claims, method), None)
    if not aliases:
        raise NoTenant
    if len(aliases) > 1:
        raise SeveralTenants(aliases)
    return Identified(_principal(claims, member_of[0], method), member_of[0].organisation)


def organisations(claims: Claims) -> tuple[Organisation, ...]:
    """All organisations that the claims name, in the order of their names, whatever the roles there.

    Raises:
        Unauthenticated: malformed.
    """
    found = [Organisation(each.tenant, each.name) for each in memberships(claims)]
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.tenant)))


def unplaced(claims: Claims) -> Unplaced | None:
    """Whom verified claims name, whatever they say of organisations; ``None`` if they name nobody."""
    subject, issuer = _optional(claims, "sub"), _optional(claims, "iss")
    if subject is None or issuer is None:
        return None
    return Unplaced(
        subject=subject,
        issuer=issuer,
        client=_optional(claims, "azp") or "",
        session=_optional(claims, "sid"),
        acr=_optional(claims, "acr"),
    )


def _optional(claims: Claims, name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _name(claims: Claims) -> str:
    return _optional(claims, "name") or _optional(claims, "preferred_username") or ""


def _principal(claims: Claims, membership: Membership, method: Method) -> Principal:
    return Principal(
        subject=text(claims, "sub"),
        tenant=membership.tenant,
        roles=membership.roles,
        method=method,
        issuer=text(claims, "iss"),
        client=text(claims, "azp"),
        session=_optional(claims, "sid"),
        acr=_optional(claims, "acr"),
        name=_name(claims),
        organisation=membership.name,
        expires=instant(claims, "exp"),
    )


def _operator(claims: Claims, method: Method) -> Operator:
    return Operator(
        subject=text(claims, "sub"),
        method=method,
        issuer=text(claims, "iss"),
        client=text(claims, "azp"),
        session=_optional(claims, "sid"),
        name=_name(claims),
        expires=instant(claims, "exp"),
    )

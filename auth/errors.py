"""What can go wrong on the way to knowing who is asking, and what they may do.

::

    AuthError
    ├── Unauthenticated           the credential proves nothing               .reason, .named
    ├── IdentityProviderDown      Keycloak does not answer                    .operation
    ├── IdentityProviderRefused   Keycloak answers, and says no               .operation, .code
    ├── LoginRefused              the way back from the login page failed     .reason, .named
    ├── TenancyError                                                          .named
    │   ├── NoTenant              the token names no organisation             .hint
    │   ├── SeveralTenants        the token names more than one               .aliases, .hint
    │   ├── OperatorInTenant      a platform operator who belongs to one      .aliases
    │   ├── TenantChanged         a known alias with another organisation id  .alias
    │   ├── UnknownTenant         no organisation has this alias              .alias
    │   └── SeparatedRoles        officer and administrator in one person     .roles
    ├── Forbidden                 the caller may not do this                  .action
    ├── KeyFault                  an API key can't be made or found
    │   ├── KeyNotFound                                                       .key
    │   ├── KeyNameInvalid                                                    .limit
    │   ├── KeyLifetimeInvalid                                                .limit_days
    │   └── ScopesNotHeld         more than its owner may do                  .scopes
    └── MemberFault               an organisation's members can't be changed so
        ├── AddressElsewhere      not in a domain of the organisation's       .domains
        ├── AlreadyMember
        ├── LastAdministrator     nobody would be left to give roles
        ├── ManagedMember         the organisation's own login rules it
        ├── MemberNotFound                                                    .member
        ├── MembersOff            this gateway has no account for it
        ├── OperatorNoMember      operators belong to no organisation
        ├── OwnOfficer            nobody makes themselves security officer
        └── PersonNotFound        nobody has this address
    DatabaseDown                  the relational state does not answer        .part
"""

from collections.abc import Iterable
from enum import StrEnum

from auth.identity import Principal, Unplaced

__all__ = [
    "AddressElsewhere",
    "AlreadyMember",
    "AuthError",
    "DatabaseDown",
    "Forbidden",
    "IdentityProviderDown",
    "IdentityProviderRefused",
    "KeyFault",
    "KeyLifetimeInvalid",
    "KeyNameInvalid",
    "KeyNotFound",
    "LastAdministrator",
    "LoginFault",
    "LoginRefused",
    "ManagedMember",
    "MemberFault",
    "MemberNotFound",
    "MembersOff",
    "NoTenant",
    "OperatorInTenant",
    "OperatorNoMember",
    "OwnOfficer",
    "PersonNotFound",
    "Reason",
    "ScopesNotHeld",
    "SeparatedRoles",
    "SeveralTenants",
    "TenancyError",
    "TenantChanged",
    "Unauthenticated",
    "UnknownTenant",
]


class Reason(StrEnum):
    """Why a credential proves nothing; for logs and the ledger, and for the title that a caller sees."""

    BAD_SIGNATURE = "bad_signature"
    ENDED = "ended"
    EXPIRED = "expired"
    MALFORMED = "malformed"
    MISSING = "missing"
    NOT_YET_VALID = "not_yet_valid"
    REVOKED = "revoked"
    UNKNOWN_KEY = "unknown_key"
    UNSUPPORTED_ALGORITHM = "unsupported_algorithm"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_CLIENT = "wrong_client"
    WRONG_CSRF = "wrong_csrf"
    WRONG_ISSUER = "wrong_issuer"
    WRONG_TYPE = "wrong_type"


class LoginFault(StrEnum):
    """Why the way back from the login page failed."""

    CANCELLED = "cancelled"
    CODE_REFUSED = "code_refused"
    NO_ORGANISATION_SCOPE = "no_organisation_scope"
    PROVIDER_ERROR = "provider_error"
    STATE_MISMATCH = "state_mismatch"
    TRANSACTION_EXPIRED = "transaction_expired"
    TRANSACTION_MALFORMED = "transaction_malformed"
    WRONG_ID_TOKEN = "wrong_id_token"  # noqa: S105  a name, no secret


class AuthError(Exception):
    """Something about who is asking, or what they may do."""


class DatabaseDown(Exception):
    """The relational state does not answer; what was asked of it did not happen, or nobody can know."""

    part = "database"


class Unauthenticated(AuthError):
    """The credential is missing, or proves nothing.

    ``named`` is whom a genuine credential names that no longer counts, or not here: for the record, never to be let
    in.
    """

    def __init__(self, reason: Reason, *, named: Principal | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.named = named


class IdentityProviderDown(AuthError):
    """Keycloak could not be reached, or answered with a fault of its own."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation)
        self.operation = operation


class IdentityProviderRefused(AuthError):
    """Keycloak answered, and refused what was asked (an OAuth error code, or an HTTP status as text)."""

    def __init__(self, operation: str, code: str) -> None:
        super().__init__(f"{operation}: {code}")
        self.operation = operation
        self.code = code


class LoginRefused(AuthError):
    """A browser came back from the login page with something that can't be trusted or used.

    ``named`` is whom the provider's signature names all the same: for the record, never to be let in.
    """

    def __init__(self, reason: LoginFault, *, named: Unplaced | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.named = named


class TenancyError(AuthError):
    """The credential is genuine, but does not stand for exactly one known organisation.

    ``named`` is whom it names: for the record, never to be let in.
    """

    named: Unplaced | None = None


class NoTenant(TenancyError):
    """The token names no organisation; ``hint`` is the scope to ask for."""

    def __init__(self, hint: str = "organization") -> None:
        super().__init__(hint)
        self.hint = hint


class SeveralTenants(TenancyError):
    """The token names more than one organisation; ``hint`` is a scope that names one of them."""

    def __init__(self, aliases: Iterable[str]) -> None:
        self.aliases = tuple(sorted(aliases))
        self.hint = f"organization:{self.aliases[0]}"
        super().__init__(self.hint)


class OperatorInTenant(TenancyError):
    """A platform operator whose token also names organisations: operators belong to none."""

    def __init__(self, aliases: Iterable[str]) -> None:
        self.aliases = tuple(sorted(aliases))
        super().__init__(", ".join(self.aliases))


class TenantChanged(TenancyError):
    """A known alias now belongs to another organisation, which must not inherit its predecessor's data."""

    def __init__(self, alias: str) -> None:
        super().__init__(alias)
        self.alias = alias


class UnknownTenant(TenancyError):
    """No organisation has this alias."""

    def __init__(self, alias: str) -> None:
        super().__init__(alias)
        self.alias = alias


class SeparatedRoles(TenancyError):
    """Roles that nobody may hold together in one organisation."""

    def __init__(self, roles: Iterable[str]) -> None:
        self.roles = tuple(sorted(roles))
        super().__init__(", ".join(self.roles))


class Forbidden(AuthError):
    """The caller is known, and may not do this."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class KeyFault(AuthError):
    """An API key can't be made or found."""


class KeyNotFound(KeyFault):
    """This organisation has no such key."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class KeyNameInvalid(KeyFault):
    """A key's name is 1 to ``limit`` printable characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class KeyLifetimeInvalid(KeyFault):
    """A key lives from one second to ``limit_days`` days."""

    def __init__(self, limit_days: int) -> None:
        super().__init__(limit_days)
        self.limit_days = limit_days


class ScopesNotHeld(KeyFault):
    """A key can't be given more than its owner may do."""

    def __init__(self, scopes: Iterable[str]) -> None:
        self.scopes = tuple(sorted(scopes))
        super().__init__(", ".join(self.scopes))


class MemberFault(AuthError):
    """The members of an organisation can't be seen or changed like this."""


class AddressElsewhere(MemberFault):
    """An administrator adds people by the addresses of their own organisation alone."""

    def __init__(self, domains: Iterable[str]) -> None:
        self.domains = ", ".join(sorted(domains))
        super().__init__(self.domains)


class AlreadyMember(MemberFault):
    """The person is a member."""


class LastAdministrator(MemberFault):
    """An organisation keeps an administrator who can log in."""


class ManagedMember(MemberFault):
    """The membership comes from the organisation's own login, and would come back with the next one."""


class MemberNotFound(MemberFault):
    """The organisation has no such member."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class MembersOff(MemberFault):
    """The gateway has no account with the identity provider that may change members."""


class OperatorNoMember(MemberFault):
    """Who keeps the installation running belongs to no organisation."""


class OwnOfficer(MemberFault):
    """Nobody makes themselves security officer."""


class PersonNotFound(MemberFault):
    """The identity provider knows nobody with this address."""

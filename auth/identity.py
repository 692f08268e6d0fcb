"""Who is asking: the nouns that every room shares. Standard library only."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

_ALIAS = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NotATenant(ValueError):
    """The text is no organisation alias: 1 to 63 of ``a-z``, ``0-9`` and inner hyphens."""


@dataclass(frozen=True, slots=True, order=True)
class TenantId:
    """One organisation, by its alias in Keycloak; safe as a folder name and in a log's origin.

    Raises:
        NotATenant: the alias does not follow the grammar (RFC 1035 label, lower case).
    """

    alias: str

    def __post_init__(self) -> None:
        if not _ALIAS.fullmatch(self.alias):
            raise NotATenant(self.alias)

    def __str__(self) -> str:
        return self.alias


class Role(StrEnum):
    """What a person is *in one organisation* (a Keycloak organization group of that name)."""

    EMPLOYEE = "employee"
    PROTOTYPER = "prototyper"
    SECURITY_OFFICER = "security-officer"
    TENANT_ADMIN = "tenant-admin"


class Method(StrEnum):
    """How the caller proved who they are."""

    ACCESS_TOKEN = "access_token"  # noqa: S105  a name, no secret
    API_KEY = "api_key"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller who acts for exactly one organisation.

    Attributes:
        subject: the identity provider's ``sub``; never written to the ledger, an index, a metric or a log.
        tenant: the one organisation that the credential stands for.
        roles: the caller's roles in that organisation.
        method: how the caller was authenticated.
        issuer: the ``iss`` of the token, or of the token that made the key.
        client: the authorised party (``azp``), or the id of the API key.
        session: the provider's session id (``sid``), if there is one.
        acr: the authentication context class of the login, if known.
        key: the id of the API key, when ``method`` is ``API_KEY``.
        models: the model routes that the credential may use; empty means every route of the tenant.
        name: the person's display name, for their own eyes only.
        organisation: what people call the organisation; the alias where no name is known.
        expires: when the credential ends, in seconds since the epoch; ``None`` for a key without an end.
    """

    subject: str
    tenant: TenantId
    roles: frozenset[Role]
    method: Method
    issuer: str = ""
    client: str = ""
    session: str | None = None
    acr: str | None = None
    key: str | None = None
    models: frozenset[str] = field(default_factory=frozenset)
    name: str = ""
    organisation: str = ""
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A caller who keeps the installation running and belongs to no organisation."""

    subject: str
    method: Method
    issuer: str = ""
    client: str = ""
    session: str | None = None
    name: str = ""
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation and what people call it."""

    tenant: TenantId
    name: str


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A person whom a genuine credential names, and who stands for no one organisation with it.

    For the record only: they are let in nowhere.
    """

    subject: str
    issuer: str = ""
    client: str = ""
    session: str | None = None
    acr: str | None = None


Caller = Principal | Operator

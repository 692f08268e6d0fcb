"""An API key as it is written and read: its shape, its row, what it makes of its bearer."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from auth.identity import Method, Role, TenantId
from auth.policy import Action, KeyHolder

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# 62 ** 43 > 2 ** 256 and 62 ** 8 > 2 ** 47.
_SECRET: Final = re.compile(r"valv_([0-9A-Za-z]{8})_[0-9A-Za-z]{43}")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What may be shown of a key: everything but its secret. Times are seconds since the epoch."""

    key: str
    tenant: TenantId
    name: str
    subject: str
    issuer: str
    roles: frozenset[Role]
    scopes: frozenset[Action]
    models: frozenset[str]
    created_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None

    def live(self, now: float) -> bool:
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made, with the secret that is never to be had again."""

    key: ApiKey
    secret: str


def _base62(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits))


def digest(secret: str) -> bytes:
    """What is stored of a secret."""
    # A plain SHA-256 is right here: the secret is 256 random bits, so there is nothing that a slow or salted
    # hash would keep from being guessed, and every call pays for the hash.
    return hashlib.sha256(secret.encode()).digest()


def new_name(entropy: Callable[[int], bytes]) -> str:
    """Eight random characters by which a key is found and spoken of."""
    return _base62(int.from_bytes(entropy(8)) % 62**8, 8)


def new_secret(key: str, entropy: Callable[[int], bytes]) -> str:
    """``valv_<key>_<256 random bits in base 62>``."""
    return f"valv_{key}_{_base62(int.from_bytes(entropy(32)), 43)}"


def named(secret: str) -> str | None:
    """The key that a secret claims to be, or nothing if it has not the shape of one."""
    match = _SECRET.fullmatch(secret)
    return match[1] if match else None


def holder(found: ApiKey) -> KeyHolder:
    """The caller who bears this key."""
    return KeyHolder(
        subject=found.subject,
        tenant=found.tenant,
        roles=found.roles,
        method=Method.API_KEY,
        issuer=found.issuer,
        client=found.key,
        key=found.key,
        models=found.models,
        expires=found.expires_at,
        scopes=found.scopes,
    )


def columns(made: ApiKey) -> dict[str, object]:
    """The key's row, but for the digest of its secret."""
    return {
        "tenant": made.tenant.alias,
        "key": made.key,
        "name": made.name,
        "subject": made.subject,
        "issuer": made.issuer,
        "roles": " ".join(sorted(made.roles)),
        "scopes": " ".join(sorted(made.scopes)),
        "models": " ".join(sorted(made.models)),
        "created_at": made.created_at,
        "expires_at": made.expires_at,
    }


def read(row: Row[Any]) -> ApiKey:
    """The key of a row."""
    return ApiKey(
        key=row.key,
        tenant=TenantId(row.tenant),
        name=row.name,
        subject=row.subject,
        issuer=row.issuer,
        roles=frozenset(Role(role) for role in row.roles.split()),
        # A scope that a later version dropped must not keep the key from being read.
        scopes=frozenset(map(Action, set(row.scopes.split()) & set(Action))),
        models=frozenset(row.models.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )

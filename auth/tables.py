"""The tables of this room; the tenant comes first in each."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Times are whole seconds since the epoch, UTC. An alias is at most 63 characters (RFC 1035).

TENANT: Final = Table(
    "auth_tenant",
    METADATA,
    Column("tenant", String(63), primary_key=True),
    Column("organisation", String(64), nullable=False),
    Column("bound_at", BigInteger, nullable=False),
)

API_KEY: Final = Table(
    "auth_api_key",
    METADATA,
    Column("tenant", String(63), primary_key=True),
    Column("key", String(8), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("name", String(100), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("issuer", String(255), nullable=False),
    Column("roles", String(255), nullable=False),
    Column("scopes", String(1000), nullable=False),
    Column("models", String(4000), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    # A key is looked up before its tenant is known.
    UniqueConstraint("key"),
)

SESSION: Final = Table(
    "auth_session",
    METADATA,
    # Empty for a platform operator, who belongs to no organisation.
    Column("tenant", String(63), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("subject", String(255), nullable=False),
    Column("sid", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("touched_at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    # How many changes of the person's roles the session has not taken in yet.
    Column("outdated", Integer, nullable=False, server_default="0"),
    UniqueConstraint("digest"),
    Index(None, "subject"),
    Index(None, "sid"),
)

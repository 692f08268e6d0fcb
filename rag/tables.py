"""The room's tables; every row belongs to a tenant, which leads each key."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_TENANT = 63
_ID = 64

collections = Table(
    "rag_collections",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("id", String(_ID), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("revision", Integer, nullable=False, default=0),
    PrimaryKeyConstraint("tenant", "id"),
)

documents = Table(
    "rag_documents",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("id", String(_ID), nullable=False),
    Column("collection", String(_ID), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(120), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("pages", Integer),
    Column("state", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("error", String(32)),
    PrimaryKeyConstraint("tenant", "id"),
    UniqueConstraint("tenant", "collection", "sha256"),
    ForeignKeyConstraint(
        ["tenant", "collection"], ["rag_collections.tenant", "rag_collections.id"], ondelete="CASCADE"
    ),
    Index("rag_documents_by_content", "tenant", "sha256"),
)

pages = Table(
    "rag_pages",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("document", String(_ID), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "document", "number"),
    ForeignKeyConstraint(
        ["tenant", "document"], ["rag_documents.tenant", "rag_documents.id"], ondelete="CASCADE"
    ),
)

passages = Table(
    "rag_passages",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("document", String(_ID), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("paged", Boolean, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "document", "ordinal"),
    ForeignKeyConstraint(
        ["tenant", "document"], ["rag_documents.tenant", "rag_documents.id"], ondelete="CASCADE"
    ),
)

# What is still to be taken in, written in the transaction that adds the document. It belongs to the installation
# (no row-level security): after a restart it is read before any tenant is known. Ids only, no content.
outbox = Table(
    "rag_outbox",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("document", String(_ID), nullable=False),
    Column("attempt", String(_ID), nullable=False),
    Column("failures", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "document"),
    info={"scope": "installation"},
)

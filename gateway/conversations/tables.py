"""The tables of people's conversations; every row belongs to a tenant, which leads each key."""

from sqlalchemy import (
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
)

metadata = MetaData()

_TENANT = 63
_SUBJECT = 255
_ID = 64
_NAME = 200

# ``folded`` columns hold what is searched: the same text without the difference of upper and lower case.
conversations = Table(
    "conversations",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("id", String(_ID), nullable=False),
    Column("owner", String(_SUBJECT), nullable=False),
    Column("title", String(_NAME), nullable=False),
    Column("folded", Text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    Column("model", String(_NAME)),
    Column("collections", Text),
    Column("mode", String(16), nullable=False),
    Column("leaf", String(_ID)),
    PrimaryKeyConstraint("tenant", "id"),
    Index("conversations_by_owner", "tenant", "owner", "updated"),
)

# A parent is never changed and must be there first, in the same conversation: the messages can't form a ring.
messages = Table(
    "conversation_messages",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("conversation", String(_ID), nullable=False),
    Column("id", String(_ID), nullable=False),
    Column("parent", String(_ID)),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("call", String(_ID), nullable=False),
    Column("model", String(_NAME)),
    Column("kind", String(16)),
    Column("supported", Boolean),
    Column("citations", Text, nullable=False),
    Column("finish", String(_ID)),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("forgotten", Integer, nullable=False),
    Column("problem", Text),
    PrimaryKeyConstraint("tenant", "conversation", "id"),
    ForeignKeyConstraint(
        ["tenant", "conversation"], ["conversations.tenant", "conversations.id"], ondelete="CASCADE"
    ),
    ForeignKeyConstraint(
        ["tenant", "conversation", "parent"],
        [
            "conversation_messages.tenant",
            "conversation_messages.conversation",
            "conversation_messages.id",
        ],
        ondelete="CASCADE",
    ),
    Index("conversation_messages_by_state", "tenant", "state"),
)

# The draft of a conversation that has not begun has an empty ``conversation``.
drafts = Table(
    "conversation_drafts",
    metadata,
    Column("tenant", String(_TENANT), nullable=False),
    Column("owner", String(_SUBJECT), nullable=False),
    Column("conversation", String(_ID), nullable=False),
    Column("text", Text, nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("tenant", "owner", "conversation"),
)

"""Conversations, their messages, and drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


GUARDED = ("conversations", "conversation_messages", "conversation_drafts")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("collections", sa.Text(), nullable=True),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_index("conversations_by_owner", "conversations", ["tenant", "owner", "updated"])
    op.create_table(
        "conversation_messages",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("supported", sa.Boolean(), nullable=True),
        sa.Column("citations", sa.Text(), nullable=False),
        sa.Column("finish", sa.String(length=64), nullable=True),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("forgotten", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "conversation"], ["conversations.tenant", "conversations.id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant", "conversation", "parent"],
            [
                "conversation_messages.tenant",
                "conversation_messages.conversation",
                "conversation_messages.id",
            ],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant", "conversation", "id"),
    )
    op.create_index("conversation_messages_by_state", "conversation_messages", ["tenant", "state"])
    op.create_table(
        "conversation_drafts",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "owner", "conversation"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in GUARDED:
            _guard(table)


def _guard(table: str) -> None:
    """The second lock: a row is seen and written only under its own tenant's claim, by the owner too."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING (tenant = current_setting('valv.tenant', true))")


def downgrade() -> None:
    op.drop_table("conversation_drafts")
    op.drop_table("conversation_messages")
    op.drop_table("conversations")

"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Rows of a tenant; what is looked up before the tenant is known (keys, sessions, the outbox) is not among them.
GUARDED = ("rag_collections", "rag_documents", "rag_pages", "rag_passages")


def upgrade() -> None:
    op.create_table(
        "auth_api_key",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("roles", sa.String(length=255), nullable=False),
        sa.Column("scopes", sa.String(length=1000), nullable=False),
        sa.Column("models", sa.String(length=4000), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "key", name=op.f("pk_auth_api_key")),
        sa.UniqueConstraint("key", name=op.f("uq_auth_api_key_key")),
    )
    op.create_table(
        "auth_session",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("sid", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "digest", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_auth_session_digest")),
    )
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auth_session_sid"), ["sid"], unique=False)
        batch_op.create_index(batch_op.f("ix_auth_session_subject"), ["subject"], unique=False)

    op.create_table(
        "auth_tenant",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_auth_tenant")),
    )
    op.create_table(
        "rag_collections",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_table(
        "rag_outbox",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "document"),
        info={"scope": "installation"},
    )
    op.create_table(
        "rag_documents",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("error", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant", "collection"], ["rag_collections.tenant", "rag_collections.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "collection", "sha256"),
    )
    with op.batch_alter_table("rag_documents", schema=None) as batch_op:
        batch_op.create_index("rag_documents_by_content", ["tenant", "sha256"], unique=False)

    op.create_table(
        "rag_pages",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "document"], ["rag_documents.tenant", "rag_documents.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "document", "number"),
    )
    op.create_table(
        "rag_passages",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paged", sa.Boolean(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "document"], ["rag_documents.tenant", "rag_documents.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant", "document", "ordinal"),
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
    op.drop_table("rag_passages")
    op.drop_table("rag_pages")
    with op.batch_alter_table("rag_documents", schema=None) as batch_op:
        batch_op.drop_index("rag_documents_by_content")

    op.drop_table("rag_documents")
    op.drop_table("rag_outbox")
    op.drop_table("rag_collections")
    op.drop_table("auth_tenant")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_session_subject"))
        batch_op.drop_index(batch_op.f("ix_auth_session_sid"))

    op.drop_table("auth_session")
    op.drop_table("auth_api_key")

"""Usage by key, model and day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_daily",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("ok", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("blocked", sa.BigInteger(), nullable=False),
        sa.Column("client_aborted", sa.BigInteger(), nullable=False),
        sa.Column("tokens_in", sa.BigInteger(), nullable=False),
        sa.Column("tokens_out", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "day", "key", "model"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The second lock: a row is seen and written only under its own tenant's claim, by the owner too.
        op.execute("ALTER TABLE usage_daily ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE usage_daily FORCE ROW LEVEL SECURITY")
        op.execute(
            "CREATE POLICY tenant ON usage_daily USING (tenant = current_setting('valv.tenant', true))"
        )


def downgrade() -> None:
    op.drop_table("usage_daily")

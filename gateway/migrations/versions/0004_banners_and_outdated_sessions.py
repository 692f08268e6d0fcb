"""Banners of organisations, and sessions whose roles have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("auth_session", sa.Column("outdated", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "banners",
        sa.Column("tenant", sa.String(length=63), nullable=False),
        sa.Column("sv", sa.String(length=300), nullable=False),
        sa.Column("en", sa.String(length=300), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The second lock: a row is seen and written only under its own tenant's claim, by the owner too.
        op.execute("ALTER TABLE banners ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE banners FORCE ROW LEVEL SECURITY")
        op.execute("CREATE POLICY tenant ON banners USING (tenant = current_setting('valv.tenant', true))")


def downgrade() -> None:
    op.drop_table("banners")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_column("outdated")

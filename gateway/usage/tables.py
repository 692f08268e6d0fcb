"""The table of usage: one row for each key, model and day of a tenant."""

from typing import Final

from sqlalchemy import BigInteger, Column, Date, MetaData, PrimaryKeyConstraint, String, Table

metadata = MetaData()

SUMS: Final = ("ok", "failed", "blocked", "client_aborted", "tokens_in", "tokens_out")

# ``key`` is empty for what people ask, whom nobody tells apart here. A day is one of UTC.
usage = Table(
    "usage_daily",
    metadata,
    Column("tenant", String(63), nullable=False),
    Column("day", Date, nullable=False),
    Column("key", String(8), nullable=False),
    Column("model", String(200), nullable=False),
    *[Column(name, BigInteger, nullable=False) for name in SUMS],
    PrimaryKeyConstraint("tenant", "day", "key", "model"),
)

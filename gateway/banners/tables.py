"""The table of banners: at most one row for each tenant."""

from typing import Final

from sqlalchemy import Column, DateTime, MetaData, PrimaryKeyConstraint, String, Table

metadata = MetaData()

LONGEST: Final = 300

banners = Table(
    "banners",
    metadata,
    Column("tenant", String(63), nullable=False),
    Column("sv", String(LONGEST), nullable=False),
    Column("en", String(LONGEST), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("tenant"),
)

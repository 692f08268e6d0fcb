"""The migrations lead to what the code believes."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from auth import tables as auth_tables
from auth.database import Database
from gateway import schema
from gateway.banners import tables as banner_tables
from gateway.conversations import tables as conversation_tables
from gateway.usage import tables as usage_tables
from rag import tables as rag_tables


def test_migrations_make_exactly_the_tables_of_the_rooms(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'valv.db'}"
    schema.upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        rooms = [
            auth_tables.METADATA,
            rag_tables.metadata,
            conversation_tables.metadata,
            usage_tables.metadata,
            banner_tables.metadata,
        ]
        found = compare_metadata(context, rooms)
    engine.dispose()
    assert found == []


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'valv.db'}"
    schema.upgrade(url)
    schema.upgrade(url)


@pytest.mark.anyio
async def test_a_database_without_the_schema_is_not_served(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'valv.db'}")
    with pytest.raises(schema.SchemaOutdated) as refused:
        await schema.check(database)
    await database.close()
    assert refused.value.found is None


@pytest.mark.anyio
async def test_a_database_at_this_version_is_served(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'valv.db'}"
    schema.upgrade(url)
    database = Database(url)
    await schema.check(database)
    await database.close()

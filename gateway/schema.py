"""The relational schema: brought up to date by one command, and never served from half a migration."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

from auth.database import Database

APPLICATION_ROLE: Final = "valv_app"
_SCRIPTS: Final = Path(__file__).parent / "migrations"
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


class SchemaOutdated(Exception):
    """The database is at ``found``, this version needs ``wanted``: run ``valv migrate`` first."""

    def __init__(self, found: str | None, wanted: str | None) -> None:
        super().__init__(
            f"the database is at revision {found}, this version needs {wanted}: run `valv migrate`"
        )
        self.found = found
        self.wanted = wanted


def upgrade(url: str) -> None:
    """Bring the database to this version's schema; blocking. ``url`` is the owner's on PostgreSQL."""
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername=_DRIVERS[parsed.get_backend_name()]))
    try:
        with engine.begin() as connection:
            configuration = _configuration()
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
            _grant(connection)
    finally:
        engine.dispose()


async def check(database: Database) -> None:
    """Return if the schema is this version's.

    Raises:
        SchemaOutdated: it is older, newer or not there.
    """
    wanted = ScriptDirectory.from_config(_configuration()).get_current_head()
    async with database.installation.reading() as connection:
        found = await connection.run_sync(_revision)
    if found != wanted:
        raise SchemaOutdated(found, wanted)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_SCRIPTS))
    return configuration


def _grant(connection: Connection) -> None:
    """The gateway's role owns nothing, so that row-level security holds for it."""
    if connection.dialect.name != "postgresql":
        return
    known = connection.scalar(
        text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APPLICATION_ROLE}
    )
    if known:
        tables = f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION_ROLE}"
        connection.execute(text(tables))

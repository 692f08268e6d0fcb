"""PostgreSQL for a lab on one machine: the cluster made once, its two roles and its database."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from gateway.installation.environment import APPLICATION, JOBS, OWNER
from gateway.installation.parts import as_postgres, database_folder, postgres_binaries, postgres_owner
from gateway.installation.plan import Plan, secret


class ClusterFailed(Exception):
    """PostgreSQL's files could not be made; the text says why."""


def initialise(plan: Plan) -> None:
    """Make the cluster's files, unless they are there.

    Raises:
        InstalledMissing, ClusterFailed.
    """
    folder = database_folder(plan)
    if (folder / "PG_VERSION").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    password = folder.with_name(f"{folder.name}.password")
    password.write_text(secret(plan.keys, "database-superuser"), encoding="utf-8")
    try:
        _own(folder, password)
        _initdb(folder, password)
    finally:
        password.unlink()


def _own(*places: Path) -> None:
    owner = postgres_owner()
    for place in places:
        place.chmod(0o700 if place.is_dir() else 0o600)
        if owner is not None:
            os.chown(place, *owner)


def _initdb(folder: Path, password: Path) -> None:
    command = (
        *as_postgres(),
        *(str(postgres_binaries() / "initdb"), "-D", str(folder), "-U", "postgres", f"--pwfile={password}"),
        *("--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603  fixed
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise ClusterFailed(f"PostgreSQL could not make its files: {done.stderr.strip()[-300:]}")


def prepare_database(plan: Plan) -> None:
    """The owner of the schema, the gateway's role that owns nothing, and the database; done again, no change."""
    address = f"host=127.0.0.1 port={plan.ports.database} user=postgres dbname=postgres"
    password = secret(plan.keys, "database-superuser")
    with psycopg.connect(address, password=password, autocommit=True) as connection:
        for role in (OWNER, APPLICATION):
            _role(connection, role, secret(plan.keys, f"database-{role}"))
        # The gateway's role owns nothing of the first, and all of the second, which holds ids only.
        for name, owner in (("valv", OWNER), (JOBS, APPLICATION)):
            _database(connection, name, owner)


def _database(connection: psycopg.Connection, name: str, owner: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if known is None:
        make = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(owner)))


def _role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    make = sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}")
    connection.execute(make.format(verb, sql.Identifier(role), sql.Literal(password)))

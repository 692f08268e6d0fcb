"""`valv migrate`: the database's schema, brought to this version."""

import os

import click


@click.command("migrate")
@click.option("--url", help="the database as its owner reaches it; default: VALV_DATABASE_URL")
def command(url: str | None) -> None:
    """Bring the database to this version's schema."""
    from gateway import schema, settings

    os.umask(0o077)  # where the database is a file, it is for nobody else on the machine
    schema.upgrade(url or settings.read().database_url.get_secret_value())
    click.echo("The database is at this version's schema.")

"""`valv models`: the model routes, and the servers behind them."""

import asyncio
from pathlib import Path

import click


@click.group("models")
def command() -> None:
    """The model routes of this installation."""


@command.command("list")
@click.argument("description", type=click.Path(exists=True, path_type=Path), default="deploy/models.yaml")
def list_all(description: Path) -> None:
    """Every route, and whether its servers answer."""
    from inference.models import Catalogue
    from inference.salt import TenantSalts
    from inference.upstream import Models

    catalogue = Catalogue.from_yaml(description.read_text(encoding="utf-8"))

    async def ask() -> None:
        models = Models(catalogue, salt=TenantSalts(b""))
        for route in catalogue.routes:
            health = await models.health(route)
            state = "no server needed" if route.engine is None else "answers" if health.well else "down"
            click.echo(f"{route.name:24} {route.kind:10} {route.engine or '-':9} {state}")
        await models.close()

    asyncio.run(ask())

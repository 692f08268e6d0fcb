"""`valv tenants`: organisations, through Keycloak's admin interface."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auth.keycloak import Keycloak


@click.group("tenants")
def command() -> None:
    """Make and list organisations (VALV_IDENTITY__… variables)."""


@command.command("create")
@click.argument("alias")
@click.option("--name", required=True, help="what people read")
@click.option("--domain", "domains", multiple=True, required=True, help="e-mail domain; may be repeated")
def create(alias: str, name: str, domains: tuple[str, ...]) -> None:
    """Make an organisation with its four roles; done again, nothing changes."""
    made = _keycloak().create_tenant(alias, name=name, domains=domains)
    click.echo(f"{made.tenant}  {made.organisation}  {made.name}  {', '.join(made.domains)}")


@command.command("list")
def list_all() -> None:
    """Every organisation."""
    for each in _keycloak().list_tenants():
        click.echo(f"{each.tenant}  {each.organisation}  {each.name}  {', '.join(each.domains)}")


def _keycloak() -> "Keycloak":
    from auth.keycloak import as_service
    from gateway.cli.configuration import find_settings
    from gateway.settings import BadSettings

    identity = find_settings().identity
    if identity.admin_client_secret is None:
        raise BadSettings(["VALV_IDENTITY__ADMIN_CLIENT_SECRET: is not set"])
    server, _, realm = identity.reachable_url.rpartition("/realms/")
    return as_service(
        server,
        realm=realm,
        client=identity.admin_client_id,
        secret=identity.admin_client_secret.get_secret_value(),
    )

"""`valv serve`: the gateway, configured by the environment."""

import click


@click.command("serve")
def command() -> None:
    """Serve the gateway (VALV_… variables; docs/settings.md lists them)."""
    import uvloop

    from gateway import server, settings

    uvloop.run(server.serve(settings.read()))

"""`valv serve`: the gateway, configured by the environment."""

import os

import click


@click.command("serve")
def command() -> None:
    """Serve the gateway (VALV_… variables; docs/settings.md lists them)."""
    import uvloop

    from gateway import server, settings

    os.umask(0o077)  # documents, databases and the log are for nobody else on the machine
    uvloop.run(server.serve(settings.read()))

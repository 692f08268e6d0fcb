"""The command `valv`: one subcommand a file, each imported when it is asked for."""

import sys
from importlib import import_module
from typing import Final

import click

# Sentences that say what went wrong and what to do; anything else is a fault of ours and shows its traceback.
_SAID: Final = {
    "BadSettings",
    "NoInstallation",
    "NotALab",
    "InstalledMissing",
    "ClusterFailed",
    "SchemaOutdated",
    "StepFailed",
    "NoLab",
    "LaunchError",
    "InferenceError",
    "WeightsError",
    "EngineError",
    "AuditError",
    "AuthError",
}

COMMANDS: Final = {
    "audit": "gateway.cli.audit",
    "demo": "gateway.cli.demo",
    "doctor": "gateway.cli.doctor",
    "migrate": "gateway.cli.migrate",
    "models": "gateway.cli.models",
    "serve": "gateway.cli.serve",
    "tenants": "gateway.cli.tenants",
    "up": "gateway.cli.up",
}


class _Commands(click.Group):
    """Subcommands by name; `valv --help` imports them all, `valv serve` only its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        module = COMMANDS.get(name)
        if module is None:
            return None
        found: click.Command = import_module(module).command
        return found


@click.group(cls=_Commands)
def valv() -> None:
    """A sealed generative-AI lab that public-sector organisations host themselves."""


def main() -> None:
    """Run the command; a fault that people can mend is a sentence, not a traceback."""
    try:
        valv()
    except Exception as fault:
        if not any(kind.__name__ in _SAID for kind in type(fault).__mro__):
            raise
        click.echo(str(fault), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

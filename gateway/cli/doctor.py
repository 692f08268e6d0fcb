"""`valv doctor`: what is wrong, and what to do about it."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from gateway.cli.configuration import find_settings

if TYPE_CHECKING:
    from gateway.doctor import Finding
    from gateway.settings import Settings

SUBJECTS = ("database", "disk", "egress", "keycloak", "ledger", "models", "vectors")


@click.command("doctor")
@click.argument("subjects", nargs=-1, type=click.Choice(SUBJECTS))
def command(subjects: tuple[str, ...]) -> None:
    """Look at everything, or at the SUBJECTS; exit code 1 when something is at fault."""
    from gateway.doctor import CHECKS, WARNINGS

    settings = find_settings()
    failed = False
    for subject in subjects or CHECKS:
        found = asyncio.run(_look(subject, settings))
        faults = [finding for finding in found if finding.fault]
        failed = failed or (bool(faults) and subject not in WARNINGS)
        _tell(found, mark="note" if subject in WARNINGS else "FAULT")
    sys.exit(1 if failed else 0)


async def _look(subject: str, settings: "Settings") -> "list[Finding]":
    from gateway.doctor import CHECKS

    return await CHECKS[subject](settings)


def _tell(found: "list[Finding]", *, mark: str) -> None:
    for finding in found:
        if finding.fault is None:
            click.echo(f"  ok     {finding.subject}")
        else:
            click.echo(f"  {mark:6} {finding.subject} {finding.fault}. {finding.advice}")

"""`valv up`: a whole lab on this machine."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.demo.description import Description

ROOT = Path(__file__).resolve().parents[2]


@click.command("up")
@click.argument("flavour", type=click.Choice(["embedded", "lab"]))
@click.option(
    "--data", type=click.Path(path_type=Path), help="data folder; default: var/FLAVOUR in this clone"
)
@click.option("--any-ports", is_flag=True, help="listen on free ports, beside another lab")
def command(flavour: str, data: Path | None, *, any_ports: bool) -> None:
    """Start a lab for evaluation on this machine's loopback, and stay until Ctrl-C."""
    from gateway.installation.plan import Flavour, Installed, Plan, Ports
    from gateway.installation.up import up
    from inference.launch.errors import PortTaken

    plan = Plan(
        flavour=Flavour(flavour),
        data=(data or ROOT / "var" / flavour).resolve(),
        ports=Ports.free() if any_ports else Ports(),
        installed=Installed.read(Path(sys.prefix) / "installed.json"),
        root=ROOT,
    )
    try:
        asyncio.run(up(plan, dict(os.environ), own_ports=any_ports, on_ready=_tell))  # noqa: TID251  handed on
    except PortTaken as taken:
        target = "run" if flavour == "embedded" else flavour
        click.echo(
            f"{taken} End it, or start beside it on free ports: make {target} ARGS=--any-ports", err=True
        )
        sys.exit(1)


def _tell(lab: "Description") -> None:
    click.echo(
        f"""
Valv is ready:  {lab.url}

  Log in as            medarbetare@ekdalen.example     (employee)
                       prototypare@ekdalen.example     (prototyper)
                       granskare@ekdalen.example       (security officer)
                       administrator@ekdalen.example   (administrator)
                       the same four @norrskog.example, and delad@ekdalen.example,
                       who is security officer in Ekdalen and employee in Norrskog
                       drift@valv.example              (operator of the installation)
  Password, for all    {lab.demo_password}

  Data                 {lab.data}
  Logs                 {lab.data}/logs
  Metrics              {lab.metrics_url}

Ctrl-C stops everything. `make demo` in another terminal shows the main job, step by step.
"""
    )

"""`valv demo`: the main job, step by step, against a running lab."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.demo.description import Description

ROOT = Path(__file__).resolve().parents[2]


class NoLab(Exception):
    """No lab was started from the folder, or it is not running now."""


@click.command("demo")
@click.option(
    "--data", type=click.Path(path_type=Path), help="data folder of the lab; default: the one that runs"
)
@click.option(
    "--key", "only_key", is_flag=True, help="only make an API key for the prototyper of Ekdalen, and print it"
)
def command(data: Path | None, *, only_key: bool) -> None:
    """Show the main job end to end; exits non-zero at the first step that fails."""
    lab = _running(data)
    if only_key:
        _print_key(lab)
    else:
        _tell(lab)


def _running(data: Path | None) -> "Description":
    from gateway.cli.configuration import runs
    from gateway.demo.description import Description

    folders = [data] if data else [ROOT / "var" / flavour for flavour in ("embedded", "lab")]
    # An address alone tells of no lab: another one of this clone may answer there.
    running = [
        folder for folder in folders if (folder / "lab.json").exists() and runs(folder) and _answers(folder)
    ]
    if not running:
        raise NoLab("No lab is running. Start one with `make run` (or `make lab`) in another terminal.")
    return Description.read(running[0])


def _print_key(lab: "Description") -> None:
    from gateway.demo.caller import Caller

    made = Caller(lab, "prototypare@ekdalen.example", "ekdalen").post(
        "/api/keys", name="From the command line"
    )
    click.echo(f"export OPENAI_BASE_URL={lab.url}/v1\nexport OPENAI_API_KEY={made['secret']}")


def _tell(lab: "Description") -> None:
    from gateway.demo.story import Story, run
    from gateway.demo.telling import StepFailed, Telling

    try:
        run(Story(lab, ROOT / "deploy" / "demo" / "documents", Telling(click.echo)))
    except StepFailed as failed:
        raise StepFailed(f"\nThis step failed: {failed}") from failed
    click.echo("\nEvery step showed what it promises.")


def _answers(folder: Path) -> bool:
    import httpx

    from gateway.demo.description import Description

    try:
        return httpx.get(f"{Description.read(folder).url}/healthz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False

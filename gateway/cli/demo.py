"""`valv demo`: the main job, step by step, against a running lab."""

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]


class NoLab(Exception):
    """No lab was started from the folder, or it is not running now."""


@click.command("demo")
@click.option(
    "--data", type=click.Path(path_type=Path), help="data folder of the lab; default: the one that runs"
)
def command(data: Path | None) -> None:
    """Show the main job end to end; exits non-zero at the first step that fails."""
    from gateway.demo.description import Description
    from gateway.demo.story import Story, run
    from gateway.demo.telling import StepFailed, Telling

    folders = [data] if data else [ROOT / "var" / flavour for flavour in ("embedded", "lab")]
    running = [folder for folder in folders if (folder / "lab.json").exists() and _answers(folder)]
    if not running:
        raise NoLab("No lab is running. Start one with `make run` (or `make lab`) in another terminal.")
    tell = Telling(click.echo)
    try:
        run(Story(Description.read(running[0]), ROOT / "deploy" / "demo" / "documents", tell))
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

"""Which installation a command is about: the environment's, or the lab that was started in this clone."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def environment() -> Mapping[str, str]:
    """The variables that describe the installation; those of `valv up` where the environment has none."""
    own = {name: value for name, value in os.environ.items() if name.startswith("VALV_")}  # noqa: TID251  handed on
    own.pop("VALV_CACHE", None)
    plans = [plan for plan in sorted((ROOT / "var").glob("*/plan.json")) if runs(plan.parent)]
    if own or not plans:
        return own
    from gateway.installation.environment import settings
    from gateway.installation.plan import Plan

    return settings(Plan.read(plans[0]))


class NoInstallation(Exception):
    """There is none to be asked about."""

    def __init__(self) -> None:
        super().__init__(
            "No lab of this clone is running, and no VALV_… variable tells of another installation. "
            "Start one with `make run`, or set the variables of docs/settings.md."
        )


def find_settings() -> "Settings":
    """The installation's settings.

    Raises:
        NoInstallation: nothing tells of one.
        BadSettings: with every fault at once.
    """
    from gateway import settings

    described = environment()
    if not described:
        raise NoInstallation
    return settings.read(described)


def runs(folder: Path) -> bool:
    """Whether the gateway of the lab in this data folder runs now; the number that it left may be another's by now."""
    try:
        pid = int((folder / "gateway.pid").read_text(encoding="utf-8"))
        return b"\0gateway.cli\0serve\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False

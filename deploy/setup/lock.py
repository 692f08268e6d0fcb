"""Resolves the dependencies anew: hashes, no addresses; one file a purpose."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "setup"))

from install import LOCKS, uv  # noqa: E402  found beside this file

COMMON = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "-q",
)


def main() -> None:
    """Write `valv.txt` (what runs), `dev.txt` (that, the checks and the tests)."""
    project = str(ROOT / "pyproject.toml")
    for name, more in (("valv", ()), ("dev", ("--group", "dev"))):
        target = str(LOCKS / f"{name}.txt")
        subprocess.run(
            [str(uv()), "pip", "compile", project, *more, *COMMON, "-o", target], check=True, cwd=ROOT
        )
        print(f"{target}: written")


if __name__ == "__main__":
    main()

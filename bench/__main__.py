"""Every figure that this machine can give without a lab of its own, one after another, in one run.

    python -m bench [--quick] [--data DIR --lab FOLDER]

With ``--data`` and ``--lab`` (its data folder) the retrieval of a running lab is measured too. What can't run here is
said, with the reason. Figures depend on what else the machine does: compare those of one run.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
Part = tuple[str, list[str], str | None]


def parts(asked: argparse.Namespace) -> list[Part]:
    """Title, arguments of the interpreter, and why it can't run, if it can't."""
    seconds, rounds = ("2", "3") if asked.quick else ("5", "5")
    gateway = ["-m", "bench.gateway", "--seconds", seconds, "--rounds", rounds]
    calls, streams = ("5000", "250") if asked.quick else ("20000", "1000")
    client = ["-m", "bench.upstream_client", "--calls", calls, "--streams", streams]
    retrieval = ["-m", "bench.retrieval", "http", "--data", asked.data, "--lab", asked.lab]
    has_lab = all((asked.data, asked.lab))
    return [
        ("The gateway's start", ["-m", "bench.start"], None),
        ("Durable appends", ["-m", "bench.ledger", asked.folder, "2" if asked.quick else "5"], None),
        ("What asking a model costs", client, None),
        ("Pages of documents as pictures", ["-m", "bench.drawing"], None),
        ("The page", ["-m", "bench.page", "--rounds", "2" if asked.quick else "5"], _unbuilt()),
        ("The gateway, nginx and the upstream alone", gateway, _missing("wrk", "nginx")),
        (
            "Retrieval through a running lab",
            [str(each) for each in retrieval],
            None if has_lab else "needs --data and --lab",
        ),
        (
            "Everyday questions to a running lab",
            ["-m", "bench.everyday", "--lab", str(asked.lab)],
            None if asked.lab else "needs --lab",
        ),
    ]


def _missing(*programs: str) -> str | None:
    places = os.environ["PATH"] + ":/usr/sbin"
    absent = [program for program in programs if shutil.which(program, path=places) is None]
    return f"needs {' and '.join(absent)}" if absent else None


def _unbuilt() -> str | None:
    """The page is measured as it is built, in a browser."""
    if find_spec("playwright") is None:
        return "needs Playwright, a development package: make bench"
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        return "needs the built page: make web"
    return None if CHROMIUM.is_file() else f"needs {CHROMIUM}"


def run(part: Part) -> bool:
    """Whether the part ran to its end, or had a reason not to begin."""
    title, arguments, reason = part
    print(f"\n## {title}\n", flush=True)
    if reason is not None:
        print(f"skipped: {reason}")
        return True
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="shorter rounds")
    parser.add_argument("--folder", default="/tmp", help="where the ledger's bench writes")
    parser.add_argument("--data")
    parser.add_argument("--lab")
    asked = parser.parse_args()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} processors, {platform.platform()}, load {load}"
    )
    failed = [part[0] for part in parts(asked) if not run(part)]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\nload at the end {load}; {'failed: ' + ', '.join(failed) if failed else 'every part ran'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

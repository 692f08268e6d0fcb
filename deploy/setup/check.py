"""What CI runs before the tests: every check, even after one has failed, each with its time."""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "setup"))

from install import CACHE  # noqa: E402  found beside this file

PACKAGES = ("gateway", "inference", "rag", "auth", "audit")


def main() -> int:
    """0 when everything is as it should be."""
    python = [sys.executable, "-m"]
    checks = {
        "format": [*python, "ruff", "format", "--check", "-q", "."],
        "lint": [*python, "ruff", "check", "-q", "."],
        "layers": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        "types": [*python, "mypy", "--cache-dir", str(CACHE / "mypy"), *_packages()],
        "web": ["npm", "run", "--silent", "check", "--prefix", "web"],
    }
    failed = [name for name, command in checks.items() if not _passes(name, command)]
    faults = _leaks() + _locks()
    for fault in faults:
        print(fault)
    if failed or faults:
        print(f"make check: failed ({', '.join(failed + ['files'] * bool(faults))})")
        return 1
    print("make check: everything is as it should be")
    return 0


def _packages() -> list[str]:
    return [part for package in PACKAGES for part in ("-p", package)]


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(
        f"  {name:8} {'ok' if done.returncode == 0 else 'FAILED':8} {time.monotonic() - began:5.1f} s",
        flush=True,
    )
    if done.returncode != 0:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def _locks() -> list[str]:
    """Locks carry hashes and no addresses."""
    faults = []
    locks = [*(ROOT / "deploy" / "requirements").glob("*.txt"), ROOT / "web" / "package-lock.json"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        if re.search(r'"resolved"|--index-url|--find-links|https?://[^\s"]+\.(?:whl|tgz|tar\.gz)', text):
            faults.append(f"{lock.relative_to(ROOT)}: holds an address")
    return faults


def _leaks() -> list[str]:
    """No tracked text names a folder of whoever wrote it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    homes = re.compile(rf"(?<![\w>])(?:{re.escape(str(Path.home()))}/|{re.escape(str(ROOT))}\b)")
    faults = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.suffix in {".pdf", ".docx", ".png", ".zip"} or not path.is_file():
            continue
        if homes.search(path.read_text(encoding="utf-8", errors="replace")):
            faults.append(f"{name}: names a folder of this machine")
    return faults


if __name__ == "__main__":
    sys.exit(main())

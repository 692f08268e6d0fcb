"""What the gateway takes to start: time until it answers, until its library is loaded, and its memory then.

    python -m bench.start [--rounds 3]

The installation is empty and lies in a temporary folder; imports are timed apart, in an interpreter of their own.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.process import launched, memory, ready, warm

IMPORT = "import time; t = time.perf_counter(); import gateway.server; print(time.perf_counter() - t)"


def import_seconds() -> float:
    said = subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout
    return float(said)


def start() -> tuple[float, float, float, float]:
    """Seconds until it answers and until the library is loaded; MiB at either moment."""
    with tempfile.TemporaryDirectory() as scratch, launched(Path(scratch)) as gateway:
        began = gateway.began
        ready(gateway)
        answers, lean = time.monotonic() - began, memory(gateway)
        warm(gateway)
        return answers, time.monotonic() - began, lean, memory(gateway)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"import of the gateway     {min(import_seconds() for _ in range(rounds)):6.2f} s")
    answers, loaded, lean, whole = map(statistics.median, zip(*(start() for _ in range(rounds)), strict=True))
    print(f"answers /healthz after    {answers:6.2f} s   {lean:6.0f} MiB")
    print(f"library loaded after      {loaded:6.2f} s   {whole:6.0f} MiB")


if __name__ == "__main__":
    main()

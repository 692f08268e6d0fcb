"""What the page costs: its first bytes, when it is seen, and the script while 2,000 tokens stream in.

    python -m bench.page [--rounds 5]

The built page behind the real gateway of tests/web, in Chromium, with a model server that writes 200 tokens a second.
A paint is the largest contentful one, with nothing cached; the slow line has 1.6 Mbit/s and 150 ms there and back.
"""

import argparse
import gzip
import logging
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from playwright.sync_api import Browser

from tests.web.built import WEB
from tests.web.driver import chromium
from tests.web.house import WebHouse, opened_house
from tests.web.measuring import SLOWER, Line, Streamed, largest_paint, streamed
from tests.web.tasks import LongTask
from tests.web.visiting import Visits

_INITIAL = re.compile(r'(?:src|href)="/(assets/[^"]+\.(js|css))"')


def sizes(dist: Path) -> None:
    """What index.html names, packed in both ways."""
    page = (dist / "index.html").read_text("utf-8")
    print("| before anything runs | gzip | brotli, as the gateway sends it |\n|---|---|---|")
    for kind in ("js", "css"):
        files = [dist / name for name, suffix in _INITIAL.findall(page) if suffix == kind]
        packed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / 1024
        sent = sum(file.with_name(f"{file.name}.br").stat().st_size for file in files) / 1024
        print(f"| {kind} | {packed:.1f} K | {sent:.1f} K |")


def paints(browser: Browser, house: WebHouse, visits: Visits, rounds: int) -> None:
    print("\n| seen after, ms | median | least | most |\n|---|---|---|---|")
    for where, role in (("the way in", None), ("the first page of an employee", "employee")):
        for line in Line:
            state = None if role is None else visits.state(role)
            taken = [largest_paint(browser, house.url, state, line) for _ in range(rounds)]
            print(
                f"| {where}, {line.value} | {statistics.median(taken):.0f} | {min(taken):.0f} | {max(taken):.0f} |"
            )


def answers(house: WebHouse, visits: Visits, rounds: int) -> None:
    """Script by the thread's own clock, long tasks by the wall's; the page's own have as much work in them."""
    print("\n| 2,000 tokens | script | first text | long tasks until then | after it | the page's own |")
    print("|---|---|---|---|---|---|")
    for slower in (1, SLOWER):
        for _ in range(rounds):
            cost = one_answer(house, visits, slower)
            cells = (
                f"{cost.script_seconds:.2f} s",
                f"{cost.first_text} ms",
                lengths(cost.beginning),
                lengths(cost.after_text),
                lengths(task for task in cost.after_text if task.is_own),
            )
            print(f"| processor 1/{slower} | {' | '.join(cells)} |", flush=True)


def lengths(tasks: Iterable[LongTask]) -> str:
    """How many, and how long the longest was."""
    taken = [task.wall for task in tasks]
    return (
        f"{len(taken)}, {max(taken)} ms at most" if len(taken) > 1 else f"{taken[0]} ms" if taken else "none"
    )


def one_answer(house: WebHouse, visits: Visits, slower: int) -> Streamed:
    page = visits("/").page
    taken = streamed(page, house, slower)
    page.context.close()
    return taken


@contextmanager
def running(dist: Path) -> Iterator[tuple[Browser, WebHouse, Visits]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened_house(Path(folder), dist) as house,
        chromium() as browser,
    ):
        yield browser, house, Visits(browser, house, {})


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    dist = WEB / "dist"
    if not (dist / "index.html").is_file():
        sys.exit("the page is not built: make web")
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds\n")
    sizes(dist)
    with running(dist) as (browser, house, visits):
        paints(browser, house, visits, rounds)
        answers(house, visits, rounds)
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the page may cost: bytes at the start, time until something is seen, script while an answer streams in."""

import gzip
import re
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.web.house import WebHouse
from tests.web.measuring import Streamed, largest_paint, streamed
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

INITIAL_SCRIPT = 180 * 1024
PAINT_MS = 2_500
SCRIPT_SECONDS = 1.2
LONG_TASKS = 1
TRIES = 3


def best(measure: Callable[[], float], budget: float, tries: int = TRIES) -> float:
    """The least of a few tries, and no more of them than needed: what else the machine does only ever adds."""
    taken = [measure()]
    while min(taken) > budget and len(taken) < tries:
        taken.append(measure())
    print(f"measured {', '.join(f'{each:.2f}' for each in taken)}; the budget is {budget}", file=sys.stderr)
    return min(taken)


def test_what_the_first_page_loads_before_it_runs_is_small(dist: Path) -> None:
    page = (dist / "index.html").read_text("utf-8")
    scripts = re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', page)
    sizes = {name: len(gzip.compress((dist / name).read_bytes(), 9)) for name in scripts}
    assert 0 < sum(sizes.values()) <= INITIAL_SCRIPT, sizes


def test_every_script_travels_as_brotli_and_is_kept_for_good(dist: Path, house: WebHouse) -> None:
    for script in sorted(dist.glob("assets/*.js")):
        with httpx.stream(
            "GET",
            f"{house.url}/assets/{script.name}",
            headers={"accept-encoding": "gzip, deflate, br, zstd"},
            trust_env=False,
        ) as answer:
            sent = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "br", script.name
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert len(sent) <= len(gzip.compress(script.read_bytes(), 9)), script.name


@pytest.mark.parametrize("role", [None, "employee"])
def test_a_phone_on_a_slow_line_sees_the_first_page_in_time(
    browser: Browser, house: WebHouse, visit: Visits, role: str | None
) -> None:
    state = None if role is None else visit.state(role)
    assert best(lambda: largest_paint(browser, house.url, state), PAINT_MS) <= PAINT_MS


def fits(cost: Streamed) -> bool:
    """The opening of the conversation's page, before any text is seen, counts as well, and is the one long task."""
    return cost.script_seconds <= SCRIPT_SECONDS and len(cost.own_long_tasks) <= LONG_TASKS


def test_a_long_answer_streams_in_without_keeping_the_page_busy(visit: Visits, house: WebHouse) -> None:
    cost = streamed(visit("/").page, house)
    tries = [cost]
    while not fits(cost) and len(tries) < TRIES:
        cost = streamed(visit("/").page, house)
        tries.append(cost)
    print("measured " + "\n".join(map(str, tries)), file=sys.stderr)
    assert fits(cost), tries

"""A person at a real browser, in front of a running lab."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.behaviour.fixtures import _stop_labs, embedded, full, lab
from tests.behaviour.labs import RunningLab
from tests.browser.person import PersonAtBrowser
from tests.web.driver import chromium

__all__ = ["_stop_labs", "embedded", "full", "lab"]

Sit = Callable[..., PersonAtBrowser]


@pytest.fixture(scope="module")  # its event loop must not outlive the module: async tests need their own
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def sit_down(browser: Browser) -> Iterator[Sit]:
    """Someone opens a browser of their own; at the end nothing forbidden may have happened in any.

    ``role`` is how the demonstration names its people of Ekdalen, or the whole user name of somebody else.
    """
    seated: list[PersonAtBrowser] = []

    def open_browser(lab: RunningLab, role: str = "medarbetare", **context: object) -> PersonAtBrowser:
        username = role if "@" in role else f"{role}@ekdalen.example"
        person = PersonAtBrowser.at(browser, lab, username, **context)
        seated.append(person)
        return person

    yield open_browser
    faults = [fault for person in seated for fault in person.faults()]
    for person in seated:
        person.page.context.close()
    assert faults == []

"""The long tasks of a page off Chromium's own trace: when each came, how long it was, how much of it was its own."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

LONG = 50  # milliseconds: https://w3c.github.io/longtasks/
_CATEGORIES = ["disabled-by-default-devtools.timeline", "blink.user_timing"]


@dataclass(frozen=True)
class LongTask:
    """Milliseconds: after which it came, how long it kept the page, and how long the processor worked for it."""

    at: int
    wall: int
    own: int

    @property
    def is_own(self) -> bool:
        """Whether the page made it long: a small task that others keep from the processor is long as well."""
        return self.own >= LONG / 2

    def __str__(self) -> str:
        return f"{self.wall} ms ({self.own} of work) at {self.at}"


class Trace:
    """What the page's thread does from now until the end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._tools = page.context.new_cdp_session(page)
        self._events: list[dict[str, Any]] = []
        self._whole: list[bool] = []
        self._tools.on("Tracing.dataCollected", lambda sent: self._events.extend(sent["value"]))
        self._tools.on("Tracing.tracingComplete", lambda _: self._whole.append(True))
        wanted = {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": _CATEGORIES}}
        self._tools.send("Tracing.start", wanted)

    def end(self) -> "Trace":
        """The same, when all of it has come."""
        self._tools.send("Tracing.end")
        while not self._whole:
            self._page.wait_for_timeout(50)
        return self

    def mark(self, name: str) -> int:
        """When the page called ``performance.mark`` first, in the trace's own milliseconds."""
        return min(each["ts"] for each in self._marks(name)) // 1000

    def long_tasks(self, since: int) -> list[LongTask]:
        """Those of the thread that made the marks, in their order."""
        thread = {(each["pid"], each["tid"]) for each in self._marks("question")}
        tasks = (
            LongTask(each["ts"] // 1000 - since, each["dur"] // 1000, each.get("tdur", 0) // 1000)
            for each in self._events
            if each["name"] == "RunTask" and (each["pid"], each["tid"]) in thread and "dur" in each
        )
        return sorted((task for task in tasks if task.at >= 0 and task.wall > LONG), key=lambda task: task.at)

    def _marks(self, name: str) -> list[dict[str, Any]]:
        return [each for each in self._events if each["name"] == name and each["cat"] == "blink.user_timing"]

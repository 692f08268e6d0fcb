"""What the page costs, as Chromium itself counts it (the DevTools protocol, and the page's performance entries)."""

import math
import re
from dataclasses import dataclass
from enum import Enum

from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.web.driver import ask
from tests.web.house import WebHouse
from tests.web.tasks import LongTask, Trace

DESK = {"viewport": {"width": 1366, "height": 768}, "locale": "sv-SE"}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "locale": "sv-SE"}
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
SLOWER = 4  # a phone has so much less of a processor than a desk
TOKENS = 2_000

PAINTS = """
window.paints = [];
new PerformanceObserver((list) => window.paints.push(...list.getEntries().map((each) => each.startTime)))
  .observe({type: 'largest-contentful-paint', buffered: true});
"""
MARKS = """() => {
  performance.mark('question');
  new MutationObserver((_, watch) => {
    if (document.querySelector('.answer .prose') === null) return;
    performance.mark('text');
    watch.disconnect();
  }).observe(document.body, {childList: true, subtree: true});
}"""


class Line(Enum):
    """What a first visit comes by."""

    SLOW = "a phone on a slow line, processor 1/4"
    DESK = "a desk beside the server"


def largest_paint(browser: Browser, address: str, state: object = None, line: Line = Line.SLOW) -> float:
    """Milliseconds until the largest thing of a page is seen by a browser that has nothing cached."""
    context = browser.new_context(**PHONE if line is Line.SLOW else DESK, storage_state=state)
    try:
        page = context.new_page()
        page.add_init_script(PAINTS)
        if line is Line.SLOW:
            slow_down(page)
        page.goto(address, wait_until="networkidle", timeout=60_000)
        page.locator("h1").first.wait_for()
        page.wait_for_timeout(300)  # an entry is told some frames after its paint
        return max(page.evaluate("window.paints"))
    finally:
        context.close()


def slow_down(page: Page) -> None:
    """1.6 Mbit/s down, 150 ms there and back, a quarter of the processor."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


@dataclass(frozen=True)
class Streamed:
    """What an answer cost from the question on: seconds of script; each long task, until its first text and after."""

    script_seconds: float
    first_text: int
    beginning: list[LongTask]
    after_text: list[LongTask]

    @property
    def own_long_tasks(self) -> list[LongTask]:
        """Those that are long by the page's own work, the opening of the conversation's page included."""
        return [task for task in [*self.beginning, *self.after_text] if task.is_own]

    def __str__(self) -> str:
        begun, after = (", ".join(map(str, tasks)) or "none" for tasks in (self.beginning, self.after_text))
        return (
            f"{self.script_seconds:.2f} s of script; first text after {self.first_text} ms;"
            f" long tasks until then: {begun}; after it: {after}"
        )


class Stopwatch:
    """Counts the page's script and its long tasks from the question on, which is asked now."""

    def __init__(self, page: Page) -> None:
        self._tools: CDPSession = page.context.new_cdp_session(page)
        self._tools.send("Performance.enable", {"timeDomain": "threadTicks"})  # not what others take
        self._trace = Trace(page)
        page.evaluate(MARKS)
        self._began = self._script()

    def read(self) -> Streamed:
        """What it came to; the answer's text must have been seen."""
        taken = self._script() - self._began
        trace = self._trace.end()
        text = trace.mark("text")
        began = trace.mark("question")
        tasks = trace.long_tasks(began)
        return Streamed(
            taken,
            text - began,
            [task for task in tasks if task.at < text - began],
            [task for task in tasks if task.at >= text - began],
        )

    def _script(self) -> float:
        figures = self._tools.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in figures if each["name"] == "ScriptDuration")


def tokens(count: int = TOKENS) -> list[str]:
    """An answer as a model writes one: paragraphs, a heading, lists, a table and some code, a word at a time."""
    whole = re.findall(r"\s*\S+", _SECTION * math.ceil(count / len(re.findall(r"\S+", _SECTION))))
    return whole[:count]


_SECTION = """
## Så går det till

Kommunen handlägger ansökan enligt **riktlinjerna för distansarbete**, som gäller sedan årsskiftet [1]. Den som vill
arbeta på distans kommer överens med närmaste chef om dagar, plats och utrustning, och båda skriver under [1].
Överenskommelsen gäller i *ett år* och kan sägas upp av endera parten med en månads varsel.

1. Medarbetaren fyller i blanketten och lämnar den till chefen [1].
2. Chefen bedömer om arbetsuppgifterna passar och om arbetsmiljön är god.
3. Personalenheten registrerar överenskommelsen i systemet.

- Arbetsgivaren svarar för dator och telefon [1].
- Möbler lånas ut i mån av tillgång.

| Dagar | Beslutas av | Längd |
|---|---|---|
| högst två i veckan | närmaste chef | ett år |
| fler än två | förvaltningschef | tre månader |

```
ansökan -> bedömning -> överenskommelse -> uppföljning
```

"""


def streamed(page: Page, house: WebHouse, slower: int = 1) -> Streamed:
    """Ask on a page without answers, and let the model write 2,000 tokens, 200 a second."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    house.document(house.collection("Riktlinjer"), "distans.txt", "Distansarbete sker två dagar i veckan.")
    written = tokens()
    house.writes(*written, f" {_LAST}", gap=0.005)
    ended = len(house.records(type="call.outcome"))
    watch = Stopwatch(page)
    ask(page, "Hur går distansarbete till? Skriv långt.")
    # Looking at the page would be script of its own: the log tells when the answer has ended.
    house.until(lambda: len(house.records(type="call.outcome")) > ended, within=90, every=0.5)
    page.wait_for_timeout(500)
    taken = watch.read()
    answer = page.locator(".answer").last
    expect(answer).to_have_attribute("aria-busy", "false")
    expect(answer).to_contain_text(_LAST)
    return taken


_LAST = "Slut på svaret."

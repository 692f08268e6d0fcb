"""The pages of conversations, in every state that looks like none other."""

from playwright.sync_api import Locator, Page, expect

from tests.web.sights import Sight, go
from tests.web.talking import QUOTED
from tests.web.walks.seeds import Seeds

PROSE = """## Sammanfattning

Ni får arbeta på distans **två dagar i veckan** [1].

| Fråga | Svar | Underlag |
|---|---|---|
| Hur ofta? | Högst två dagar | Överenskommelseförhandlingsunderlag |

- [x] Klart

```text
en kodrad som är så lång att den måste kunna rullas i sidled utan att sidan runt omkring den börjar röra på sig
```
"""


def _begun(seeds: Seeds, question: str, **choices: object) -> str:
    """A conversation with that question, made once."""
    with seeds.house.api() as http:
        for each in http.get("/api/conversations").json()["items"]:
            if each["title"] == question:
                return str(each["id"])
    return str(seeds.house.conversation(question, **choices))


def _close(page: Page) -> None:
    """What the sight before opened over the page."""
    page.keyboard.press("Escape")
    expect(page.locator("[role=dialog], [role=menu]")).to_have_count(0)


def written(page: Page, seeds: Seeds) -> Locator:
    _close(page)
    seeds.house.writes(PROSE)
    go(page, f"/c/{_begun(seeds, 'Sammanfatta riktlinjen', collections=None)}")
    return page.locator(".prose table")


def quoted(page: Page, seeds: Seeds) -> Locator:
    _close(page)
    go(page, f"/c/{_begun(seeds, QUOTED, model=None, collections=None, mode='quotations')}")
    return page.locator(".quotes").first


def source(page: Page, seeds: Seeds) -> Locator:
    """The source of a quotation: beside the answer, or over it where there is no room beside."""
    quoted(page, seeds).wait_for()
    page.locator(".quotes button").first.click()
    return page.locator(":is(.panel, .window) .sheet")


def silent(page: Page, seeds: Seeds) -> Locator:
    question = "Vem vann fotbollsmatchen i lördags?"
    go(page, f"/c/{_begun(seeds, question, model=None, collections=None, mode='quotations')}")
    return page.locator(".answer .sources")


def failed(page: Page, seeds: Seeds) -> Locator:
    seeds.house.breaks("Halva svaret")
    with seeds.house.api() as http:
        made = http.post("/api/conversations", json={"model": "skrivare", "collections": []}).json()["id"]
        begun = http.post(f"/api/conversations/{made}/messages", json={"text": "Det som brister"}).json()
        http.get(f"/api/conversations/{made}/messages/{begun['answer']}/events")
    go(page, f"/c/{made}")
    return page.get_by_role("alert")


def writing(page: Page, seeds: Seeds) -> Locator:
    seeds.house.hangs("Så här långt ")
    with seeds.house.api() as http:
        made = http.post("/api/conversations", json={"model": "skrivare", "collections": []}).json()["id"]
        http.post(f"/api/conversations/{made}/messages", json={"text": "Det som pågår"})
    go(page, f"/c/{made}")
    return page.locator('.answer[aria-busy="true"]')


def stopped(page: Page, seeds: Seeds) -> Locator:
    writing(page, seeds).wait_for()
    page.locator(".button-stop").click()
    return page.locator(".ending")


def card(page: Page, seeds: Seeds) -> Locator:
    written(page, seeds).wait_for()
    page.locator(".by .text-button").click()
    return page.locator(".card")


def edited(page: Page, seeds: Seeds) -> Locator:
    written(page, seeds).wait_for()
    page.locator(".question .tool").first.click()
    return page.locator(".question-edit")


def guarded(page: Page, seeds: Seeds) -> Locator:
    written(page, seeds).wait_for()
    box = page.locator(".composer textarea")
    box.fill("Gäller det 811218-9876?")
    page.locator(".composer .button").click()
    return page.get_by_role("dialog")


def listed(page: Page, _: Seeds) -> Locator:
    """All of them, when the draft of the sight before is gone."""
    page.keyboard.press("Escape")
    page.locator(".composer textarea").fill("")
    go(page, "/samtal")
    return page.locator(".history-list li").first


def found(page: Page, _: Seeds) -> Locator:
    go(page, "/samtal")
    page.get_by_role("searchbox").fill("distans")
    return page.locator(".history-snippet mark").first


def nothing_found(page: Page, _: Seeds) -> Locator:
    go(page, "/samtal")
    page.get_by_role("searchbox").fill("finns ingenstans")
    expect(page.locator(".history .quiet")).to_be_visible()
    return page.locator(".history .quiet")


def _menu(page: Page) -> Locator:
    _close(page)
    go(page, "/samtal")
    page.get_by_role("searchbox").fill("")
    page.locator(".history-list .icon-button").first.click()
    return page.get_by_role("menuitem").first


def deleting(page: Page, _: Seeds) -> Locator:
    _menu(page).wait_for()
    page.get_by_role("menuitem").last.click()
    return page.get_by_role("dialog")


ROLE = "employee"
SIGHTS = [
    Sight("/c/$conversation", "an answer that a model wrote", written),
    Sight("/c/$conversation", "the card of the model", card),
    Sight("/c/$conversation", "a question that is asked otherwise", edited),
    Sight("/c/$conversation", "quotations", quoted),
    Sight("/c/$conversation", "the source of a quotation", source),
    Sight("/c/$conversation", "nothing that answers", silent),
    Sight("/c/$conversation", "an answer that failed", failed),
    Sight("/c/$conversation", "an answer that is being written", writing),
    Sight("/c/$conversation", "an answer that was stopped", stopped),
    Sight("/c/$conversation", "a personal number", guarded),
    Sight("/samtal", "all conversations", listed),
    Sight("/samtal", "what was found", found),
    Sight("/samtal", "nothing found", nothing_found),
    Sight("/samtal", "one that is to be deleted", deleting),
]

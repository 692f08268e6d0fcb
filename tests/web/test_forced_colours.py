"""The page in the colours of one's own system, and without motion: nothing is told by what is taken away then."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.colours import apart, faint, rim, surface
from tests.web.house import WebHouse
from tests.web.keyboard import Keys
from tests.web.talking import ask, wait_for_answer
from tests.web.visiting import Visits
from tests.web.walks.seeds import Seeds, sown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PALETTES = ("light", "dark")
TOLD_APART = 0.04
# By role and page: what is chosen, and something beside it that could have been.
CHOSEN = {
    ("employee", "/c/$conversation"): [
        (".way-here", ".way:not(.way-here)"),
        (".history-list li:has([aria-current])", ".history-list li:not(:has([aria-current]))"),
    ],
    ("employee", "/dokument/$pdf?sida=1&fran=0&till=8"): [
        (".switch-side[data-selected]", ".switch-side:not([data-selected])"),
    ],
    ("prototyper", "/utveckla?kod=python"): [
        (".develop-way[aria-current]", ".develop-way:not([aria-current])"),
        (".tab[data-selected]", ".tab:not([data-selected])"),
    ],
    ("prototyper", "/utveckla/anvandning"): [(".pill[aria-pressed=true]", ".pill[aria-pressed=false]")],
    ("security-officer", "/granskning"): [
        (".audit-part[aria-current]", ".audit-part:not([aria-current])"),
        (".span[aria-current]", ".span:not([aria-current])"),
    ],
}


@pytest.fixture(scope="module")
def seeds(the_house: WebHouse) -> Seeds:
    return sown(the_house)


@pytest.fixture
def forced(visit: Visits, seeds: Seeds) -> "Forced":
    return Forced(visit, seeds)


class Forced:
    """Opens pages for people whose system has its own colours."""

    def __init__(self, visit: Visits, seeds: Seeds) -> None:
        self._visit, self.seeds = visit, seeds

    def __call__(self, path: str, role: str = "employee") -> Page:
        for name in ("conversation", "pdf"):
            path = path.replace(f"${name}", getattr(self.seeds, name))
        return self._visit(path, role=role, forced_colors="active").page


def palettes(page: Page) -> Iterator[str]:
    """The page, in dark on light and then in light on dark."""
    for palette in PALETTES:
        page.emulate_media(forced_colors="active", color_scheme=palette)
        yield palette


@pytest.mark.parametrize(("role", "path"), CHOSEN)
def test_what_is_chosen_is_told_by_more_than_its_weight(forced: Forced, role: str, path: str) -> None:
    page = forced(path, role)
    for chosen, other in CHOSEN[role, path]:
        page.locator(chosen).first.wait_for()
        for palette in palettes(page):
            told = apart(rim(page.locator(chosen).first), rim(page.locator(other).first))
            assert told > TOLD_APART, f"{chosen} in {palette}: {told:.3f}"


def test_only_the_roles_that_a_member_has_are_ticked(forced: Forced) -> None:
    page = forced("/administration", "tenant-admin")
    page.get_by_role("button", name="Ändra roller för Medarbetare, Ekdalen").click()
    for _ in palettes(page):
        has = surface(page.locator(".role-box[data-selected] .box"))
        has_not = surface(page.locator(".role-box:not([data-selected]) .box").first)
        assert apart(has, has_not) > TOLD_APART


def test_a_source_in_the_text_is_seen_to_be_a_button(forced: Forced) -> None:
    page = forced("/c/$conversation")
    for _ in palettes(page):
        around = rim(page.locator(".prose .chip").first)
        assert max(around.values()) < 0.9, around


def test_that_an_answer_is_being_written_is_marked(forced: Forced, house: WebHouse) -> None:
    page = forced("/")
    house.hangs("Så här långt")
    ask(page, "Det som pågår")
    working = page.locator(".answer .working")
    expect(working).to_have_text("Assistenten skriver …")
    for _ in palettes(page):
        mark, ground = (
            working.evaluate("""node => [getComputedStyle(node, '::before'), getComputedStyle(document.documentElement)]
          .map((each) => each.backgroundColor)""")
        )
        assert mark != ground
    page.get_by_role("button", name="Stoppa", exact=True).click()
    wait_for_answer(page)


def test_a_blank_that_is_to_be_filled_in_is_marked(forced: Forced, house: WebHouse) -> None:
    page = forced("/")
    field = page.get_by_role("textbox", name="Din fråga")
    field.fill("Vad gäller om [ämne]?")
    page.get_by_role("heading", level=1).click()
    blank = page.locator(".blanks mark")
    for _ in palettes(page):
        marked = rim(blank)
        assert max(marked.values()) < 0.75, marked
    field.fill("")


@pytest.mark.parametrize("theme", ["Ljust", "Mörkt"])
def test_icons_and_charts_are_drawn_in_colours_of_the_system_whatever_theme_was_chosen(
    forced: Forced, theme: str
) -> None:
    pages = {
        ("employee", "/"): ".icon",
        ("security-officer", "/granskning"): ".icon, .histogram-bars",
        ("prototyper", "/utveckla/anvandning"): ".icon, .bars .layer",
        ("operator", "/drift"): ".icon",
    }
    forced.seeds.house.conversation("Hur många dagar?", role="prototyper")
    for (role, path), drawn in pages.items():
        page = forced(path, role)
        choose_theme(page, theme)
        page.locator(drawn.rpartition(", ")[2]).locator("visible=true").first.wait_for()
        for palette in palettes(page):
            assert faint(page, drawn) == [], f"{path} in {palette}"


def choose_theme(page: Page, theme: str) -> None:
    page.get_by_role("button", name="Konto och inställningar").click()
    page.get_by_role("menuitemradio", name=theme).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_the_log_is_seen_to_hold(forced: Forced) -> None:
    """The line of its integrity keeps a frame, a sign and its words."""
    page = forced("/granskning/verifiering", "security-officer")
    page.locator("#runs").wait_for()
    page.get_by_role("button", name="Kontrollera hela loggen").click()
    line = page.get_by_role("region", name="Loggens äkthet")
    expect(line).to_contain_text(re.compile(r"Verifierad till händelse .*\d\d:\d\d"))
    for _ in palettes(page):
        assert max(rim(line).values()) < 0.95
        assert faint(page, ".integrity .icon") == []


@pytest.mark.parametrize(
    ("role", "path"),
    [("employee", "/"), ("security-officer", "/granskning"), ("prototyper", "/utveckla/anvandning")],
)
def test_the_focus_is_seen_at_every_stop(forced: Forced, role: str, path: str) -> None:
    keys = Keys(forced(path, role))
    for _ in range(25):
        keys.press("Tab")
    assert keys.faults == []


MOTION = """
window.moved = [];
for (const kind of ['animationstart', 'transitionrun'])
  document.addEventListener(kind, (event) => window.moved.push(`${kind} ${event.animationName ?? event.propertyName}`));
"""


@pytest.mark.parametrize(("wish", "moving"), [("reduce", set()), ("no-preference", {"animationstart glow"})])
def test_nothing_moves_for_who_has_asked_for_that(
    visit: Visits, house: WebHouse, seeds: Seeds, wish: str, moving: set[str]
) -> None:
    """Through all that opens, closes and is busy; the mark of a busy answer is what moves for everybody else."""
    page = visit("/", reduced_motion=wish).page
    page.add_init_script(MOTION)
    page.goto(f"{house.url}/c/{seeds.conversation}")
    for opener in (
        re.compile("Svarssätt:"),
        re.compile("Dokument:"),
        "Konto och",
        re.compile("Källa 1 "),
        "Läs mer",
    ):
        opens_and_closes(page, opener)
    house.hangs("Så här långt")
    ask(page, "Det som pågår")
    expect(page.locator(".working")).to_have_text("Assistenten skriver …")
    if moving:
        page.wait_for_function("window.moved.length > 0")
    assert set(page.evaluate("window.moved")) == moving
    assert page.evaluate("document.getAnimations().length") == len(moving)
    page.get_by_role("button", name="Stoppa", exact=True).click()
    wait_for_answer(page)


def opens_and_closes(page: Page, opener: str | re.Pattern[str]) -> None:
    over = page.locator("[role=menu], [role=dialog], .panel")
    page.get_by_role("button", name=opener).first.click()
    over.first.wait_for()
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)

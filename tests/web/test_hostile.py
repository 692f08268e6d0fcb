"""Markup, scripts, addresses and look-alikes from others, through every surface that shows them."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.web.hostile import NAMES, TEXTS, harm, played_controls
from tests.web.house import WebHouse
from tests.web.sights import go, routes
from tests.web.talking import ask, wait_for_answer, without_documents
from tests.web.visiting import Visits
from tests.web.walks.seeds import RULE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

QUESTION = "Hur många dagar i veckan får en medarbetare arbeta på distans?"
PRINTABLE = [
    name for name in NAMES if name.isprintable()
]  # others are refused as names of collections and keys
WHOLE = "\n\n".join(TEXTS.values())


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<img src=https://evil.example/a.png>", "picture"),
        ("<img src=/api/evil.gif>", "picture"),
        ("<iframe srcdoc=x></iframe>", "element"),
        ("<p onclick='evil()'>x</p>", "handler"),
        ("<a href=' javascript:evil'>x</a>", "scheme"),
        ("<a href=https://evil.example>x</a>", "address"),
        ("<button class=evil-chip>x</button>", "identifier"),
        ("<p title='LÅTSAS'>x</p>", "title"),
        ("<p role=alert>LÅTSAS</p>", "played part"),
        ("<p>x\u202ey</p>", "deceptive"),
        ("<svg><animate></animate></svg>", "element"),
        ("<script>evil = 1</script>", "a script ran"),
    ],
)
def test_what_markup_could_do_is_seen_where_nothing_is_taken_out(
    browser_page: Page, markup: str, seen: str
) -> None:
    browser_page.set_content(f"<body>{markup}</body>")
    assert any(each.startswith(seen) for each in harm(browser_page)), harm(browser_page)


def test_a_control_that_foreign_text_has_named_is_seen(browser_page: Page) -> None:
    browser_page.set_content(
        "<button>LÅTSAS Logga in</button><button>LÅTSAS (evil.example)</button><p>LÅTSAS</p>"
    )
    assert played_controls(browser_page) == ["LÅTSAS Logga in"]


@pytest.fixture(autouse=True)
def _no_earlier_conversation(house: WebHouse) -> None:
    """The history beside a page has nothing to show but what the test put there."""
    house.forget_conversations()


def nothing_came_of_it(page: Page) -> None:
    """Neither of what is shown now, nor of what its arrival did before."""
    assert (harm(page), played_controls(page)) == ([], [])
    assert page.locator("h1").count() == 1


def letters_of(text: str) -> str:
    """A text as a person may see it: without what turns its direction or has no sign."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


# Texts.


def test_a_documents_text_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    document = house.document(house.collection("Fientliga texter"), "fientlig.txt", WHOLE)
    page = visit(f"/dokument/{document}").page
    expect(page.locator("main")).to_contain_text('<iframe src="https://evil.example/ram"')
    nothing_came_of_it(page)


def test_nothing_comes_of_an_answer_while_it_streams_in_nor_later(visit: Visits, house: WebHouse) -> None:
    page = visit("/").page
    house.writes(*(WHOLE[begin : begin + 9] for begin in range(0, len(WHOLE), 9)), gap=0.004)
    without_documents(page)
    ask(page, "Vad står det i bilagan?")
    answer = page.locator(".answer")
    for _ in range(8):
        page.wait_for_timeout(150)
        nothing_came_of_it(page)
    wait_for_answer(page)
    nothing_came_of_it(page)
    assert answer.locator(":is(.chip, form, input, a)").count() == 0
    page.reload()
    expect(answer.locator(".link-button").first).to_be_visible()
    nothing_came_of_it(page)


def test_a_link_by_others_is_followed_only_past_its_whole_address(visit: Visits, house: WebHouse) -> None:
    house.writes(TEXTS["link"], TEXTS["link that looks like another"])
    conversation = house.conversation("Vart leder länken?")
    page = visit(f"/c/{conversation}").page
    links = page.locator(".answer .link-button")
    expect(links).to_have_count(4)
    links.first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("https://evil.example/?q=xxx")
    way_out = dialog.get_by_role("link")
    assert way_out.get_attribute("rel") == "noopener noreferrer nofollow"
    page.keyboard.press("Escape")
    hosts = [text.rpartition("(")[2].rstrip(")") for text in links.all_inner_texts()]
    assert hosts == ["evil.example", "evil.example", "evil.example", "xn--evil-0ra.example"]


def test_a_question_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    conversation = house.conversation(WHOLE)
    page = visit(f"/c/{conversation}").page
    expect(page.locator(".question")).to_contain_text('<form action="https://evil.example/in"')
    nothing_came_of_it(page)


def test_quotations_and_their_passage_are_shown_as_their_letters(visit: Visits, house: WebHouse) -> None:
    collection = house.collection("Fientliga citat")
    text = RULE.replace(" veckan", " veckan <img src=//evil.example onerror=evil()>")
    house.document(collection, NAMES[0], text)
    conversation = house.conversation(QUESTION, mode="quotations", model=None, collections=[collection])
    page = visit(f"/c/{conversation}").page
    expect(page.locator(".answer blockquote").first).to_contain_text(
        "<img src=//evil.example onerror=evil()>"
    )
    nothing_came_of_it(page)
    page.locator(".origin").first.click()
    expect(page.locator("mark").first).to_be_visible()
    nothing_came_of_it(page)


# Names.


def test_a_conversations_name_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    named = []
    for name in NAMES:
        conversation = house.conversation("Vad heter den?")
        with house.api() as http:
            changed = http.patch(f"/api/conversations/{conversation}", json={"title": name})
        assert changed.status_code in {200, 204, 400, 422}, changed.text
        named += [conversation] if changed.is_success else []
    page = visit("/samtal").page
    expect(page.locator("main .history-list li")).to_have_count(len(NAMES))
    assert harm(page) == []
    for conversation in named[:3]:
        go(page, f"/c/{conversation}")
        expect(page.locator("h1")).to_contain_text("evil")
        assert harm(page) == []


def test_what_is_found_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    house.writes("Svaret nämner sökgodis och ", TEXTS["picture"], TEXTS["scripts"])
    house.conversation("Sökgodis <img src=x onerror='window.evil=1'> LÅTSAS \u202eomvänd")
    page = visit("/samtal").page
    page.locator("main").get_by_role("searchbox").fill("sökgodis")
    expect(page.locator(".history-snippet mark").first).to_be_visible()
    assert harm(page) == []


def test_the_names_of_files_and_collections_are_shown_as_their_letters(
    visit: Visits, house: WebHouse
) -> None:
    collections = [house.collection(name) for name in PRINTABLE]
    documents = [
        house.document(collections[0], name, f"Text {place}.") for place, name in enumerate(PRINTABLE)
    ]
    page = visit("/dokument").page
    expect(page.get_by_text(letters_of(NAMES[0])).first).to_be_visible()
    assert harm(page) == []
    go(page, f"/dokument/samling/{collections[0]}")
    expect(page.locator('main a[href*="/dokument/"]').nth(len(documents) - 1)).to_be_visible()
    assert harm(page) == []
    for document in documents[:3]:
        go(page, f"/dokument/{document}")
        expect(page.locator("h1")).to_contain_text("evil")
        assert harm(page) == []


def test_the_names_of_keys_are_shown_as_their_letters(visit: Visits, house: WebHouse) -> None:
    for name in NAMES:
        with house.api("prototyper") as http:
            assert http.post("/api/keys", json={"name": name}).status_code in {201, 400, 422}
    page = visit("/utveckla/nycklar", "prototyper").page
    expect(page.get_by_text(letters_of(NAMES[0])).first).to_be_visible()
    assert harm(page) == []


# Addresses.


@pytest.mark.parametrize("role", ["employee", "prototyper", "security-officer", "tenant-admin", "operator"])
def test_nothing_comes_of_what_an_address_carries(visit: Visits, role: str) -> None:
    watch = visit(role=role)
    watch.expected_statuses |= {400, 404, 422}
    words = quote('"><img src=x onerror="window.evil=1">\u202eLÅTSAS javascript:evil')
    keys = [
        "q",
        "m",
        "sida",
        "fran",
        "till",
        "kod",
        "modell",
        "matt",
        "from",
        "to",
        "actor",
        "type",
        "return_to",
        "sok",
    ]
    search = "&".join(f"{key}={words}" for key in keys)
    for route in sorted(routes()):
        path = re.sub(r"\$\w+", words, route)
        go(watch.page, f"{path}?{search}")
        watch.page.wait_for_timeout(250)
        assert harm(watch.page) == [], route

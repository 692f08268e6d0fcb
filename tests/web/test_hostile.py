"""Markup, scripts, addresses and look-alikes from others, through every surface that shows them."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.hostile import NAMES, TEXTS, harm, played_controls
from tests.web.house import WebHouse
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

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
    browser_page.set_content("<button>LÅTSAS Logga in</button><button>LÅTSAS (evil.example)</button><p>LÅTSAS</p>")
    assert played_controls(browser_page) == ["LÅTSAS Logga in"]


def test_a_documents_text_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    document = house.document(house.collection("Fientliga texter"), "fientlig.txt", WHOLE)
    page = visit(f"/dokument/{document}").page
    expect(page.locator("main")).to_contain_text('<iframe src="https://evil.example/ram"')
    assert (harm(page), played_controls(page)) == ([], [])

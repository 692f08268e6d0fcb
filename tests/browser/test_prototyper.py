"""A prototyper's session on a running lab: a key, a programme that uses it, its usage, and its end."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import openai
import pytest
from openai.types import CompletionUsage
from playwright.sync_api import expect

from tests.behaviour.labs import RunningLab, until
from tests.browser.person import PersonAtBrowser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CHAT = "smollm2-135m"
HELLO = [{"role": "user", "content": "Say hello."}]


def test_a_prototyper_from_login_to_logout(lab: RunningLab, sit_down: Callable[..., PersonAtBrowser]) -> None:
    person = sit_down(lab, "prototypare")
    person.log_in()
    person.go_to("Utveckla")
    address, name = base_url(person), f"Ärendeportalen {uuid4().hex[:6]}"
    secret = makes_a_key(person, name)
    is_shown_it_no_more(person, secret)
    with programme(address, secret) as client:
        used = client.chat.completions.create(model=CHAT, messages=HELLO, max_tokens=12).usage
        assert used is not None
        sees_its_usage(person, name, used)
        revokes(person, name)
        with pytest.raises(openai.AuthenticationError) as refused:
            client.models.list()
    assert refused.value.status_code == 401
    person.log_out()


def base_url(person: PersonAtBrowser) -> str:
    """As the page's own first steps tell it."""
    told = person.page.locator(".base code")
    expect(told).to_have_text(f"{person.lab.described.url}/v1")
    return told.inner_text()


@contextmanager
def programme(address: str, secret: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=address, api_key=secret, max_retries=0, timeout=120) as client:
        yield client


def makes_a_key(person: PersonAtBrowser, name: str) -> str:
    page = person.page
    page.get_by_role("link", name="Nycklar").click()
    page.get_by_role("button", name="Skapa nyckel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Namn").fill(name)
    dialog.get_by_role("button", name="Skapa nyckel").click()
    secret = dialog.get_by_label("Nyckel", exact=True).input_value()
    expect(dialog.get_by_role("button", name="Klar")).to_be_disabled()
    dialog.get_by_label("Jag har sparat nyckeln").check()
    dialog.get_by_role("button", name="Klar").click()
    expect(dialog).to_have_count(0)
    return secret


def is_shown_it_no_more(person: PersonAtBrowser, secret: str) -> None:
    page, (_, prefix, rest) = person.page, secret.split("_", 2)
    with page.expect_response("**/api/keys") as listed:
        page.reload()
    assert prefix in listed.value.text()
    expect(page.locator("li.key").filter(has_text=prefix)).to_contain_text("Aldrig")
    assert rest not in listed.value.text() + page.content()


def sees_its_usage(person: PersonAtBrowser, name: str, used: CompletionUsage) -> None:
    """In the table as soon as it is counted, and in the chart, which is drawn of the table's figures."""
    page = person.page
    page.get_by_role("link", name="Användning").click()
    page.wait_for_url("**/utveckla/anvandning")
    row = page.locator("table.table-figures tbody tr").filter(has_text=name)

    def is_counted() -> bool:
        page.goto(f"{person.lab.described.url}/utveckla/anvandning?tabell=true")
        page.locator("table.table-figures, .nothing").first.wait_for()
        return row.count() == 1

    until(is_counted, within=60, every=0.5)
    tokens = [str(used.prompt_tokens), str(used.completion_tokens)]
    assert row.get_by_role("cell").all_inner_texts() == [name, CHAT, "1", "1", "0", "0", "0", *tokens]
    calls = sum(map(number, page.locator("table.table-figures tbody td:nth-child(4)").all_inner_texts()))
    assert sum(map(number, page.locator(".legend .quiet").all_inner_texts())) == calls
    chart = page.get_by_role("img", name=re.compile("^Anrop per dygn")).get_attribute("aria-label")
    assert f"sammanlagt {calls}," in re.sub(r"(?<=\d)\s(?=\d)", "", str(chart))


def number(written: str) -> int:
    """As Swedish writes it, with a space for every thousand."""
    return int(re.sub(r"\s", "", written))


def revokes(person: PersonAtBrowser, name: str) -> None:
    page = person.page
    page.get_by_role("link", name="Nycklar").click()
    card = page.locator("li.key").filter(has=page.get_by_role("heading", name=name, exact=True))
    expect(card).not_to_contain_text("Aldrig")
    page.get_by_role("button", name=f"Återkalla {name}").click()
    page.get_by_role("alertdialog").get_by_role("button", name=f"Återkalla {name}").click()
    expect(page.get_by_role("button", name=f"Återkalla {name}")).to_have_count(0)
    page.locator("summary").click()
    expect(card).to_contain_text("Återkallad")

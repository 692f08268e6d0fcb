"""The pages of a prototyper."""

from playwright.sync_api import Locator, Page

from tests.web.sights import Sight, go
from tests.web.walks.seeds import Seeds

_NAME = "Nattlig sammanställning"


def _key(seeds: Seeds) -> None:
    """Two keys, one of them revoked, and usage; made once."""
    with seeds.house.api("prototyper") as http:
        if any(key["name"] == _NAME for key in http.get("/api/keys").json()["items"]):
            return
        made = [http.post("/api/keys", json={"name": name}).json() for name in (_NAME, "Prov från i våras")]
        http.delete(f"/api/keys/{made[1]['key']['key']}")
        http.post("/api/answers", json={"question": "Hur många dagar?", "model": "citat"})
        headers = {"authorization": f"Bearer {made[0]['secret']}"}
        http.post("/v1/embeddings", json={"model": "vektorer", "input": "hej"}, headers=headers)


def start(page: Page, _: Seeds) -> Locator:
    go(page, "/utveckla?kod=python")
    return page.get_by_text("pip install openai")


def keys(page: Page, seeds: Seeds) -> Locator:
    _key(seeds)
    go(page, "/utveckla/nycklar")
    page.locator("details > summary").click()
    return page.locator("details .key").first


def making(page: Page, seeds: Seeds) -> Locator:
    go(page, "/utveckla/nycklar")
    page.locator(".page-actions button").click()
    page.locator("input[type=radio]").nth(1).click()
    page.locator(".key-form [type=submit]").click()
    return page.locator("input[aria-invalid=true]")


def made(page: Page, seeds: Seeds) -> Locator:
    page.get_by_role("textbox").fill("Nyckel att titta på")
    page.locator("input[type=radio]").first.click()
    page.locator(".key-form [type=submit]").click()
    return page.locator(".secret-field")


def revoking(page: Page, seeds: Seeds) -> Locator:
    page.locator(".window [type=checkbox]").click()
    page.locator(".window .actions .button").click()
    page.locator(".key .button").first.click()
    return page.get_by_role("alertdialog")


def models(page: Page, _: Seeds) -> Locator:
    page.keyboard.press("Escape")
    go(page, "/utveckla/modeller")
    return page.locator("article").nth(3)


def usage(page: Page, seeds: Seeds) -> Locator:
    _key(seeds)
    go(page, "/utveckla/anvandning?tabell=true")
    return page.locator("table.table-figures")


def errors(page: Page, _: Seeds) -> Locator:
    go(page, "/utveckla/fel?q=limit_reached")
    return page.locator(".error-code").first


SIGHTS = [
    Sight("/utveckla", "code in Python", start),
    Sight("/utveckla/nycklar", "keys, those that ended too", keys),
    Sight("/utveckla/nycklar", "a key without a name", making),
    Sight("/utveckla/nycklar", "a secret shown once", made),
    Sight("/utveckla/nycklar", "a key to be revoked", revoking),
    Sight("/utveckla/modeller", "models", models),
    Sight("/utveckla/anvandning", "usage and its table", usage),
    Sight("/utveckla/fel", "errors that were searched for", errors),
]

"""The prototyper's room: a key from its making to its end, code that works as it is copied, usage and limits."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import openai
import pytest
from playwright.sync_api import Page, expect

from tests.gateway.people import THERE
from tests.web.built import ROOT
from tests.web.hostile import NAMES, harm
from tests.web.house import WebHouse
from tests.web.visiting import Visits

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
SECRET = re.compile(r"valv_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}")


def make_key(page: Page, name: str) -> str:
    """Describe a key and have it made; its secret, which is in sight."""
    page.get_by_role("button", name="Skapa nyckel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Namn").fill(name)
    dialog.get_by_role("button", name="Skapa nyckel").click()
    field = page.get_by_role("dialog").get_by_label("Nyckel", exact=True)
    return field.input_value()


def save_key(page: Page) -> None:
    page.get_by_label("Jag har sparat nyckeln").check()
    page.get_by_role("button", name="Klar").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def card(page: Page, name: str):
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.locator("li.key").filter(has=heading)


def asked(house: WebHouse, secret: str) -> str:
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=secret, max_retries=0) as client:
        messages = [{"role": "user", "content": "Hej"}]
        answer = client.chat.completions.create(model="skrivare", messages=messages)
    return answer.choices[0].message.content


def test_a_key_is_made_copied_used_seen_in_usage_and_revoked(visit: Visits, house: WebHouse) -> None:
    name = "=1+1 ärendeportalen"
    page = visit("/utveckla/nycklar", role="prototyper", **CLIPBOARD).page
    secret = make_key(page, name)
    assert SECRET.fullmatch(secret)
    page.keyboard.press("Escape")
    page.mouse.click(5, 5)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Klar")).to_be_disabled()
    page.get_by_role("button", name="Kopiera nyckeln").click()
    expect(page.get_by_role("dialog").get_by_text("Kopierat")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    save_key(page)
    assert secret not in page.content()

    assert asked(house, secret) == "Hej"
    page.get_by_role("link", name="Snabbstart").click()
    page.get_by_role("link", name="Nycklar").click()
    expect(card(page, name)).not_to_contain_text("Aldrig")
    page.get_by_role("link", name="Användning").click()
    page.get_by_role("button", name="Visa som tabell").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_have_count(1)
    assert row.get_by_role("cell").all_inner_texts() == [name, "skrivare", "1", "1", "0", "0", "0", "5", "2"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner CSV").click()
    saved = Path(download.value.path()).read_text("utf-8-sig")
    (line,) = [each for each in csv.DictReader(io.StringIO(saved), delimiter=";") if name in each["Nyckel"]]
    assert (line["Nyckel"], line["Modell"], line["Anrop"], line["Token in"]) == (
        f"'{name}",
        "skrivare",
        "1",
        "5",
    )

    page.get_by_role("link", name="Nycklar").click()
    page.get_by_role("button", name=f"Återkalla {name}").click()
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("heading")).to_have_text(f"Återkalla nyckeln {name}?")
    expect(question.get_by_role("button", name="Avbryt")).to_be_focused()
    question.get_by_role("button", name=f"Återkalla {name}").click()
    expect(page.get_by_role("button", name=f"Återkalla {name}")).to_have_count(0)
    expect(page.get_by_role("heading", name="Nycklar som gäller")).to_be_focused()
    with pytest.raises(openai.AuthenticationError):
        asked(house, secret)
    page.locator("summary").click()
    expect(card(page, name)).to_contain_text("Återkallad")


def test_a_key_can_only_do_what_was_chosen_for_it(visit: Visits, house: WebHouse) -> None:
    page = visit("/utveckla/nycklar", role="prototyper").page
    page.get_by_role("button", name="Skapa nyckel").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Namn").fill("Bara vektorer")
    for box in ("Ställa frågor", "Låta modeller", "Söka i", "Se vilka samlingar", "Se vilka modeller"):
        dialog.get_by_label(box).uncheck()
    dialog.get_by_label("Bara dessa").check()
    dialog.get_by_label("Vektorer", exact=True).check()
    dialog.get_by_label("Gäller i").select_option("7")
    dialog.get_by_role("button", name="Skapa nyckel").click()
    secret = dialog.get_by_label("Nyckel", exact=True).input_value()
    save_key(page)
    expect(card(page, "Bara vektorer")).to_contain_text("göra vektorer")
    expect(card(page, "Bara vektorer")).to_contain_text("Går snart ut")
    with openai.OpenAI(base_url=f"{house.url}/v1", api_key=secret, max_retries=0) as client:
        assert len(client.embeddings.create(model="vektorer", input="hej").data[0].embedding) == 384
    with pytest.raises(openai.PermissionDeniedError):
        asked(house, secret)


def test_what_a_new_key_lacks_is_said_at_the_field_and_nothing_is_made(
    visit: Visits, house: WebHouse
) -> None:
    watch = visit("/utveckla/nycklar", role="prototyper")
    page = watch.page
    made = len(house.records(type="key.create"))
    page.get_by_role("button", name="Skapa nyckel").click()
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Skapa nyckel")
    send.click()
    name = dialog.get_by_label("Namn")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("Ge nyckeln ett namn"))
    name.fill("Utan rättigheter")
    boxes = dialog.get_by_role("checkbox")
    for place in range(boxes.count()):
        boxes.nth(place).uncheck()
    send.click()
    expect(dialog.get_by_text("Välj minst en sak.")).to_be_visible()
    expect(boxes.first).to_be_focused()
    assert len(house.records(type="key.create")) == made

    boxes.first.check()
    watch.expected_statuses.add(503)
    problem = {"status": 503, "slug": "audit_unavailable", "title": "Loggen svarar inte.", "request_id": "X"}
    answer = {"status": 503, "content_type": "application/problem+json", "body": json.dumps(problem)}
    page.route("**/api/keys", lambda route: route.fulfill(**answer))
    send.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Loggen svarar inte.")
    expect(name).to_have_value("Utan rättigheter")


def test_each_role_has_what_it_may_do(visit: Visits, house: WebHouse) -> None:
    house.key()
    page = visit("/utveckla/nycklar", role="tenant-admin").page
    expect(page.get_by_role("heading", name="Nycklar", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Skapa nyckel")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Återkalla")).first).to_be_visible()
    page = visit("/utveckla", role="employee").page
    expect(page.get_by_role("heading", level=1)).to_have_text("Det här får du inte göra")
    expect(page.get_by_role("link", name="Utveckla")).to_have_count(0)


def test_another_organisations_keys_and_usage_are_not_shown(visit: Visits, house: WebHouse) -> None:
    page = visit("/utveckla/nycklar", role="prototyper").page
    secret = make_key(page, "Bara Ekdalens")
    save_key(page)
    asked(house, secret)
    other = visit("/utveckla/anvandning?tabell=true", role="prototyper", tenant=THERE).page
    expect(other.get_by_role("heading", name="Kvar just nu")).to_be_visible()
    expect(other.get_by_text("Hela organisationen")).to_be_visible()
    expect(other.get_by_text("Bara Ekdalens")).to_have_count(0)


def test_a_keys_name_is_shown_as_its_letters(visit: Visits, house: WebHouse) -> None:
    # Other keys have the same names.
    names = [f"{name} 2" for name in NAMES if name.isprintable() and len(name) <= 98]
    assert len(names) > 8
    for name in names:
        asked(house, house.made("/api/keys", {"name": name}, role="prototyper")["secret"])
    page = visit("/utveckla/nycklar", role="prototyper").page
    for name in names:
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=f"Återkalla {name}", exact=True)).to_be_visible()
    assert harm(page) == []
    page.goto(f"{house.url}/utveckla/anvandning?tabell=true")
    for name in names:
        expect(page.get_by_role("cell", name=name, exact=True)).to_be_visible()
    assert harm(page) == []


# Code as it is copied.


def copied(page: Page, what: str) -> str:
    page.get_by_role("button", name=f"Kopiera {what}").click()
    expect(page.get_by_role("button", name=f"Kopiera {what}")).to_contain_text("Kopierat")
    return page.evaluate("navigator.clipboard.readText()")


def javascript() -> Path:
    """Where the installer has put OpenAI's package for JavaScript."""
    note = json.loads((ROOT / ".venv" / "installed.json").read_text("utf-8"))
    if "javascript" not in note:
        pytest.skip(
            "OpenAI's package for JavaScript is not installed: python3 deploy/setup/install.py javascript"
        )
    return Path(note["javascript"])


def run(command: list[str], folder: Path, **variables: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def execute(way: str, code: str, folder: Path, secret: str) -> str:
    """What the code prints when it is run as it stands."""
    if way == "curl":
        return run(["bash", "-c", code], folder, VALV_API_KEY=secret)
    if way == "javascript":
        (folder / "node_modules").symlink_to(javascript() / "node_modules")
        (folder / "hej.mjs").write_text(code, encoding="utf-8")
        return run(["node", "hej.mjs"], folder, VALV_API_KEY=secret)
    (folder / "hej.py").write_text(code, encoding="utf-8")
    return run([sys.executable, "hej.py"], folder, VALV_API_KEY=secret)


@pytest.mark.parametrize("way", ["curl", "python", "javascript", "langchain"])
def test_code_works_as_it_is_copied(visit: Visits, house: WebHouse, tmp_path: Path, way: str) -> None:
    secret = house.key()
    expected = {
        "skrivare": {"curl": '"content":"Hej"'}.get(way, "Hej\n"),
        "vektorer": {"curl": '"embedding":['}.get(way, "384\n"),
    }
    page = visit("/utveckla", role="prototyper", **CLIPBOARD).page
    tab = {"curl": "curl", "python": "Python", "javascript": "JavaScript", "langchain": "LangChain"}[way]
    page.get_by_role("tab", name=tab).click()
    for model, answer in expected.items():
        page.get_by_label("Modell").select_option(model)
        code = copied(page, "koden")
        assert f"{house.url}/v1" in code
        assert "VALV_API_KEY" in code
        folder = tmp_path / model
        folder.mkdir()
        printed = execute(way, code, folder, secret)
        assert answer in printed, printed
    page.reload()
    expect(page.get_by_label("Modell")).to_have_value("vektorer")
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")


def test_the_lines_for_the_environment_work_as_they_are_copied(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    secret = house.key()
    page = visit("/utveckla", role="prototyper", **CLIPBOARD).page
    keep, variables = copied(page, "raden som läser in nyckeln"), copied(page, "miljövariablerna")
    assert copied(page, "basadressen") == f"{house.url}/v1"
    (tmp_path / "key").write_text(secret + "\n")
    (tmp_path / "oförändrad.py").write_text(
        "from openai import OpenAI\nprint([model.id for model in OpenAI().models.list()])\n", encoding="utf-8"
    )
    script = f"{{ {keep}; }} < key\n{variables}\n{sys.executable} oförändrad.py"
    assert "'skrivare'" in run(["bash", "-c", script], tmp_path)


# Usage, limits, models and errors.


def test_what_is_looked_at_stays_in_the_address(visit: Visits, house: WebHouse) -> None:
    asked(house, house.key())
    page = visit("/utveckla/anvandning", role="prototyper").page
    page.get_by_role("button", name="7 dagar").click()
    page.get_by_role("button", name="Token", exact=True).click()
    expect(page.get_by_role("img", name=re.compile("^Token per dygn"))).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="7 dagar")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("img", name=re.compile("^Token per dygn"))).to_be_visible()
    page.get_by_role("textbox", name="Från").fill("2020-01-05")
    page.get_by_role("textbox", name="Till").fill("2020-01-01")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_text("Från-dagen måste komma före till-dagen.")).to_be_visible()
    page.get_by_role("textbox", name="Till").fill("2020-01-09")
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_text("Inga anrop under perioden.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("img", name=re.compile("^Token per dygn"))).to_be_visible()


def test_the_bars_and_the_table_say_the_same(visit: Visits, house: WebHouse) -> None:
    asked(house, house.key())
    page = visit("/utveckla/anvandning?tabell=true", role="prototyper").page
    calls = page.locator("table.table-figures tbody td:nth-child(4)")
    calls.first.wait_for()
    total = sum(int(re.sub(r"\s", "", each)) for each in calls.all_inner_texts())
    label = page.get_by_role("img", name=re.compile("^Anrop per dygn")).get_attribute("aria-label")
    assert f"sammanlagt {total}," in label.replace("\u00a0", "")


def test_the_headers_that_are_explained_are_those_of_an_answer(visit: Visits, house: WebHouse) -> None:
    secret = house.key()
    body = {"model": "skrivare", "messages": [{"role": "user", "content": "Hej"}]}
    sent = {"authorization": f"Bearer {secret}"}
    answer = httpx.post(f"{house.url}/v1/chat/completions", json=body, headers=sent, trust_env=False)
    page = visit("/utveckla/anvandning", role="prototyper").page
    told = page.locator("th[scope=row] code").all_inner_texts()
    assert len(told) == 3
    assert [header for header in told if header not in answer.headers] == []


def test_what_is_left_is_shown_for_the_organisation_and_each_key(visit: Visits, house: WebHouse) -> None:
    secret = house.key()
    with house.api("prototyper") as http:
        left = http.get("/api/limits").json()
    page = visit("/utveckla/anvandning", role="prototyper").page
    meters = page.get_by_role("meter")
    expect(meters.first).to_have_accessible_name("Hela organisationen")
    assert meters.count() == 1 + len(left["keys"])
    assert secret.split("_")[1] in {each["key"] for each in left["keys"]}
    limit = f"{left['organisation']['limit']:,}".replace(",", "\u00a0")
    expect(page.get_by_text(f"av {limit} anrop kvar den här minuten").first).to_be_visible()


def test_a_model_tells_what_a_programme_needs_and_leads_to_its_first_call(visit: Visits) -> None:
    page = visit("/utveckla/modeller", role="prototyper").page
    writer = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Skrivare"))
    for fact in ("skrivare", "4\u00a0096 token", "engelska, svenska", "/v1/completions", "sha256:1111"):
        expect(writer).to_contain_text(fact)
    vectors = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Vektorer"))
    expect(vectors).to_contain_text("/v1/embeddings")
    # It may be sent more than this lab is for, which counts here too.
    expect(vectors).to_contain_text("intern information")
    vectors.get_by_role("link", name="Prova Vektorer").click()
    expect(page.get_by_label("Modell")).to_have_value("vektorer")
    expect(page.locator("pre").filter(has_text="/v1/embeddings")).to_be_visible()


def test_an_error_that_a_programme_met_is_found_with_cause_and_fix(visit: Visits, house: WebHouse) -> None:
    with pytest.raises(openai.AuthenticationError) as met:
        asked(house, "valv_aaaaaaaa_" + "a" * 43)
    page = visit("/utveckla/fel", role="prototyper").page
    page.get_by_label("Sök på kod eller text").fill(met.value.code)
    found = page.locator(".error-code")
    expect(found).to_have_count(1)
    expect(found).to_contain_text(str(met.value.status_code))
    expect(
        page.get_by_text("Nyckeln saknas, är felskriven, har gått ut eller är återkallad.")
    ).to_be_visible()
    page.reload()
    expect(found).to_have_count(1)
    page.get_by_label("Sök på kod eller text").fill("finns inte alls")
    expect(page.get_by_text("Inget fel passar in på sökningen.")).to_be_visible()

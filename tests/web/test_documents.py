"""Documents in the browser: collections, files on their way in, and the page that a citation comes from."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.gateway.people import THERE
from tests.rag import files
from tests.web.hostile import NAMES, harm
from tests.web.house import WebHouse
from tests.web.visiting import Visits

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "deploy" / "demo" / "documents" / "ekdalen"
PDF = "application/pdf"
DROP = """async ([files, target]) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


def choose(page: Page, folder: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Välj filer").click()
    chooser.value.set_files([folder / name for name in contents])


def row(page: Page, name: str):
    return page.get_by_role("listitem").filter(has_text=name)


def announced(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_have_count(1, timeout=20_000)


def test_a_collection_is_made_filled_asked_of_renamed_and_ended(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    page = visit("/dokument").page
    page.get_by_role("button", name="Ny samling").click()
    page.get_by_role("textbox", name="Namn").fill("Resor i tjänsten")
    page.keyboard.press("Enter")
    announced(page, "Samlingen Resor i tjänsten är skapad.")
    page.get_by_role("link", name="Resor i tjänsten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resor i tjänsten")
    expect(page.get_by_text("Samlingen är tom")).to_be_visible()
    choose(page, tmp_path, {"resor.txt": "Den som reser i tjänsten åker tåg före flyg.".encode()})
    announced(page, "resor.txt är klart och går att fråga om.")
    page.get_by_role("link", name="resor.txt").click()
    expect(page.get_by_role("region", name="resor.txt")).to_contain_text("åker tåg före flyg")
    page.get_by_role("button", name="Tillbaka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resor i tjänsten")
    page.get_by_role("link", name="Alla samlingar").click()
    page.get_by_role("button", name="Byt namn på Resor i tjänsten").click()
    page.get_by_role("textbox", name="Namn").fill("Tjänsteresor")
    page.get_by_role("button", name="Spara namnet").click()
    announced(page, "Samlingen heter nu Tjänsteresor.")
    page.get_by_role("button", name="Ta bort Tjänsteresor").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Samlingen Tjänsteresor och 1 dokument i den tas bort för alla.")
    dialog.get_by_role("button", name="Behåll").click()
    expect(page.get_by_role("link", name="Tjänsteresor")).to_be_visible()
    page.get_by_role("button", name="Ta bort Tjänsteresor").click()
    page.get_by_role("button", name="Ta bort samlingen").click()
    announced(page, "Samlingen Tjänsteresor är borttagen.")
    expect(page.get_by_role("link", name="Tjänsteresor")).to_have_count(0)
    with house.api() as http:
        assert "Tjänsteresor" not in http.get("/api/collections").text


FAULTS = {
    "hemlig.pdf": (files.locked_pdf(), "låst med lösenord"),
    "inskannad.pdf": (files.pdf([[]]), "textigenkänning"),
    "trasig.pdf": (b"%PDF-1.7\nnothing", "skadad"),
    "inte.pdf": (b"hej", "ingen PDF"),
    "tom.txt": (b"", "Filen är tom"),
    "program.exe": (b"MZ", "Filtypen kan inte läsas"),
    "stor.txt": (b"x" * 21_000_000, "större än 20"),
    "omv\u202efdp.txt": (b"hej", "tecken som inte syns"),
}


def test_each_file_that_can_not_be_taken_in_says_what_to_do_and_keeps_no_other_waiting(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    made = house.collection("Blandat")
    watch = visit(f"/dokument/samling/{made}")
    watch.expected_statuses |= {400, 422}
    page = watch.page
    expect(page.get_by_text("Högst 20 MB per fil")).to_be_visible()
    bad = {name: content for name, (content, _) in FAULTS.items()}
    choose(page, tmp_path, {**bad, "bra.txt": b"Bra text."})
    announced(page, "bra.txt är klart")
    for name, (_, advice) in FAULTS.items():
        seen = name.replace("\u202e", "⟨202E⟩")
        expect(row(page, seen)).to_contain_text(advice, timeout=20_000)
    expect(page.get_by_role("button", name=re.compile("Försök igen"))).to_have_count(0)
    expect(page.get_by_role("region", name="Kunde inte tas in").get_by_role("listitem")).not_to_have_count(0)
    expect(page.get_by_role("region", name="På väg in")).to_have_count(0)
    row(page, "tom.txt").get_by_role("button", name="Ta bort tom.txt ur listan").click()
    expect(row(page, "tom.txt")).to_have_count(0)
    row(page, "hemlig.pdf").get_by_role("button", name="Ta bort hemlig.pdf").click()
    page.get_by_role("button", name="Ta bort dokumentet").click()
    announced(page, "hemlig.pdf är borttaget.")
    expect(row(page, "hemlig.pdf")).to_have_count(0)


def test_files_are_dropped_and_polling_ends_when_they_are_there(visit: Visits, house: WebHouse) -> None:
    made = house.collection("Släppt")
    page = visit(f"/dokument/samling/{made}").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    target = page.locator(".drop").element_handle()
    page.evaluate(DROP, [[["ett.txt", "Text ett."], ["två.txt", "Text två."]], target])
    for name in ("ett.txt", "två.txt"):
        expect(page.get_by_role("link", name=name)).to_be_visible(timeout=20_000)
    page.wait_for_timeout(500)
    asked.clear()
    page.wait_for_timeout(2500)
    assert asked == []


def test_a_file_that_is_being_sent_is_cancelled_and_one_that_got_lost_is_sent_again(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    made = house.collection("Avbrutet")
    watch = visit(f"/dokument/samling/{made}")
    watch.expected_statuses.add(0)
    page = watch.page
    held: list[object] = []
    page.route(
        "**/documents",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    choose(page, tmp_path, {"ett.txt": b"Ett.", "två.txt": b"Tre."})
    expect(row(page, "ett.txt")).to_contain_text("Skickas")
    expect(row(page, "två.txt")).to_contain_text("Väntar")
    page.get_by_role("button", name="Avbryt ett.txt").click()
    announced(page, "ett.txt avbröts.")
    expect(row(page, "ett.txt")).to_have_count(0)
    expect(row(page, "två.txt")).to_contain_text("Skickas")
    while len(held) < 2:
        page.wait_for_timeout(20)
    held[-1].abort()
    expect(row(page, "två.txt")).to_contain_text("Kontrollera nätet")
    page.unroute("**/documents")
    page.get_by_role("button", name="Försök igen med två.txt").click()
    announced(page, "två.txt är klart")
    watch.faults[:] = [fault for fault in watch.faults if "ERR_FAILED" not in fault]
    with house.api() as http:
        items = http.get(f"/api/collections/{made}/documents").json()["items"]
    assert [item["name"] for item in items] == ["två.txt"]


def test_what_is_being_sent_goes_on_while_another_page_is_looked_at(
    visit: Visits, house: WebHouse, tmp_path: Path
) -> None:
    made = house.collection("Under tiden")
    page = visit(f"/dokument/samling/{made}").page
    held: list[object] = []
    page.route(
        "**/documents",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    choose(page, tmp_path, {"lång.txt": b"En text."})
    expect(row(page, "lång.txt")).to_contain_text("Skickas")
    page.get_by_role("link", name="Alla samlingar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dokument")
    page.get_by_role("link", name="Under tiden").click()
    expect(row(page, "lång.txt")).to_contain_text("Skickas")
    held[-1].continue_()
    expect(page.get_by_role("link", name="lång.txt")).to_be_visible(timeout=20_000)


def test_who_has_no_pointer_is_not_told_to_drop_files(visit: Visits, house: WebHouse) -> None:
    made = house.collection("Telefon")
    page = visit(f"/dokument/samling/{made}", has_touch=True, is_mobile=True).page
    expect(page.get_by_role("button", name="Välj filer")).to_be_visible()
    expect(page.get_by_text("Släpp filer här")).to_have_count(0)


def test_whoever_may_not_write_sees_no_way_to(visit: Visits, house: WebHouse) -> None:
    watch = visit("/installningar", role="security-officer")
    watch.expected_statuses.add(403)
    watch.page.goto(f"{house.url}/dokument")
    expect(watch.page.get_by_role("heading", level=1)).not_to_have_text("Dokument")
    made = house.collection("Andras")
    other = visit("/dokument", tenant=THERE)
    other.expected_statuses.add(404)
    other.page.goto(f"{house.url}/dokument/samling/{made}")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Samlingen finns inte")
    expect(other.page.get_by_role("button", name="Välj filer")).to_have_count(0)


@pytest.fixture(scope="module")
def rules(the_house: WebHouse) -> dict[str, object]:
    """A demo document of three pages, and a sentence on its second one."""
    the_house.quiet()
    made = the_house.collection("Styrdokument med sidor")
    document = the_house.document(made, "distansarbete.pdf", (DEMO / "distansarbete.pdf").read_bytes())
    quote = "Outnyttjade distansdagar sparas inte till en annan vecka."
    with the_house.api() as http:
        text = http.get(f"/api/documents/{document}/pages/2").json()["text"]
        start = text.index(quote)
        span = {"start": start, "end": start + len(quote)}
        layout = http.get(f"/api/documents/{document}/pages/2/layout", params=span).json()
    path = f"/dokument/{document}?sida=2&fran={start}&till={start + len(quote)}"
    return {"path": path, "quote": quote, "layout": layout, "document": document, "collection": made}


def test_the_mark_lies_over_the_words_that_are_quoted(
    visit: Visits, house: WebHouse, rules: dict[str, object]
) -> None:
    page = visit(rules["path"]).page
    marks = page.locator(".paper-mark")
    expect(marks).to_have_count(len(rules["layout"]["marked"]))
    paper, mark = page.locator(".paper").bounding_box(), marks.first.bounding_box()
    said = rules["layout"]["marked"][0]
    assert abs((mark["x"] - paper["x"]) / paper["width"] - said["x"]) < 0.01
    assert abs((mark["y"] - paper["y"]) / paper["height"] - said["y"]) < 0.01
    expect(marks.first).to_be_in_viewport()
    page.mouse.move(mark["x"] + 2, mark["y"] + mark["height"] / 2)
    page.mouse.down()
    page.mouse.move(mark["x"] + mark["width"] - 1, mark["y"] + mark["height"] / 2, steps=6)
    page.mouse.up()
    assert page.evaluate("getSelection().toString()").strip() == rules["quote"]
    house.until(lambda: _ink(marks.first) > 200)


def _ink(shown: Locator) -> int:
    """Dark pixels of what is shown: text on paper."""
    shot = Image.open(io.BytesIO(shown.screenshot())).convert("RGB")
    return sum(min(pixel) < 100 for pixel in shot.get_flattened_data())


def test_a_page_is_leafed_zoomed_and_read_as_text_by_keyboard(
    visit: Visits, rules: dict[str, object]
) -> None:
    page = visit(rules["path"]).page
    sheet = page.get_by_role("region", name="som bild")
    expect(sheet).to_contain_text(f"Markerat avsnitt: {rules['quote'][:20]}")
    before = page.locator(".paper").bounding_box()["width"]
    sheet.focus()
    page.keyboard.press("+")
    expect(page.get_by_text("125 %")).to_be_visible()
    assert page.locator(".paper").bounding_box()["width"] == pytest.approx(before * 1.25, rel=0.02)
    page.keyboard.press("0")
    page.get_by_role("button", name="Nästa sida").press("Enter")
    expect(page.get_by_text("Sidan 3 av 3")).to_be_visible()
    assert "sida=3" in page.url
    expect(page.locator(".paper-mark")).to_have_count(0)
    page.get_by_role("button", name="Till det markerade avsnittet").press("Enter")
    expect(page.locator(".paper-mark").first).to_be_visible()
    page.get_by_role("radio", name="Text").press("Enter")
    expect(page.locator("mark")).to_contain_text(rules["quote"])
    assert "vy=text" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner filen").click()
    assert download.value.suggested_filename == "distansarbete.pdf"


def test_on_a_phone_a_place_opens_as_text_that_can_be_read(visit: Visits, rules: dict[str, object]) -> None:
    page = visit(rules["path"], viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True).page
    expect(page.get_by_role("radio", name="Text")).to_be_checked()
    expect(page.locator("mark")).to_contain_text(rules["quote"])
    expect(page.locator("mark")).to_be_in_viewport(ratio=1)
    page.locator(".switch-side", has_text="Sida").tap()
    expect(page.locator(".paper-mark").first).to_be_visible()
    page.reload()
    expect(page.locator(".paper-mark").first).to_be_visible()
    page.get_by_role("button", name="Nästa sida").tap()
    expect(page.get_by_role("region", name="som bild")).to_be_visible()


def test_a_page_that_can_not_be_drawn_offers_its_text(visit: Visits, house: WebHouse) -> None:
    made = house.collection("Skadat sedan")
    document = house.document(made, "skadad.pdf", files.pdf([["Texten finns kvar."]]))
    original = house.run(house.inner.lab.library.shelf(house.inner.tenant()).original(document))
    original.write_bytes(b"%PDF-1.7\nno longer")
    watch = visit(f"/dokument/{document}")
    watch.expected_statuses.add(422)
    page = watch.page
    expect(page.get_by_role("alert")).to_contain_text("Sidan kan inte visas som bild")
    page.get_by_role("button", name="Visa texten").click()
    expect(page.get_by_role("region", name="skadad.pdf")).to_contain_text("Texten finns kvar.")


def test_names_by_others_are_shown_as_their_letters(visit: Visits, house: WebHouse) -> None:
    made = house.collection("<b id=evil>Fientliga</b> namn")
    # A quotation mark travels as %22 in a form (HTML, multipart form data).
    names = [name.replace('"', "%22") for name in NAMES if name.isprintable() and "LÅTSAS" not in name]
    for at, name in enumerate(names):
        house.document(made, name, f"Text {at}.")
    page = visit(f"/dokument/samling/{made}").page
    for name in names:
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=f"Ta bort {name}", exact=True)).to_be_visible()
    assert harm(page) == []
    page.get_by_role("button", name=f"Ta bort {names[0]}", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(f"{names[0]} tas bort för alla.")
    assert harm(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name=names[1], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])
    assert harm(page) == []

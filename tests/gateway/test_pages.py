"""A page of a PDF is shown as it looks, to those who may read it, and can do nothing but be seen."""

import pytest

from tests.gateway.people import HERE
from tests.rag.files import pdf

pytestmark = pytest.mark.anyio


async def test_the_image_can_only_be_seen_and_is_kept_nowhere(house, shared_things):
    async with await house.person("employee") as person:
        answer = await person.get(f"/api/documents/{shared_things.drawn}/pages/1/image")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[:4] == b"RIFF"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    (record,) = await house.records_of(answer)
    assert (record["type"], record["detail"]) == ("doc.view", {"document": shared_things.drawn, "page": "1"})


async def test_the_layout_marks_what_the_page_says_there(house, shared_things):
    path = f"/api/documents/{shared_things.drawn}/pages/1"
    async with await house.person("employee") as person:
        page = (await person.get(path)).json()
        start = page["text"].index("bläck")
        layout = (await person.get(f"{path}/layout", params={"start": start, "end": start + 5})).json()
        bare = (await person.get(f"{path}/layout")).json()
    assert page["picture"] is True
    assert [line["text"].strip() for line in layout["lines"]] == ["Blankett", "Fylls i med bläck."]
    line, (mark,) = layout["lines"][1], layout["marked"]
    assert mark["y"] == line["y"]
    assert line["x"] < mark["x"] < mark["x"] + mark["width"] < line["x"] + line["width"]
    assert bare["marked"] == []


async def test_a_document_without_pictures_says_so(house, shared_things):
    async with await house.person("employee") as person:
        page = await person.get(f"/api/documents/{shared_things.document}/pages/1")
        assert page.json()["picture"] is False
        for part in ("image", "layout"):
            answer = await person.get(f"/api/documents/{shared_things.document}/pages/1/{part}")
            assert (answer.status_code, answer.json()["slug"]) == (404, "no_picture")


@pytest.mark.parametrize("page", ["0", "2", "-1", "99999999999999999999"])
async def test_a_page_that_is_not_there_is_not_found(house, shared_things, page):
    async with await house.person("employee") as person:
        answer = await person.get(f"/api/documents/{shared_things.drawn}/pages/{page}/image")
    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["start=-1", "end=x", "start=99999999999999"])
async def test_a_range_that_is_none_is_refused(house, shared_things, query):
    async with await house.person("employee") as person:
        answer = await person.get(f"/api/documents/{shared_things.drawn}/pages/1/layout?{query}")
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_that_can_not_be_drawn_is_told_with_its_reason(house):
    shelf = house.lab.library.shelf(house.tenant(HERE))
    made = await shelf.create_collection("Trasigt")
    document = await house.document(made.id, "lurig.pdf", pdf([["En sida"]]))
    original = await shelf.original(document)
    original.write_bytes(b"%PDF-1.7\nno longer")
    async with await house.person("employee") as person:
        answer = await person.get(f"/api/documents/{document}/pages/1/image")
    assert (answer.status_code, answer.json()["slug"]) == (422, "page_not_drawn")
    assert answer.json()["reason"] == "parser_failed"


async def test_a_collection_gets_another_name(house):
    async with await house.person("employee") as person:
        made = (await person.post("/api/collections", json={"name": "Gammalt"})).json()
        answer = await person.patch(f"/api/collections/{made['id']}", json={"name": " Nytt "})
        listed = (await person.get("/api/collections")).json()
    assert answer.status_code == 204
    assert {each["id"]: each["name"] for each in listed["items"]}[made["id"]] == "Nytt"
    assert listed["largest"] == 1_000_000
    (record,) = await house.records_of(answer)
    assert (record["type"], record["detail"]) == ("api.change", {"collection": made["id"]})
    assert "Nytt" not in str(record)

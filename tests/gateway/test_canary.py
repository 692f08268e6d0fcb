"""What people write, upload and call things is in no record, no index, no log line and no figure."""

import httpx
import pytest
import structlog

from auth.identity import TenantId
from tests.gateway.browsing import Browser, person
from tests.gateway.fakes import says
from tests.gateway.house import inspected
from tests.gateway.people import HERE, claims_of, username
from tests.gateway.routes import CHAT
from tests.gateway.serving import client
from tests.gateway.talking import Talk
from tests.inference.upstream import cut, events_then, hang, piece

pytestmark = pytest.mark.anyio


def canary(place):
    return f"k4n4rie{place}fagel"


async def everything_is_used(house):
    """Every place where text of people's comes in, each with a word of its own; returns the words."""
    words = {}

    def word(place):
        words[place] = canary(place)
        return words[place]

    async with await house.person() as employee:
        made = await employee.post("/api/collections", json={"name": word("samling")})
        collection = made.json()["id"]
        text = f"Riktlinje om {word('dokument')}. En medarbetare får ta ledigt två dagar i veckan."
        document = await house.document(collection, f"{word('filnamn')}.txt", text.encode())
        for model in ("citat", "skrivare"):
            house.chat.answer("/v1/chat/completions", says(word("svar")))
            question = f"Får {word('fraga')} ta ledigt två dagar i veckan? 19811218-9876"
            answered = await employee.post("/api/answers", json={"question": question, "model": model})
            assert answered.status_code == 200
        await employee.get(f"/api/documents/{document}/pages/1")
        await employee.get(f"/api/documents/{word('adress')}")
        await employee.get("/api/collections", params={word("fraga-i-adressen"): "1"})
        await employee.post("/api/collections", json={"name": "x", word("falt"): 1, "y": word("varde")})
        await _talked(house, employee, word)
    async with await house.person("prototyper") as prototyper:
        made = (await prototyper.post("/api/keys", json={"name": word("nyckelnamn")})).json()
        words["nyckel"] = made["secret"]
    async with client(house.url, made["secret"], user_agent=word("klient")) as programme:
        for stream in (False, True):
            body = {**CHAT, "stream": stream, "user": word("user"), "stop": [word("stopp")]}
            body["messages"] = [{"role": "user", "content": word("prompt"), "name": word("namn")}]
            assert (await programme.post("/v1/chat/completions", json=body)).status_code == 200
        await programme.post("/v1/completions", json={"model": "skrivare", "prompt": word("text")})
        await programme.post("/v1/embeddings", json={"model": "vektorer", "input": word("vektor")})
        await programme.post("/v1/chat/completions", json={**CHAT, "model": word("modell")})
        await programme.post(f"/v1/vector_stores/{word('hylla')}/search", json={"query": word("sokord")})
        found = await programme.post(
            f"/v1/vector_stores/{collection}/search", json={"query": word("sokord2")}
        )
        assert found.status_code == 200
    async with client(house.url, f"valv_abcd1234_{word('hemlighet'):x<43}") as nobody:
        await nobody.post("/v1/chat/completions", json=CHAT)
        await nobody.get(f"/{word('sida')}")
    words["losenord"] = await _logged_in(house)
    words["användarnamn"] = username("employee")
    words["visningsnamn"] = "Medarbetare, Ekdalen"
    words["token"] = (await house.people.token()).split(".")[2]
    words["personnummer"] = "19811218-9876"
    return words


async def _talked(house, employee, word):
    """A conversation: its name, questions, answers, drafts, what is searched for; what fails, too."""
    choices = {"model": "skrivare", "collections": []}
    made = (await employee.post("/api/conversations", json=choices)).json()
    talk = Talk(employee, made["id"])
    house.chat.answer("/v1/chat/completions", says(word("samtalssvar")))
    await employee.put("/api/conversations/draft", json={"text": word("utkast")})
    await employee.put(f"{talk.path}/draft", json={"text": word("samtalsutkast")})
    first = await talk.say(f"{word('samtalsfraga')}\n19811218-9876")
    await employee.patch(talk.path, json={"title": word("samtalsnamn")})
    await employee.patch(talk.path, json={"title": word("samtalsnamn-med-fel") + "\n"})
    await employee.patch(talk.path, json={"leaf": word("blad")})
    await employee.post("/api/conversations", json={"model": word("samtalsmodell")})
    await employee.post("/api/conversations/search", json={"text": word("samtalssok")})
    await employee.get("/api/conversations", params={"cursor": word("samtalslista")})
    await employee.get(f"/api/conversations/{word('samtalsadress')}")
    await employee.get(f"{talk.path}/messages/{first}/events", params={"after": word("samtalsplats")})
    await talk.post(word("samtalsfraga-med-fel"), parent=word("foralder"))
    house.chat.answer("/v1/chat/completions", events_then(cut, piece(word("avbrutet"))))
    await talk.events((await talk.ask(word("fraga-som-avbryts"), first))["answer"])
    house.chat.answer("/v1/chat/completions", events_then(hang, piece(word("stoppat"))))
    begun = await talk.ask(word("fraga-som-stoppas"), first)
    await house.chat.until(lambda server: server.asked[-1].body.find(b"fraga-som-stoppas") > 0)
    await talk.stop(begun["answer"])
    house.chat.answer("/v1/chat/completions", says(word("svar-efter-stopp")))
    taken = (await employee.get("/api/conversations/export")).text
    assert canary("samtalssvar") in taken
    assert canary("utkast") not in taken
    await employee.delete("/api/conversations")
    house.shared = None  # its conversation is gone too


async def _logged_in(house):
    browser = Browser(house.url, person(username("employee")))
    await browser.log_in()
    await browser.post("/auth/logout", csrf=await browser.csrf())
    await browser.close()
    await browser.person.close()
    return browser.person.password


def kept_by_the_ledger(house):
    house.lab.ledger.reader(TenantId(HERE)).checkpoint()  # what is on its way to the trees is in them
    folder = house.settings.audit.folder
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 5
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


async def test_the_words_of_people_are_nowhere_but_where_they_belong(house, capfd, caplog):
    caplog.set_level("WARNING")  # as gateway/server.py sets it
    with structlog.testing.capture_logs() as logged:
        words = await everything_is_used(house)
    async with await house.person("security-officer") as officer:
        await inspected(house, "verifications")
        listed = (await officer.get("/api/audit/records", params={"limit": 200})).text
        made = await inspected(house, "exports")
        package = (await officer.get(f"/api/audit/exports/{made['id']}/file")).content
    async with httpx.AsyncClient(trust_env=False) as http:
        figures = (await http.get(house.metrics_url)).text
    printed = "".join(capfd.readouterr())
    ours = [
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]
    places = {
        **kept_by_the_ledger(house),
        "listed": listed.encode(),
        "package": package,
        "figures": figures.encode(),
        "printed": printed.encode(),
        "events": str(logged).encode(),
        "logged": "\n".join(ours).encode(),
    }
    found = {
        (word, place)
        for word, text in words.items()
        for place, kept in places.items()
        if text.encode() in kept
    }
    assert found == set()
    assert len(words) > 35


async def test_the_words_did_reach_those_whom_they_were_meant_for(house):
    words = await everything_is_used(house)
    asked = b"".join(each.body for each in house.chat.asked + house.vectors.asked)
    for place in (
        "prompt",
        "text",
        "vektor",
        "dokument",
        "fraga",
        "sokord2",
        "samtalsfraga",
        "fraga-som-stoppas",
    ):
        assert words[place].encode() in asked, place


async def test_the_subject_of_a_person_is_only_in_the_map_that_can_be_forgotten(house):
    token = await house.people.token()
    async with client(house.url, token) as employee:
        await employee.get("/api/collections")
    await house.records()
    subject, session = claims_of(token)["sub"].encode(), claims_of(token)["sid"].encode()
    holding = {name for name, kept in kept_by_the_ledger(house).items() if subject in kept or session in kept}
    assert all("pseudonym" in name for name in holding), holding
    assert house.lab.ledger.reader(house.tenant(HERE)).pid(subject.decode()) is not None

"""What is another organisation's does not exist: not by any route, and not in the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.behaviour.callers import person, refusal
from tests.behaviour.labs import ROOT, RunningLab, readable_by_others, surroundings, until

ROLES = ("medarbetare", "prototypare", "granskare", "administrator")
QUESTION = "Hur många dagar i veckan får jag arbeta på distans?"
# The call path is beside the application that describes itself.
CALL_PATH = (("POST", "/v1/chat/completions"), ("POST", "/v1/completions"), ("POST", "/v1/embeddings"))
DRAWN = ROOT / "deploy" / "demo" / "documents" / "ekdalen" / "distansarbete.pdf"
# Names of things that no organisation owns, each for its reason.
NOBODYS = {
    "/v1/models/{name}": "the installation's models",
    "/api/about/words/{language}": "the installation's own words for the page",
    "/api/audit/records/{seq}": "a number in the caller's own log: the log is never named by the caller",
}
PLAIN = {
    "POST /v1/vector_stores/{store}/search": {"json": {"query": QUESTION}},
    "POST /api/conversations/{conversation}/messages": {"json": {"text": QUESTION}},
    "POST /api/conversations/{conversation}/messages/{question}/answers": {"json": {}},
    "PUT /api/conversations/{conversation}/draft": {"json": {"text": QUESTION}},
    "PATCH /api/conversations/{conversation}": {"json": {"title": "Mitt"}},
    "PATCH /api/collections/{collection}": {"json": {"name": "Norrskogs"}},
    "PUT /api/members/{member}/roles": {"json": {"roles": ["employee"]}},
    "POST /api/collections/{collection}/documents": {"files": {"file": ("ny.txt", b"Ett nytt dokument.")}},
}


@dataclass(frozen=True)
class Things:
    """What Ekdalen owns, one of each kind; ``drawn`` is a document whose pages are shown as pictures."""

    collection: str
    document: str
    drawn: str
    member: str
    key: str
    call: str
    conversation: str
    question: str
    answer: str
    verification: str
    export: str

    def path(self, template: str) -> str:
        shown = self.drawn if template.endswith(("/image", "/layout")) else self.document
        values = {"store": self.collection, "page": 1, **vars(self), "document": shown}
        return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), template)


@pytest.fixture
def things(lab: RunningLab) -> Iterator[Things]:
    admin, maker = person(lab, "administrator"), person(lab, "prototypare")
    collection = admin.post("/api/collections", name="Bara Ekdalens")["id"]
    document, drawn = (
        admin.upload(collection, name, content)["id"]
        for name, content in (
            ("hemligt.txt", "Kommunens kassavalv öppnas klockan sju.".encode()),
            ("ritad.pdf", DRAWN.read_bytes()),
        )
    )
    for path in (f"/api/documents/{document}", f"/api/documents/{drawn}"):
        until(
            lambda path=path: admin.get(path)["state"] == "ready",
            within=120,
            otherwise=lambda path=path: str(admin.get(path)),
        )
    member = admin.get("/api/members")["items"][0]["id"]
    call = person(lab, "medarbetare").ask("Hur dags öppnas kassavalvet?", collections=[collection]).call
    made_key = maker.post("/api/keys", name="Ekdalens", days=1)["key"]["key"]
    owner = person(lab, "medarbetare")
    talk = owner.post("/api/conversations", collections=[collection], mode="quotations")["id"]
    begun = owner.post(f"/api/conversations/{talk}/messages", text="Hur dags öppnas kassavalvet?")
    jobs = [
        person(lab, "granskare").wait_for(f"/api/audit/{kind}", call=call)["id"]
        for kind in ("verifications", "exports")
    ]
    yield Things(
        collection, document, drawn, member, made_key, call, talk, begun["question"], begun["answer"], *jobs
    )
    person(lab, "administrator").http.delete(f"/api/collections/{collection}")
    person(lab, "medarbetare").http.delete(f"/api/conversations/{talk}")


def described_routes(lab: RunningLab) -> list[tuple[str, str]]:
    """Every route of the running lab, by its own description."""
    with lab.http() as http:
        paths = http.get("/openapi.json").raise_for_status().json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def test_every_route_that_takes_an_id_denies_another_organisations(lab: RunningLab, things: Things) -> None:
    with_id = [(m, p) for m, p in described_routes(lab) if "{" in p and p not in NOBODYS]
    assert len(with_id) >= 8, "the description of the lab has lost its routes"
    for method, template in with_id:
        seen = {role: answered(lab, role, method, template, things) for role in ROLES}
        assert set(seen.values()) <= {(404, "not_found"), (403, "forbidden")}, (method, template, seen)
        assert (404, "not_found") in seen.values(), f"nobody may {method} {template}: {seen}"


def answered(lab: RunningLab, role: str, method: str, template: str, things: Things) -> tuple[int, str]:
    """What one of Norrskog's people is told."""
    sent: dict[str, Any] = PLAIN.get(f"{method} {template}", {})
    return refusal(person(lab, role, "norrskog").http.request(method, things.path(template), **sent))


def test_the_owner_reaches_the_same_things_by_the_same_routes(lab: RunningLab, things: Things) -> None:
    for method, template in described_routes(lab):
        if method == "GET" and "{" in template and template not in NOBODYS:
            owner = "granskare" if template.startswith("/api/audit/") else "medarbetare"
            answer = person(lab, owner).http.get(things.path(template))
            assert answer.status_code == 200, (template, answer.text)


def test_an_id_in_a_body_is_denied_as_one_in_a_path_is(lab: RunningLab, things: Things) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    tool = {"type": "file_search", "vector_store_ids": [things.collection]}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("/api/answers", {"question": QUESTION, "collections": [things.collection]}),
        (
            "/v1/chat/completions",
            {"model": "citat", "messages": messages, "collections": [things.collection]},
        ),
        ("/v1/chat/completions", {"model": "citat", "messages": messages, "tools": [tool]}),
        (
            "/v1/chat/completions",
            {"model": "smollm2-135m", "messages": messages, "tools": [tool], "stream": True},
        ),
    ]
    for path, body in bodies:
        answer = person(lab, "prototypare", "norrskog").http.post(path, json=body)
        assert refusal(answer) == (404, "not_found"), (path, body)


def test_lists_searches_and_answers_hold_nothing_of_the_other_organisation(
    lab: RunningLab, things: Things
) -> None:
    stranger = person(lab, "prototypare", "norrskog")
    told = [
        stranger.http.get(path).text
        for path in ("/api/collections", "/v1/vector_stores", "/api/keys", "/api/conversations")
    ]
    told.append(
        person(lab, "granskare", "norrskog").http.get("/api/audit/records", params={"call": things.call}).text
    )
    told.append(
        person(lab, "granskare", "norrskog")
        .http.get("/api/audit/records", params={"doc": things.document})
        .text
    )
    reply = person(lab, "medarbetare", "norrskog").ask("Hur dags öppnas kommunens kassavalv?", model="citat")
    told += [reply.text, str(reply.citations)]
    for text in told:
        for name in (*vars(things).values(), "kassavalv öppnas"):
            assert name not in text
    assert person(lab, "granskare").get("/api/audit/records", call=things.call)["items"], (
        "nor the owner's officer"
    )


def test_the_call_path_is_not_described_twice_and_takes_no_id_in_its_path(lab: RunningLab) -> None:
    assert not set(CALL_PATH) & set(described_routes(lab))


def connected(lab: RunningLab, role: str) -> psycopg.Connection[Any]:
    secret = "database-superuser" if role == "postgres" else f"database-{role}"
    password = (lab.plan.keys / secret).read_text(encoding="utf-8")
    where = f"host=127.0.0.1 port={lab.plan.ports.database} dbname=valv user={role}"
    return psycopg.connect(where, password=password)


def seen(connection: psycopg.Connection[Any], tenant: str | None) -> dict[str, set[str]]:
    """The tenants whose rows a transaction with that claim sees, by table."""
    found = {}
    with connection.transaction():
        if tenant is not None:
            connection.execute("SELECT set_config('valv.tenant', %s, true)", (tenant,))
        for table in ("rag_collections", "rag_documents", "rag_pages", "rag_passages"):
            rows = connection.execute(f"SELECT DISTINCT tenant FROM {table}").fetchall()
            found[table] = {row[0] for row in rows}
    return found


@pytest.mark.lab
@pytest.mark.full
def test_in_the_database_nothing_is_seen_but_under_its_own_tenants_claim(full: RunningLab) -> None:
    with connected(full, "postgres") as superuser:
        assert all(rows >= {"ekdalen", "norrskog"} for rows in seen(superuser, None).values())
    for role in ("valv_app", "valv"):  # the gateway's role, and the owner of the tables
        with connected(full, role) as connection:
            assert all(rows == set() for rows in seen(connection, None).values()), role
            assert all(rows == set() for rows in seen(connection, "").values()), role
            assert all(rows == {"norrskog"} for rows in seen(connection, "norrskog").values()), role


@pytest.mark.lab
@pytest.mark.full
def test_in_the_database_no_row_is_written_or_taken_from_another_tenant(full: RunningLab) -> None:
    with connected(full, "valv_app") as connection:
        connection.execute("SELECT set_config('valv.tenant', 'norrskog', true)")
        assert connection.execute("DELETE FROM rag_documents WHERE tenant = 'ekdalen'").rowcount == 0
        assert (
            connection.execute("UPDATE rag_collections SET name = 'x' WHERE tenant = 'ekdalen'").rowcount == 0
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("UPDATE rag_collections SET tenant = 'ekdalen'")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE rag_documents DISABLE ROW LEVEL SECURITY")


@pytest.mark.full
def test_the_sockets_inside_a_model_server_are_where_only_its_owner_may_look(full: RunningLab) -> None:
    for model in ("smollm2-135m", "multilingual-e5-small"):
        scratch = Path(surroundings(full.group(model))["TMPDIR"])
        assert scratch.stat().st_mode & 0o777 == 0o700
        listening = [line.split()[7:] for line in Path("/proc/net/unix").read_text().splitlines()]
        assert any(Path(place[0]).parent == scratch for place in listening if place), model


def test_nobody_else_on_the_machine_may_read_what_a_lab_keeps(lab: RunningLab) -> None:
    assert readable_by_others(Path(lab.described.data)) == []

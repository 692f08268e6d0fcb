"""The steps of the demonstration, in their order."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.demo import evidence, prototype
from gateway.demo.caller import Caller, Reply, access_token, client
from gateway.demo.description import Description
from gateway.demo.documents import stands_on_page
from gateway.demo.telling import Telling, expect

if TYPE_CHECKING:
    from collections.abc import Callable

TENANTS: Final = ("ekdalen", "norrskog")
SHARED: Final = "Hur många dagar i veckan får jag arbeta på distans?"
UNSUPPORTED: Final = "Vem vann fotbollsmatchen i lördags?"
_PATIENCE_SECONDS: Final = 300


@dataclass(slots=True)
class Story:
    """What the steps hand on to each other."""

    lab: Description
    documents: Path
    tell: Telling
    collections: dict[str, str] = field(default_factory=dict)
    uploaded: dict[str, dict[str, str]] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)

    def person(self, role: str, tenant: str) -> Caller:
        """A demo person of the organisation, freshly logged in."""
        return Caller(self.lab, f"{role}@{tenant}.example", tenant)


def run(story: Story) -> None:
    """Every step.

    Raises:
        StepFailed: the first that did not show what it promises.
    """
    steps: tuple[Callable[[Story], None], ...] = (
        lab_answers,
        people,
        take_in,
        employee_asks,
        nothing_is_invented,
        prototype.uses_the_openai_package,
        others_see_nothing,
        evidence.officer_reviews,
        evidence.offline,
        evidence.one_byte,
        evidence.cut_off,
    )
    try:
        for step in steps:
            step(story)
    finally:
        clean_up(story)


def lab_answers(story: Story) -> None:
    """Every part answers."""
    story.tell.step(f"The lab answers at {story.lab.url} ({story.lab.flavour})")
    with client(story.lab) as http:
        found = http.get("/readyz").json()
    down = [part for part in found["parts"] if not part["ready"]]
    expect(not down, otherwise="; ".join(f"{part['name']}: {part['advice']}" for part in down))
    story.tell.saw("Ready: " + ", ".join(part["name"] for part in found["parts"]))


def people(story: Story) -> None:
    """Roles belong to a person in an organisation; one person is two different callers in two organisations."""
    story.tell.step("Two organisations, eight people, and one who belongs to both")
    for tenant in TENANTS:
        for role in ("medarbetare", "prototypare", "granskare", "administrator"):
            me = story.person(role, tenant).get("/api/me")
            expect(me["organisation"]["alias"] == tenant, otherwise=f"{role} stands for {me['organisation']}")
            story.tell.saw(f"{role}@{tenant}.example: {', '.join(me['roles'])} in {tenant}")
    for tenant, role in (("ekdalen", "security-officer"), ("norrskog", "employee")):
        me = Caller(story.lab, "delad@ekdalen.example", tenant).get("/api/me")
        expect(me["roles"] == [role], otherwise=f"delad is {me['roles']} in {tenant}, not {role}")
        story.tell.saw(f"delad@ekdalen.example: {role} in {tenant}")
    _no_tenant(story)


def _no_tenant(story: Story) -> None:
    token = access_token(story.lab, "delad@ekdalen.example", scope="openid organization:*")
    with client(story.lab, token) as http:
        refused = http.get("/api/me")
    expect(refused.status_code == 403, otherwise=f"a token for two was answered {refused.status_code}")
    story.tell.saw(f"A token for both organisations at once is refused: {refused.json()['title']}")


def take_in(story: Story) -> None:
    """Each organisation's own documents, taken in by its own people."""
    story.tell.step("Each organisation uploads its own documents")
    for tenant in TENANTS:
        admin = story.person("administrator", tenant)
        name = f"Demonstration {datetime.now(UTC):%Y-%m-%d %H.%M.%S}"
        story.collections[tenant] = admin.post("/api/collections", name=name)["id"]
        files = sorted((story.documents / tenant).iterdir())
        taken = {f.name: admin.upload(story.collections[tenant], f.name, f.read_bytes())["id"] for f in files}
        story.uploaded[tenant] = {identity: file for file, identity in taken.items()}
        began = time.monotonic()
        ready = _wait(admin, story.collections[tenant])
        pages = sum(document["pages"] or 0 for document in ready)
        took = f"{time.monotonic() - began:.0f} s"
        story.tell.saw(f"{tenant}: {len(ready)} documents, {pages} pages, searchable after {took}")


def _wait(admin: Caller, collection: str) -> list[dict[str, Any]]:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        found: list[dict[str, Any]] = admin.get(f"/api/collections/{collection}/documents")["items"]
        failed = [f"{one['name']}: {one['error']}" for one in found if one["state"] == "failed"]
        expect(not failed, otherwise="; ".join(failed))
        if all(document["state"] == "ready" for document in found):
            return found
        expect(time.monotonic() < deadline, otherwise="the documents were not ready in five minutes")
        time.sleep(0.5)


def employee_asks(story: Story) -> None:
    """An answer with citations, each of which stands where it says."""
    story.tell.step("An employee asks in Swedish, and every citation is looked up in the file itself")
    for tenant in TENANTS:
        reply = story.person("medarbetare", tenant).ask(SHARED, collections=[story.collections[tenant]])
        expect(reply.supported and reply.citations, otherwise=f"{tenant} got no answer with sources")
        story.tell.saw(f"{tenant}, model {reply.model}: {SHARED}")
        story.tell.quoted(reply.text)
        for citation in reply.citations:
            _look_up(story, tenant, citation)
        story.replies[tenant] = reply


def _look_up(story: Story, tenant: str, citation: dict[str, Any]) -> None:
    name, page, quote = citation["name"], citation["page"], citation["quote"]
    expect(citation["document"] in story.uploaded[tenant], otherwise=f"{name} is no document of {tenant}")
    file = story.documents / tenant / name
    if file.suffix == ".pdf":
        found = stands_on_page(file, page, quote)
    else:
        path = f"/api/documents/{citation['document']}/pages/{page or 1}"
        text = story.person("medarbetare", tenant).get(path)["text"]
        found = text[citation["start"] : citation["end"]] == quote
    expect(found, otherwise=f"the quotation does not stand on page {page} of {name}: {quote}")
    story.tell.saw(f"[{citation['index']}] stands on page {page} of {name}")


def nothing_is_invented(story: Story) -> None:
    """A question that the documents say nothing about."""
    story.tell.step("A question without support in the documents gets no answer")
    reply = story.person("medarbetare", "ekdalen").ask(
        UNSUPPORTED, collections=[story.collections["ekdalen"]]
    )
    expect(not reply.supported and not reply.citations, otherwise=f"it was answered: {reply.text}")
    story.tell.saw(UNSUPPORTED)
    story.tell.quoted(reply.text)


def others_see_nothing(story: Story) -> None:
    """The other organisation's people can't reach the documents by any route."""
    story.tell.step("The other organisation can't reach these documents by any route")
    document = next(iter(story.uploaded["ekdalen"]))
    collection = story.collections["ekdalen"]
    stranger = story.person("prototypare", "norrskog")
    tried = {
        f"GET /api/collections/{collection}/documents": None,
        f"GET /api/documents/{document}": None,
        f"GET /api/documents/{document}/pages/1": None,
        f"GET /api/documents/{document}/file": None,
        f"DELETE /api/documents/{document}": None,
        f"DELETE /api/collections/{collection}": None,
        f"POST /v1/vector_stores/{collection}/search": {"query": SHARED},
        "POST /api/answers": {"question": SHARED, "collections": [collection]},
        "POST /v1/chat/completions": {
            "model": "citat",
            "messages": [{"role": "user", "content": SHARED}],
            "collections": [collection],
        },
    }
    for route, body in tried.items():
        method, _, path = route.partition(" ")
        answer = stranger.http.request(method, path, json=body)
        expect(answer.status_code == 404, otherwise=f"{route} was answered {answer.status_code}")
    story.tell.saw(f"{len(tried)} routes with Ekdalen's ids, asked by Norrskog: each answers 404")
    own = story.person("medarbetare", "norrskog").ask(SHARED)
    leaked = [c["name"] for c in own.citations if c["document"] in story.uploaded["ekdalen"]]
    expect(not leaked, otherwise=f"Norrskog was shown {leaked}")
    story.tell.saw("The same question over everything Norrskog has cites Norrskog's documents only")


def clean_up(story: Story) -> None:
    """Take the demonstration's collections away again."""
    for tenant, collection in story.collections.items():
        story.person("administrator", tenant).http.delete(f"/api/collections/{collection}")

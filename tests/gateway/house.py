"""A whole gateway on loopback: real objects, a scripted model server, the stand-in for Keycloak."""

import asyncio
import contextlib
import gzip
import itertools
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import anyio

from audit.client import LedgerClient
from audit.errors import RecordNotFound
from audit.filters import Filter
from audit.records import INSTALLATION
from audit.status import Limits
from auth import demo
from auth.identity import Method, Principal, Role, TenantId
from auth.keycloak import Keycloak, Person, as_service
from auth.standin.app import build
from gateway import schema
from gateway.app import compose, opened
from gateway.lab import Lab
from gateway.settings import Settings, read
from tests.auth.providers import SECRETS, everyone, password_of, realm_for
from tests.gateway.catalogue import catalogue
from tests.gateway.fakes import says, with_ledger, word_vectors
from tests.gateway.people import HERE, People
from tests.gateway.routes import Things
from tests.gateway.serving import bound, client, served, url_of
from tests.inference.upstream import Upstream, refusal
from tests.rag.files import pdf

_COUNT = itertools.count(1)
SESSION_KEY = "a-key-for-tests-that-is-long-enough-0123456789"


@dataclass
class House:
    lab: Lab
    settings: Settings
    url: str
    folder: Path
    chat: Upstream
    unsteady: Upstream
    vectors: Upstream
    people: People
    metrics_url: str
    provisioning: Keycloak
    shared: Things | None = None

    async def things(self, *, fresh=False):
        """One of each kind of thing of the first organisation: those that all tests share, or new ones."""
        if fresh or self.shared is None:
            made = await things_of(self)
            self.quiet()
            if fresh:
                return made
            self.shared = made
        return self.shared

    def quiet(self):
        """Forget what the model servers were asked and told to answer."""
        for server in (self.chat, self.unsteady):
            server.asked.clear()
            server.left = 0
            for path in ("*", "/v1/chat/completions", "/v1/completions"):
                server.answer(path, says("Hej"))
            server.answer("/tokenize", refusal(404))
        self.vectors.asked.clear()
        self.vectors.left = 0
        self.vectors.answer("*", word_vectors)
        self.vectors.answer("/v1/embeddings", word_vectors)

    @staticmethod
    def tenant(alias=HERE):
        return TenantId(alias)

    async def person(self, role="employee", tenant=HERE):
        return client(self.url, await self.people.token(role, tenant))

    async def key(self, tenant=HERE, **choices):
        """The secret of a new API key of a prototyper."""
        made = await self.lab.keys.of(TenantId(tenant)).create(prototyper(tenant), name="test", **choices)
        return made.secret

    async def programme(self, tenant=HERE, **choices):
        return client(self.url, await self.key(tenant, **choices))

    async def records(self, tenant=HERE, **wanted):
        """The records of that organisation's log (``None``: the installation's) that fit, oldest first."""
        reader = self.lab.ledger.reader(INSTALLATION if tenant is None else TenantId(tenant))
        try:
            page = await anyio.to_thread.run_sync(lambda: reader.search(Filter(**wanted), limit=1000))
        except RecordNotFound:
            return []  # the log has not begun yet
        return [stored.record for stored in reversed(page.records)]

    async def records_of(self, answer, tenant=HERE):
        """The records of the call that was answered with this."""
        return await self.records(tenant, call=answer.headers["x-request-id"])

    async def member(self, name, *roles, tenant=HERE):
        """The id of someone new in the organisation (``tenant=None``: whom the provider knows, and no more)."""
        person = Person(name, f"{name.partition('@')[0].capitalize()}, Ny", password_of(name))
        held = {} if tenant is None else {TenantId(tenant): frozenset(map(Role, roles))}
        return await anyio.to_thread.run_sync(lambda: self.provisioning.add_person(person, roles=held))

    async def until_records(self, types, tenant=HERE, within=5.0, **wanted):
        """The records that fit, as soon as they are of these types."""
        end = time.monotonic() + within
        while True:
            found = await self.records(tenant, **wanted)
            if [each["type"] for each in found] == list(types) or time.monotonic() > end:
                return found
            await asyncio.sleep(0.02)

    async def document(self, collection, name, content, tenant=HERE):
        """Take a document in and wait until it is found; its id."""
        async with await self.person("employee", tenant) as person:
            path = f"/api/collections/{collection}/documents"
            taken = (await person.post(path, files={"file": (name, content)})).json()
            shelf = self.lab.library.shelf(TenantId(tenant))
            with anyio.fail_after(60):
                while (await shelf.document(taken["id"])).state not in {"ready", "failed"}:
                    await anyio.sleep(0.05)
            return taken["id"]


def prototyper(tenant=HERE):
    roles = frozenset({Role.EMPLOYEE, Role.PROTOTYPER})
    return Principal(
        f"maker-of-{tenant}", TenantId(tenant), roles, Method.ACCESS_TOKEN, issuer="https://id.test"
    )


@contextlib.asynccontextmanager
async def house_in(folder, **told):
    """``told``: settings by their names that shall differ from those of the tests, such as ``VALV_WEB``."""
    gateway, metrics = bound(), bound()
    async with contextlib.AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(Upstream()) for _ in range(3)]
        issuer, keys_file, provisioning = await _identity(stack, folder, url_of(gateway))
        settings = _settings(folder, issuer, url_of(gateway), servers, metrics.getsockname()[1], told)
        metrics.close()
        await anyio.to_thread.run_sync(schema.upgrade, settings.database_url.get_secret_value())
        lab = await stack.enter_async_context(running(settings))
        url = await stack.enter_async_context(served(compose(lab), gateway))
        house = House(
            lab,
            settings,
            url,
            folder,
            *servers,
            People(issuer, keys_file),
            f"http://127.0.0.1:{settings.metrics_port}/metrics",
            provisioning,
        )
        house.quiet()
        yield house


@contextlib.asynccontextmanager
async def with_ledger_apart(house, folder):
    """The same house with another ledger, in a process of its own."""
    ledger = await LedgerClient.open(
        folder / "ledger",
        origin=house.settings.audit.origin,
        keys=folder / "keys",
        make_keys=True,
        limits=Limits(floor=0),
    )
    try:
        lab = with_ledger(house.lab, ledger)
        async with served(compose(lab)) as url:
            yield replace(house, lab=lab, url=url, shared=None)
    finally:
        await ledger.close()


@contextlib.asynccontextmanager
async def running(settings):
    """The lab, held open by a task of its own: a test may end in any other."""
    ready, leave = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def hold():
        async with opened(settings) as lab:
            ready.set_result(lab)
            await leave.wait()

    holding = asyncio.create_task(hold())
    await asyncio.wait({ready, holding}, return_when=asyncio.FIRST_COMPLETED)
    if holding.done():
        holding.result()
    try:
        yield ready.result()
    finally:
        leave.set()
        await holding


async def _identity(stack, folder, gateway):
    place = bound()
    issuer, data = f"{url_of(place)}/realms/valv", folder / "identity" / "people.json"
    standin = build(realm_for(gateway), data=data, issuer=issuer, clock=time.time)
    # Served without a lifespan, which would close it.
    stack.push_async_callback(standin._http.aclose)
    url = await stack.enter_async_context(served(standin, place))
    people = everyone()
    service = as_service(url, realm="valv", client="valv-cli", secret=SECRETS["VALV_CLI_SECRET"])
    passwords = {each: password_of(each) for each in people.usernames}
    await anyio.to_thread.run_sync(lambda: demo.provision(service, people, passwords=passwords))
    return issuer, data.with_suffix(".keys"), service


def _settings(folder, issuer, url, servers, metrics_port, told):
    chat_server, unsteady, vectors = servers
    models, site = folder / "models.yaml", folder / "site"
    models.write_text(catalogue(chat=chat_server.url, unsteady=unsteady.url, vectors=vectors.url))
    site.mkdir()
    (folder / "data").mkdir()
    write_site(site)
    return read(
        {
            "VALV_EVALUATION": "true",
            "VALV_PUBLIC_URL": url,
            "VALV_METRICS_PORT": str(metrics_port),
            "VALV_DATA": str(folder / "data"),
            "VALV_DATABASE_URL": f"sqlite:///{folder / 'data' / 'valv.db'}",
            "VALV_SESSION_KEY": SESSION_KEY,
            "VALV_MODELS": str(models),
            "VALV_WEB": str(site),
            "VALV_CONTACT__ACCESSIBILITY": "tillganglighet@ekdalen.example",
            "VALV_IDENTITY__ISSUER": issuer,
            "VALV_IDENTITY__CLIENT_SECRET": SECRETS["VALV_GATEWAY_SECRET"],
            "VALV_IDENTITY__MEMBERS_CLIENT_SECRET": SECRETS["VALV_MEMBERS_SECRET"],
            "VALV_AUDIT__FOLDER": str(folder / "data" / "ledger"),
            "VALV_AUDIT__KEYS": str(folder / "keys"),
            "VALV_AUDIT__DISK_FLOOR_PERCENT": "0",
            "VALV_AUDIT__OWN_PROCESS": "false",
            "VALV_VECTORS__FOLDER": str(folder / "data" / "chroma"),
            "VALV_LIMITS__TENANT_REQUESTS_PER_MINUTE": "100000",
            "VALV_LIMITS__KEY_REQUESTS_PER_MINUTE": "100000",
            "VALV_LIMITS__BODY_BYTES": "100000",
            "VALV_LIMITS__UPLOAD_BYTES": "1000000",
            **told,
        }
    )


def write_site(folder):
    """A built page, as small as can be."""
    (folder / "assets").mkdir()
    (folder / "index.html").write_text(
        '<style nonce="__CSP_NONCE__"></style><script src="/assets/app-1a2b.js">'
    )
    (folder / "assets" / "app-1a2b.js").write_text("plain")
    (folder / "assets" / "app-1a2b.js.br").write_bytes(b"as brotli")
    (folder / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"as gzip", mtime=0))
    (folder / "manifest.webmanifest").write_text(json.dumps({"name": "Valv"}))


async def things_of(house, tenant=HERE):
    """One of each kind of thing that belongs to an organisation."""
    shelf = house.lab.library.shelf(TenantId(tenant))
    collection = await shelf.create_collection("Styrdokument")
    document = await house.document(collection.id, "riktlinje.txt", RULE.encode(), tenant)
    drawn = await house.document(
        collection.id, "blankett.pdf", pdf([["Blankett", "Fylls i med bläck."]]), tenant
    )
    key = await house.lab.keys.of(TenantId(tenant)).create(prototyper(tenant), name="till test")
    begun = await asked(house, "Hur många dagar på distans?", tenant)
    newest = (await house.records(tenant))[-1]["seq"]
    place = (begun["conversation"], begun["question"], begun["answer"])
    verification = await inspected(house, "verifications", tenant)
    export = await inspected(house, "exports", tenant)
    count = next(_COUNT)
    member = await house.member(f"medlem-{count}@{tenant}.example", "employee", tenant=tenant)
    await house.member(f"ny@{tenant}.example", tenant=None)
    jobs = (verification["id"], export["id"])
    return Things(collection.id, document, drawn, key.key.key, newest, *place, *jobs, member)


async def inspected(house, kind, tenant=HERE, **asked):
    """A job of the officer's, done: a verification, or an export of what is asked for."""
    async with await house.person("security-officer", tenant) as officer:
        begun = await officer.post(f"/api/audit/{kind}", json=asked)
        assert begun.status_code == 202, begun.text
        return await until_ended(officer, f"/api/audit/{kind}/{begun.json()['id']}")


async def until_ended(officer, path, within=20.0):
    """A job as it is when it has ended."""
    with anyio.fail_after(within):
        while (job := (await officer.get(path)).json())["state"] in {"waiting", "running"}:
            await anyio.sleep(0.02)
    return job


async def asked(house, text, tenant=HERE):
    """A conversation of the employee's with one question, answered in quotations."""
    async with await house.person("employee", tenant) as person:
        made = (await person.post("/api/conversations", json={"mode": "quotations"})).json()
        path = f"/api/conversations/{made['id']}/messages"
        begun = (await person.post(path, json={"text": text})).json()
        assert "event: done" in (await person.get(f"{path}/{begun['answer']}/events")).text
        return begun


RULE = (
    "Riktlinje för distansarbete\n\n"
    "En medarbetare får arbeta på distans högst två dagar i veckan. "
    "Chefen beslutar om undantag för längre tid än tre månader.\n"
)

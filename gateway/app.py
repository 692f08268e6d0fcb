"""Where the objects meet: built once, by calling constructors, and closed in the reverse order."""

import secrets
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Final

import anyio
import anyio.to_thread
import structlog
from fastapi import FastAPI

from audit import status
from audit.client import AnyLedger, LedgerClient
from audit.keys import ensured_keys, open_keys
from audit.ledger import Ledger
from auth.database import Database
from auth.errors import DatabaseDown
from auth.policy import Action
from gateway import entrance, errors, retrieval
from gateway.asking import Asking
from gateway.bodies import Bounded
from gateway.catalogues import read_catalogues
from gateway.conversations.asker import Parts
from gateway.conversations.desk import Conversations
from gateway.conversations.generations import Generations
from gateway.inspection.opening import open_office
from gateway.lab import Lab
from gateway.lean.application import CallPath
from gateway.lean.chat import ChatCompletions
from gateway.lean.completions import Completions
from gateway.lean.embeddings import EmbeddingsOf
from gateway.limits import Budget, Limits
from gateway.metrics import Metrics
from gateway.recorder import Application, Receive, Recorder, Scope, Send
from gateway.refusals import NoSuchPath
from gateway.routes import (
    about,
    answers,
    audit,
    building,
    collections,
    conversations,
    documents,
    drafts,
    faults,
    health,
    inspections,
    installation,
    keys,
    login,
    me,
    members,
    messages,
    openai,
    organisation,
    usage,
)
from gateway.scribe import Capture, Scribe
from gateway.secrets import derived
from gateway.settings import Settings
from gateway.site import Site, built
from gateway.usage.counter import Counter
from inference.models import Catalogue
from inference.salt import TenantSalts
from inference.upstream import Models
from rag.errors import RetrievalUnavailable

log = structlog.get_logger()

_HOUSEKEEPING_SECONDS: Final = 30
_COUNTING_SECONDS: Final = 5
_FORM_BYTES: Final = 64 * 1024  # what a form adds to the file in it
_FAULTS_PER_MINUTE: Final = 6  # of one person's pages
_OURS: Final = ("/api/", "/auth/", "/v1/", "/healthz", "/readyz", "/openapi.json")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Lab]:
    """The objects of a gateway; nothing is served before the ledger has recovered.

    Raises:
        AuditError: the ledger can't be opened.
        SchemaOutdated: the database was not migrated to this version.
    """
    async with AsyncExitStack() as stack:
        lab = await _build(settings, stack)
        _follow(lab)
        stop = lab.metrics.serve(settings.metrics_host, settings.metrics_port)
        stack.callback(stop)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_keep_house, lab)
            tasks.start_soon(_keep_count, lab)
            tasks.start_soon(lab.library.warm)
            yield lab
            tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True), suppress(DatabaseDown):
            await lab.keys.flush()


async def _build(settings: Settings, stack: AsyncExitStack) -> Lab:
    catalogues = read_catalogues(settings.languages)
    database = Database(settings.database_url.get_secret_value())
    stack.push_async_callback(database.close)
    counter = Counter(database, clock=time.time)
    stack.push_async_callback(counter.close)
    await _check_schema(database)
    ledger = await _ledger(settings)
    stack.push_async_callback(ledger.close)
    scribe, metrics = Scribe(ledger, capture=Capture(settings.audit.capture)), Metrics(counter.count)
    catalogue = Catalogue.from_yaml(settings.models.read_text(encoding="utf-8"))
    models = Models(catalogue, salt=TenantSalts(derived(settings, "cache salt")))
    stack.push_async_callback(models.close)
    library = await retrieval.open_library(settings, stack, database, catalogue, models)
    identity = await entrance.open_identity(settings, stack, database, cookie=login.SESSION_COOKIE)
    limits = settings.limits
    asking = Asking(
        scribe=scribe,
        models=models,
        catalogue=catalogue,
        library=library,
        metrics=metrics,
        classification=settings.classification,
        token_limit=limits.max_tokens,
    )
    conversations = Conversations(
        Parts(
            database=database,
            asking=asking,
            scribe=scribe,
            metrics=metrics,
            library=library,
            generations=Generations(limit=limits.person_answers),
            now=lambda: datetime.now(UTC),
            new_id=lambda: secrets.token_hex(12),
        )
    )
    await conversations.recover([each.tenant for each in await identity.tenants.known()])
    stack.push_async_callback(conversations.close)
    return Lab(
        settings=settings,
        database=database,
        ledger=ledger,
        scribe=scribe,
        metrics=metrics,
        tenants=identity.tenants,
        membership=identity.membership,
        keys=identity.keys,
        sign_in=identity.sign_in,
        provider=identity.provider,
        gate=identity.gate,
        limits=Limits(
            tenant_per_minute=limits.tenant_requests_per_minute,
            key_per_minute=limits.key_requests_per_minute,
            clock=time.monotonic,
        ),
        page_faults=Budget("page", per_minute=_FAULTS_PER_MINUTE, clock=time.monotonic),
        catalogues=catalogues,
        catalogue=catalogue,
        models=models,
        library=library,
        asking=asking,
        conversations=conversations,
        usage=counter,
        office=await open_office(settings.data, stack, ledger, scribe),
    )


async def _ledger(settings: Settings) -> AnyLedger:
    """An evaluation makes the ledger's keys at its first start, a real installation never by itself."""
    at, limits = settings.audit, status.Limits(floor=settings.audit.disk_floor_percent / 100)
    if at.own_process:
        return await LedgerClient.open(
            at.folder, origin=at.origin, keys=at.keys, make_keys=settings.evaluation, limits=limits
        )
    keys = await anyio.to_thread.run_sync(ensured_keys if settings.evaluation else open_keys, at.keys)
    return await Ledger.open(at.folder, origin=at.origin, keys=keys, limits=limits)


async def _check_schema(database: Database) -> None:
    from gateway.schema import check

    await check(database)


async def _keep_house(lab: Lab) -> None:
    while True:
        await anyio.sleep(_HOUSEKEEPING_SECONDS)
        await _tidy(lab)


async def _keep_count(lab: Lab) -> None:
    while True:
        await anyio.sleep(_COUNTING_SECONDS)
        try:
            await lab.usage.flush()
        except DatabaseDown as missing:
            log.warning("usage.put_off", part=missing.part)


async def _tidy(lab: Lab) -> None:
    """What is done now and then; while a part is away it is put off."""
    try:
        await lab.keys.flush()
        await lab.library.recover()
        await lab.office.tidy()
    except (DatabaseDown, RetrievalUnavailable) as missing:
        log.warning("housekeeping.put_off", part=missing.part)


def _follow(lab: Lab) -> None:
    """Figures that are read when they are scraped."""
    status = lab.ledger.status
    lab.metrics.follow(
        "valv_ledger_healthy", "1 while calls can be recorded.", lambda: float(status().healthy)
    )
    lab.metrics.follow(
        "valv_ledger_lag_records",
        "Records not yet under a checkpoint.",
        lambda: float(sum(log.lag for log in status().logs)),
    )
    routes = [route for route in lab.catalogue.routes if route.engine is not None]
    loads = {route.name: partial(lab.models.load, route) for route in routes}
    lab.metrics.follow_models(
        "valv_queue_waiting", "Calls that wait for a turn.", loads, lambda load: load.waiting
    )
    lab.metrics.follow_models(
        "valv_calls_running", "Calls at the engine now.", loads, lambda load: load.running
    )
    lab.metrics.follow_models(
        "valv_backends_up", "Servers that are believed to answer.", loads, lambda load: load.up
    )


def compose(lab: Lab) -> Application:
    """The application: recorder, then the call path, FastAPI or the web application's files."""
    lean = call_path(lab)
    limits = lab.settings.limits
    bounded = Bounded(framework(lab), plain=limits.body_bytes, form=limits.upload_bytes + _FORM_BYTES)
    served = Dispatch(bounded, lean, _site(lab))
    return Recorder(errors.Rendering(served), scribe=lab.scribe, metrics=lab.metrics, render=errors.rendered)


def call_path(lab: Lab) -> CallPath:
    """The routes of the lean path, with the action that each needs."""
    limit = lab.settings.limits.body_bytes
    chat = ChatCompletions(lab.asking, lab.scribe, body_limit=limit)
    completions = Completions(lab.asking, lab.models, lab.scribe, body_limit=limit)
    embeddings = EmbeddingsOf(lab.asking, lab.models, body_limit=limit)
    return CallPath(
        {
            "/v1/chat/completions": (Action.CHAT_ASK, chat),
            "/v1/completions": (Action.COMPLETION_CREATE, completions),
            "/v1/embeddings": (Action.EMBEDDING_CREATE, embeddings),
        },
        gate=lab.gate,
        limits=lab.limits,
    )


def framework(lab: Lab) -> FastAPI:
    """Everything that is not the call path."""
    app = FastAPI(title="Valv", version="1", docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.lab = lab
    errors.install(app)
    workspace = (me, collections, documents, answers, drafts, conversations, messages, keys)
    rule = (members, organisation, installation)
    for part in (
        health,
        about,
        login,
        faults,
        *workspace,
        building,
        usage,
        *rule,
        audit,
        inspections,
        openai,
    ):
        app.include_router(part.router)
    return app


def _site(lab: Lab) -> Site | None:
    folder = lab.settings.web or built()
    return Site(folder) if folder is not None and (folder / "index.html").exists() else None


class Dispatch:
    """One application out of three: the path decides."""

    def __init__(self, framework: Application, path: CallPath, site: Site | None) -> None:
        self._framework = framework
        self._path = path
        self._site = site

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """The answer, from whichever of them it is."""
        path = scope["path"]
        if self._path.serves(path):
            return self._path(scope, receive, send)
        if path.startswith(_OURS):
            return self._framework(scope, receive, send)
        if self._site is not None:
            return self._site(scope, receive, send)
        raise NoSuchPath

"""Routes and models for the tests of this room."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from auth.identity import TenantId
from inference.chat import ChatRequest, Message
from inference.models import Backend, Catalogue, Engine, Kind, ModelRoute
from inference.salt import TenantSalts
from inference.upstream import Models
from inference.wire import Deadlines, Limits

BOLLNAS = TenantId("bollnas")
REGION = TenantId("region")
QUESTION = ChatRequest(messages=(Message("user", "Hej"),))


def a_route(
    *urls: str,
    kind: Kind = Kind.CHAT,
    engine: Engine | None = Engine.VLLM,
    max_parallel: int = 8,
    max_queue: int = 8,
    **options: object,
) -> ModelRoute:
    return ModelRoute(
        name="m",
        kind=kind,
        engine=engine,
        weights="m",
        languages=frozenset({"sv"}),
        context_length=2048,
        ceiling="internal",
        title={"sv": "m", "en": "m"},
        description={"sv": "m", "en": "m"},
        max_parallel=max_parallel,
        max_queue=max_queue,
        backends=tuple(Backend(url, engine) for url in urls if engine),
        options=options,
    )


@asynccontextmanager
async def asking(
    route: ModelRoute, limits: Limits | None = None, **deadlines: float
) -> AsyncIterator[Models]:
    models = Models(
        Catalogue([route]),
        salt=TenantSalts(b"key"),
        deadlines=Deadlines(**deadlines),
        limits=limits or Limits(),
    )
    try:
        yield models
    finally:
        await models.close()

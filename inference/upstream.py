"""The models as the rest of the house asks them."""

import asyncio
from dataclasses import dataclass

from auth.identity import TenantId
from inference import answers, dialect
from inference.chat import Answer, ChatPiece, ChatRequest, Message
from inference.client import Call, Lane, is_well
from inference.completions import Completion, CompletionDelta, CompletionRequest
from inference.embeddings import EmbeddingRequest, Embeddings
from inference.errors import UnknownModel
from inference.models import Catalogue, Engine, ModelRoute
from inference.reranking import Ranking, RerankRequest
from inference.routing import Server
from inference.runs import ChatEvents
from inference.salt import Salt
from inference.stream import DeltaStream
from inference.wire import Deadlines, Limits

_STANDARD_DEADLINES = Deadlines()
_STANDARD_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """Whether one server says that it can answer."""

    url: str
    well: bool


@dataclass(frozen=True, slots=True)
class RouteHealth:
    """How a route's servers are; a route that needs none is always well."""

    route: str
    backends: tuple[BackendHealth, ...]
    well: bool


@dataclass(frozen=True, slots=True)
class Load:
    """What a route has to do at this moment; ``up`` of its ``servers`` are believed to answer."""

    running: int
    waiting: int
    max_parallel: int
    up: int
    servers: int


@dataclass(frozen=True, slots=True)
class ServerState:
    """One server at this moment: calls at it, how often it was lost since the start, and how many seconds ago last."""

    url: str
    up: bool
    calls: int
    losses: int
    lost_ago: float | None


class Models:
    """Asks the engines behind the routes of a catalogue.

    Every call names the tenant it is made for, which decides whose turn it is and what the engine's cache may
    reuse, and the call's id (1 to 128 of ``A-Za-z0-9._:-``), which the engine gets as ``X-Request-Id``. Every
    call may raise ``RouteError`` (see ``inference.errors``), or ``UnknownModel`` for a route that no engine
    serves. Cancelling a call closes its connection at once.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        salt: Salt,
        deadlines: Deadlines = _STANDARD_DEADLINES,
        limits: Limits = _STANDARD_LIMITS,
    ) -> None:
        self._salt = salt
        self._lanes = {
            route.name: Lane(route, deadlines=deadlines, limits=limits)
            for route in catalogue.routes
            if route.engine is not None
        }

    async def chat(self, route: ModelRoute, request: ChatRequest, *, tenant: TenantId, call: str) -> Answer:
        """A whole answer."""
        body = dialect.write_chat(route.name, request, self._engine(route), self._salt(tenant))
        return answers.read_answer(
            route.name, await self._ask(route, "/v1/chat/completions", body, tenant=tenant, call=call)
        )

    def chat_stream(
        self, route: ModelRoute, request: ChatRequest, *, tenant: TenantId, call: str
    ) -> DeltaStream[ChatPiece]:
        """An answer while it is written: ``async with models.chat_stream(…) as deltas``."""
        body = dialect.write_chat_stream(route.name, request, self._engine(route), self._salt(tenant))
        lane = self._lane(route)
        return DeltaStream(
            Call(lane, "/v1/chat/completions", body, call),
            route=route.name,
            tenant=tenant,
            read=ChatEvents(),
            first_byte=lane.deadlines.first_byte,
            max_event=lane.limits.event,
        )

    async def complete(
        self, route: ModelRoute, request: CompletionRequest, *, tenant: TenantId, call: str
    ) -> Completion:
        """Whole continuations."""
        body = dialect.write_completion(route.name, request, self._engine(route), self._salt(tenant))
        return answers.read_completion(
            route.name, await self._ask(route, "/v1/completions", body, tenant=tenant, call=call)
        )

    def complete_stream(
        self, route: ModelRoute, request: CompletionRequest, *, tenant: TenantId, call: str
    ) -> DeltaStream[CompletionDelta]:
        """Continuations while they are written."""
        body = dialect.write_completion_stream(route.name, request, self._engine(route), self._salt(tenant))
        lane = self._lane(route)
        return DeltaStream(
            Call(lane, "/v1/completions", body, call),
            route=route.name,
            tenant=tenant,
            read=answers.read_completion_events,
            first_byte=lane.deadlines.first_byte,
            max_event=lane.limits.event,
        )

    async def embed(
        self, route: ModelRoute, request: EmbeddingRequest, *, tenant: TenantId, call: str
    ) -> Embeddings:
        """A vector for each input, untouched: no prefix is added and nothing is normalised."""
        body = dialect.write_embedding(route.name, request, self._engine(route), self._salt(tenant))
        answer = await self._ask(route, "/v1/embeddings", body, tenant=tenant, call=call)
        return answers.read_embeddings(route.name, answer, len(request.inputs))

    async def rerank(
        self, route: ModelRoute, request: RerankRequest, *, tenant: TenantId, call: str
    ) -> Ranking:
        """The documents' scores, the best first."""
        body = dialect.write_rerank(route.name, request, self._engine(route), self._salt(tenant))
        answer = await self._ask(route, "/v1/rerank", body, tenant=tenant, call=call)
        return answers.read_ranking(route.name, answer, len(request.documents))

    async def tokenize(self, route: ModelRoute, text: str, *, call: str) -> tuple[int, ...]:
        """The token ids of a text, with the special tokens that a prompt gets; takes no turn."""
        body = dialect.write_text_to_tokenize(route.name, text, self._engine(route))
        return answers.read_tokens(route.name, await self._ask_at_once(route, "/tokenize", body, call=call))

    async def tokenize_chat(
        self, route: ModelRoute, messages: tuple[Message, ...], *, call: str
    ) -> tuple[int, ...]:
        """The token ids of a conversation as the model gets it, with its chat template; takes no turn."""
        body = dialect.write_conversation(route.name, messages)
        if self._engine(route) is Engine.VLLM:
            return answers.read_tokens(
                route.name, await self._ask_at_once(route, "/tokenize", body, call=call)
            )
        templated = await self._ask_at_once(route, "/apply-template", body, call=call)
        return await self.tokenize(route, answers.read_prompt(route.name, templated), call=call)

    async def health(self, route: ModelRoute) -> RouteHealth:
        """Ask every server of the route how it is; what is learnt counts for the next choice of a server."""
        lane = self._lanes.get(route.name)
        if lane is None:
            return RouteHealth(route.name, (), well=True)
        servers = lane.servers.all
        well = await asyncio.gather(*(is_well(server, lane.deadlines.probe) for server in servers))
        for server, answers_well in zip(servers, well, strict=True):
            self._learn(lane, server, answers_well)
        backends = tuple(
            BackendHealth(server.backend.url, known) for server, known in zip(servers, well, strict=True)
        )
        return RouteHealth(route.name, backends, well=any(well))

    def load(self, route: ModelRoute) -> Load:
        """What the route has to do now, for metrics; nothing is asked."""
        lane = self._lanes.get(route.name)
        if lane is None:
            return Load(0, 0, route.max_parallel, 0, 0)
        servers = lane.servers.all
        up = sum(server.up for server in servers)
        return Load(lane.turnstile.running, lane.turnstile.waiting, route.max_parallel, up, len(servers))

    def servers(self, route: ModelRoute) -> tuple[ServerState, ...]:
        """The servers of a route as they are known to be; nothing is asked."""
        lane = self._lanes.get(route.name)
        now = asyncio.get_running_loop().time()
        return tuple(
            ServerState(
                url=server.backend.url,
                up=server.up,
                calls=server.outstanding,
                losses=server.losses,
                lost_ago=None if server.lost_at is None else now - server.lost_at,
            )
            for server in sorted(lane.servers.all if lane else (), key=lambda server: server.backend.url)
        )

    async def close(self) -> None:
        """Close every connection; calls in flight fail."""
        for lane in self._lanes.values():
            lane.close()
        # The loop tells the connections of their end in its next round.
        await asyncio.sleep(0)

    def _learn(self, lane: Lane, server: Server, well: bool) -> None:  # noqa: FBT001  what was seen, not a switch
        if well:
            lane.servers.found(server)
        else:
            lane.servers.lost(server, asyncio.get_running_loop().time())

    def _lane(self, route: ModelRoute) -> Lane:
        lane = self._lanes.get(route.name)
        if lane is None:
            raise UnknownModel(route.name)
        return lane

    def _engine(self, route: ModelRoute) -> Engine:
        if route.engine is None:
            raise UnknownModel(route.name)
        return route.engine

    async def _ask(self, route: ModelRoute, path: str, body: bytes, *, tenant: TenantId, call: str) -> bytes:
        lane = self._lane(route)
        question = Call(lane, path, body, call)
        try:
            await question.wait_for_turn(tenant)
            await question.open(lane.deadlines.total)
            return await question.whole(lane.limits.body)
        finally:
            question.close()

    async def _ask_at_once(self, route: ModelRoute, path: str, body: bytes, *, call: str) -> bytes:
        lane = self._lane(route)
        question = Call(lane, path, body, call)
        try:
            await question.open(lane.deadlines.total)
            return await question.whole(lane.limits.body)
        finally:
            question.close()

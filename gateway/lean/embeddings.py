"""`POST /v1/embeddings`: parse, record, hand the engine's vectors on as they were written."""

from typing import Final

import msgspec

from auth.identity import Principal
from gateway.asking import Asking
from gateway.calls import Call
from gateway.counting import count
from gateway.lean import headers
from gateway.lean.exchange import Exchange
from gateway.wire import texts as wire
from inference.embeddings import EmbeddingRequest, Embeddings
from inference.models import Kind
from inference.upstream import Models

_ENCODER: Final = msgspec.json.Encoder()


class EmbeddingsOf:
    """The handler of the path."""

    def __init__(self, asking: Asking, models: Models, *, body_limit: int) -> None:
        self._asking = asking
        self._models = models
        self._body_limit = body_limit

    async def __call__(self, exchange: Exchange, who: Principal) -> None:
        call = exchange.call
        asked = wire.read_embedding(await exchange.body(self._body_limit))
        route = self._asking.route(who, asked.model, Kind.EMBEDDING)
        texts = [text for text in asked.request.inputs if isinstance(text, str)]
        with exchange.watched():
            await self._asking.intend(
                call, route, texts, name="embedding", parameters=_parameters(asked.request)
            )
            found = await self._models.embed(route, asked.request, tenant=who.tenant, call=call.id)
        count(call, found.usage, None)
        await exchange.answer(_answer(call, found), headers.of(call))


def _answer(call: Call, found: Embeddings) -> bytes:
    data = [
        {"object": "embedding", "index": vector.index, "embedding": msgspec.Raw(vector.json)}
        for vector in found.vectors
    ]
    usage = {"prompt_tokens": call.tokens_in, "total_tokens": call.tokens_in}
    return _ENCODER.encode({"object": "list", "data": data, "model": call.model, "usage": usage})


def _parameters(request: EmbeddingRequest) -> bytes:
    chosen = {"encoding": request.encoding, "dimensions": request.dimensions}
    return msgspec.json.encode(chosen, order="deterministic")

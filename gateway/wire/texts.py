"""`POST /v1/completions` and `POST /v1/embeddings` on the wire."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from gateway.refusals import BadValue
from gateway.wire.chat import StreamOptions, stops
from gateway.wire.decoding import (
    Body,
    Choices,
    Fraction,
    Penalty,
    Seed,
    Temperature,
    TokenId,
    Tokens,
    decode,
)
from inference.completions import CompletionRequest, Prompt
from inference.embeddings import EmbeddingRequest, Encoding

TokenIds = Annotated[list[TokenId], Meta(min_length=1)]


class CompletionBody(Body, frozen=True):
    """The body of `/v1/completions`; `user` has no effect."""

    model: str
    prompt: str | Annotated[list[str | TokenId | TokenIds], Meta(min_length=1, max_length=256)]
    max_tokens: Tokens | None = None
    temperature: Temperature | None = None
    top_p: Fraction | None = None
    n: Choices | None = None
    seed: Seed | None = None
    stop: str | Annotated[list[str], Meta(max_length=16)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    logprobs: Annotated[int, Meta(ge=0, le=5)] | None = None
    echo: bool | None = None
    suffix: str | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    user: str | None = None


class EmbeddingBody(Body, frozen=True):
    """The body of `/v1/embeddings`; `user` has no effect."""

    model: str
    input: str | Annotated[list[str | TokenId | TokenIds], Meta(min_length=1, max_length=2048)]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: Tokens | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class AskedCompletion:
    """What is to be continued, by which model."""

    model: str
    request: CompletionRequest
    stream: bool
    include_usage: bool


@dataclass(frozen=True, slots=True)
class AskedEmbedding:
    """What is to become vectors, by which model."""

    model: str
    request: EmbeddingRequest


_COMPLETION: Final = msgspec.json.Decoder(CompletionBody)
_EMBEDDING: Final = msgspec.json.Decoder(EmbeddingBody)


def read_completion(body: bytes) -> AskedCompletion:
    """The request in a body of `/v1/completions`.

    Raises:
        MalformedBody, UnknownParameter, BadValue: with the field at fault.
    """
    wire = decode(body, _COMPLETION)
    request = CompletionRequest(
        prompts=prompts(wire.prompt, param="prompt"),
        max_tokens=wire.max_tokens,
        temperature=wire.temperature,
        top_p=wire.top_p,
        stop=stops(wire.stop),
        seed=wire.seed,
        n=wire.n or 1,
        presence_penalty=wire.presence_penalty,
        frequency_penalty=wire.frequency_penalty,
        logprobs=wire.logprobs,
        echo=bool(wire.echo),
        suffix=wire.suffix,
    )
    usage = wire.stream_options is not None and wire.stream_options.include_usage
    return AskedCompletion(wire.model, request, bool(wire.stream), usage)


def read_embedding(body: bytes) -> AskedEmbedding:
    """The request in a body of `/v1/embeddings`.

    Raises:
        MalformedBody, UnknownParameter, BadValue: with the field at fault.
    """
    wire = decode(body, _EMBEDDING)
    request = EmbeddingRequest(
        inputs=prompts(wire.input, param="input"),
        encoding=Encoding(wire.encoding_format or "float"),
        dimensions=wire.dimensions,
    )
    return AskedEmbedding(wire.model, request)


def prompts(given: str | list[str | int | list[int]], *, param: str) -> tuple[Prompt, ...]:
    """One text, several texts, one list of token ids or several, as a tuple of prompts.

    Raises:
        BadValue: several kinds at once.
    """
    if isinstance(given, str):
        return (given,)
    texts = [item for item in given if isinstance(item, str)]
    lists = [tuple(item) for item in given if isinstance(item, list)]
    tokens = tuple(item for item in given if isinstance(item, int))
    if len(given) not in {len(texts), len(lists), len(tokens)}:
        raise BadValue(param, expected="texts, or token ids, or lists of token ids")
    return (tokens,) if tokens else (*texts, *lists)

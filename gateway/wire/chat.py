"""`POST /v1/chat/completions` on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from gateway.refusals import BadValue
from gateway.wire.decoding import (
    Alternatives,
    Body,
    Choices,
    Fraction,
    Penalty,
    Seed,
    Temperature,
    Tokens,
    check_depth,
    decode,
)
from inference.chat import ChatRequest, Message, NamedTool, Tool, ToolCall, ToolMode


class TextPart(Body, frozen=True, tag_field="type", tag="text"):
    """A piece of a message; text is the only kind that the models here take."""

    text: str


class CalledFunction(Body, frozen=True):
    """Which function the model called, with what."""

    name: str
    arguments: str


class WireToolCall(Body, frozen=True):
    """A tool call of an earlier answer, sent back."""

    id: str
    function: CalledFunction
    type: Literal["function"] = "function"


class WireMessage(Body, frozen=True):
    """One turn."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[TextPart] | None = None
    name: str | None = None
    tool_calls: list[WireToolCall] = msgspec.field(default_factory=list)
    tool_call_id: str | None = None
    refusal: None = None
    annotations: list[dict[str, Any]] = msgspec.field(default_factory=list)


class StreamOptions(Body, frozen=True):
    """What a stream carries beside text."""

    include_usage: bool = False


class FunctionTool(Body, frozen=True):
    """A function that the model may ask for."""

    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class WireTool(Body, frozen=True):
    """A function, or retrieval over collections (`file_search`)."""

    type: Literal["function", "file_search"]
    function: FunctionTool | None = None
    vector_store_ids: Annotated[list[str], Meta(max_length=64)] | None = None
    max_num_results: Annotated[int, Meta(ge=1, le=50)] | None = None


class NamedFunction(Body, frozen=True):
    """A function's name."""

    name: str


class WireToolChoice(Body, frozen=True):
    """The one function that must be called."""

    function: NamedFunction
    type: Literal["function"] = "function"


class ChatBody(Body, frozen=True):
    """The body; what stands from `user` on is taken and has no effect."""

    model: str
    messages: Annotated[list[WireMessage], Meta(min_length=1, max_length=2048)]
    max_tokens: Tokens | None = None
    max_completion_tokens: Tokens | None = None
    temperature: Temperature | None = None
    top_p: Fraction | None = None
    n: Choices | None = None
    seed: Seed | None = None
    stop: str | Annotated[list[str], Meta(max_length=16)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    logprobs: bool | None = None
    top_logprobs: Alternatives | None = None
    response_format: dict[str, Any] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    tools: Annotated[list[WireTool], Meta(max_length=128)] | None = None
    tool_choice: Literal["auto", "none", "required"] | WireToolChoice | None = None
    chat_template_kwargs: dict[str, Any] | None = None
    collections: Annotated[list[str], Meta(max_length=64)] | None = None
    user: str | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: str | None = None
    parallel_tool_calls: bool | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The body in our words: what is asked, of whom, over which collections (``None``: no retrieval)."""

    model: str
    request: ChatRequest
    stream: bool
    include_usage: bool
    collections: tuple[str, ...] | None


_DECODER: Final = msgspec.json.Decoder(ChatBody)


def read(body: bytes) -> Asked:
    """The request in a body.

    Raises:
        MalformedBody, UnknownParameter, BadValue: with the field at fault.
    """
    wire = decode(body, _DECODER)
    check_depth(wire.response_format, "response_format")
    check_depth(wire.chat_template_kwargs, "chat_template_kwargs")
    return Asked(
        model=wire.model,
        request=_request(wire),
        stream=bool(wire.stream),
        include_usage=wire.stream_options is not None and wire.stream_options.include_usage,
        collections=_collections(wire),
    )


def _request(wire: ChatBody) -> ChatRequest:
    return ChatRequest(
        messages=tuple([_message(message) for message in wire.messages]),
        max_tokens=wire.max_completion_tokens or wire.max_tokens,
        temperature=wire.temperature,
        top_p=wire.top_p,
        stop=stops(wire.stop),
        seed=wire.seed,
        n=wire.n or 1,
        presence_penalty=wire.presence_penalty,
        frequency_penalty=wire.frequency_penalty,
        logprobs=alternatives(wire.top_logprobs, wanted=wire.logprobs),
        response_format=wire.response_format,
        tools=_functions(wire.tools) if wire.tools else (),
        tool_choice=_choice(wire.tool_choice),
        template=_template(wire.chat_template_kwargs),
    )


def stops(stop: str | list[str] | None) -> tuple[str, ...]:
    """The stop sequences: one, several or none."""
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, str) else tuple(stop)


def alternatives(top: int | None, *, wanted: bool | None) -> int | None:
    """How many alternatives a token comes with; ``None`` for no log probabilities.

    Raises:
        BadValue: alternatives are asked for without log probabilities.
    """
    if not wanted:
        if top:
            raise BadValue("top_logprobs", expected="sent together with logprobs: true")
        return None
    return top or 0


def _message(wire: WireMessage) -> Message:
    content = wire.content
    if isinstance(content, list):
        content = "".join(part.text for part in content)
    calls = tuple(ToolCall(c.id, c.function.name, c.function.arguments) for c in wire.tool_calls)
    role = "system" if wire.role == "developer" else wire.role
    return Message(role, content, wire.name, calls, wire.tool_call_id)


def _functions(tools: list[WireTool]) -> tuple[Tool, ...]:
    found = []
    for place, tool in enumerate(tools):
        if tool.type == "file_search":
            continue
        if tool.function is None:
            raise BadValue(f"tools[{place}].function", expected="the function's name and parameters")
        check_depth(tool.function.parameters, f"tools[{place}].function.parameters")
        found.append(Tool(tool.function.name, tool.function.description, tool.function.parameters))
    return tuple(found)


def _choice(choice: str | WireToolChoice | None) -> ToolMode | NamedTool | None:
    if choice is None:
        return None
    return ToolMode(choice) if isinstance(choice, str) else NamedTool(choice.function.name)


# What a chat template may be told; anything else could reach into the engine.
_TEMPLATE_SWITCHES: Final = frozenset({"enable_thinking", "thinking", "reasoning_effort"})


def _template(switches: Mapping[str, Any] | None) -> Mapping[str, object] | None:
    if not switches:
        return None
    for name in switches:
        if name not in _TEMPLATE_SWITCHES:
            raise BadValue("chat_template_kwargs", expected=f"one of {', '.join(sorted(_TEMPLATE_SWITCHES))}")
    return switches


def _collections(wire: ChatBody) -> tuple[str, ...] | None:
    searches = [tool for tool in wire.tools or () if tool.type == "file_search"]
    if wire.collections is None and not searches:
        return None
    named = [*(wire.collections or ())]
    for search in searches:
        named += search.vector_store_ids or ()
    return tuple(dict.fromkeys(named))

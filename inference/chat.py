"""A conversation with a model: what is asked and what comes back, in our words and not the wire's."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar

import msgspec

from inference.usage import Usage


class ToolMode(StrEnum):
    """Whether the model may, must or must not call a tool."""

    AUTO = "auto"
    NONE = "none"
    REQUIRED = "required"


class ToolCall(msgspec.Struct, frozen=True, gc=False):
    """The model wants a tool called; ``arguments`` is JSON that the model wrote, so it may be broken."""

    id: str
    name: str
    arguments: str


class ToolCallPart(msgspec.Struct, frozen=True, gc=False):
    """A piece of a tool call: the pieces of one ``index`` belong together, ``arguments`` are appended."""

    index: int
    id: str | None = None
    name: str | None = None
    arguments: str = ""


class Tool(msgspec.Struct, frozen=True, gc=False):
    """A function that the model may ask for; ``parameters`` is a JSON Schema."""

    name: str
    description: str | None = None
    parameters: Mapping[str, object] | None = None


class NamedTool(msgspec.Struct, frozen=True, gc=False):
    """The one tool that the model must call."""

    name: str


class Message(msgspec.Struct, frozen=True, gc=False):
    """One turn of a conversation; ``role`` is system, user, assistant or tool."""

    role: str
    content: str | None
    name: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


class ChatRequest(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A question to a chat route; ``None`` leaves a choice to the engine.

    Attributes:
        logprobs: how many alternatives to give with each token; 0 gives the chosen token's alone.
        response_format: the OpenAI object of that name, which holds a JSON Schema.
        template: what the model's chat template takes, such as ``{"enable_thinking": False}``.
    """

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int = 1
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: int | None = None
    response_format: Mapping[str, object] | None = None
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolMode | NamedTool | None = None
    template: Mapping[str, object] | None = None


class ChatDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of an answer that is being written; the last one carries the usage and no text.

    ``logprobs`` is JSON exactly as the engine wrote it.
    """

    index: int
    text: str
    finish: str | None = None
    role: str | None = None
    usage: Usage | None = None
    tool_calls: tuple[ToolCallPart, ...] = ()
    reasoning: str | None = None
    logprobs: bytes | None = None


class TextRun(msgspec.Struct, frozen=True, gc=False):
    """Pieces of the first choice's text that came together: none empty, and nothing said beside them.

    ``pieces`` are as the engine wrote them, JSON strings (RFC 8259 section 7) without their quotation marks;
    ``texts`` is what they say.
    """

    pieces: list[bytes]
    texts: list[str]
    finish: ClassVar[None] = None
    usage: ClassVar[None] = None

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.texts)


ChatPiece = ChatDelta | TextRun
"""What a stream of a chat answer is made of."""


def texts_of(some: Iterable[ChatPiece]) -> list[str]:
    """The pieces of text in them, one by one, none empty."""
    texts: list[str] = []
    for each in some:
        if isinstance(each, TextRun):
            texts += each.texts
        elif each.text:
            texts.append(each.text)
    return texts


class Choice(msgspec.Struct, frozen=True, gc=False):
    """One of the ``n`` answers."""

    index: int
    text: str
    finish: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    reasoning: str | None = None
    logprobs: bytes | None = None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A whole answer: at least one choice."""

    choices: tuple[Choice, ...]
    usage: Usage

    @property
    def text(self) -> str:
        """The text of the first choice."""
        return self.choices[0].text

    @property
    def finish(self) -> str | None:
        """Why the first choice ended."""
        return self.choices[0].finish

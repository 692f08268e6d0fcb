"""Partial files that wider ones have replaced: readers may still hold them, so what they say must be true as well."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit import merkle, tiles, tree
from audit.errors import TreeFault
from audit.rules import Tampered


@dataclass(frozen=True, slots=True)
class Partial:
    """A stored partial file: ``level`` is ``None`` for a bundle of records."""

    path: Path
    level: int | None
    index: int
    width: int


def partials(folder: Path) -> Iterator[Partial]:
    """Every partial file of a log (C2SP tlog-tiles: ``tile/<L>/<N>.p/<W>``), in a fixed order.

    Raises:
        Tampered: a file that is none of the format's.
    """
    for path in sorted((folder / "tile").rglob("*.p/*")):
        if path.name.startswith("."):
            continue  # half a write that a crash left; nobody reads it
        parts = path.relative_to(folder / "tile").parts
        try:
            level = None if parts[0] == "entries" else int(parts[0])
            yield Partial(path, level, _index(parts[1:-1]), int(path.name))
        except ValueError:
            raise Tampered(None, f"{path.relative_to(folder)}: no file of the format") from None


def compare(folder: Path, size: int) -> None:
    """Return if every partial file says what the tree of that size says; what lies beyond it is not signed.

    Raises:
        Tampered: with the first index that differs.
    """
    for partial in partials(folder):
        level = partial.level or 0
        covered = min(partial.width, (size >> 8 * level) - partial.index * tiles.WIDTH)
        if covered > 0:
            _compare(folder, partial, size, covered)


def _compare(folder: Path, partial: Partial, size: int, covered: int) -> None:
    level, first = partial.level or 0, partial.index * tiles.WIDTH
    name = partial.path.relative_to(folder).as_posix()
    width = tiles.tile_width(level, partial.index, size)
    expected = tree.load_tile(folder, (level, partial.index), width)
    try:
        found = _hashes(partial, name)
    except FileNotFoundError:
        return  # a live log has just replaced it
    for place in range(covered):
        if place >= len(found) or found[place] != expected[place]:
            raise Tampered((first + place) << 8 * level, f"{name}: entry {place} is not the log's")


def _hashes(partial: Partial, name: str) -> list[bytes]:
    raw = partial.path.read_bytes()
    if partial.level is None:
        bodies, _ = tiles.split_bundle(raw)
        return [merkle.leaf_hash(body) for body in bodies]
    try:
        return tiles.split_hashes(raw, partial.width, path=name)
    except TreeFault as fault:
        raise Tampered(partial.index * tiles.WIDTH, f"{name}: {fault.fault}") from fault


def _index(parts: tuple[str, ...]) -> int:
    """The number that a path writes in groups of three digits, all but the last with an ``x``."""
    *groups, last = parts
    digits = [group.removeprefix("x") for group in groups] + [last.removesuffix(".p")]
    if any(len(three) != 3 for three in digits):
        raise ValueError(parts)
    return int("".join(digits))

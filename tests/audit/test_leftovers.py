"""Partial files that wider ones replaced are part of a log's folder, and are held to the same."""

from pathlib import Path

import pytest

from audit import merkle, tiles
from audit.leftovers import compare
from audit.rules import Tampered

SIZE = 300
BODIES = [f'{{"seq":{number}}}'.encode() for number in range(SIZE)]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of 300 records with the partial files of 260 and 300 of them."""
    leaves = [merkle.leaf_hash(body) for body in BODIES]
    put(tmp_path, tiles.bundle_path(0), bundle(BODIES[:256]))
    put(tmp_path, tiles.tile_path(0, 0), b"".join(leaves[:256]))
    for size in (260, SIZE):
        put(tmp_path, tiles.bundle_path(1, size - 256), bundle(BODIES[256:size]))
        put(tmp_path, tiles.tile_path(0, 1, size - 256), b"".join(leaves[256:size]))
    return tmp_path


def bundle(bodies: list[bytes]) -> bytes:
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def put(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_what_was_replaced_says_the_same(log: Path) -> None:
    compare(log, SIZE)


@pytest.mark.parametrize("path", [tiles.bundle_path(1, 4), tiles.tile_path(0, 1, 4)])
def test_any_flipped_bit_is_named_by_its_index(log: Path, path: str) -> None:
    whole = (log / path).read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        (log / path).write_bytes(changed)
        with pytest.raises(Tampered) as found:
            compare(log, SIZE)
        assert found.value.index in range(256, 260)


def test_what_lies_beyond_the_signed_size_is_not_judged(log: Path) -> None:
    put(log, tiles.bundle_path(1, 45), bundle([*BODIES[256:], b"{}"]))
    put(log, tiles.tile_path(0, 1, 45), b"".join(map(merkle.leaf_hash, [*BODIES[256:], b"{}"])))
    compare(log, SIZE)


def test_half_a_write_is_nobodys_file(log: Path) -> None:
    put(log, f"{tiles.bundle_path(1)}.p/.46.123", b"half")
    compare(log, SIZE)


def test_a_file_that_is_none_of_the_formats_is_named(log: Path) -> None:
    put(log, f"{tiles.bundle_path(1)}.p/extra", b"")
    with pytest.raises(Tampered, match="no file of the format"):
        compare(log, SIZE)

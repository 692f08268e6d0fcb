"""Paths and codecs of C2SP tlog-tiles, and the tiles that a growing tree fills."""

import pytest

from audit import merkle, tiles
from audit.errors import TreeFault
from audit.tiles import Tower


def test_paths_are_those_of_the_standard() -> None:
    assert tiles.tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(1, 5, 112) == "tile/1/005.p/112"
    assert tiles.bundle_path(273, 5) == "tile/entries/273.p/5"
    assert tiles.bundle_path(1000) == "tile/entries/x001/000"


def test_a_bundle_is_read_as_it_was_written() -> None:
    bodies = [b"", b"one", b"x" * 65_535]

    raw = tiles.encode_bundle(bodies)

    assert tiles.decode_bundle(raw, 3, path="p") == bodies
    assert raw[:7] == b"\x00\x00\x00\x03one"


@pytest.mark.parametrize("raw", [b"\x00", b"\x00\x05abc", b"\x00\x01a\x00\x01b", b"\x00\x01a\x00"])
def test_a_bundle_of_another_length_is_refused(raw: bytes) -> None:
    with pytest.raises(TreeFault):
        tiles.decode_bundle(raw, 1, path="p")


def test_a_tile_of_another_length_is_refused() -> None:
    with pytest.raises(TreeFault):
        tiles.split_hashes(b"\0" * 63, 2, path="p")


def test_a_full_tile_is_handed_out_once_on_every_level_that_it_fills() -> None:
    tower = Tower()
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(65_537)]

    full = [(tile.level, tile.index) for leaf in leaves for tile in tower.add(leaf)]

    assert full == [*((0, index) for index in range(255)), (0, 255), (1, 0)]
    assert [(tile.level, tile.index, len(tile.hashes)) for tile in tower.edge()] == [(0, 256, 1), (2, 0, 1)]
    assert tower.root() == merkle.root_over(leaves)
    assert [tiles.tile_width(level, 0, 65_537) for level in range(4)] == [256, 256, 1, 0]

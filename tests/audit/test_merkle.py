"""Trees and proofs, against the reference roots of Certificate Transparency and against the definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from audit.errors import ProofFault
from audit.tiles import Tower

CT_INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def reading(hashes: list[bytes]) -> merkle.HashAt:
    return lambda level, index: merkle.perfect_root(hashes[index << level : (index + 1) << level])


def by_definition(hashes: list[bytes]) -> bytes:
    """RFC 6962 2.1, word by word."""
    if not hashes:
        return merkle.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


@pytest.mark.parametrize("count", range(1, 9))
def test_the_root_is_that_of_certificate_transparency(count: int) -> None:
    tower = Tower()
    for entry in CT_INPUTS[:count]:
        tower.add(merkle.leaf_hash(bytes.fromhex(entry)))

    assert tower.root().hex() == CT_ROOTS[count - 1]


def test_the_empty_tree_hashes_to_sha256_of_nothing() -> None:
    assert Tower().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("count", [*range(40), 255, 256, 257, 511, 700])
def test_a_tower_and_the_stored_hashes_give_the_root_of_the_definition(count: int) -> None:
    hashes, tower = leaves(count), Tower()
    for leaf in hashes:
        tower.add(leaf)

    assert (
        tower.root()
        == by_definition(hashes)
        == merkle.tree_root(count, reading(hashes))
        == merkle.root_over(hashes)
    )


@pytest.mark.parametrize("size", range(1, 34))
def test_every_entry_is_proven_and_no_other_leaf_is(size: int) -> None:
    hashes = leaves(size)
    root = by_definition(hashes)
    for index in range(size):
        path = merkle.inclusion_path(index, size, reading(hashes))
        merkle.check_inclusion(hashes[index], index, size, path, root=root)
        for wrong in ({"leaf": b"\0" * 32}, {"index": size}, {"path": [*path, root]}, {"path": path[:-1]}):
            given_ = {"leaf": hashes[index], "index": index, "path": path, **wrong}
            if given_["path"] == path and wrong.get("path") == []:
                continue
            with pytest.raises(ProofFault):
                merkle.check_inclusion(given_["leaf"], given_["index"], size, given_["path"], root=root)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_past_is_proven_and_no_other_root_is(new: int) -> None:
    hashes = leaves(new)
    root = by_definition(hashes)
    for old in range(new + 1):
        past = by_definition(hashes[:old])
        path = merkle.consistency_path(old, new, reading(hashes))
        merkle.check_consistency(old, new, path, old_root=past, new_root=root)
        for old_root, new_root in ((b"\0" * 32, root), (past, b"\0" * 32)):
            if old == 0 and old_root == past:
                continue
            with pytest.raises(ProofFault):
                merkle.check_consistency(old, new, [*path, b"\1" * 32], old_root=past, new_root=root)
            if old:
                with pytest.raises(ProofFault):
                    merkle.check_consistency(old, new, path, old_root=old_root, new_root=new_root)


@given(size=st.integers(2, 300), data=st.data())
def test_a_proof_with_one_flipped_bit_proves_nothing(size: int, data: st.DataObject) -> None:
    hashes = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_path(index, size, reading(hashes))
    step, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    path[step] = (int.from_bytes(path[step], "big") ^ (1 << bit)).to_bytes(32, "big")

    with pytest.raises(ProofFault):
        merkle.check_inclusion(hashes[index], index, size, path, root=by_definition(hashes))


def test_a_tree_is_never_the_past_of_a_smaller_one() -> None:
    with pytest.raises(ProofFault):
        merkle.consistency_path(3, 2, reading(leaves(3)))
    with pytest.raises(ProofFault):
        merkle.check_consistency(3, 2, [], old_root=b"", new_root=b"")
    with pytest.raises(ProofFault):
        merkle.inclusion_path(2, 2, reading(leaves(2)))

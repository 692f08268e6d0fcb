"""Hashing and proofs of RFC 6962 and RFC 9162; pure, standard library only."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from audit.errors import ProofFault

EMPTY_ROOT: Final = sha256(b"").digest()

HashAt = Callable[[int, int], bytes]
"""``(level, index)`` to the hash over the entries ``[index << level, (index + 1) << level)``."""


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x00 || body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^n hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of the largest perfect subtrees that cover the hashes, left to right."""
    found, start, left = [], 0, len(hashes)
    while left:
        span = 1 << (left.bit_length() - 1)
        found.append(perfect_root(hashes[start : start + span]))
        start, left = start + span, left - span
    return found


def root_over(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962 2.1: the root over any number of hashes of one level."""
    return folded(peaks(hashes))


def folded(subtrees: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees, largest first."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = node_hash(left, root)
    return root


def subtree(start: int, end: int, at: HashAt) -> bytes:
    """MTH(D[start:end]) of RFC 6962 2.1, from stored hashes of perfect subtrees."""
    span = end - start
    if span & (span - 1) == 0 and start % span == 0:
        level = span.bit_length() - 1
        return at(level, start >> level)
    middle = start + _split(span)
    return node_hash(subtree(start, middle, at), subtree(middle, end, at))


def tree_root(size: int, at: HashAt) -> bytes:
    return subtree(0, size, at) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, at: HashAt) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1, leaf's sibling first.

    Raises:
        ProofFault: the tree has no such entry.
    """
    if not 0 <= index < size:
        raise ProofFault(f"entry {index} is not in a tree of {size}")
    return _path(index, (0, size), at)


def consistency_path(old: int, new: int, at: HashAt) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 2.1.2.

    Raises:
        ProofFault: the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise ProofFault(f"a tree of {old} is not the past of a tree of {new}")
    if old in (0, new):
        return []
    return _subproof(old, (0, new), whole=True, at=at)


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], *, root: bytes) -> None:
    """RFC 9162 2.1.3.2.

    Raises:
        ProofFault: the path does not lead from the leaf to the root.
    """
    if not 0 <= index < size:
        raise ProofFault(f"entry {index} is not in a tree of {size}")
    node, last, reached = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofFault("the path is too long")
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    if last or reached != root:
        raise ProofFault(f"entry {index} is not under this root")


def check_consistency(old: int, new: int, path: Sequence[bytes], *, old_root: bytes, new_root: bytes) -> None:
    """RFC 9162 2.1.4.2, with the empty tree as the past of every tree.

    Raises:
        ProofFault: the new tree is not an extension of the old one.
    """
    if old > new:
        raise ProofFault(f"a tree of {old} is not the past of a tree of {new}")
    if old in (0, new):
        _check_trivial(old, new, path, old_root=old_root, new_root=new_root)
        return
    rest = list(path) if old & (old - 1) else [old_root, *path]
    if not rest:
        raise ProofFault("the path is empty")
    first, second = _both_roots(old - 1, new - 1, rest)
    if first != old_root or second != new_root:
        raise ProofFault(f"the tree of {new} does not extend the tree of {old}")


def _both_roots(node: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of the old and the new tree that the path leads to."""
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofFault("the path is too long")
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofFault("the path is too short")
    return first, second


def _check_trivial(old: int, new: int, path: Sequence[bytes], *, old_root: bytes, new_root: bytes) -> None:
    expected = EMPTY_ROOT if old == 0 else new_root
    if path or old_root != expected or (new == 0 and new_root != EMPTY_ROOT):
        raise ProofFault(f"the tree of {new} does not extend the tree of {old}")


def _split(span: int) -> int:
    """The largest power of two smaller than the span."""
    return 1 << ((span - 1).bit_length() - 1)


def _path(index: int, window: tuple[int, int], at: HashAt) -> list[bytes]:
    start, end = window
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if index < middle:
        return [*_path(index, (start, middle), at), subtree(middle, end, at)]
    return [*_path(index, (middle, end), at), subtree(start, middle, at)]


def _subproof(old: int, window: tuple[int, int], *, whole: bool, at: HashAt) -> list[bytes]:
    start, end = window
    if old == end:
        return [] if whole else [subtree(start, end, at)]
    middle = start + _split(end - start)
    if old <= middle:
        return [*_subproof(old, (start, middle), whole=whole, at=at), subtree(middle, end, at)]
    return [*_subproof(old, (middle, end), whole=False, at=at), subtree(start, middle, at)]

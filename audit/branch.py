"""One log's stored tree while it grows: bundles, tiles, and a signed checkpoint over what was read back."""

from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import tiles, tree
from audit.durable import sync_folder, sync_up_to, write_file
from audit.errors import LedgerDamaged
from audit.merkle import leaf_hash
from audit.note import Checkpoint, sign_checkpoint

Sign = Callable[[Checkpoint], bytes]


def signer(key: Ed25519PrivateKey) -> Sign:
    return lambda checkpoint: sign_checkpoint(checkpoint, key)


class Branch:
    """The writer's side of one log's folder; used by one thread."""

    def __init__(self, folder: Path, origin: str, tower: tiles.Tower, bodies: list[bytes]) -> None:
        """``bodies`` are the entries of the bundle that is not full."""
        self.folder = folder
        self.origin = origin
        self.signed = tower.size
        self._tower = tower
        self._bodies = bodies
        self._folders: set[Path] = set()
        self._strangers = True
        self._unsaved: list[tuple[str, bytes, tuple[bytes, ...]]] = []
        self._partial: dict[str, Path] = {}

    @property
    def size(self) -> int:
        return self._tower.size

    def add(self, body: bytes, leaf: bytes) -> None:
        """Takes in the next entry, in memory; what it fills is stored by :meth:`publish`."""
        self._bodies.append(body)
        full = self._tower.add(leaf)
        self._unsaved += [(tile.path, b"".join(tile.hashes), ()) for tile in full]
        if full:
            path = tiles.bundle_path(full[0].index)
            self._unsaved.append((path, tiles.encode_bundle(self._bodies), full[0].hashes))
            self._bodies.clear()

    def publish(self, sign: Sign) -> bytes:
        """Stores the right edge and signs the head over it.

        Raises:
            LedgerDamaged: what was read back is not what was put on record.
            OSError: the files could not be made durable; to call it again is safe.
        """
        while self._unsaved:
            self._store(*self._unsaved[0])
            self._unsaved.pop(0)
        for tile in self._tower.edge():
            self._store(tile.path, b"".join(tile.hashes), ())
        if self._bodies:
            leaves = tuple(self._tower.levels[0])
            path = tiles.bundle_path(self.size // tiles.WIDTH, len(leaves))
            self._store(path, tiles.encode_bundle(self._bodies), leaves)
        self._sync()
        note = sign(Checkpoint(self.origin, self.size, self._tower.root()))
        write_file(self.folder / tree.CHECKPOINT, note)
        sync_folder(self.folder)
        before, self.signed = self.signed, self.size
        self._sweep(before)
        return note

    def _store(self, path: str, content: bytes, leaves: tuple[bytes, ...]) -> None:
        """The log must never sign what its own disk can't give back; ``leaves`` are those of a bundle."""
        place = self.folder / path
        self._strangers = self._strangers or not place.parent.is_dir()
        write_file(place, content)
        self._folders.add(place.parent)
        if not leaves:
            return
        bodies = tiles.decode_bundle(place.read_bytes(), len(leaves), path=path)
        for number, (body, leaf) in enumerate(zip(bodies, leaves, strict=True)):
            if leaf_hash(body) != leaf:
                raise LedgerDamaged(f"{self.origin} {path} entry {number}", "read back changed")

    def _sync(self) -> None:
        """Makes names durable; those of folders too, on the first turn and whenever one was made."""
        if self._strangers:
            sync_up_to(self._folders, self.folder.parent)
            self._strangers = False
        else:
            for folder in self._folders:
                sync_folder(folder)
        self._folders.clear()

    def _sweep(self, before: int) -> None:
        """Partial files older than the previous checkpoint's, which a copy made meanwhile may need."""
        for level in range(len(self._tower.levels)):
            index = before >> (8 * level + 8)
            keep = tiles.tile_width(level, index, before)
            self._sweep_beside(f"tile {level}", tiles.tile_path(level, index), keep)
            if level == 0:
                self._sweep_beside("bundle", tiles.bundle_path(index), keep)

    def _sweep_beside(self, kind: str, path: str, keep: int) -> None:
        folder = self.folder / f"{path}.p"
        _drop_narrower(folder, keep)
        past = self._partial.get(kind, folder)
        if past != folder and past.is_dir():
            _drop_narrower(past, tiles.WIDTH)
            past.rmdir()
        self._partial[kind] = folder


def _drop_narrower(folder: Path, keep: int) -> None:
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if not entry.name.isdigit() or int(entry.name) < keep:
            entry.unlink(missing_ok=True)


def load_branch(folder: Path, checkpoint: Checkpoint) -> Branch:
    """The branch as its checkpoint describes it.

    Raises:
        LedgerDamaged: the stored tree is not the one that was signed.
        TreeFault: a file of its right edge is missing or malformed.
    """
    tower = tree.load_tower(folder, checkpoint.size)
    if tower.root() != checkpoint.root:
        raise LedgerDamaged(checkpoint.origin, "the stored tree is not the signed one")
    width = checkpoint.size % tiles.WIDTH
    bodies = tree.load_bundle(folder, checkpoint.size // tiles.WIDTH, width) if width else []
    for place, body in enumerate(bodies):
        if leaf_hash(body) != tower.levels[0][place]:
            raise LedgerDamaged(f"{checkpoint.origin}#{checkpoint.size - width + place}", "changed")
    return Branch(folder, checkpoint.origin, tower, bodies)

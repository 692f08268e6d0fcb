"""Proofs as files: C2SP tlog-proof for inclusion, and a note pair for consistency. Pure."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from audit import merkle
from audit.errors import ProofFault
from audit.note import Checkpoint, VerifierKey, open_checkpoint

INCLUSION: Final = "c2sp.org/tlog-proof@v1"
CONSISTENCY: Final = "valv consistency proof v1"


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That a record is in the log: the record itself, its number, the path, and the signed checkpoint."""

    body: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    @property
    def text(self) -> bytes:
        """C2SP tlog-proof; the record is in the extra data, from which the leaf hash is computed."""
        head = f"{INCLUSION}\nextra {base64.b64encode(self.body).decode()}\nindex {self.index}\n"
        return head.encode() + _lines(self.path) + b"\n" + self.checkpoint

    def check(self, key: VerifierKey) -> Checkpoint:
        """The checkpoint under which the record stands.

        Raises:
            NoteFault: the checkpoint is not signed by the key.
            ProofFault: the record is not under it.
        """
        head = open_checkpoint(self.checkpoint, key)
        merkle.check_inclusion(merkle.leaf_hash(self.body), self.index, head.size, self.path, root=head.root)
        return head


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That a log only grew: two signed checkpoints and the path between them."""

    path: tuple[bytes, ...]
    old: bytes
    new: bytes

    @property
    def text(self) -> bytes:
        head = f"{CONSISTENCY}\nold {base64.b64encode(self.old).decode()}\n".encode()
        return head + _lines(self.path) + b"\n" + self.new

    def check(self, key: VerifierKey) -> tuple[Checkpoint, Checkpoint]:
        """The older and the newer checkpoint.

        Raises:
            NoteFault: one of them is not signed by the key.
            ProofFault: the newer does not extend the older.
        """
        old, new = open_checkpoint(self.old, key), open_checkpoint(self.new, key)
        if old.origin != new.origin:
            raise ProofFault(f"{old.origin} and {new.origin} are two logs")
        merkle.check_consistency(old.size, new.size, self.path, old_root=old.root, new_root=new.root)
        return old, new


def parse_proof(raw: bytes) -> InclusionProof | ConsistencyProof:
    """The proof in a file.

    Raises:
        ProofFault: malformed.
    """
    proof = _parsed(raw)
    if proof.text != raw:
        raise ProofFault("not written as a proof is written")
    return proof


def _parsed(raw: bytes) -> InclusionProof | ConsistencyProof:
    head, _, checkpoint = raw.partition(b"\n\n")
    try:
        first, second, *rest = head.decode("ascii").split("\n")
        carried = base64.b64decode(second.partition(" ")[2], validate=True)
        if first == CONSISTENCY and second.startswith("old "):
            return ConsistencyProof(_hashes(rest), carried, checkpoint)
        if first == INCLUSION and second.startswith("extra ") and rest[0].startswith("index "):
            return InclusionProof(carried, int(rest[0][6:]), _hashes(rest[1:]), checkpoint)
    except (ValueError, IndexError, binascii.Error) as broken:
        raise ProofFault("malformed proof") from broken
    raise ProofFault("not a proof of a known kind")


def _lines(path: tuple[bytes, ...]) -> bytes:
    return b"".join(base64.b64encode(step) + b"\n" for step in path)


def _hashes(lines: list[str]) -> tuple[bytes, ...]:
    path = tuple(base64.b64decode(line, validate=True) for line in lines)
    if any(len(step) != 32 for step in path):
        raise ProofFault("a step of the path is no SHA-256 hash")
    return path

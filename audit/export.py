"""An evidence package: records with their proofs, the signed checkpoint, and how to verify it all."""

import base64
import csv
import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from audit import merkle, tiles, tree
from audit.clock import instant
from audit.errors import NoteFault, ProofFault
from audit.findings import LogReport, Report
from audit.note import Checkpoint, VerifierKey, open_checkpoint
from audit.rules import Progress, opened

FORMAT: Final = "valv evidence v1"
SCRATCH: Final = ".export-"
"""What the folder's name begins with in which a package is put together; one that is left over may be deleted."""

PARTS: Final = ("checkpoint", "records.jsonl", "proofs.jsonl", "timeline.csv", "HOW-TO-VERIFY.txt")
"""The files of a package beside its ``manifest.json``."""

BROKEN: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError,
    EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What the reading of a package that was changed can end in."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_COLUMNS: Final = ("seq", "ts", "type", "call", "actor", "roles", "operation", "model", "status", "documents")
_HOW: Final = """\
This package holds {count} records of the audit log {origin}.

records.jsonl   the records, byte for byte as they were hashed, one a line
proofs.jsonl    for each record: its number, its leaf hash and the path to the root (RFC 6962)
checkpoint      the signed head of the log (C2SP tlog-checkpoint, Ed25519)
timeline.csv    the same records as a table, to read; it proves nothing
manifest.json   what was asked for, counts, and SHA-256 of each file

To verify it, offline, with Python 3.11 and the package "cryptography":

    python -m audit verify bundle.zip --vkey KEY

KEY is the verifier key of the installation. Take it from where you keep it, not from this package:
who could change the package could change a key in it. Exit code 0 means that every record stood in the log
that was signed; 1 names what was changed.

That no record was left out shows only in a whole log: ask for a copy of the log's folder and run
the same command on it, with --since and a checkpoint that you kept from before.
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export was asked for; ``records`` are the numbers, ascending."""

    asked: dict[str, str]
    records: tuple[int, ...]


def write_export(
    folder: Path,
    key: VerifierKey,
    selection: Selection,
    out: Path,
    *,
    made: str,
    progress: Progress | None = None,
) -> int:
    """Writes the package and returns how many records it holds; every proof is checked before it is written.

    Raises:
        NoteFault: the log's checkpoint is not signed by the key.
        ProofFault: a record is not under the checkpoint.
        TreeFault: a file of the log is missing or malformed.
        OSError: the file can't be written.
    """
    note = tree.read_checkpoint(folder)
    head = open_checkpoint(note, key)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=SCRATCH) as scratch:
        parts = Path(scratch)
        _write_records(parts, tree.TreeReader(folder, head.size), head, (selection, progress))
        how = _HOW.format(count=len(selection.records), origin=head.origin)
        (parts / "checkpoint").write_bytes(note)
        (parts / "HOW-TO-VERIFY.txt").write_text(how, encoding="utf-8")
        digests = {name: _digest(parts / name) for name in PARTS}
        manifest = _manifest(digests, selection, (head.origin, head.size, str(key), made))
        (parts / "manifest.json").write_bytes(manifest)
        _zip(out, [parts / name for name in (*PARTS, "manifest.json")])
    return len(selection.records)


def _write_records(
    parts: Path, reader: tree.TreeReader, head: Checkpoint, work: tuple[Selection, Progress | None]
) -> None:
    selection, progress = work
    with (
        (parts / "records.jsonl").open("wb") as records,
        (parts / "proofs.jsonl").open("wb") as proofs,
        (parts / "timeline.csv").open("w", encoding="utf-8-sig", newline="") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(_COLUMNS)
        for done, (seq, body) in enumerate(_bodies(reader, selection.records)):
            if progress is not None and done % tiles.WIDTH == 0:
                progress(head.origin, done, len(selection.records))
            leaf, path = merkle.leaf_hash(body), reader.inclusion(seq)
            merkle.check_inclusion(leaf, seq, head.size, path, root=head.root)
            records.write(body + b"\n")
            proofs.write(_proof_line(seq, leaf, path))
            rows.writerow(_row(json.loads(body)))
    if progress is not None:
        progress(head.origin, len(selection.records), len(selection.records))


def select(
    folder: Path, size: int, *, since: str | None = None, to: str | None = None, call: str | None = None
) -> Selection:
    """The records of a time window (ISO 8601, without ``to``) or of one call, read from the log.

    Raises:
        ValueError: a time is none.
        TreeFault: a bundle is missing or malformed.
    """
    asked = {
        name: value for name, value in (("from", since), ("to", to), ("call", call)) if value is not None
    }
    since, to = (None if text is None else instant(text) for text in (since, to))
    found = []
    for index in range(-(-size // tiles.WIDTH)):
        for body in tree.load_bundle(folder, index, tiles.tile_width(0, index, size)):
            record = json.loads(body)
            inside = (since is None or record["ts"] >= since) and (to is None or record["ts"] < to)
            if inside and (call is None or record["call"] == call):
                found.append(record["seq"])
    return Selection(asked, tuple(found))


def verify_export(path: Path, key: VerifierKey | None) -> Report:
    """Checks every record of a package against its checkpoint."""
    report = LogReport(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        _check_files(files, key, report)
    except BROKEN as broken:
        report.blame(None, f"not a whole package: {type(broken).__name__}")
    except (NoteFault, ProofFault) as fault:
        report.blame(None, fault.fault)
    return Report([report])


def _check_files(files: dict[str, bytes], key: VerifierKey | None, report: LogReport) -> None:
    head = opened(files["checkpoint"], key)
    report.log, report.size, report.root = head.origin, head.size, head.root.hex()
    manifest = json.loads(files["manifest.json"])
    _check_manifest(manifest, head, report)
    for name, digest in manifest["files"].items():
        if f"sha256:{hashlib.sha256(files[name]).hexdigest()}" != digest:
            report.blame(None, f"{name} is not the file of the manifest")
    records, proofs = files["records.jsonl"].splitlines(), files["proofs.jsonl"].splitlines()
    if not len(records) == len(proofs) == manifest["count"] or set(files) != {
        *manifest["files"],
        "manifest.json",
    }:
        report.blame(None, "records, proofs and manifest do not go together")
    for body, line in zip(records, proofs, strict=False):
        proof = json.loads(line)
        steps = [base64.b64decode(step, validate=True) for step in proof["path"]]
        try:
            merkle.check_inclusion(merkle.leaf_hash(body), proof["index"], head.size, steps, root=head.root)
        except ProofFault as fault:
            report.blame(proof["index"], fault.fault)
            continue
        if json.loads(body)["seq"] != proof["index"] or proof["leaf"] != merkle.leaf_hash(body).hex():
            report.blame(proof["index"], "the proof names another record")


def _check_manifest(manifest: dict[str, Any], head: Checkpoint, report: LogReport) -> None:
    if (manifest["format"], manifest["log"], manifest["size"]) != (FORMAT, head.origin, head.size):
        report.blame(None, "the manifest belongs to another package")


def _bodies(reader: tree.TreeReader, records: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    index, bundle = -1, list[bytes]()
    for seq in records:
        if seq // tiles.WIDTH != index:
            index = seq // tiles.WIDTH
            bundle = reader.bundle(index)
        yield seq, bundle[seq % tiles.WIDTH]


def _proof_line(seq: int, leaf: bytes, path: list[bytes]) -> bytes:
    steps = [base64.b64encode(step).decode() for step in path]
    return (
        json.dumps({"index": seq, "leaf": leaf.hex(), "path": steps}, separators=(",", ":")).encode() + b"\n"
    )


def _row(record: dict[str, Any]) -> list[str]:
    actor, op = record.get("actor") or {}, record.get("op") or {}
    documents = sorted({part["doc"] for part in record.get("rag", ())})
    cells = (
        record["seq"], record["ts"], record["type"], record["call"],
        actor.get("pid"), " ".join(actor.get("roles", ())),
        op.get("name"), op.get("model"), (record.get("outcome") or {}).get("status"), " ".join(documents),
    )  # fmt: skip
    return [_cell(cell) for cell in cells]


def _cell(value: object) -> str:
    """A spreadsheet must not take a value for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _manifest(digests: dict[str, str], selection: Selection, made: tuple[str, int, str, str]) -> bytes:
    origin, size, vkey, moment = made
    content = {
        "format": FORMAT,
        "log": origin,
        "size": size,
        "made": moment,
        "asked": selection.asked,
        "count": len(selection.records),
        "first": selection.records[0] if selection.records else None,
        "last": selection.records[-1] if selection.records else None,
        "contiguous": _contiguous(selection.records),
        "vkey": vkey,
        "files": digests,
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def _contiguous(records: tuple[int, ...]) -> bool:
    return not records or records[-1] - records[0] + 1 == len(records)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _zip(out: Path, paths: Iterable[Path]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path.name, _EPOCH)
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = path.stat().st_size  # so that one over 4 GiB is written as zip64
            with path.open("rb") as raw, archive.open(entry, "w") as packed:
                shutil.copyfileobj(raw, packed)

"""The offline verifier: needs a copy of a folder, the verifier key and the ``cryptography`` package."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from audit import export, tree
from audit import given as words
from audit.errors import AuditError
from audit.filters import call_id
from audit.findings import Gap, Report, Tampering
from audit.note import Checkpoint, VerifierKey
from audit.proofs import ConsistencyProof, InclusionProof, parse_proof
from audit.rules import opened
from audit.survey import Trust, survey

FINE, TAMPERED, INCOMPLETE, USAGE = 0, 1, 2, 3
_SHOWN = 20


def main(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Runs one command: 0 fine, 1 tampered, 2 incomplete but untampered, 3 usage (nothing could be looked at)."""
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as ended:
        return FINE if ended.code == 0 else USAGE
    try:
        return int(given.run(given, out, err))
    except AuditError as fault:
        err.write(f"{type(fault).__name__}: {fault}\n")
        return TAMPERED
    except (OSError, ValueError) as fault:
        err.write(f"{fault}\n")
        return USAGE


def _verify(given: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    key, path = words.key(given.vkey), words.existing(given.dir)
    if path.is_file():
        return _say(export.verify_export(words.package(path), key), given, out)
    since = tuple(words.checkpoint(name)[0] for name in given.since)
    trust = Trust(key, since, tuple(words.key(text) for text in given.witness), given.quorum)
    progress = None if given.json else _Meter(err).show
    return _say(survey(words.ledger(given.dir), trust, progress=progress), given, out)


def _gaps(given: argparse.Namespace, out: TextIO, _: TextIO) -> int:
    report = survey(words.ledger(given.dir), Trust(None))
    if given.json:
        out.write(json.dumps(report.as_dict(), indent=2) + "\n")
    else:
        out.writelines(_gap_line(gap) for gap in report.gaps)
        out.write(f"{len(report.gaps)} gaps; signatures were not checked, use verify for that\n")
    return report.exit_code


def _prove_inclusion(given: argparse.Namespace, out: TextIO, _: TextIO) -> int:
    folder = words.log(given.dir)
    note = tree.read_checkpoint(folder)
    head = opened(note, None)
    chosen = [given.seq] if given.seq is not None else _numbers_of(folder, head, given.call)
    reader = tree.TreeReader(folder, head.size)
    for seq in chosen:
        if not 0 <= seq < head.size:
            raise ValueError(f"record {seq} is not in a log of {head.size}")
        body = reader.bundle(seq // 256)[seq % 256]
        proof = InclusionProof(body, seq, tuple(reader.inclusion(seq)), note)
        _write(given.out, f"{seq}.tlog-proof", proof.text, out)
    return FINE


def _prove_consistency(given: argparse.Namespace, out: TextIO, _: TextIO) -> int:
    folder = words.log(given.dir)
    note = tree.read_checkpoint(folder)
    origin = opened(note, None).origin
    old, earlier = words.checkpoint_of(origin, given.old)
    new, later = words.checkpoint_of(origin, given.new) if given.new else (note, opened(note, None))
    if given.new and earlier.size > later.size:
        raise ValueError(f"{given.old} is later than {given.new}: the earlier checkpoint comes first")
    reader = tree.TreeReader(folder, later.size)
    proof = ConsistencyProof(tuple(reader.consistency(earlier.size)), old, new)
    _write(given.out, "consistency.proof", proof.text, out)
    return FINE


def _check(given: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Every proof of the file is told of, also after one that does not hold."""
    key, found = words.key(given.vkey), words.proofs_in(given.proof)
    held = [
        _holds(raw, f"proof {place} of {len(found)}", key, (out, err)) for place, raw in enumerate(found, 1)
    ]
    return FINE if all(held) else TAMPERED


def _holds(raw: bytes, place: str, key: VerifierKey, told: tuple[TextIO, TextIO]) -> bool:
    out, err = told
    try:
        out.write(_proven(parse_proof(raw), key))
    except AuditError as fault:
        err.write(f"{place}: {type(fault).__name__}: {fault}\n")
        return False
    return True


def _proven(proof: InclusionProof | ConsistencyProof, key: VerifierKey) -> str:
    if isinstance(proof, InclusionProof):
        head = proof.check(key)
        body = proof.body.decode(errors="replace")
        return (
            f"record {proof.index} of {head.origin} is under the checkpoint of {head.size} records:\n{body}\n"
        )
    old, new = proof.check(key)
    return f"{new.origin}: the {new.size} records extend the {old.size} of before, nothing was changed\n"


def _export(given: argparse.Namespace, out: TextIO, _: TextIO) -> int:
    folder, key = words.log(given.dir), words.key(given.vkey)
    head = opened(tree.read_checkpoint(folder), key)
    selection = export.select(folder, head.size, since=given.since, to=given.to, call=call_id(given.call))
    made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    count = export.write_export(folder, key, selection, Path(given.out), made=made)
    out.write(f"{count} records in {given.out}\n")
    return FINE


def _numbers_of(folder: Path, head: Checkpoint, call: str) -> list[int]:
    found = export.select(folder, head.size, call=call_id(call)).records
    if not found:
        raise ValueError(f"no record of call {call}")
    return list(found)


def _say(report: Report, given: argparse.Namespace, out: TextIO) -> int:
    if given.json:
        out.write(json.dumps(report.as_dict(), indent=2) + "\n")
        return report.exit_code
    for log in report.logs:
        out.write(f"{log.log}: {log.size} records, root {log.root or 'unknown'}\n")
    out.writelines(_tampering_line(found) for found in report.tampering)
    out.writelines(_gap_line(gap) for gap in report.gaps[:_SHOWN])
    if len(report.gaps) > _SHOWN:
        out.write(f"  … and {len(report.gaps) - _SHOWN} more; --json lists them all\n")
    out.write(f"{report.as_dict()['verdict']}\n")
    return report.exit_code


def _tampering_line(found: Tampering) -> str:
    where = found.log if found.index is None else f"{found.log}#{found.index}"
    return f"TAMPERED {where}: {found.fault}\n"


def _gap_line(gap: Gap) -> str:
    return f"  {gap.kind} {gap.log}#{gap.index} {gap.detail}\n"


def _write(folder: str | None, name: str, content: bytes, out: TextIO) -> None:
    if folder is None:
        out.write(content.decode())
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / name).write_bytes(content)
    out.write(f"{Path(folder) / name}\n")


class _Meter:
    """Says how far a long run has come, once per hundred thousand records."""

    def __init__(self, err: TextIO) -> None:
        self._err = err

    def show(self, log: str, done: int, total: int) -> None:
        if total > 100_000 and (done == total or done % 100_000 < 256):
            self._err.write(f"{log}: {done} of {total}\n")
            self._err.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="recompute a ledger, a log or an export")
    verify.add_argument("dir", help="the ledger's folder, one log's folder, or an export")
    verify.add_argument("--vkey", required=True, help="the verifier key, or a file that holds it")
    verify.add_argument("--since", action="append", default=[], help="a checkpoint kept from before (a file)")
    verify.add_argument("--witness", action="append", default=[], help="a witness's key")
    verify.add_argument("--quorum", type=int, default=0, help="how many witnesses must have signed")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=_verify)
    gaps = commands.add_parser("gaps", help="calls without an end, silences, what is not signed yet")
    gaps.add_argument("dir")
    gaps.add_argument("--json", action="store_true")
    gaps.set_defaults(run=_gaps)
    _add_prove(
        commands.add_parser("prove", help="write a proof").add_subparsers(required=True, metavar="KIND")
    )
    check = commands.add_parser("check", help="check the proofs in a file")
    check.add_argument("proof")
    check.add_argument("--vkey", required=True)
    check.set_defaults(run=_check)
    _add_export(commands.add_parser("export", help="write an evidence package from one log's folder"))
    return parser


def _add_prove(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    inclusion = kinds.add_parser("inclusion", help="that a record, or each record of a call, is in the log")
    inclusion.add_argument("dir", help="one log's folder")
    which = inclusion.add_mutually_exclusive_group(required=True)
    which.add_argument("--seq", type=int)
    which.add_argument("--call")
    inclusion.add_argument("--out", help="a folder; without it the proof is printed")
    inclusion.set_defaults(run=_prove_inclusion)
    consistency = kinds.add_parser("consistency", help="that a log only grew")
    consistency.add_argument("dir", help="one log's folder")
    consistency.add_argument("old", help="the earlier checkpoint (a file)")
    consistency.add_argument("new", nargs="?", help="the later one; by default the folder's own")
    consistency.add_argument("--out", help="a folder; without it the proof is printed")
    consistency.set_defaults(run=_prove_consistency)


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", help="one log's folder")
    parser.add_argument("--vkey", required=True)
    parser.add_argument("--from", dest="since", help="RFC 3339, UTC")
    parser.add_argument("--to", help="RFC 3339, UTC, not included")
    parser.add_argument("--call")
    parser.add_argument("--out", required=True)
    parser.set_defaults(run=_export)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdout, sys.stderr))

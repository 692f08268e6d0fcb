"""A copy of a ledger, or of one log, looked at as a whole: all logs, the root log, what is not signed yet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit import tree, wal
from audit.errors import LedgerDamaged
from audit.findings import LogReport, Report
from audit.note import Checkpoint, VerifierKey, witnesses
from audit.rules import Progress, opened
from audit.verifier import Heads, verify_log, verify_root


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed beforehand: the public key, earlier checkpoints, witnesses and their quorum."""

    key: VerifierKey | None
    since: tuple[bytes, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0


def survey(folder: Path, trust: Trust, *, progress: Progress | None = None) -> Report:
    """Verifies a ledger's data folder, its tree, or the folder of one log.

    Raises:
        NoteFault: an earlier checkpoint that was handed in is not signed by the key.
        FileNotFoundError: the folder holds no log.
    """
    known = [(opened(note, trust.key), "the earlier checkpoint") for note in trust.since]
    stem = stem_of(folder)
    if is_ledger(folder):
        return _whole(folder, stem, trust, known, progress)
    if not is_log(stem):
        raise FileNotFoundError(f"{folder} holds no log")
    report = verify_log(stem, trust.key, known=known, progress=progress)
    _count_witnesses(report, stem, trust)
    _check_known(Report([report]), [head for head, _ in known])
    return Report([report])


def is_log(folder: Path) -> bool:
    """Whether the folder is one log's; without its checkpoint it is a damaged one."""
    return (folder / tree.CHECKPOINT).is_file() or (folder / "tile").is_dir()


def is_ledger(folder: Path) -> bool:
    """Whether the folder is a whole ledger's or its tree. Where logs were signed, a missing root log was taken away."""
    stem = stem_of(folder)
    if (stem / "root").is_dir():
        return True
    whole = (folder / "wal").is_dir() or (stem / "installation").is_dir()
    return whole and any((stem / place / tree.CHECKPOINT).is_file() for place in _places(stem))


def stem_of(folder: Path) -> Path:
    """Where the logs of a ledger lie: in its folder's tree, or in the folder itself."""
    return folder / "tree" if (folder / "tree").is_dir() else folder


def logs_in(folder: Path) -> list[Path]:
    """The folders of the logs that are in a ledger's folder, without the root log."""
    stem = stem_of(folder)
    return [stem / place for place in _places(stem) if is_log(stem / place)]


def _whole(folder: Path, stem: Path, trust: Trust, known: Heads, progress: Progress | None) -> Report:
    root, heads = verify_root(stem / "root", trust.key, known=known, progress=progress)
    report = Report([root])
    base = root.log.removesuffix("/root")
    for place in _places(stem):
        log = stem / place
        if not (log / tree.CHECKPOINT).exists() and not any(
            head.origin == f"{base}/{place}" for head, _ in heads
        ):
            unsigned = LogReport(f"{base}/{place}")
            unsigned.note("unsigned", 0, "no checkpoint yet")
            report.logs.append(unsigned)
            continue
        found = verify_log(log, trust.key, known=[*heads, *known], progress=progress)
        if base != root.log and found.log != f"{base}/{place}":
            found.blame(0, f"lies where {base}/{place} belongs")
        report.logs.append(found)
    _count_witnesses(root, stem / "root", trust)
    _check_known(report, [head for head, _ in (*heads, *known)])
    _look_at_wal(folder / "wal", report)
    return report


def _places(stem: Path) -> list[str]:
    tenants = sorted(entry.name for entry in (stem / "t").iterdir()) if (stem / "t").is_dir() else []
    alone = ["installation"] if (stem / "installation").is_dir() else []
    return [*alone, *(f"t/{name}" for name in tenants)]


def _check_known(report: Report, heads: Sequence[Checkpoint]) -> None:
    """A log that was ever signed must be there."""
    present = {log.log for log in report.logs}
    newest = {head.origin: head.size for head in sorted(heads, key=lambda head: head.size)}
    for origin, size in newest.items():
        if origin not in present:
            missing = LogReport(origin)
            missing.blame(0, f"missing: {size} records were signed")
            report.logs.append(missing)


def _count_witnesses(report: LogReport, folder: Path, trust: Trust) -> None:
    if not trust.quorum:
        return
    held = witnesses(tree.read_checkpoint(folder), trust.witnesses)
    if len(held) < trust.quorum:
        report.blame(None, f"{len(held)} of {trust.quorum} witnesses have signed the checkpoint")


def _look_at_wal(folder: Path, report: Report) -> None:
    """Records that are durable but under no checkpoint yet, as a crash leaves them."""
    logs = {log.log: log for log in report.logs}
    paths = wal.segments(folder) if folder.is_dir() else []
    for path in paths:
        try:
            found = wal.scan(path, last=path == paths[-1])
        except LedgerDamaged as fault:
            report.logs[0].blame(None, f"write-ahead log: {fault}")
            return
        if found.end != found.size:
            report.logs[0].note("torn", found.end, f"{found.size - found.end} bytes of {path.name}")
        for frame in found.frames:
            if frame.log not in logs:
                logs[frame.log] = LogReport(frame.log)
                report.logs.append(logs[frame.log])
            _pending(logs[frame.log], frame)


def _pending(log: LogReport, frame: wal.Frame) -> None:
    try:
        seq = int(json.loads(frame.body)["seq"])
    except (ValueError, KeyError, TypeError, RecursionError):
        log.blame(None, "the write-ahead log holds something that is no record")
        return
    if seq >= log.size:
        log.note("pending", seq, "in the write-ahead log only")

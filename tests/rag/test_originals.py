"""A file is kept once, whole, and under its own organisation."""

from pathlib import Path

from auth.identity import TenantId
from rag.originals import Originals

MINE, THEIRS = TenantId("bollnas"), TenantId("region-gavle")


def test_bytes_and_a_path_with_the_same_content_are_one_file(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "kept", MINE)
    (tmp_path / "upload").write_bytes(b"innehall")

    first, second = originals.keep(b"innehall"), originals.keep(tmp_path / "upload")

    assert first == second
    assert (first.size, originals.path(first.sha256).read_bytes()) == (8, b"innehall")
    assert len([path for path in (tmp_path / "kept").rglob("*") if path.is_file()]) == 1


def test_a_discarded_file_is_gone_and_twice_is_no_fault(tmp_path: Path) -> None:
    originals = Originals(tmp_path, MINE)
    kept = originals.keep(b"x")

    originals.discard(kept.sha256)
    originals.discard(kept.sha256)

    assert not originals.path(kept.sha256).exists()


def test_two_organisations_share_no_file(tmp_path: Path) -> None:
    mine, theirs = Originals(tmp_path, MINE), Originals(tmp_path, THEIRS)
    kept = mine.keep(b"x")

    assert not theirs.path(kept.sha256).exists()

"""The write-ahead log: a torn tail is cut, damage is an alarm."""

from pathlib import Path

import pytest

from audit import wal
from audit.errors import LedgerDamaged
from audit.merkle import leaf_hash

NAME = b"lab.example.se/audit/t/bollnas"


def frame(number: int) -> bytes:
    body = f'{{"seq":{number}}}'.encode()
    return wal.frame_head(NAME, leaf_hash(body), len(body)) + body


def segment(folder: Path, batches: list[list[int]]) -> Path:
    path = wal.segment_path(folder, 1)
    opened = wal.Segment(path)
    for batch in batches:
        opened.append(b"".join(frame(number) for number in batch))
        opened.sync()
    opened.close()
    return path


def bodies(found: wal.Scan) -> list[bytes]:
    return [one.body for one in found.frames]


def test_the_checksum_is_crc32c() -> None:
    """The check value of the catalogue, and RFC 3720 B.4: 32 bytes of zeros, of ones, counting up and down."""
    assert wal._crc_step(0xFFFFFFFF, b"123456789") ^ 0xFFFFFFFF == 0xE3069283
    for leaf, expected in (
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
    ):
        assert wal.crc32c(b"", leaf) == expected
        assert wal.crc32c(NAME, leaf) == wal._crc_step(0xFFFFFFFF, NAME + leaf) ^ 0xFFFFFFFF


def test_frames_come_back_in_order(tmp_path: Path) -> None:
    found = wal.scan(segment(tmp_path, [[0, 1], [2]]), last=False)

    assert bodies(found) == [b'{"seq":0}', b'{"seq":1}', b'{"seq":2}']
    assert found.end == found.size


def test_cut_at_every_byte_every_whole_frame_is_recovered(tmp_path: Path) -> None:
    path = segment(tmp_path, [[0, 1], [2], [3, 4, 5]])
    raw = path.read_bytes()
    ends = [end for one, end in wal._frames(raw, len(wal.MAGIC)) if one.log]

    for length in range(len(raw)):
        path.write_bytes(raw[:length])
        found = wal.scan(path, last=True)
        assert len(found.frames) == sum(end <= length for end in ends)
        assert found.end <= length


def test_a_torn_tail_is_an_alarm_anywhere_but_in_the_last_segment(tmp_path: Path) -> None:
    path = segment(tmp_path, [[0], [1]])
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(LedgerDamaged):
        wal.scan(path, last=False)


def test_no_flipped_bit_takes_an_acknowledged_record_away_in_silence(tmp_path: Path) -> None:
    path = segment(tmp_path, [[0, 1], [2]])
    raw = path.read_bytes()
    second = raw.rindex(wal.BARRIER) - wal._HEAD.size - 32

    for place in range(second * 8):
        flipped = bytearray(raw)
        flipped[place // 8] ^= 1 << (place % 8)
        path.write_bytes(flipped)
        with pytest.raises(LedgerDamaged):
            wal.scan(path, last=True)


def test_a_record_that_quotes_a_barrier_is_no_barrier(tmp_path: Path) -> None:
    body = b'{"seq":0,"text":"' + wal.barrier(16)[-40:] + wal.BARRIER + b'"}'
    path = wal.segment_path(tmp_path, 1)
    opened = wal.Segment(path)
    opened.append(wal.frame_head(NAME, leaf_hash(body), len(body)) + body)
    opened.sync()
    opened.close()
    path.write_bytes(path.read_bytes()[:-1])

    assert wal.scan(path, last=True).frames == []


def test_a_batch_that_could_not_be_written_whole_is_taken_back(tmp_path: Path) -> None:
    path = wal.segment_path(tmp_path, 1)
    opened = wal.Segment(path)
    opened.append(frame(0))
    with path.open("ab") as torn:
        torn.write(frame(1)[:20])

    opened.cut_back()
    opened.append(frame(1))
    opened.close()

    assert bodies(wal.scan(path, last=False)) == [b'{"seq":0}', b'{"seq":1}']

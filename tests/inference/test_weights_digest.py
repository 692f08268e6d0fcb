"""The digest of weights that a record of a call carries."""

import hashlib

from inference.weights.digest import digest_of


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")

    assert digest_of(file) == f"sha256:{hashlib.sha256(b'weights').hexdigest()}"


def test_the_digest_of_a_folder_is_that_of_what_sha256sum_lists(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.json").write_bytes(b"2")
    (tmp_path / "a.bin").write_bytes(b"1")

    one, two = hashlib.sha256(b"1").hexdigest(), hashlib.sha256(b"2").hexdigest()
    listing = f"{one}  a.bin\n{two}  b/c.json\n"
    assert digest_of(tmp_path) == f"sha256:{hashlib.sha256(listing.encode()).hexdigest()}"


def test_a_renamed_file_changes_the_digest_of_its_folder(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"1")
    before = digest_of(tmp_path)

    (tmp_path / "a.bin").rename(tmp_path / "b.bin")

    assert digest_of(tmp_path) != before

"""Signed notes and checkpoints, against the examples of C2SP and of Go's sumdb."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import note
from audit.errors import NoteFault
from audit.note import COSIGNATURE, ED25519, Checkpoint, VerifierKey

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
C2SP_NOTE = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = Checkpoint("lab.example.se/audit/t/bollnas", 1042, bytes(range(32)))


def vkey(name: str) -> VerifierKey:
    return VerifierKey(name, ED25519, KEY.public_key().public_bytes_raw())


def test_the_note_of_go_opens_with_its_key() -> None:
    text = note.open_note(GO_NOTE, [note.parse_vkey(GO_KEY)])

    assert text == GO_NOTE.decode().rpartition("\n\n")[0] + "\n"


def test_the_example_of_c2sp_is_taken_apart_at_its_last_empty_line() -> None:
    text, signatures = note._taken_apart(C2SP_NOTE)

    assert text.endswith("\n\ned è subito sera.\n")
    assert [(name, blob[:4].hex(), len(blob)) for name, blob in signatures] == [
        ("quasimodo.example/salvatore", "367ba04b", 68)
    ]


def test_a_verifier_key_is_written_as_it_was_read() -> None:
    assert str(note.parse_vkey(GO_KEY)) == GO_KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+",
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY[:-1],
        GO_KEY.replace("+A", "+B"),
        " +x+y",
    ],
)
def test_a_malformed_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteFault):
        note.parse_vkey(text)


def test_a_checkpoint_opens_with_the_key_of_its_log_or_of_what_it_stands_under() -> None:
    signed = note.sign_checkpoint(HEAD, KEY)

    assert note.open_checkpoint(signed, vkey(HEAD.origin)) == HEAD
    assert note.open_checkpoint(signed, vkey("lab.example.se/audit")) == HEAD


@pytest.mark.parametrize("name", ["lab.example.se/audit/t/region", "lab.example.se/aud", "other.example.se"])
def test_a_key_of_another_name_opens_nothing(name: str) -> None:
    with pytest.raises(NoteFault):
        note.open_checkpoint(note.sign_checkpoint(HEAD, KEY), vkey(name))


def test_no_bit_of_a_checkpoint_can_be_flipped_unseen() -> None:
    signed = note.sign_checkpoint(HEAD, KEY)

    for place in range(len(signed) * 8):
        flipped = bytearray(signed)
        flipped[place // 8] ^= 1 << (place % 8)
        with pytest.raises(NoteFault):
            note.open_checkpoint(bytes(flipped), vkey(HEAD.origin))


def test_a_signature_can_be_written_in_one_way_only() -> None:
    """The last sign before the padding carries two bits that decoders ignore."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    signed = note.sign_checkpoint(HEAD, KEY).decode()
    last = signed[-3]
    other = signed[:-3] + alphabet[alphabet.index(last) + 1] + signed[-2:]

    assert signed.endswith("=\n")
    assert base64.b64decode(other.split(" ")[-1]) == base64.b64decode(signed.split(" ")[-1])
    with pytest.raises(NoteFault):
        note.open_checkpoint(other.encode(), vkey(HEAD.origin))


@pytest.mark.parametrize(
    "text",
    [
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n1\nAAAA\n",
        "origin\n1\n",
        "\n1\n" + "A" * 43 + "=\n",
        "o\n1\nA\nextension\n",
    ],
)
def test_what_is_no_checkpoint_of_three_lines_is_refused(text: str) -> None:
    with pytest.raises(NoteFault):
        note.parse_checkpoint(text)


def test_a_note_with_more_signatures_than_anyone_needs_is_refused() -> None:
    signed = note.sign_checkpoint(HEAD, KEY)
    line = signed.rpartition(b"\n\n")[2]

    with pytest.raises(NoteFault):
        note.open_checkpoint(signed + line * 64, vkey(HEAD.origin))


def test_a_witness_counts_when_its_cosignature_holds() -> None:
    signed = note.sign_checkpoint(HEAD, KEY)
    witness = VerifierKey("witness.example", COSIGNATURE, KEY.public_key().public_bytes_raw())
    moment = (1_795_287_774).to_bytes(8, "big")
    signature = KEY.sign(f"cosignature/v1\ntime 1795287774\n{HEAD.text}".encode())
    line = base64.b64encode(witness.id + moment + signature).decode()
    cosigned = signed + f"— witness.example {line}\n".encode()
    forged = (
        signed + f"— witness.example {base64.b64encode(witness.id + moment + b'0' * 64).decode()}\n".encode()
    )

    assert note.witnesses(cosigned, [witness]) == {"witness.example"}
    assert note.witnesses(forged, [witness]) == set()
    assert note.witnesses(signed, [witness]) == set()
    assert note.open_checkpoint(cosigned, vkey(HEAD.origin)) == HEAD

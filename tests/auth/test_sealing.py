import secrets

import pytest

from auth.sealing import Sealer, Unsealable
from tests.auth.fakes import Entropy


def test_what_was_sealed_opens():
    sealer = Sealer(b"k" * 32, entropy=secrets.token_bytes)
    assert sealer.open(sealer.seal(b"plain", purpose=b"p"), purpose=b"p") == b"plain"


def test_one_flipped_bit_anywhere_keeps_it_shut():
    sealer = Sealer(b"k" * 32, entropy=Entropy())
    sealed = sealer.seal(b"plain", purpose=b"p")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unsealable):
            sealer.open(bytes(changed), purpose=b"p")


@pytest.mark.parametrize("sealed", [b"", b"x", b"x" * 12, b"x" * 27])
def test_what_is_too_short_stays_shut(sealed):
    with pytest.raises(Unsealable):
        Sealer(b"k" * 32, entropy=Entropy()).open(sealed, purpose=b"p")


def test_another_purpose_or_key_keeps_it_shut():
    sealer = Sealer(b"k" * 32, entropy=Entropy())
    sealed = sealer.seal(b"plain", purpose=b"p")
    with pytest.raises(Unsealable):
        sealer.open(sealed, purpose=b"q")
    with pytest.raises(Unsealable):
        Sealer(b"l" * 32, entropy=Entropy()).open(sealed, purpose=b"p")


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"k" * length, entropy=Entropy())

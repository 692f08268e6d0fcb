"""Call ids are ULIDs: they sort by time, and no two are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.calls import begin, new_call_id

# Threads of the house that other tests have opened draw random numbers meanwhile.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")

moments = st.integers(min_value=0, max_value=2**48 - 1)
randomness = st.binary(min_size=10, max_size=10)


@given(moments, randomness, moments, randomness)
def test_ids_sort_by_time_then_by_randomness(first, one, second, other):
    earlier, later = sorted([(first, one), (second, other)])
    assert (new_call_id(*earlier) < new_call_id(*later)) == (earlier < later)


@given(moments, randomness)
def test_an_id_is_26_characters_of_crockfords_alphabet(moment, entropy):
    made = new_call_id(moment, entropy)
    assert len(made) == 26
    assert set(made) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_the_specifications_example_has_its_time():
    # The ULID specification: 1469918176385 ms is 01ARYZ6S41.
    assert new_call_id(1469918176385, bytes(10)).startswith("01ARYZ6S41")


def test_two_requests_at_once_have_two_ids():
    scope = {"method": "GET", "path": "/", "headers": [], "client": None}
    assert begin(scope).id != begin(scope).id

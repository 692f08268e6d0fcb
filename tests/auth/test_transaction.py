import json

import pytest

from auth.errors import LoginFault, LoginRefused
from auth.sealing import Sealer
from auth.transaction import Transactions, local_path
from tests.auth.fakes import Clock, Entropy


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def transactions(clock):
    return Transactions(sealer=Sealer(b"k" * 32, entropy=Entropy()), clock=clock, entropy=Entropy())


def test_a_login_under_way_comes_back_as_it_went(transactions):
    begun = transactions.begin("/samtal/7?q=1")
    assert transactions.read(transactions.cookie(begun)) == begun


def test_the_cookie_shows_neither_state_nor_verifier(transactions):
    begun = transactions.begin("/")
    cookie = bytes.fromhex(transactions.cookie(begun))
    assert begun.verifier.encode() not in cookie
    assert begun.state.encode() not in cookie


def test_state_nonce_and_verifier_differ(transactions):
    begun = transactions.begin("/")
    assert len({begun.state, begun.nonce, begun.verifier}) == 3
    assert len(begun.verifier) == 43


def test_the_challenge_is_the_one_of_rfc_7636_appendix_b(transactions):
    from auth.transaction import Transaction

    begun = Transaction(0, "", "", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "/")
    assert begun.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_after_ten_minutes_a_login_must_begin_anew(transactions, clock):
    cookie = transactions.cookie(transactions.begin("/"))
    clock.on(600)
    transactions.read(cookie)
    clock.on(1)
    with pytest.raises(LoginRefused) as fault:
        transactions.read(cookie)
    assert fault.value.reason is LoginFault.TRANSACTION_EXPIRED


@pytest.mark.parametrize("cookie", ["", "x", "00", "é", json.dumps([1, "a", "b", "c", "/"]).encode().hex()])
def test_a_cookie_that_is_not_ours_is_refused(transactions, cookie):
    with pytest.raises(LoginRefused) as fault:
        transactions.read(cookie)
    assert fault.value.reason is LoginFault.TRANSACTION_MALFORMED


@pytest.mark.parametrize("place", ["/", "/a", "/a?b=c#d", "/a//b", "/sök"])
def test_a_path_of_this_site_is_kept(place):
    assert local_path(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "a",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil",
        "/a\r\nb",
    ],
)
def test_any_other_place_becomes_the_front_page(place):
    assert local_path(place) == "/"

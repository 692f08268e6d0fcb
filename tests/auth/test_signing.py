import httpx
import pytest

from auth.errors import IdentityProviderDown, Reason, Unauthenticated
from auth.signing import SigningKeys, published, signed_claims
from tests.auth.fakes import Clock, Issuer

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def shared():
    return Issuer()


@pytest.fixture
def issuer(shared):
    shared.down, shared.asked = False, 0
    return shared


@pytest.fixture
def clock():
    return Clock()


async def test_keys_are_fetched_once_for_many_tokens(issuer, clock):
    keys = issuer.signing_keys(clock)
    for _ in range(3):
        await signed_claims(issuer.sign(issuer.claims(clock)), keys)
    assert issuer.asked == 1


async def test_an_unknown_key_is_looked_for_at_most_every_half_minute(issuer, clock):
    keys = issuer.signing_keys(clock)
    for _ in range(5):
        with pytest.raises(Unauthenticated) as fault:
            await keys.find("new")
        assert fault.value.reason is Reason.UNKNOWN_KEY
    assert issuer.asked == 1
    clock.on(30)
    with pytest.raises(Unauthenticated):
        await keys.find("new")
    assert issuer.asked == 2


async def test_known_keys_serve_on_while_the_provider_is_down(issuer, clock):
    keys = issuer.signing_keys(clock)
    await keys.find("rsa")
    issuer.down = True
    clock.on(7200)
    assert (await keys.find("rsa")).kid == "rsa"
    assert issuer.asked == 2


async def test_a_provider_that_was_down_at_first_is_asked_again_after_a_second(issuer, clock):
    keys = issuer.signing_keys(clock)
    issuer.down = True
    for _ in range(3):
        with pytest.raises(IdentityProviderDown):
            await keys.find("rsa")
    assert issuer.asked == 1
    issuer.down = False
    clock.on(1)
    assert (await keys.find("rsa")).kid == "rsa"


async def test_a_withdrawn_key_is_forgotten_within_the_hour(clock):
    issuer = Issuer()
    keys = issuer.signing_keys(clock)
    await keys.find("ec")
    del issuer.keys["ES256"]
    clock.on(3600)
    with pytest.raises(Unauthenticated):
        await keys.find("ec")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"keys": "x"}),
        httpx.Response(200, json={"keys": []}),
        httpx.Response(200, json={"keys": [7, {"kid": 7}, {"kid": "a", "kty": "oct", "k": "AAAA"}]}),
        httpx.Response(200, json={"keys": [{"kid": "a", "kty": "RSA", "n": "!", "e": "AQAB"}]}),
        httpx.Response(200, json={"keys": [{"kid": "a", "kty": "RSA"}]}),
        httpx.Response(200, json={"keys": [{"kid": "a", "kty": "EC", "crv": "x", "x": "AA", "y": "AA"}]}),
    ],
)
async def test_an_answer_that_is_no_key_set_counts_as_no_answer(answer, clock):
    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _request: answer))
    with pytest.raises(IdentityProviderDown):
        await SigningKeys(http=http, url="http://127.0.0.1:1/certs", clock=clock).find("a")


def test_secret_keys_are_never_taken_from_a_key_set(issuer):
    document = issuer.document()
    document["keys"].append(
        {"kid": "shared", "kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", "use": "sig"}
    )
    assert set(published(document)) == {"rsa", "pss", "ec", "ed"}

"""The gateway as a client of a provider that misbehaves; the well-behaved ones are in test_provider_*.py."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from auth.discovery import Discovery
from auth.errors import (
    IdentityProviderDown,
    IdentityProviderRefused,
    LoginFault,
    LoginRefused,
    Reason,
    Unauthenticated,
)
from auth.oidc import Provider
from auth.sealing import Sealer
from auth.sessions import Tokens
from auth.transaction import Transactions
from tests.auth.fakes import ISSUER, NOON, Clock, Entropy, Issuer

pytestmark = pytest.mark.anyio

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
TOKENS = Tokens("a", "r", "i", int(NOON))


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture
def clock():
    return Clock()


class Misbehaving:
    """A provider that answers as told: by the last part of the path."""

    def __init__(self, issuer, clock, backend=None):
        self.issuer = issuer
        self.asked = []
        self.answers = {"openid-configuration": httpx.Response(200, json=self.discovery())}
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))
        sealer = Sealer(b"k" * 32, entropy=Entropy())
        self.client = Provider(
            http=http,
            discovery=Discovery(http=http, issuer=ISSUER, backend=backend),
            client="valv-gateway",
            secret="s",
            redirect_uri="http://127.0.0.1:2/auth/callback",
            keys=issuer.signing_keys(clock),
            transactions=Transactions(sealer=sealer, clock=clock, entropy=Entropy()),
            clock=clock,
        )

    def discovery(self, **changes):
        oidc = f"{ISSUER}/protocol/openid-connect"
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{oidc}/auth",
            "token_endpoint": f"{oidc}/token",
            "end_session_endpoint": f"{oidc}/logout",
            **changes,
        }

    def _answer(self, request):
        self.asked.append(str(request.url))
        found = self.answers.get(request.url.path.rpartition("/")[2])
        if found is None:
            raise httpx.ReadTimeout("slow")
        return found

    async def finish(self, **changes):
        departure = await self.client.begin()
        said = {"state": query(departure)["state"], "code": "c", **changes}
        return await self.client.finish(transaction=departure.transaction, answer=said)


def query(departure):
    return {name: value[0] for name, value in parse_qs(urlsplit(departure.url).query).items()}


@pytest.fixture
def provider(issuer, clock):
    return Misbehaving(issuer, clock)


async def refusal(awaited):
    with pytest.raises(LoginRefused) as fault:
        await awaited
    return fault.value.reason


async def test_the_way_out_carries_state_nonce_and_challenge(provider):
    said = query(await provider.client.begin())
    assert said["scope"] == "openid organization"
    assert said["code_challenge_method"] == "S256"
    assert len({said["state"], said["nonce"], said["code_challenge"]}) == 3


@pytest.mark.parametrize(
    "answer",
    [
        None,
        httpx.Response(500),
        httpx.Response(404),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"issuer": "https://elsewhere.example"}),
        httpx.Response(200, json=[]),
    ],
)
async def test_a_provider_that_is_not_the_one_asked_for_is_down(provider, answer):
    provider.answers["openid-configuration"] = answer
    with pytest.raises(IdentityProviderDown) as fault:
        await provider.client.begin()
    assert fault.value.operation == "discovery"


BACKEND = "http://keycloak.internal:8080/realms/valv"


@pytest.fixture
def behind(issuer, clock):
    """A provider that the gateway reaches at another address than browsers do."""
    return Misbehaving(issuer, clock, backend=BACKEND)


@pytest.mark.parametrize("shown", [ISSUER, BACKEND])
async def test_what_the_gateway_asks_itself_it_asks_at_the_backend_address(behind, issuer, clock, shown):
    oidc = f"{shown}/protocol/openid-connect"
    told = behind.discovery(token_endpoint=f"{oidc}/token", end_session_endpoint=f"{oidc}/logout")
    behind.answers["openid-configuration"] = httpx.Response(200, json=told)
    behind.answers["logout"] = httpx.Response(204)
    departure = await behind.client.begin()
    claims = {"aud": "valv-gateway", "typ": "ID", "nonce": query(departure)["nonce"]}
    behind.answers["token"] = tokens(issuer.sign(issuer.claims(clock, **claims)))
    said = {"state": query(departure)["state"], "code": "c"}
    arrival = await behind.client.finish(transaction=departure.transaction, answer=said)
    await behind.client.refresh(arrival.tokens)
    await behind.client.end(arrival.tokens)
    assert set(behind.asked) == {
        f"{BACKEND}/.well-known/openid-configuration",
        f"{BACKEND}/protocol/openid-connect/token",
        f"{BACKEND}/protocol/openid-connect/logout",
    }
    away = await behind.client.logout_url(arrival.tokens, return_to="http://127.0.0.1:2/")
    for url in (departure.url, away):
        assert url.startswith(f"{ISSUER}/protocol/openid-connect/")


async def test_at_the_backend_address_too_the_issuer_must_be_the_public_one(behind):
    told = behind.discovery(issuer=BACKEND)
    behind.answers["openid-configuration"] = httpx.Response(200, json=told)
    with pytest.raises(IdentityProviderDown):
        await behind.client.begin()


async def test_nobody_is_sent_to_a_provider_that_has_stopped_answering(provider):
    await provider.client.begin()
    provider.answers.clear()
    with pytest.raises(IdentityProviderDown):
        await provider.client.begin()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"error": "access_denied"}, LoginFault.CANCELLED),
        ({"error": "invalid_scope"}, LoginFault.NO_ORGANISATION_SCOPE),
        ({"error": "server_error"}, LoginFault.PROVIDER_ERROR),
        ({"state": ""}, LoginFault.STATE_MISMATCH),
        ({"state": "x"}, LoginFault.STATE_MISMATCH),
        ({"state": "å"}, LoginFault.STATE_MISMATCH),
        ({"iss": "https://elsewhere.example"}, LoginFault.STATE_MISMATCH),
    ],
)
async def test_an_answer_that_is_an_error_or_a_forgery_is_refused(provider, said, reason):
    assert await refusal(provider.finish(**said)) is reason


async def test_a_refused_code_is_said_so(provider):
    provider.answers["token"] = httpx.Response(400, json={"error": "invalid_grant"})
    assert await refusal(provider.finish()) is LoginFault.CODE_REFUSED


@pytest.mark.parametrize(
    "answer",
    [
        None,
        httpx.Response(503),
        httpx.Response(200, json={}),
        httpx.Response(200, json={"access_token": "a", "refresh_token": "r", "id_token": "i"}),
        httpx.Response(200, json={"access_token": 1, "refresh_token": "r", "id_token": "i", "expires_in": 1}),
    ],
)
async def test_no_whole_answer_for_a_code_means_that_the_provider_is_down(provider, answer):
    provider.answers["token"] = answer
    with pytest.raises(IdentityProviderDown):
        await provider.finish()


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "someone-else"},
        {"iss": "https://elsewhere.example"},
        {"azp": "someone-else"},
        {"typ": "Bearer"},
        {"exp": int(NOON) - 31},
    ],
)
async def test_an_identity_token_that_is_not_for_this_login_is_refused(provider, issuer, clock, changes):
    departure = await provider.client.begin()
    said = query(departure)
    claims = {"aud": "valv-gateway", "typ": "ID", "nonce": said["nonce"], **changes}
    provider.answers["token"] = tokens(issuer.sign(issuer.claims(clock, **claims)))
    answer = {"state": said["state"], "code": "c"}
    finished = provider.client.finish(transaction=departure.transaction, answer=answer)
    assert await refusal(finished) is LoginFault.WRONG_ID_TOKEN


async def test_the_identity_token_of_this_login_is_taken(provider, issuer, clock):
    departure = await provider.client.begin(return_to="/samtal")
    said = query(departure)
    claims = {"aud": "valv-gateway", "typ": "ID", "nonce": said["nonce"]}
    provider.answers["token"] = tokens(issuer.sign(issuer.claims(clock, **claims)))
    arrival = await provider.client.finish(
        transaction=departure.transaction, answer={"state": said["state"], "code": "c"}
    )
    assert (arrival.subject, arrival.return_to) == ("person-1", "/samtal")
    assert arrival.tokens.expires == int(NOON) + 300


def tokens(identity):
    said = {"access_token": "a", "refresh_token": "r", "id_token": identity, "expires_in": 300}
    return httpx.Response(200, json=said)


async def test_a_refresh_without_new_refresh_and_identity_tokens_keeps_the_old(provider):
    provider.answers["token"] = httpx.Response(200, json={"access_token": "new", "expires_in": 60})
    assert await provider.client.refresh(TOKENS) == Tokens("new", "r", "i", int(NOON) + 60)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), "invalid_grant"),
        (httpx.Response(400, json={"error": 7}), "400"),
        (httpx.Response(403, text="no"), "403"),
        (httpx.Response(400, json=["x"]), "400"),
    ],
)
async def test_a_refused_refresh_says_the_code(provider, answer, code):
    provider.answers["token"] = answer
    with pytest.raises(IdentityProviderRefused) as fault:
        await provider.client.refresh(TOKENS)
    assert (fault.value.operation, fault.value.code) == ("refresh", code)


async def test_a_logout_that_nobody_hears_is_said_so(provider):
    with pytest.raises(IdentityProviderDown) as fault:
        await provider.client.end(TOKENS)
    assert fault.value.operation == "logout"


def logout_token(issuer, clock, **changes):
    said = {"aud": "valv-gateway", "typ": "Logout", "events": {LOGOUT: {}}, **changes}
    return issuer.sign(issuer.claims(clock, **said))


async def test_a_logout_token_names_a_login_or_a_person(provider, issuer, clock):
    notice = await provider.client.logout_notice(logout_token(issuer, clock))
    assert (notice.sid, notice.subject) == ("login-1", None)
    notice = await provider.client.logout_notice(logout_token(issuer, clock, sid=None))
    assert (notice.sid, notice.subject) == (None, "person-1")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"events": None}, Reason.WRONG_TYPE),
        ({"events": {}}, Reason.WRONG_TYPE),
        ({"events": [LOGOUT]}, Reason.WRONG_TYPE),
        ({"nonce": "x"}, Reason.WRONG_TYPE),
        ({"aud": "someone-else"}, Reason.WRONG_AUDIENCE),
        ({"iss": "https://elsewhere.example"}, Reason.WRONG_ISSUER),
        ({"exp": int(NOON) - 31}, Reason.EXPIRED),
        ({"sid": None, "sub": None}, Reason.MALFORMED),
        ({"sid": 7}, Reason.MALFORMED),
    ],
)
async def test_a_logout_token_that_is_none_ends_nothing(provider, issuer, clock, changes, reason):
    with pytest.raises(Unauthenticated) as fault:
        await provider.client.logout_notice(logout_token(issuer, clock, **changes))
    assert fault.value.reason is reason


def test_the_cookie_of_a_login_is_no_json():
    sealer = Sealer(b"k" * 32, entropy=Entropy())
    transactions = Transactions(sealer=sealer, clock=Clock(), entropy=Entropy())
    with pytest.raises(ValueError, match=r".*"):
        json.loads(bytes.fromhex(transactions.cookie(transactions.begin("/"))))

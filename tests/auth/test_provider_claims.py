"""What tokens say, the same from Keycloak and from the stand-in."""

import json
from base64 import urlsafe_b64decode

import pytest

from auth.errors import NoTenant, SeveralTenants
from auth.identity import Operator, Role, TenantId
from tests.auth.providers import SECRETS, password_of

pytestmark = pytest.mark.anyio

ONE = "medarbetare@ekdalen.example"
TWO = "delad@ekdalen.example"
NONE = "drift@valv.example"


def ask(provider, *, client="valv-demo", secret=SECRETS["VALV_DEMO_SECRET"], **form):
    said = {"client_id": client, "client_secret": secret, **form}
    return provider.http.post(f"{provider.oidc}/token", data=said)


def password_grant(provider, person, scope, **changes):
    form = {"grant_type": "password", "username": person, "password": password_of(person), "scope": scope}
    return ask(provider, **form | changes)


def claims(token):
    return json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))


@pytest.mark.parametrize(
    ("username", "scope", "named"),
    [
        (ONE, "openid", None),
        (ONE, "openid organization", {"ekdalen": ["/employee"]}),
        (ONE, "openid organization:*", {"ekdalen": ["/employee"]}),
        (ONE, "openid organization:ekdalen", {"ekdalen": ["/employee"]}),
        (ONE, "openid organization:norrskog", None),
        (TWO, "openid", None),
        (TWO, "openid organization", {}),
        (TWO, "openid organization:*", {"ekdalen": ["/security-officer"], "norrskog": ["/employee"]}),
        (TWO, "openid organization:norrskog", {"norrskog": ["/employee"]}),
        (
            TWO,
            "openid organization:ekdalen organization:norrskog",
            {"ekdalen": ["/security-officer"], "norrskog": ["/employee"]},
        ),
        (NONE, "openid", None),
        (NONE, "openid organization", {}),
        (NONE, "openid organization:ekdalen", None),
    ],
)
def test_the_scope_decides_which_organisations_a_token_names(provider, username, scope, named):
    answer = password_grant(provider, username, scope).json()
    said = claims(answer["access_token"]).get("organization")
    assert (said if said is None else {alias: each["groups"] for alias, each in said.items()}) == named


@pytest.mark.parametrize(
    ("username", "scope", "granted"),
    [
        (ONE, "openid organization", {"openid", "profile", "organization"}),
        (ONE, "openid organization:norrskog", {"openid", "profile"}),
        (TWO, "openid organization:norrskog", {"openid", "profile", "organization:norrskog"}),
        (NONE, "openid organization", {"openid", "profile", "organization"}),
    ],
)
def test_the_answer_says_which_scope_was_granted(provider, username, scope, granted):
    answer = password_grant(provider, username, scope).json()
    assert set(answer["scope"].split()) == granted
    assert set(claims(answer["access_token"])["scope"].split()) == granted


@pytest.mark.parametrize(
    "scope",
    [
        "openid organization:ekdalen organization:*",
        "openid organization organization:*",
        "openid organization organization:ekdalen",
        "openid organization:unknown",
        "openid unknown",
    ],
)
def test_a_scope_that_contradicts_itself_or_is_unknown_is_refused(provider, scope):
    answer = password_grant(provider, TWO, scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"password": "wrong"}, 400, "invalid_grant"),
        ({"username": "nobody@ekdalen.example"}, 400, "invalid_grant"),
        ({"secret": "wrong"}, 401, "unauthorized_client"),
        ({"client": "valv-gateway", "secret": SECRETS["VALV_GATEWAY_SECRET"]}, 400, "unauthorized_client"),
        ({"grant_type": "divination"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_request_for_tokens_is_refused_in_the_same_words(provider, changes, status, code):
    # Someone else than the people of the other tests: a wrong password makes its owner wait.
    answer = password_grant(provider, "prototypare@norrskog.example", "openid", **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_the_claims_have_the_same_names_and_kinds(provider):
    answer = password_grant(provider, ONE, "openid organization").json()
    said = claims(answer["access_token"])
    assert set(said) == {
        "exp", "iat", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "acr", "scope", "organization", "name",
        "preferred_username",
    }  # fmt: skip
    expected = {
        "iss": provider.issuer,
        "aud": "valv-api",
        "typ": "Bearer",
        "azp": "valv-demo",
        "acr": "1",
        "name": "Medarbetare, Ekdalen",
        "preferred_username": ONE,
    }
    assert {name: said[name] for name in expected} == expected
    assert said["exp"] - said["iat"] == 300
    assert 290 < answer["expires_in"] <= 300  # what is left of it when the answer is written
    identity = claims(answer["id_token"])
    assert (identity["aud"], identity["typ"], identity["sub"]) == ("valv-demo", "ID", said["sub"])


def test_a_client_that_asks_for_itself_stands_for_no_organisation(provider):
    answer = ask(provider, grant_type="client_credentials").json()
    said = claims(answer["access_token"])
    assert said["azp"] == "valv-demo"
    assert "organization" not in said
    assert "refresh_token" not in answer


async def test_our_verifier_takes_the_token_of_one_organisation_and_refuses_others(provider, desk):
    async def verified(username, scope):
        answer = password_grant(provider, username, scope).json()
        return await desk.tokens.authenticate(answer["access_token"])

    caller = await verified(TWO, "openid organization:norrskog")
    assert (caller.tenant, caller.roles) == (TenantId("norrskog"), frozenset({Role.EMPLOYEE}))
    caller = await verified(TWO, "openid organization:ekdalen")
    assert (caller.tenant, caller.roles) == (TenantId("ekdalen"), frozenset({Role.SECURITY_OFFICER}))
    with pytest.raises(SeveralTenants):
        await verified(TWO, "openid organization:*")
    for username, scope in (
        (TWO, "openid organization"),
        (ONE, "openid"),
        (ONE, "openid organization:norrskog"),
    ):
        with pytest.raises(NoTenant):
            await verified(username, scope)


async def test_an_operator_is_an_operator_with_any_scope(provider, desk):
    for scope in ("openid", "openid organization"):
        answer = password_grant(provider, NONE, scope).json()
        assert isinstance(await desk.tokens.authenticate(answer["access_token"]), Operator)


def test_refresh_and_identity_tokens_are_of_other_kinds(provider):
    answer = password_grant(provider, ONE, "openid").json()
    assert claims(answer["refresh_token"])["typ"] == "Refresh"
    assert claims(answer["id_token"])["typ"] == "ID"


def test_the_provider_says_who_a_token_is_about(provider):
    token = password_grant(provider, ONE, "openid organization").json()["access_token"]
    said = provider.http.get(f"{provider.oidc}/userinfo", headers={"authorization": f"Bearer {token}"}).json()
    assert said["sub"] == claims(token)["sub"]
    assert set(said["organization"]) == {"ekdalen"}
    assert (
        provider.http.get(f"{provider.oidc}/userinfo", headers={"authorization": "Bearer x"}).status_code
        == 401
    )


def test_discovery_names_the_same_places(provider):
    said = provider.http.get(f"{provider.issuer}/.well-known/openid-configuration").json()
    expected = {
        "issuer": provider.issuer,
        "authorization_endpoint": f"{provider.oidc}/auth",
        "token_endpoint": f"{provider.oidc}/token",
        "jwks_uri": f"{provider.oidc}/certs",
        "userinfo_endpoint": f"{provider.oidc}/userinfo",
        "end_session_endpoint": f"{provider.oidc}/logout",
    }
    assert {name: said[name] for name in expected} == expected
    assert {"backchannel_logout_supported", "authorization_response_iss_parameter_supported"} <= set(said)


def test_the_claim_says_what_people_call_the_organisation(provider):
    answer = password_grant(provider, ONE, "openid organization").json()
    said = claims(answer["access_token"])["organization"]["ekdalen"]
    assert said["display_name"] == ["Ekdalens kommun"]

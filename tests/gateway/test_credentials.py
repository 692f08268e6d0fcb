"""Credentials that prove nothing, or not enough: told alike on both ways, on record where they name somebody."""

import time

import pytest

from auth.identity import TenantId
from tests.gateway.house import prototyper
from tests.gateway.people import (
    HERE,
    IN_TWO,
    THERE,
    claims_of,
    somebody_elses_key,
    unsigned,
)
from tests.gateway.routes import CHAT
from tests.gateway.serving import client

pytestmark = pytest.mark.anyio

LEAN = ("POST", "/v1/chat/completions", {"json": CHAT})
FRAMEWORK = ("GET", "/v1/models", {})
WORKSPACE = ("GET", "/api/collections", {})


async def asked(house, credential, way=WORKSPACE, **headers):
    method, path, body = way
    async with client(house.url, credential, **headers) as http:
        return await http.request(method, path, **body)


def reason_of(answer):
    body = answer.json()
    return body["reason"] if "reason" in body else body["error"]["message"].split("(")[1].split(")")[0]


async def credentials(house):
    """What proves nothing, with the reason that is told and whether it names somebody."""
    now = int(time.time())
    token = await house.people.token()
    assert (await asked(house, token)).status_code == 200, "from here on the organisation is known"
    head, payload, signature = token.split(".")
    revoked = await house.lab.keys.of(TenantId(HERE)).create(prototyper(), name="dras in")
    await house.lab.keys.of(TenantId(HERE)).revoke(revoked.key.key)
    other = somebody_elses_key()
    claims = claims_of(token)
    return {
        "expired": (await house.people.forged(exp=now - 60), "expired", True),
        "from the future": (await house.people.forged(nbf=now + 600), "not_yet_valid", True),
        "wrong audience": (await house.people.forged(aud="account"), "wrong_audience", True),
        "an id token": (await house.people.forged(typ="ID"), "wrong_type", True),
        "wrong issuer": (await house.people.forged(iss="https://else.example"), "wrong_issuer", False),
        "no organisation known": (
            await house.people.forged(exp=now - 60, organization={"ekdalen": {"id": "another"}}),
            "expired",
            False,
        ),
        "algorithm none": (unsigned(claims), "unsupported_algorithm", False),
        "another's key": (
            house.people.signed(claims, other, kid=other.kid),
            "unknown_key",
            False,
        ),
        "another's key under our name": (house.people.signed(claims, other), "bad_signature", False),
        "changed": (f"{head}.{payload[:-4]}AAAA.{signature}", "bad_signature", False),
        "no token": ("x.y", "malformed", False),
        "much too long": ("a" * 60_000, "malformed", False),
        "revoked key": (revoked.secret, "revoked", True),
        "unknown key": (f"valv_{revoked.key.key}_{'x' * 43}", "unknown_key", False),
        "half a key": ("valv_abc", "malformed", False),
    }


@pytest.mark.parametrize("way", [LEAN, FRAMEWORK])
async def test_what_proves_nothing_is_a_401_with_its_reason_and_a_record_where_it_names_somebody(house, way):
    for name, (credential, reason, named) in (await credentials(house)).items():
        answer = await asked(house, credential, way)
        assert answer.status_code == 401, name
        assert reason_of(answer) == reason, name
        assert answer.headers["www-authenticate"] == "Bearer"
        records = await house.records_of(answer)
        assert [record["type"] for record in records] == (["auth.failed"] if named else []), name
        for record in records:
            assert record["detail"] == {"reason": reason, "status": 401}, name
            assert record["actor"]["pid"].startswith("p_"), name
    assert house.chat.asked == []


async def test_the_workspace_says_the_same_as_a_problem(house):
    for name, (credential, reason, named) in (await credentials(house)).items():
        if credential.startswith("valv_"):
            continue
        answer = await asked(house, credential, WORKSPACE)
        assert (answer.status_code, reason_of(answer)) == (401, reason), name
        assert answer.headers["content-type"] == "application/problem+json"
        assert bool(await house.records_of(answer)) == named, name


async def test_an_expired_token_is_on_its_own_organisations_record_alone(house):
    expired = await house.people.forged(tenant=THERE, exp=int(time.time()) - 60)
    await house.people.token(tenant=THERE)
    assert (await asked(house, await house.people.token(tenant=THERE))).status_code == 200
    answer = await asked(house, expired)
    assert await house.records_of(answer, HERE) == []
    (record,) = await house.records_of(answer, THERE)
    assert record["type"] == "auth.failed"


@pytest.mark.parametrize("way", [LEAN, FRAMEWORK, WORKSPACE])
async def test_a_token_for_two_organisations_or_none_stands_for_no_tenant(house, way):
    both = await house.people.token_of(IN_TWO, "openid organization:*")
    none = await house.people.token_of(IN_TWO, "openid")
    for credential, slug in ((both, "several_tenants"), (none, "no_tenant")):
        answer = await asked(house, credential, way)
        body = answer.json()
        assert answer.status_code == 403
        assert (body["slug"] if "slug" in body else body["error"]["code"]) == slug
        assert [await house.records_of(answer, tenant) for tenant in (HERE, THERE)] == [[], []]
        (record,) = await house.records_of(answer, tenant=None)
        assert (record["type"], record["policy"]["decision"]) == ("authz.denied", "deny")
        assert record["detail"] == {"reason": slug, "status": 403}
        assert record["actor"]["pid"].startswith("p_")
        assert (record["actor"]["kind"], record["actor"]["roles"]) == ("user", [])


async def test_an_organisation_that_was_replaced_by_another_of_its_name_is_refused(house):
    assert (await asked(house, await house.people.token())).status_code == 200
    other = await house.people.forged(organization={HERE: {"id": "another", "groups": ["/employee"]}})
    answer = await asked(house, other)
    assert (answer.status_code, answer.json()["slug"]) == (403, "tenant_changed")
    assert await house.records_of(answer) == []
    (record,) = await house.records_of(answer, tenant=None)
    assert record["detail"] == {"reason": "tenant_changed", "status": 403}


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "valv_x", "bearer"])
async def test_an_authorization_header_of_another_shape_is_malformed(house, header):
    for way in (LEAN, FRAMEWORK, WORKSPACE):
        answer = await asked(house, None, way, authorization=header)
        assert (answer.status_code, reason_of(answer)) == (401, "malformed")


async def test_a_cookie_opens_nothing_on_v1(house):
    answer = await asked(house, None, FRAMEWORK, cookie="__Host-valv=whatever")
    assert (answer.status_code, reason_of(answer)) == (401, "missing")


async def test_an_unknown_or_unreadable_cookie_opens_nothing(house):
    for cookie, reason in (("__Host-valv=whatever", "ended"), ("__Host-valv", "missing"), (";;=", "missing")):
        answer = await asked(house, None, WORKSPACE, cookie=cookie)
        assert (answer.status_code, reason_of(answer)) == (401, reason), cookie


async def test_a_key_that_is_revoked_while_in_use_is_refused_at_once(house):
    made = await house.lab.keys.of(TenantId(HERE)).create(prototyper(), name="snart slut")
    assert (await asked(house, made.secret, LEAN)).status_code == 200
    async with await house.person("tenant-admin") as admin:
        assert (await admin.delete(f"/api/keys/{made.key.key}")).status_code == 204
    assert reason_of(await asked(house, made.secret, LEAN)) == "revoked"

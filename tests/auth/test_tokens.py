import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from joserfc import jwk, jwt

from auth.errors import (
    IdentityProviderDown,
    NoTenant,
    OperatorInTenant,
    Reason,
    SeveralTenants,
    TenantChanged,
    Unauthenticated,
)
from auth.identity import Method, Operator, Principal, Role
from auth.tenants import Tenants
from auth.tokens import AccessTokens
from tests.auth.fakes import AUDIENCE, EKDALEN, EKDALEN_ID, ISSUER, Clock, Issuer, database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def healthy(issuer):
    issuer.down, issuer.asked = False, 0


@pytest.fixture
async def tokens(issuer, clock, tmp_path):
    async with database(tmp_path) as made:
        yield AccessTokens(
            issuer=ISSUER,
            audience=AUDIENCE,
            keys=issuer.signing_keys(clock),
            tenants=Tenants(made, clock=clock),
            clock=clock,
        )


async def refused(tokens, token):
    with pytest.raises(Unauthenticated) as fault:
        await tokens.authenticate(token)
    return fault.value.reason


def segment(said):
    return urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_a_genuine_token_names_its_principal(tokens, issuer, clock, algorithm):
    caller = await tokens.authenticate(issuer.sign(issuer.claims(clock), algorithm=algorithm))
    assert caller == Principal(
        subject="person-1",
        tenant=EKDALEN,
        organisation="ekdalen",
        roles=frozenset({Role.EMPLOYEE}),
        method=Method.ACCESS_TOKEN,
        issuer=ISSUER,
        client="valv-gateway",
        session="login-1",
        acr="1",
        name="Medarbetare, Ekdalen",
        expires=int(clock()) + 300,
    )


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        "å.ä.ö",
        "\ud800.b.c",
        f"{segment([])}.{segment({})}.x",
        f"{segment('RS256')}.{segment({})}.x",
        "." * 2,
        "x" * 20_000,
    ],
)
async def test_what_is_no_token_is_malformed(tokens, token):
    assert await refused(tokens, token) is Reason.MALFORMED


async def test_a_token_over_16_kib_is_malformed_even_when_genuine(tokens, issuer, clock):
    token = issuer.sign(issuer.claims(clock, name="x" * 16_384))
    assert await refused(tokens, token) is Reason.MALFORMED


async def test_claims_that_are_no_object_are_malformed(tokens, issuer):
    signed = issuer.sign({"sub": "x"})
    head, _, _ = signed.split(".")
    key = issuer.keys["RS256"]
    from joserfc import jws

    token = jws.serialize_compact(
        json.loads(urlsafe_b64decode(head + "==")), b"[1]", key, algorithms=["RS256"]
    )
    assert await refused(tokens, token) is Reason.MALFORMED


async def test_an_unsigned_token_is_refused(tokens, issuer, clock):
    for algorithm in ("none", "None", "NONE", ""):
        token = f"{segment({'alg': algorithm, 'kid': 'rsa'})}.{segment(issuer.claims(clock))}."
        assert await refused(tokens, token) is Reason.UNSUPPORTED_ALGORITHM


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(tokens, issuer, clock, algorithm):
    public = issuer.keys["RS256"].as_pem(private=False).replace(b"-----", b"")
    header = {"alg": algorithm, "kid": "rsa"}
    token = jwt.encode(header, issuer.claims(clock), jwk.OctKey.import_key(public), algorithms=[algorithm])
    assert await refused(tokens, token) is Reason.UNSUPPORTED_ALGORITHM


async def test_a_weaker_or_unlisted_algorithm_is_refused(tokens, issuer, clock):
    for algorithm in ("RS512", "ES512", "Ed25519", 7, None):
        token = f"{segment({'alg': algorithm, 'kid': 'rsa'})}.{segment(issuer.claims(clock))}.x"
        assert await refused(tokens, token) is Reason.UNSUPPORTED_ALGORITHM


async def test_an_algorithm_that_is_not_the_keys_is_refused(tokens, issuer, clock):
    token = issuer.sign(issuer.claims(clock), algorithm="PS256", kid="ec")
    assert await refused(tokens, token) is Reason.UNSUPPORTED_ALGORITHM


async def test_a_signature_of_someone_else_is_refused(tokens, issuer, clock):
    stranger = jwk.RSAKey.generate_key(2048, {"kid": "rsa"})
    token = jwt.encode({"alg": "RS256", "kid": "rsa"}, issuer.claims(clock), stranger)
    assert await refused(tokens, token) is Reason.BAD_SIGNATURE


async def test_claims_changed_after_signing_are_refused(tokens, issuer, clock):
    head, _, signature = issuer.sign(issuer.claims(clock)).split(".")
    token = f"{head}.{segment(issuer.claims(clock, sub='someone-else'))}.{signature}"
    assert await refused(tokens, token) is Reason.BAD_SIGNATURE


async def test_a_key_that_the_token_brings_along_is_not_used(tokens, issuer, clock):
    stranger = jwk.ECKey.generate_key("P-256")
    header = {"alg": "ES256", "kid": "ec", "jwk": stranger.as_dict(private=False)}
    assert await refused(tokens, jwt.encode(header, issuer.claims(clock), stranger)) is Reason.BAD_SIGNATURE


async def test_an_unknown_key_is_refused(tokens, issuer, clock):
    assert await refused(tokens, issuer.sign(issuer.claims(clock), kid="x")) is Reason.UNKNOWN_KEY


async def test_a_token_that_names_no_key_is_refused(tokens, issuer, clock):
    token = jwt.encode({"alg": "RS256"}, issuer.claims(clock), issuer.keys["RS256"])
    assert await refused(tokens, token) is Reason.UNKNOWN_KEY


async def test_an_encryption_key_of_the_provider_verifies_nothing(tokens, issuer, clock):
    assert await refused(tokens, issuer.sign(issuer.claims(clock), kid="enc")) is Reason.UNKNOWN_KEY


async def test_a_critical_header_that_we_do_not_know_is_refused(tokens, issuer, clock):
    head = segment({"alg": "RS256", "kid": "rsa", "crit": ["x"], "x": 1})
    assert await refused(tokens, f"{head}.{segment(issuer.claims(clock))}.eA") is Reason.MALFORMED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "http://127.0.0.1:1/realms/other"}, Reason.WRONG_ISSUER),
        ({"iss": ISSUER + "/"}, Reason.WRONG_ISSUER),
        ({"iss": None}, Reason.MALFORMED),
        ({"aud": "valv-gateway"}, Reason.WRONG_AUDIENCE),
        ({"aud": ["account", 7]}, Reason.WRONG_AUDIENCE),
        ({"aud": None}, Reason.WRONG_AUDIENCE),
        ({"typ": "ID"}, Reason.WRONG_TYPE),
        ({"typ": "Refresh"}, Reason.WRONG_TYPE),
        ({"typ": None}, Reason.WRONG_TYPE),
        ({"exp": None}, Reason.MALFORMED),
        ({"exp": "tomorrow"}, Reason.MALFORMED),
        ({"exp": True}, Reason.MALFORMED),
        ({"sub": None}, Reason.MALFORMED),
        ({"sub": ""}, Reason.MALFORMED),
        ({"sub": 7}, Reason.MALFORMED),
        ({"azp": None}, Reason.MALFORMED),
        ({"organization": ["ekdalen"]}, Reason.MALFORMED),
        ({"organization": {"ekdalen": "x"}}, Reason.MALFORMED),
        ({"organization": {"ekdalen": {}}}, Reason.MALFORMED),
        ({"organization": {"../etc": {"id": "x"}}}, Reason.MALFORMED),
    ],
)
async def test_a_claim_that_is_wrong_is_refused(tokens, issuer, clock, changes, reason):
    assert await refused(tokens, issuer.sign(issuer.claims(clock, **changes))) is reason


async def test_half_a_minute_of_clock_difference_is_forgiven_and_no_more(tokens, issuer, clock):
    late = issuer.sign(issuer.claims(clock, exp=int(clock()) - 29))
    too_late = issuer.sign(issuer.claims(clock, exp=int(clock()) - 30))
    early = issuer.sign(issuer.claims(clock, nbf=int(clock()) + 30))
    too_early = issuer.sign(issuer.claims(clock, nbf=int(clock()) + 31))
    assert await tokens.authenticate(late)
    assert await refused(tokens, too_late) is Reason.EXPIRED
    assert await tokens.authenticate(early)
    assert await refused(tokens, too_early) is Reason.NOT_YET_VALID


async def test_a_client_that_is_not_listed_is_refused_where_there_is_a_list(issuer, clock, tmp_path):
    async with database(tmp_path) as made:
        listed = AccessTokens(
            issuer=ISSUER,
            audience=AUDIENCE,
            keys=issuer.signing_keys(clock),
            tenants=Tenants(made, clock=clock),
            clock=clock,
            clients=frozenset({"valv-gateway"}),
        )
        assert await listed.authenticate(issuer.sign(issuer.claims(clock)))
        assert await refused(listed, issuer.sign(issuer.claims(clock, azp="x"))) is Reason.WRONG_CLIENT


async def test_only_top_groups_with_the_name_of_a_role_are_roles(tokens, issuer, clock):
    groups = ["/employee", "/security-officer/deputies", "/tenant-adminx", "tenant-admin", "/", 7, None]
    claim = {"ekdalen": {"id": EKDALEN_ID, "groups": groups}}
    caller = await tokens.authenticate(issuer.sign(issuer.claims(clock, organization=claim)))
    assert caller.roles == frozenset({Role.EMPLOYEE})


async def test_roles_of_the_realm_or_of_a_client_are_no_roles_of_an_organisation(tokens, issuer, clock):
    claims = issuer.claims(
        clock,
        organization={"ekdalen": {"id": EKDALEN_ID}},
        realm_access={"roles": ["security-officer"]},
        resource_access={"valv-api": {"roles": ["tenant-admin"]}},
    )
    assert (await tokens.authenticate(issuer.sign(claims))).roles == frozenset()


@pytest.mark.parametrize("claim", [None, {}])
async def test_a_token_for_no_organisation_is_refused_with_the_scope_to_ask_for(tokens, issuer, clock, claim):
    with pytest.raises(NoTenant) as fault:
        await tokens.authenticate(issuer.sign(issuer.claims(clock, organization=claim)))
    assert fault.value.hint == "organization"


async def test_a_token_for_two_organisations_is_refused_with_a_scope_that_names_one(tokens, issuer, clock):
    claim = {"norrskog": {"id": "n"}, "ekdalen": {"id": EKDALEN_ID}}
    with pytest.raises(SeveralTenants) as fault:
        await tokens.authenticate(issuer.sign(issuer.claims(clock, organization=claim)))
    assert (fault.value.aliases, fault.value.hint) == (("ekdalen", "norrskog"), "organization:ekdalen")


async def test_a_platform_operator_belongs_to_no_tenant(tokens, issuer, clock):
    operator = {"resource_access": {"valv-api": {"roles": ["platform-operator"]}}}
    caller = await tokens.authenticate(issuer.sign(issuer.claims(clock, organization={}, **operator)))
    assert caller == Operator(
        "person-1",
        Method.ACCESS_TOKEN,
        ISSUER,
        "valv-gateway",
        "login-1",
        "Medarbetare, Ekdalen",
        int(clock()) + 300,
    )
    with pytest.raises(OperatorInTenant) as fault:
        await tokens.authenticate(issuer.sign(issuer.claims(clock, **operator)))
    assert fault.value.aliases == ("ekdalen",)


@pytest.mark.parametrize(
    "access", [{"account": {"roles": ["platform-operator"]}}, {"valv-api": ["x"]}, "x", None]
)
async def test_the_operators_role_counts_on_our_client_alone(tokens, issuer, clock, access):
    caller = await tokens.authenticate(issuer.sign(issuer.claims(clock, resource_access=access)))
    assert isinstance(caller, Principal)


async def test_an_alias_that_now_is_another_organisation_is_refused(tokens, issuer, clock):
    await tokens.authenticate(issuer.sign(issuer.claims(clock)))
    anew = {"ekdalen": {"id": "made-anew", "groups": ["/employee"]}}
    with pytest.raises(TenantChanged) as fault:
        await tokens.authenticate(issuer.sign(issuer.claims(clock, organization=anew)))
    assert fault.value.alias == "ekdalen"


async def test_a_token_is_known_for_a_minute_after_it_was_verified(tokens, issuer, clock):
    token = issuer.sign(issuer.claims(clock))
    assert tokens.known(token) is None
    caller = await tokens.authenticate(token)
    clock.on(59)
    assert tokens.known(token) is caller
    clock.on(1)
    assert tokens.known(token) is None
    assert await tokens.authenticate(token) == caller


async def test_a_token_is_not_known_longer_than_it_lasts(tokens, issuer, clock):
    token = issuer.sign(issuer.claims(clock, exp=int(clock()) + 10))
    await tokens.authenticate(token)
    clock.on(10)
    assert tokens.known(token) is None


async def test_a_refused_token_is_not_remembered(tokens, issuer, clock):
    token = issuer.sign(issuer.claims(clock, aud="x"))
    assert await refused(tokens, token) is Reason.WRONG_AUDIENCE
    assert tokens.known(token) is None


async def test_one_persons_tokens_can_be_forgotten(tokens, issuer, clock):
    mine, theirs = (issuer.sign(issuer.claims(clock, sub=each)) for each in ("me", "them"))
    await tokens.authenticate(mine)
    await tokens.authenticate(theirs)
    tokens.forget(subject="me")
    assert tokens.known(mine) is None
    assert tokens.known(theirs) is not None


async def test_without_any_key_and_without_the_provider_nobody_is_let_in(tokens, issuer, clock):
    issuer.down = True
    with pytest.raises(IdentityProviderDown):
        await tokens.authenticate(issuer.sign(issuer.claims(clock)))

"""A person at a browser, the same with Keycloak and with the stand-in."""

from urllib.parse import urlencode, urlsplit

import anyio
import pytest

from auth.errors import IdentityProviderRefused, LoginFault, LoginRefused, Reason, Unauthenticated
from auth.identity import Method, Operator, Role, TenantId
from tests.auth.person import LoginFailed

pytestmark = pytest.mark.anyio

EKDALEN, NORRSKOG = TenantId("ekdalen"), TenantId("norrskog")
ONE = "medarbetare@norrskog.example"
TWO = "delad@ekdalen.example"


async def test_a_person_of_one_organisation_logs_in_and_acts_for_it(desk):
    done = await desk.sign_in(desk.person(ONE))
    caller = done.opened.session.caller
    assert (caller.tenant, caller.roles, caller.method) == (
        NORRSKOG,
        frozenset({Role.EMPLOYEE}),
        Method.SESSION,
    )
    assert (caller.name, caller.client, caller.acr) == ("Medarbetare, Norrskog", "valv-gateway", "1")
    assert done.return_to == "/samtal"
    assert await desk.signin.current(done.opened.name) == done.opened.session


@pytest.mark.parametrize(("alias", "role"), [("ekdalen", Role.SECURITY_OFFICER), ("norrskog", Role.EMPLOYEE)])
async def test_a_person_of_two_chooses_and_has_the_roles_of_that_one(desk, alias, role):
    person = desk.person(TWO)
    caller = (await desk.sign_in(person, organisation=alias)).opened.session.caller
    assert (caller.tenant, caller.roles) == (TenantId(alias), frozenset({role}))
    assert any("kc.org" in page for page in person.pages)


async def test_with_an_organisation_named_nobody_is_asked(desk):
    person = desk.person(TWO)
    caller = (await desk.sign_in(person, tenant=NORRSKOG)).opened.session.caller
    assert caller.tenant == NORRSKOG
    assert not any("kc.org" in page for page in person.pages)


async def test_switching_needs_no_second_login_and_ends_the_former_session(desk):
    person = desk.person(TWO)
    first = await desk.sign_in(person, organisation="norrskog")
    seen = len(person.pages)
    second = await desk.sign_in(person, tenant=EKDALEN, former=first.opened.name)
    assert second.opened.session.caller.tenant == EKDALEN
    assert len(person.pages) == seen
    with pytest.raises(Unauthenticated):
        await desk.signin.current(first.opened.name)


async def surveyed(desk, person, done):
    """The provider is asked for all organisations of who has logged in; the session as it is then."""
    departure = await desk.signin.survey(return_to="/samtal")
    seen = len(person.pages)
    answer = await person.visit(departure.url, back_to=f"{desk.provider.gateway}/auth/callback")
    assert len(person.pages) == seen
    session = done.opened.session
    await desk.signin.surveyed(done.opened.name, session, transaction=departure.transaction, answer=answer)
    return await desk.sessions.find(done.opened.name)


async def test_all_organisations_of_a_person_are_known_without_a_page_and_the_chosen_one_stays(desk):
    person = desk.person(TWO)
    done = await desk.sign_in(person, organisation="norrskog")
    session = await surveyed(desk, person, done)
    assert [(each.tenant, each.name) for each in session.organisations] == [
        (EKDALEN, "Ekdalens kommun"),
        (NORRSKOG, "Region Norrskog"),
    ]
    desk.clock.later = 275
    renewed = await desk.signin.current(done.opened.name)
    assert renewed.tokens.access != done.opened.session.tokens.access
    assert (renewed.caller.tenant, renewed.caller.roles) == (NORRSKOG, frozenset({Role.EMPLOYEE}))
    assert renewed.organisations == session.organisations


async def test_who_belongs_to_one_organisation_is_told_that_one(desk):
    person = desk.person(ONE)
    session = await surveyed(desk, person, await desk.sign_in(person))
    assert [each.tenant for each in session.organisations] == [NORRSKOG]


async def test_a_renewed_session_stays_with_the_chosen_organisation(desk):
    done = await desk.sign_in(desk.person(TWO), organisation="norrskog")
    desk.clock.later = 275
    renewed = await desk.signin.current(done.opened.name)
    assert renewed.tokens.access != done.opened.session.tokens.access
    assert (renewed.caller.tenant, renewed.caller.roles) == (NORRSKOG, frozenset({Role.EMPLOYEE}))


async def test_many_requests_at_once_renew_a_session_once(desk):
    done = await desk.sign_in(desk.person(ONE))
    desk.clock.later = 275
    seen = set()

    async def look():
        seen.add((await desk.signin.current(done.opened.name)).tokens.access)

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(look)
    assert len(seen) == 1


async def test_after_a_switch_another_session_never_turns_into_the_other_organisations(desk):
    person = desk.person(TWO)
    first = await desk.sign_in(person, organisation="norrskog")
    await desk.sign_in(person, tenant=EKDALEN)
    desk.clock.later = 275
    try:
        seen = (await desk.signin.current(first.opened.name)).caller
    except Unauthenticated:
        with pytest.raises(Unauthenticated):
            await desk.sessions.find(first.opened.name)
    else:
        assert (seen.tenant, seen.roles) == (NORRSKOG, frozenset({Role.EMPLOYEE}))


async def test_an_operator_logs_in_and_belongs_to_no_organisation(desk):
    done = await desk.sign_in(desk.person("drift@valv.example"))
    assert isinstance(done.opened.session.caller, Operator)


async def test_a_wrong_password_leads_nowhere(desk):
    with pytest.raises(LoginFailed):
        await desk.sign_in(desk.person("granskare@norrskog.example", "wrong-password"))


async def test_a_person_without_a_login_is_not_let_in_silently(desk):
    departure = await desk.signin.begin()
    callback = f"{desk.provider.gateway}/auth/callback"
    answer = await desk.person(ONE).visit(f"{departure.url}&prompt=none", back_to=callback)
    assert answer["error"] == "login_required"
    with pytest.raises(LoginRefused) as fault:
        await desk.finish(transaction=departure.transaction, answer=answer)
    assert fault.value.reason is LoginFault.PROVIDER_ERROR


async def came_back(desk, person):
    departure = await desk.signin.begin()
    answer = await person.visit(departure.url, back_to=f"{desk.provider.gateway}/auth/callback")
    return departure, answer


async def refusal(desk, transaction, answer):
    with pytest.raises(LoginRefused) as fault:
        await desk.finish(transaction=transaction, answer=answer)
    return fault.value.reason


async def test_a_code_is_good_once(desk):
    departure, answer = await came_back(desk, desk.person(ONE))
    await desk.finish(transaction=departure.transaction, answer=answer)
    assert await refusal(desk, departure.transaction, answer) is LoginFault.CODE_REFUSED


async def test_a_code_is_good_for_the_browser_that_asked_alone(desk):
    _, answer = await came_back(desk, desk.person(ONE))
    other = await desk.signin.begin()
    assert await refusal(desk, other.transaction, answer) is LoginFault.STATE_MISMATCH
    # Even with the right state, the other browser's verifier does not fit (RFC 7636).
    state = dict(answer, state=_state(other.url))
    assert await refusal(desk, other.transaction, state) is LoginFault.CODE_REFUSED


async def test_an_invented_code_or_another_issuer_is_refused(desk):
    departure, answer = await came_back(desk, desk.person(ONE))
    invented = {**answer, "code": "invented"}
    assert await refusal(desk, departure.transaction, invented) is LoginFault.CODE_REFUSED
    elsewhere = {**answer, "iss": "https://elsewhere.example"}
    assert await refusal(desk, departure.transaction, elsewhere) is LoginFault.STATE_MISMATCH


def _state(url):
    return dict(part.split("=") for part in urlsplit(url).query.split("&"))["state"]


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:9/auth/callback"},
        {"client_id": "unknown"},
        {"client_id": "valv-demo"},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_the_clients(desk, changes):
    query = {
        "client_id": "valv-gateway",
        "redirect_uri": f"{desk.provider.gateway}/auth/callback",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        **changes,
    }
    answer = desk.provider.http.get(f"{desk.provider.oidc}/auth?{urlencode(query)}")
    assert answer.status_code in {400, 401, 403}
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid organization organization:*"}, "invalid_scope"),
        ({"response_type": "magic"}, "unsupported_response_type"),
    ],
)
async def test_a_wrong_request_goes_back_to_the_client_with_a_code(desk, changes, code):
    query = {
        "client_id": "valv-gateway",
        "redirect_uri": f"{desk.provider.gateway}/auth/callback",
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
        **changes,
    }
    asked = {name: value for name, value in query.items() if value}
    answer = desk.provider.http.get(f"{desk.provider.oidc}/auth?{urlencode(asked)}")
    assert answer.status_code in {302, 303}
    assert f"error={code}" in answer.headers["location"]
    assert answer.headers["location"].startswith(f"{desk.provider.gateway}/auth/callback")


async def test_leaving_ends_the_login_at_the_provider_too(desk):
    person = desk.person(ONE)
    done = await desk.sign_in(person)
    url = await desk.signin.leave(done.opened.name, return_to=f"{desk.provider.gateway}/")
    answer = await person.http.get(url)
    assert answer.is_redirect
    assert answer.headers["location"] == f"{desk.provider.gateway}/"
    with pytest.raises(IdentityProviderRefused) as fault:
        await desk.oidc.refresh(done.opened.session.tokens)
    assert fault.value.code == "invalid_grant"


async def test_after_a_logout_one_is_sent_to_registered_places_alone(desk):
    done = await desk.sign_in(desk.person(ONE))
    url = await desk.oidc.logout_url(done.opened.session.tokens, return_to="https://elsewhere.example/")
    answer = desk.provider.http.get(url)
    assert answer.status_code == 400


async def test_a_logout_elsewhere_is_told_and_ends_that_session_alone(desk):
    here = await desk.sign_in(desk.person(ONE))
    there = await desk.sign_in(desk.person(ONE))
    desk.provider.told.clear()
    await desk.oidc.end(here.opened.session.tokens)
    await _until(lambda: desk.provider.told)
    (token,) = desk.provider.told
    notice = await desk.oidc.logout_notice(token)
    assert notice.sid == here.opened.session.caller.session
    ended = await desk.signin.ended_elsewhere(token)
    assert ended.sessions == 1
    assert await desk.signin.current(here.opened.name)
    assert await desk.signin.end(ended) == 1
    with pytest.raises(Unauthenticated) as fault:
        await desk.signin.current(here.opened.name)
    assert fault.value.reason is Reason.ENDED
    assert await desk.signin.current(there.opened.name)


async def _until(true):
    with anyio.fail_after(10):
        while not true():
            await anyio.sleep(0.05)


async def test_no_other_token_passes_for_a_logout_token(desk):
    tokens = (await desk.sign_in(desk.person(ONE))).opened.session.tokens
    with pytest.raises(Unauthenticated) as fault:
        await desk.signin.ended_elsewhere(tokens.identity)
    assert fault.value.reason is Reason.WRONG_TYPE
    for token in (tokens.access, tokens.refresh, "", "x.y.z"):
        with pytest.raises(Unauthenticated):
            await desk.signin.ended_elsewhere(token)


async def test_a_session_whose_login_has_ended_cannot_be_renewed(desk):
    done = await desk.sign_in(desk.person(ONE))
    await desk.oidc.end(done.opened.session.tokens)
    desk.clock.later = 275
    with pytest.raises(Unauthenticated) as fault:
        await desk.signin.current(done.opened.name)
    assert fault.value.reason is Reason.ENDED


async def test_identity_and_refresh_tokens_open_no_api(desk):
    tokens = (await desk.sign_in(desk.person(ONE))).opened.session.tokens
    for token in (tokens.identity, tokens.refresh):
        with pytest.raises(Unauthenticated) as fault:
            await desk.tokens.authenticate(token)
        assert fault.value.reason in {Reason.WRONG_TYPE, Reason.UNSUPPORTED_ALGORITHM}

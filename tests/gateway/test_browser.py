"""The browser's way in and out, with the stand-in's login page, by script."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.app import compose
from tests.gateway.browsing import Browser, person
from tests.gateway.fakes import failing, with_ledger
from tests.gateway.people import HERE, IN_TWO, THERE, claims_of, username
from tests.gateway.serving import client, served

JWT = re.compile(
    r"eyJ[\w-]+\.eyJ"
)  # RFC 7519: two JSON objects; anything random may hold the first three letters

pytestmark = pytest.mark.anyio

COOKIE, TRANSACTION = "__Host-valv", "__Host-valv-login"


@pytest.fixture
async def browsers(house):
    opened = []

    def browser(who, url=house.url):
        opened.append(Browser(url, who))
        return opened[-1]

    yield browser
    for each in opened:
        await each.close()
        await each.person.close()


@pytest.fixture
def employee(browsers):
    return browsers(person(username("employee")))


async def test_a_login_ends_on_the_page_that_was_asked_for_with_a_cookie_that_scripts_cant_read(
    house, employee
):
    answer = await employee.log_in(return_to="/samtal?ny=1")
    assert (answer.status_code, employee.landed) == (302, "/samtal?ny=1")
    cookie = employee.said[COOKIE]
    assert (cookie["path"], cookie["domain"], cookie["samesite"], cookie["max-age"]) == ("/", "", "lax", "")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert TRANSACTION not in employee.cookies
    (record,) = await house.records_of(answer)
    assert (record["type"], record["actor"]["kind"]) == ("auth.login", "user")


async def test_no_token_reaches_the_browser(employee):
    answer = await employee.log_in()
    me = await employee.get("/api/me")
    for seen in (str(answer.headers), answer.text, me.text, str(me.headers), str(employee.cookies)):
        assert JWT.search(seen) is None


async def test_who_is_logged_in_is_told_who_they_are(employee):
    await employee.log_in()
    me = (await employee.get("/api/me")).json()
    assert me["organisation"]["alias"] == HERE
    assert me["roles"] == ["employee"]
    assert "chat:ask" in me["actions"]
    assert me["csrf"]
    assert me["session_expires_at"] > 0


async def test_a_change_needs_the_csrf_header_of_the_same_session(house, employee, browsers):
    await employee.log_in()
    other = browsers(person(username("employee", THERE)))
    await other.log_in()
    for csrf in (None, "", "x", await other.csrf()):
        answer = await employee.post("/api/collections", csrf=csrf, json={"name": "Ny"})
        assert (answer.status_code, answer.json()["reason"]) == (401, "wrong_csrf")
        (record,) = await house.records_of(answer)
        assert (record["type"], record["detail"]["reason"]) == ("auth.failed", "wrong_csrf")
    made = await employee.post("/api/collections", csrf=await employee.csrf(), json={"name": "Ny"})
    assert made.status_code == 201


async def test_a_question_streams_to_the_browser(employee):
    await employee.log_in()
    body = {"question": "What is this?", "model": "skrivare"}
    answer = await employee.post("/api/answers", csrf=await employee.csrf(), json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-valv-ai-generated"].startswith("model=skrivare; call=")
    assert [block.split("\n")[0] for block in answer.text.strip().split("\n\n")] == [
        "event: start",
        "event: delta",
        "event: citations",
        "event: done",
    ]


async def test_a_logout_ends_the_session_here_and_says_where_to_end_it_there(house, employee):
    await employee.log_in()
    name = employee.cookies[COOKIE]
    answer = await employee.post("/auth/logout", csrf=await employee.csrf())
    assert answer.status_code == 200
    assert "/protocol/openid-connect/logout?" in answer.json()["redirect"]
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert COOKIE not in employee.cookies
    assert [record["type"] for record in await house.records_of(answer)] == ["auth.logout"]
    employee.cookies[COOKIE] = name
    assert (await employee.get("/api/me")).json()["reason"] == "ended"


async def test_a_logout_without_the_csrf_header_ends_nothing(house, employee):
    await employee.log_in()
    answer = await employee.post("/auth/logout")
    assert (answer.status_code, answer.json()["reason"]) == (401, "wrong_csrf")
    assert [record["type"] for record in await house.records_of(answer)] == ["auth.failed"]
    assert (await employee.get("/api/me")).status_code == 200


async def test_a_login_that_ends_at_the_provider_ends_here_in_every_browser(employee, browsers):
    await employee.log_in()
    second = browsers(employee.person)
    await second.log_in()
    away = (await second.post("/auth/logout", csrf=await second.csrf())).json()["redirect"]
    answer = await employee.person._ask("GET", away)
    assert answer.status_code < 400
    assert (await employee.get("/api/me")).json()["reason"] == "ended"


async def logout_token(house, browser):
    """What the provider sends when the login of this browser has ended."""
    session = (
        await house.lab.gate.browser([(b"cookie", f"{COOKIE}={browser.cookies[COOKIE]}".encode())])
    ).session
    claims = claims_of(await house.people.token())
    event = "http://schemas.openid.net/event/backchannel-logout"
    said = {"iss": claims["iss"], "aud": "valv-gateway", "iat": claims["iat"], "exp": claims["exp"]}
    return house.people.signed(said | {"typ": "Logout", "sid": session.caller.session, "events": {event: {}}})


async def test_a_logout_at_the_provider_is_on_record_before_it_ends_anything(house, employee):
    await employee.log_in()
    form = {"logout_token": await logout_token(house, employee)}
    ledger = failing(house.lab.ledger, "auth.logout")
    async with served(compose(with_ledger(house.lab, ledger))) as url, client(url) as provider:
        answer = await provider.post("/auth/backchannel-logout", data=form)
    assert (answer.status_code, answer.json()["slug"]) == (503, "audit_unavailable")
    assert (await employee.get("/api/me")).status_code == 200
    answer = await employee.post("/auth/backchannel-logout", data=form)
    assert answer.status_code == 200
    (record,) = await house.records_of(answer, tenant=None)
    assert (record["type"], record["detail"]) == ("auth.logout", {"by": "identity_provider", "sessions": 1})
    assert (await employee.get("/api/me")).json()["reason"] == "ended"


async def test_a_forged_logout_token_ends_nothing(employee):
    await employee.log_in()
    for forged in ("x.y.z", "", "eyJhbGciOiJub25lIn0.e30."):
        answer = await employee.post("/auth/backchannel-logout", data={"logout_token": forged})
        assert answer.status_code in {400, 401}
    assert (await employee.get("/api/me")).status_code == 200


async def test_an_access_token_is_no_logout_token(house, employee):
    token = await house.people.token()
    answer = await employee.post("/auth/backchannel-logout", data={"logout_token": token})
    assert answer.status_code == 401


async def test_a_person_in_two_organisations_goes_from_one_to_the_other(house, browsers):
    browser = browsers(person(IN_TWO))
    await browser.log_in(organisation=HERE)
    me = (await browser.get("/api/me")).json()
    assert (me["organisation"]["alias"], me["roles"]) == (HERE, ["security-officer"])
    assert (await browser.get("/api/audit/records")).status_code == 200
    former = browser.cookies[COOKIE]
    # A parameter of /auth/login: under the login at the provider no form is shown.
    departure = await browser.get("/auth/login", params={"organisation": THERE})
    back = f"{browser.url}/auth/callback"
    said = await browser.person.visit(departure.headers["location"], back_to=back)
    changed = await browser.get("/auth/callback", params=said)
    for tenant, type_ in ((HERE, "auth.logout"), (THERE, "auth.login")):
        (record,) = await house.records_of(changed, tenant)
        assert (record["type"], record["detail"]) == (type_, {"by": "change_of_organisation"})
    me = (await browser.get("/api/me")).json()
    assert (me["organisation"]["alias"], me["roles"]) == (THERE, ["employee"])
    assert (await browser.get("/api/audit/records")).status_code == 403
    assert browser.cookies[COOKIE] != former
    browser.cookies[COOKIE] = former
    assert (await browser.get("/api/me")).json()["reason"] == "ended"


BOTH = [{"alias": HERE, "name": "Ekdalens kommun"}, {"alias": THERE, "name": "Region Norrskog"}]


async def test_who_is_logged_in_is_told_all_their_organisations_and_which_is_chosen(employee, browsers):
    browser = browsers(person(IN_TWO))
    for chosen in (HERE, THERE):
        await browser.log_in(organisation=chosen)
        me = (await browser.get("/api/me")).json()
        assert (me["organisation"]["alias"], me["organisations"]) == (chosen, BOTH)
    await employee.log_in()
    me = (await employee.get("/api/me")).json()
    assert me["organisations"] == [me["organisation"]] == BOTH[:1]


async def test_a_provider_that_names_no_organisations_keeps_nobody_out(house, employee):
    departure = await employee.get("/auth/login", params={"return_to": "/samtal"})
    back = f"{house.url}/auth/callback"
    said = await employee.person.visit(departure.headers["location"], back_to=back)
    onward = (await employee.get("/auth/callback", params=said)).headers["location"]
    answer = await employee.get(
        "/auth/callback", params={"state": _sent(onward, "state"), "error": "login_required"}
    )
    assert (answer.status_code, answer.headers["location"]) == (302, "/samtal")
    me = (await employee.get("/api/me")).json()
    assert me["organisations"] == [me["organisation"]]


async def test_the_organisations_of_somebody_else_are_not_taken_in(house, employee, browsers):
    await employee.log_in()
    shared = browsers(person(IN_TWO))
    departure = await employee.get("/auth/login")
    back = f"{house.url}/auth/callback"
    said = await employee.person.visit(departure.headers["location"], back_to=back)
    onward = (await employee.get("/auth/callback", params=said)).headers["location"]
    await shared.log_in(organisation=HERE)
    theirs = await shared.person.visit(onward, back_to=back)
    answer = await employee.get("/auth/callback", params=theirs)
    assert answer.status_code == 401
    assert [each["alias"] for each in (await employee.get("/api/me")).json()["organisations"]] == [HERE]
    forged = await employee.get("/auth/callback", params={**theirs, "state": "x"})
    assert (forged.status_code, forged.json()["reason"]) == (400, "state_mismatch")


async def test_a_login_that_cant_be_recorded_opens_no_session_and_ends_none(house, employee):
    await employee.log_in()
    said = await employee.person.visit(
        (await employee.get("/auth/login")).headers["location"], back_to=f"{house.url}/auth/callback"
    )
    ledger = failing(house.lab.ledger, "auth.login")
    sent = "; ".join(f"{name}={value}" for name, value in employee.cookies.items())
    async with served(compose(with_ledger(house.lab, ledger))) as url, client(url, cookie=sent) as http:
        answer = await http.get("/auth/callback", params=said)
    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers
    assert (await employee.get("/api/me")).status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
async def test_a_login_leads_to_no_other_site(employee, elsewhere):
    await employee.log_in(return_to=elsewhere)
    assert employee.landed == "/"


async def test_an_organisation_that_is_no_alias_is_refused(employee):
    answer = await employee.get("/auth/login", params={"organisation": "Bollnäs kommun!"})
    assert (answer.status_code, answer.json()["slug"]) == (400, "bad_value")


async def test_the_way_back_belongs_to_the_browser_that_set_out(house, employee, browsers):
    departure = await employee.get("/auth/login")
    back = f"{house.url}/auth/callback"
    said = await employee.person.visit(departure.headers["location"], back_to=back)
    thief = browsers(person(username("employee")))
    answer = await thief.get("/auth/callback", params=said)
    assert (answer.status_code, answer.json()["slug"]) == (400, "login_refused")
    assert COOKIE not in thief.cookies
    wrong = await employee.get("/auth/callback", params={**said, "state": "another"})
    assert wrong.json()["reason"] == "state_mismatch"
    assert (await employee.get("/auth/callback", params=said)).status_code == 302
    again = await employee.get("/auth/callback", params=said)
    assert again.status_code == 400


async def test_a_login_that_was_cancelled_is_told(employee):
    departure = await employee.get("/auth/login")
    state = dict(pair.split("=") for pair in departure.headers["location"].split("?")[1].split("&"))["state"]
    answer = await employee.get("/auth/callback", params={"state": state, "error": "access_denied"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "cancelled")


async def test_a_login_that_fails_is_on_record_in_the_name_of_whoever_is_logged_in(house, employee, browsers):
    nobody = await employee.get("/auth/callback", params={"state": "x", "code": "y"})
    assert (nobody.status_code, nobody.json()["slug"]) == (400, "login_refused")
    assert [await house.records_of(nobody, tenant) for tenant in (HERE, None)] == [[], []]
    await employee.log_in()
    for said, reason in (
        ({"state": "x", "code": "y"}, "transaction_malformed"),
        ({"state": "x", "error": "login_required"}, "transaction_malformed"),
    ):
        answer = await employee.get("/auth/callback", params=said)
        assert answer.status_code == 400
        (record,) = await house.records_of(answer)
        assert (record["type"], record["policy"]["decision"]) == ("auth.failed", "deny")
        assert record["detail"] == {"reason": reason, "status": 400}
    assert (await employee.get("/api/me")).status_code == 200


async def test_an_identity_token_of_another_login_is_on_the_installations_record(house, employee):
    first = (await employee.get("/auth/login")).headers["location"]
    second = (await employee.get("/auth/login")).headers["location"]
    mixed = second.replace(_sent(second, "nonce"), _sent(first, "nonce"))
    back = f"{house.url}/auth/callback"
    said = await employee.person.visit(mixed, back_to=back)
    answer = await employee.get("/auth/callback", params=said)
    assert (answer.status_code, answer.json()["reason"]) == (400, "wrong_id_token")
    (record,) = await house.records_of(answer, tenant=None)
    assert (record["type"], record["detail"]["reason"]) == ("auth.failed", "wrong_id_token")
    assert record["actor"]["pid"].startswith("p_")


async def test_who_belongs_to_two_organisations_and_chose_none_is_on_the_installations_record(
    house, browsers
):
    browser = browsers(person(IN_TWO))
    departure = (await browser.get("/auth/login")).headers["location"]
    plain = departure.replace("openid+organization", "openid")
    said = await browser.person.visit(plain, back_to=f"{house.url}/auth/callback")
    answer = await browser.get("/auth/callback", params=said)
    assert (answer.status_code, answer.json()["slug"]) == (403, "no_tenant")
    (record,) = await house.records_of(answer, tenant=None)
    assert (record["type"], record["detail"]) == ("authz.denied", {"reason": "no_tenant", "status": 403})


def _sent(url, name):
    return parse_qs(urlsplit(url).query)[name][0]

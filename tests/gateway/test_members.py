"""What an administrator changes is on record, and felt at once by whom it is about."""

import itertools
from dataclasses import replace

import pytest

from auth.identity import Role, TenantId
from auth.members import Membership
from gateway.app import compose
from tests.gateway.browsing import Browser, person
from tests.gateway.people import HERE, THERE, claims_of, username
from tests.gateway.serving import client, served

pytestmark = pytest.mark.anyio

_COUNT = itertools.count(1)


@pytest.fixture
async def admin(house):
    async with await house.person("tenant-admin") as http:
        yield http


@pytest.fixture
def newcomer(house):
    """The id and the address of someone new; with roles a member, else only known to the provider."""

    async def made(*roles, outside=False):
        email = f"prov-{next(_COUNT)}@{HERE}.example"
        return await house.member(email, *roles, tenant=None if outside else HERE), email

    return made


async def pseudonym(house, member):
    """How the log names that person."""
    reader = house.lab.ledger._parts.pseudonyms
    return reader.find(f"valv.local/audit/t/{HERE}", member)


async def test_members_are_shown_with_their_roles_and_the_caller_among_them(admin):
    items = (await admin.get("/api/members")).json()["items"]
    found = {each["email"]: each for each in items}
    assert found[username("prototyper")]["roles"] == ["employee", "prototyper"]
    assert [each["email"] for each in items if each["own"]] == [username("tenant-admin")]
    assert not any(THERE in each["email"] for each in items)


async def test_given_and_taken_roles_are_on_record_under_pseudonyms(house, admin, newcomer):
    member, email = await newcomer("employee")
    answer = await admin.put(f"/api/members/{member}/roles", json={"roles": ["prototyper"]})
    assert answer.json()["roles"] == ["prototyper"]
    (record,) = await house.records_of(answer)
    assert record["type"] == "admin.roles_change"
    assert record["detail"] == {
        "given": "prototyper",
        "taken": "employee",
        "member": await pseudonym(house, member),
    }
    assert record["actor"]["roles"] == ["tenant-admin"]
    assert record["actor"]["pid"] != record["detail"]["member"]
    for name in (email, member, "Prov"):
        assert name not in str(record)


async def test_a_member_is_named_alike_as_actor_and_as_whom_it_is_about(house, admin, newcomer):
    member, email = await newcomer("employee")
    async with client(house.url, await house.people.token_of(email, f"openid organization:{HERE}")) as theirs:
        (read,) = await house.records_of(await theirs.get("/api/collections"))
    answer = await admin.put(f"/api/members/{member}/roles", json={"roles": []})
    (changed,) = await house.records_of(answer)
    assert changed["detail"]["member"] == read["actor"]["pid"]


async def test_someone_whom_the_provider_knows_is_added_with_roles(house, admin, newcomer):
    person_id, email = await newcomer(outside=True)
    answer = await admin.post("/api/members", json={"email": f" {email} ", "roles": ["employee"]})
    assert answer.status_code == 201, answer.text
    assert (answer.json()["id"], answer.json()["roles"]) == (person_id, ["employee"])
    (record,) = await house.records_of(answer)
    assert (record["type"], record["detail"]["given"]) == ("admin.member_add", "employee")
    assert email not in str(record)
    again = await admin.post("/api/members", json={"email": email, "roles": []})
    assert (again.status_code, again.json()["slug"]) == (409, "already_member")


@pytest.mark.parametrize(
    ("email", "status", "slug"),
    [
        (f"medarbetare@{THERE}.example", 422, "address_elsewhere"),
        (f"finns-inte@{HERE}.example", 404, "person_not_found"),
        ("x", 400, "malformed_body"),
    ],
)
async def test_nobody_else_can_be_added_and_the_record_does_not_say_whom(house, admin, email, status, slug):
    answer = await admin.post("/api/members", json={"email": email, "roles": []})
    assert (answer.status_code, answer.json()["slug"]) == (status, slug)
    assert email not in str(await house.records_of(answer)) or email == "x"


async def test_officer_and_administrator_at_once_is_refused(house, admin, newcomer):
    member, email = await newcomer("employee")
    both = {"roles": ["security-officer", "tenant-admin"]}
    for answer in (
        await admin.put(f"/api/members/{member}/roles", json=both),
        await admin.post("/api/members", json={"email": email, **both}),
    ):
        assert (answer.status_code, answer.json()["slug"]) == (403, "separated_roles")
        (record,) = await house.records_of(answer)
        assert (record["type"], record["policy"]["decision"]) == ("authz.denied", "deny")
    assert (await (await house.lab.membership.of(TenantId(HERE))).member(member)).roles == {Role.EMPLOYEE}


async def test_nobody_makes_themselves_officer(house, admin):
    own = claims_of(await house.people.token("tenant-admin"))["sub"]
    answer = await admin.put(f"/api/members/{own}/roles", json={"roles": ["security-officer"]})
    assert (answer.status_code, answer.json()["slug"]) == (403, "own_officer")


async def test_the_last_administrator_stays_one(house, admin, newcomer):
    own = claims_of(await house.people.token("tenant-admin"))["sub"]
    for answer in (
        await admin.put(f"/api/members/{own}/roles", json={"roles": ["employee"]}),
        await admin.delete(f"/api/members/{own}"),
    ):
        assert (answer.status_code, answer.json()["slug"]) == (409, "last_administrator")
    other, _ = await newcomer("tenant-admin")
    given = await admin.put(f"/api/members/{own}/roles", json={"roles": ["employee", "tenant-admin"]})
    assert given.status_code == 200
    taken = await admin.put(f"/api/members/{other}/roles", json={"roles": []})
    assert taken.status_code == 200
    assert (await admin.put(f"/api/members/{own}/roles", json={"roles": ["tenant-admin"]})).status_code == 200


async def test_an_unknown_role_is_no_role(admin, newcomer):
    member, _ = await newcomer()
    for roles in (["platform-operator"], ["Employee"], [""]):
        answer = await admin.put(f"/api/members/{member}/roles", json={"roles": roles})
        assert (answer.status_code, answer.json()["slug"]) == (400, "bad_value")


async def test_a_given_and_a_taken_role_are_felt_in_the_browser_with_the_next_request(house, admin, newcomer):
    member, email = await newcomer("employee")
    browser = Browser(house.url, person(email))
    try:
        await browser.log_in()
        assert (await browser.get("/api/me")).json()["roles"] == ["employee"]
        for roles in (["employee", "prototyper"], ["prototyper"]):
            await admin.put(f"/api/members/{member}/roles", json={"roles": roles})
            assert (await browser.get("/api/me")).json()["roles"] == roles
        assert (await admin.delete(f"/api/members/{member}")).status_code == 204
        assert (await browser.get("/api/me")).status_code in {401, 403}
        assert (await browser.get("/api/me")).status_code == 401
    finally:
        await browser.close()
        await browser.person.close()


async def test_a_members_keys_do_no_more_than_their_roles_and_end_with_the_membership(house, admin, newcomer):
    member, email = await newcomer("employee", "prototyper")
    async with client(house.url, await house.people.token_of(email, f"openid organization:{HERE}")) as theirs:
        secret = (await theirs.post("/api/keys", json={"name": "min"})).json()["secret"]
    body = {"model": "vektorer", "input": "hej"}
    async with client(house.url, secret) as programme:
        assert (await programme.post("/v1/embeddings", json=body)).status_code == 200
        await admin.put(f"/api/members/{member}/roles", json={"roles": ["employee"]})
        assert (await programme.post("/v1/embeddings", json=body)).status_code == 403
        await admin.delete(f"/api/members/{member}")
        assert (await programme.get("/v1/models")).status_code == 401


async def test_a_provider_that_is_away_or_was_never_set_up_is_told_with_what_to_do(house):
    for account, slug in (
        (replace(house.lab.membership._account, url="http://127.0.0.1:1"), "identity_provider_down"),
        (replace(house.lab.membership._account, secret="wrong"), "identity_provider_refused"),
        (None, "members_off"),
    ):
        lab = replace(house.lab, membership=Membership(account, house.lab.tenants))
        async with served(compose(lab)) as url, client(url, await house.people.token("tenant-admin")) as http:
            answer = await http.get("/api/members")
            assert answer.json()["slug"] == slug
            assert answer.status_code in {502, 503}
            assert (await http.get("/api/collections")).status_code == 200


async def test_an_officer_sees_members_and_changes_none(house, newcomer):
    member, _ = await newcomer("employee")
    async with await house.person("security-officer") as officer:
        assert (await officer.get("/api/members")).status_code == 200
        assert (await officer.put(f"/api/members/{member}/roles", json={"roles": []})).status_code == 403

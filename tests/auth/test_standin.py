"""What the stand-in does beyond being Keycloak."""

import json
import shutil
import stat
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import httpx
import pytest

from auth.standin.__main__ import NotLoopback, loopback, main
from auth.standin.app import build
from auth.standin.minting import keys_of
from auth.standin.passwords import Throttle, hashed, matches
from tests.auth.fakes import Clock, Entropy
from tests.auth.person import LoginFailed, Person
from tests.auth.providers import SECRETS, realm_for

pytestmark = pytest.mark.anyio

HERE = "http://127.0.0.1:1"
GATEWAY = "http://127.0.0.1:2"
PASSWORD = "ett-langt-losenord"


class Household:
    """A stand-in in this process, with one person of two organisations."""

    def __init__(self, folder, clock):
        self.folder = folder
        self.clock = clock
        self.app = build(
            realm_for(GATEWAY), data=folder / "people.json", issuer=f"{HERE}/realms/valv", clock=clock
        )
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HERE)

    async def admin(self, method, path, **said):
        form = {
            "grant_type": "client_credentials",
            "client_id": "valv-cli",
            "client_secret": SECRETS["VALV_CLI_SECRET"],
        }
        token = (await self.token(**form)).json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        return await self.http.request(method, f"/admin/realms/valv/{path}", headers=headers, **said)

    async def token(self, **form):
        return await self.http.post("/realms/valv/protocol/openid-connect/token", data=form)

    async def password(self, password, username="anna@a.example"):
        form = {
            "client_id": "valv-demo",
            "client_secret": SECRETS["VALV_DEMO_SECRET"],
            "grant_type": "password",
        }
        return await self.token(username=username, password=password, scope="openid organization", **form)

    async def make_people(self):
        made = await self.admin(
            "POST", "users", json={"username": "anna@a.example", "enabled": True, "firstName": "A"}
        )
        person = made.headers["location"].rpartition("/")[2]
        await self.admin("PUT", f"users/{person}/reset-password", json={"value": PASSWORD})
        for alias in ("a", "b"):
            made = await self.admin("POST", "organizations", json={"alias": alias, "name": f"<{alias}>"})
            organisation = made.headers["location"].rpartition("/")[2]
            await self.admin("POST", f"organizations/{organisation}/members", content=person)

    def url(self, **changes):
        query = {
            "client_id": "valv-gateway",
            "redirect_uri": f"{GATEWAY}/auth/callback",
            "response_type": "code",
            "scope": "openid organization",
            "state": "s",
            "code_challenge": "x" * 43,
            "code_challenge_method": "S256",
            **changes,
        }
        return f"{HERE}/realms/valv/protocol/openid-connect/auth?{urlencode(query)}"

    def browser(self, password=PASSWORD):
        person = Person("anna@a.example", password)
        person.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app))
        return person


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory):
    """Making keys takes a while: once for all."""
    file = tmp_path_factory.mktemp("keys") / "keys"
    keys_of(file)
    return file


@pytest.fixture
async def house(tmp_path, clock, keys_file):
    shutil.copy(keys_file, tmp_path / "people.keys")
    async with opened(tmp_path, clock) as made:
        await made.make_people()
        yield made


@asynccontextmanager
async def opened(folder, clock):
    made = Household(folder, clock)
    yield made
    await made.http.aclose()
    await made.app._http.aclose()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "10.0.0.1", "example.com", "localhost", ""])
def test_it_serves_nothing_but_loopback(host, tmp_path, capsys):
    with pytest.raises(NotLoopback):
        loopback(host)
    code = main(
        ["--host", host, "--port", "0", "--data", str(tmp_path / "d"), "--realm", str(tmp_path / "r")]
    )
    assert code == 2
    assert "loopback alone" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_it_serves_loopback(host):
    assert loopback(host) == host


async def test_passwords_are_stored_hashed_and_the_files_are_private(house):
    text = (house.folder / "people.json").read_text()
    assert PASSWORD not in text
    assert "anna@a.example" in text
    for name in ("people.json", "people.keys", "people.logins"):
        file = house.folder / name
        assert not file.exists() or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (house.folder / "people.keys").exists()


async def test_people_keys_and_logins_outlast_a_restart(house):
    person = house.browser()
    await person.visit(house.url(), back_to=GATEWAY, organisation="a")
    keys = (await house.http.get("/realms/valv/protocol/openid-connect/certs")).json()
    async with opened(house.folder, house.clock) as again:
        assert (await again.http.get("/realms/valv/protocol/openid-connect/certs")).json() == keys
        assert (await again.password(PASSWORD)).status_code == 200
        person.http = httpx.AsyncClient(transport=httpx.ASGITransport(again.app))
        person.pages.clear()
        answer = await person.visit(again.url(scope="openid organization:b"), back_to=GATEWAY)
        assert "code" in answer
        assert person.pages == []


async def test_the_public_keys_hold_nothing_private(house):
    (key,) = (await house.http.get("/realms/valv/protocol/openid-connect/certs")).json()["keys"]
    assert set(key) <= {"kty", "n", "e", "kid", "use", "alg"}


async def test_after_five_wrong_passwords_even_the_right_one_must_wait(house):
    for _ in range(5):
        assert (await house.password("wrong-password")).status_code == 400
    refused = await house.password(PASSWORD)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    house.clock.on(61)
    assert (await house.password(PASSWORD)).status_code == 200


async def test_the_form_says_the_same_of_a_wrong_password_and_an_unknown_person(house):
    pages = []
    for person in (house.browser("wrong-password"), house.browser()):
        person.username = "anna@a.example" if person.password == "wrong-password" else "bodil@a.example"
        with pytest.raises(LoginFailed):
            await person.visit(house.url(), back_to=GATEWAY)
        pages.append(person.pages[1])
    assert all("Fel e-postadress eller lösenord" in page for page in pages)
    assert all("role='alert'" in page for page in pages)


async def test_the_login_page_is_in_swedish_says_what_it_is_and_runs_no_script(house):
    answer = await house.http.get(house.url())
    assert '<html lang="sv">' in answer.text
    assert "utvärdering" in answer.text
    assert "<script" not in answer.text
    assert answer.text.count("<label for=") == 2
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert f"form-action 'self' {GATEWAY}" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "HttpOnly" in answer.headers["set-cookie"]


async def test_names_are_escaped_on_the_pages(house):
    person = house.browser()
    await person.visit(house.url(), back_to=GATEWAY, organisation="a")
    assert "&lt;a&gt;" in person.pages[-1]
    assert "<a>" not in person.pages[-1]


async def test_an_organisation_that_is_not_ones_own_can_not_be_chosen(house):
    await house.admin("POST", "organizations", json={"alias": "c", "name": "C"})
    with pytest.raises(LoginFailed):
        await house.browser().visit(house.url(), back_to=GATEWAY, organisation="c")


async def test_a_form_sent_from_another_browser_is_refused(house):
    page = await house.http.get(house.url())
    place = page.text.split('action="')[1].split('"', maxsplit=1)[0]
    house.http.cookies.clear()
    form = {"username": "anna@a.example", "password": PASSWORD}
    assert (await house.http.post(place, data=form)).status_code == 400


async def test_a_form_that_was_left_for_half_an_hour_is_refused(house):
    page = await house.http.get(house.url())
    place = page.text.split('action="')[1].split('"', maxsplit=1)[0]
    house.clock.on(1801)
    form = {"username": "anna@a.example", "password": PASSWORD}
    assert (await house.http.post(place, data=form)).status_code == 400


async def test_a_code_is_good_for_a_minute(house):
    answer = await house.browser().visit(house.url(), back_to=GATEWAY, organisation="a")
    house.clock.on(61)
    said = await house.token(
        grant_type="authorization_code",
        client_id="valv-gateway",
        client_secret=SECRETS["VALV_GATEWAY_SECRET"],
        code=answer["code"],
        redirect_uri=f"{GATEWAY}/auth/callback",
        code_verifier="x",
    )
    assert said.json() == {"error": "invalid_grant", "error_description": "Code not valid"}


async def test_a_login_ends_after_half_an_hour_without_use(house):
    tokens = (await house.password(PASSWORD)).json()
    form = {
        "client_id": "valv-demo",
        "client_secret": SECRETS["VALV_DEMO_SECRET"],
        "grant_type": "refresh_token",
    }
    house.clock.on(1799)
    fresh = await house.token(refresh_token=tokens["refresh_token"], **form)
    assert fresh.status_code == 200
    house.clock.on(1800)
    ended = await house.token(refresh_token=fresh.json()["refresh_token"], **form)
    assert ended.json()["error"] == "invalid_grant"


async def test_a_refresh_token_is_its_clients_alone(house):
    tokens = (await house.password(PASSWORD)).json()
    ended = await house.token(
        refresh_token=tokens["refresh_token"],
        client_id="valv-gateway",
        client_secret=SECRETS["VALV_GATEWAY_SECRET"],
        grant_type="refresh_token",
    )
    assert ended.json()["error"] == "invalid_grant"


async def test_logging_out_without_a_hint_asks_first(house):
    person = house.browser()
    await person.visit(house.url(), back_to=GATEWAY, organisation="a")
    page = await house.http.get("/realms/valv/protocol/openid-connect/logout")
    assert "Vill du logga ut?" in page.text
    await person._ask("POST", f"{HERE}/realms/valv/protocol/openid-connect/logout", {})
    seen = len(person.pages)
    await person.visit(house.url(), back_to=GATEWAY, organisation="a")
    assert len(person.pages) > seen + 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "users/nobody"),
        ("GET", "organizations/none"),
        ("PUT", "organizations/none/groups/x/members/y"),
        ("PATCH", "users"),
        ("DELETE", "groups"),
    ],
)
async def test_what_is_not_there_is_not_found_and_never_a_fault_of_the_server(house, method, path):
    assert (await house.admin(method, path)).status_code in {200, 404}


@pytest.mark.parametrize("path", ["", "clients", "roles", "events"])
async def test_the_rest_of_the_admin_interface_is_closed(house, path):
    assert (await house.admin("GET", path)).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff\xfe", b'{"username": null}'])
async def test_a_broken_body_is_refused(house, body):
    assert (await house.admin("POST", "users", content=body)).status_code in {201, 400, 409}
    assert (await house.admin("POST", "organizations", content=body)).status_code == 400


async def test_a_body_over_the_limit_is_refused(house):
    answer = await house.http.post("/realms/valv/protocol/openid-connect/token", content=b"x" * 300_000)
    assert answer.status_code == 413


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic Og==", "Bearer x", "Basic /w=="])
async def test_a_broken_authorization_header_proves_nothing(house, header):
    answer = await house.http.post(
        "/realms/valv/protocol/openid-connect/token",
        headers={"authorization": header},
        data={"grant_type": "x"},
    )
    assert answer.status_code == 401


async def test_an_unknown_address_is_not_found(house):
    for path in ("/", "/realms/master", "/realms/valv/protocol/openid-connect/device", "/admin/realms"):
        assert (await house.http.get(path)).status_code == 404


def test_a_password_matches_its_hash_alone():
    stored = hashed("rätt", entropy=Entropy())
    assert matches("rätt", stored)
    assert not matches("fel", stored)
    assert not matches("", "")


def test_waiting_grows_from_a_minute_to_a_quarter_of_an_hour():
    clock = Clock()
    throttle = Throttle(clock=clock)
    waits = []
    for _ in range(30):
        throttle.failed("a")
        before = clock.now
        while throttle.waits("a"):
            clock.on(1)
        waits.append(int(clock.now - before))
    assert waits[:7] == [0, 0, 0, 0, 60, 120, 180]
    assert waits[-1] == 900
    throttle.succeeded("a")
    throttle.failed("a")
    assert not throttle.waits("a")


def test_a_flood_of_names_does_not_fill_the_memory():
    throttle = Throttle(clock=Clock(), limit=10)
    for number in range(50):
        throttle.failed(str(number))
    assert len(throttle._failures) == 10


def test_the_realm_file_is_what_the_stand_in_takes_its_clients_from():
    from auth.standin.clients import clients

    known = clients(json.loads(json.dumps(realm_for(GATEWAY))))
    assert set(known) == {"valv-gateway", "valv-cli", "valv-demo", "valv-members"}
    assert known["valv-gateway"].pkce
    assert not known["valv-gateway"].password
    assert known["valv-gateway"].backchannel == f"{GATEWAY}/auth/backchannel-logout"

"""The page and its files: protected, compressed, and nothing else of the disk."""

import re

import pytest

from gateway.site import Site
from tests.gateway.serving import client

pytestmark = pytest.mark.anyio

SCRIPT = "/assets/app-1a2b.js"


@pytest.fixture
async def browser(house):
    async with client(house.url) as http:
        yield http


@pytest.mark.parametrize("path", ["/", "/samtal", "/samtal/01ABC", "/index", "/api", "/v1"])
async def test_every_path_of_the_application_is_the_page_with_a_nonce_of_its_own(browser, path):
    first, second = await browser.get(path), await browser.get(path)
    nonces = [re.search(r'nonce="([^"]+)"', each.text)[1] for each in (first, second)]
    assert len(set(nonces)) == 2
    assert f"'nonce-{nonces[0]}'" in first.headers["content-security-policy"]
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["content-type"] == "text/html; charset=utf-8"


async def test_the_pages_policy_lets_in_nothing_from_elsewhere(browser):
    policy = (await browser.get("/")).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/", SCRIPT, "/manifest.webmanifest"])
async def test_everything_carries_the_protecting_headers(browser, path):
    headers = (await browser.get(path, headers={"accept-encoding": "identity"})).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


@pytest.mark.parametrize(
    ("accepted", "coding", "length"),
    [
        ("br, gzip", "br", 9),
        ("gzip, deflate, br;q=0.5", "br", 9),
        ("gzip", "gzip", 27),
        ("identity", None, 5),
        ("br;q=0, gzip", "gzip", 27),
        ("*", None, 5),
    ],
)
async def test_the_packed_file_is_sent_to_whoever_can_unpack_it(browser, accepted, coding, length):
    async with browser.stream("GET", SCRIPT, headers={"accept-encoding": accepted}) as answer:
        assert answer.headers.get("content-encoding") == coding
        assert int(answer.headers["content-length"]) == length
        assert answer.headers["vary"] == "accept-encoding"


async def test_a_name_with_a_hash_never_changes_and_others_may(browser):
    headers = {"accept-encoding": "identity"}
    forever = (await browser.get(SCRIPT, headers=headers)).headers["cache-control"]
    asked = (await browser.get("/manifest.webmanifest", headers=headers)).headers["cache-control"]
    assert "immutable" in forever
    assert asked == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../data/valv.db",
        "/assets/../../data/valv.db",
        "/assets/%2e%2e/%2e%2e/data/valv.db",
        "/assets/..%2f..%2fdata/valv.db",
        "//etc/passwd.txt",
        "/assets/app-1a2b.js.br",
        "/assets/app-1a2b.js%00.txt",
        "/nothing.js",
        "/.env",
    ],
)
async def test_nothing_else_of_the_disk_is_served(browser, path):
    url = browser.base_url.copy_with(raw_path=path.encode())
    answer = await browser.get(url)
    assert answer.status_code == 404
    assert answer.json()["slug"] == "no_such_path"


async def test_a_file_is_only_read(browser):
    answer = await browser.post(SCRIPT)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = await browser.head("/")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0


def test_files_are_read_at_the_start_and_never_again(tmp_path):
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "a.js").write_text("first")
    site = Site(tmp_path)
    (tmp_path / "a.js").unlink()
    assert site._files["/a.js"].bodies == ((b"", b"first"),)

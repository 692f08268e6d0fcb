"""Whose word counts for where a client is: that of the proxies that the operator named, and nobody else's."""

import pytest

from gateway.server import Forwarded
from gateway.settings import BadSettings, read
from tests.gateway.test_settings import GOOD, faults_of

pytestmark = pytest.mark.anyio


async def seen(trusted, *, peer, forwarded):
    """The client's address that the application is told."""
    told = []

    async def application(scope, receive, send):
        told.append(scope["client"][0])

    headers = [(b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "scheme": "http", "client": (peer, 1), "headers": headers}
    await Forwarded(application, trusted=trusted)(scope, None, None)
    return told[0]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        (("127.0.0.1",), "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (("127.0.0.1",), "10.0.0.5", "203.0.113.9", "10.0.0.5"),
        (("10.0.0.0/8", "192.0.2.7"), "10.0.0.5", "203.0.113.9", "203.0.113.9"),
        (("10.0.0.0/8", "192.0.2.7"), "10.0.0.5", "198.51.100.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        (("10.0.0.0/8",), "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (("2001:db8::/32",), "2001:db8::1", "203.0.113.9", "203.0.113.9"),
        ((), "127.0.0.1", "203.0.113.9", "127.0.0.1"),
    ],
)
async def test_a_proxy_is_believed_if_the_operator_named_it(trusted, peer, forwarded, client):
    assert await seen(trusted, peer=peer, forwarded=forwarded) == client


@pytest.mark.parametrize(
    ("said", "proxies"),
    [
        (None, ("127.0.0.1",)),
        ("10.0.0.0/8, 192.0.2.7", ("10.0.0.0/8", "192.0.2.7")),
        ("2001:db8::/32", ("2001:db8::/32",)),
        ("", ()),
    ],
)
def test_the_proxies_are_addresses_and_networks(said, proxies):
    set_to = {} if said is None else {"VALV_TRUSTED_PROXIES": said}
    assert read({**GOOD, **set_to}).trusted_proxies == proxies


@pytest.mark.parametrize("said", ["*", "proxy.example", "10.0.0.0/33", "10.0.0.1/8", "127.0.0.1 10.0.0.1"])
def test_what_is_no_address_is_a_fault(said):
    (fault,) = faults_of(VALV_TRUSTED_PROXIES=said)
    assert fault.startswith("VALV_TRUSTED_PROXIES: ")
    assert "10.0.0.0/8" in fault
    with pytest.raises(BadSettings):
        read({**GOOD, "VALV_TRUSTED_PROXIES": said})

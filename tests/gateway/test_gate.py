"""Many requests with one secret are one look-up."""

import asyncio

import pytest

from auth.errors import Reason, Unauthenticated
from auth.identity import Method, Principal, Role, TenantId
from gateway.gate import Gate

pytestmark = pytest.mark.anyio

WHO = Principal("s", TenantId("here"), frozenset({Role.PROTOTYPER}), Method.API_KEY)
SECRET = "valv_a"


class Verifier:
    """Knows a secret once it was looked up; the first look-ups may be refused."""

    def __init__(self, *, refused=0):
        self.found = None
        self.refused = refused
        self.lookups = 0

    def known(self, _secret):
        return self.found

    async def authenticate(self, secret):
        if self.known(secret) is None:
            self.lookups += 1
            await asyncio.sleep(0)
            if self.lookups <= self.refused:
                raise Unauthenticated(Reason.UNKNOWN_KEY)
            self.found = WHO
        return self.found


def gate(keys):
    return Gate(tokens=None, keys=keys, sign_in=None, cookie="c")


def headers(secret=SECRET):
    return [(b"host", b"x"), (b"authorization", f"Bearer {secret}".encode())]


async def test_requests_that_come_together_are_one_look_up():
    keys = Verifier()
    door = gate(keys)
    found = await asyncio.gather(*(door.programme(headers()) for _ in range(64)))
    assert found == [WHO] * 64
    assert keys.lookups == 1


async def test_a_refusal_is_each_ones_own():
    keys = Verifier(refused=1)
    door = gate(keys)
    found = await asyncio.gather(*(door.programme(headers()) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in found] == [Unauthenticated, Principal, Principal]


async def test_one_who_leaves_while_looking_up_takes_nobody_along():
    keys = Verifier()
    door = gate(keys)
    first, second = (asyncio.create_task(door.programme(headers())) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == WHO
    assert first.cancelled() or await asyncio.wait([first])

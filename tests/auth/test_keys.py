import re
import secrets
from dataclasses import replace

import pytest
from sqlalchemy import select

from auth.errors import (
    Forbidden,
    KeyLifetimeInvalid,
    KeyNameInvalid,
    KeyNotFound,
    Reason,
    ScopesNotHeld,
    Unauthenticated,
)
from auth.identity import Method, Role
from auth.keys import KeyRing
from auth.policy import ALLOWED, KEY_SCOPES, Action, KeyHolder, granted
from auth.tables import API_KEY
from tests.auth.fakes import EKDALEN, ISSUER, NOON, NORRSKOG, Clock, database, prototyper

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def state(tmp_path):
    async with database(tmp_path) as made:
        yield made


@pytest.fixture
def ring(state, clock):
    return KeyRing(state, clock=clock, entropy=secrets.token_bytes)


async def refused(ring, secret):
    with pytest.raises(Unauthenticated) as fault:
        await ring.authenticate(secret)
    return fault.value.reason


async def test_a_new_key_names_its_bearer(ring):
    made = await ring.of(EKDALEN).create(
        prototyper(), name="Provbänk", scopes=frozenset({Action.CHAT_ASK}), models=frozenset({"citat"})
    )
    assert await ring.authenticate(made.secret) == KeyHolder(
        subject="person-1",
        tenant=EKDALEN,
        roles=frozenset({Role.PROTOTYPER}),
        method=Method.API_KEY,
        issuer=ISSUER,
        client=made.key.key,
        key=made.key.key,
        models=frozenset({"citat"}),
        expires=int(NOON) + 90 * 86_400,
        scopes=frozenset({Action.CHAT_ASK}),
    )


async def test_a_secret_has_256_random_bits_and_is_stored_nowhere(ring, state):
    made = await ring.of(EKDALEN).create(prototyper(), name="x")
    assert re.fullmatch(r"valv_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}", made.secret)
    async with state.installation.reading() as connection:
        (row,) = await connection.execute(select(API_KEY))
    random_part = made.secret.rpartition("_")[2]
    assert not any(
        random_part in str(value) or random_part.encode() in bytes(str(value), "utf-8") for value in row
    )
    assert len(row.digest) == 32


async def test_unasked_a_key_carries_what_its_owner_may_give_it(ring):
    assert (await ring.of(EKDALEN).create(prototyper(), name="x")).key.scopes == KEY_SCOPES
    employee = prototyper(Role.EMPLOYEE)
    assert (await ring.of(EKDALEN).create(employee, name="x")).key.scopes == ALLOWED[
        Role.EMPLOYEE
    ] & KEY_SCOPES


@pytest.mark.parametrize("scope", [Action.AUDIT_SEARCH, Action.KEY_CREATE, Action.TENANT_CREATE])
async def test_a_key_never_carries_what_no_key_may(ring, scope):
    with pytest.raises(ScopesNotHeld) as fault:
        await ring.of(EKDALEN).create(
            prototyper(*Role), name="x", scopes=frozenset({scope, Action.MODEL_LIST})
        )
    assert fault.value.scopes == (scope,)


async def test_a_key_never_carries_more_than_its_owner_may_do(ring):
    with pytest.raises(ScopesNotHeld):
        await ring.of(EKDALEN).create(
            prototyper(Role.EMPLOYEE), name="x", scopes=frozenset({Action.EMBEDDING_CREATE})
        )


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\u202eb", "\x1b[31m"])
async def test_a_name_is_short_and_printable(ring, name):
    with pytest.raises(KeyNameInvalid):
        await ring.of(EKDALEN).create(prototyper(), name=name)


@pytest.mark.parametrize("days", [0, -1, 367])
async def test_a_key_lives_from_a_day_to_a_year(ring, days):
    with pytest.raises(KeyLifetimeInvalid):
        await ring.of(EKDALEN).create(prototyper(), name="x", days=days)


@pytest.mark.parametrize(
    "secret", ["", "valv_", "valv_12345678_short", "sk-" + "x" * 40, "valv_\u00e5bcdefgh_" + "x" * 43]
)
async def test_what_has_not_the_shape_of_a_key_is_malformed(ring, secret):
    assert await refused(ring, secret) is Reason.MALFORMED


async def test_a_key_that_was_never_made_is_unknown(ring):
    assert await refused(ring, f"valv_{'a' * 8}_{'b' * 43}") is Reason.UNKNOWN_KEY


async def test_the_right_name_with_another_secret_is_unknown(ring):
    made = await ring.of(EKDALEN).create(prototyper(), name="x")
    changed = made.secret[:-1] + ("0" if made.secret[-1] != "0" else "1")
    assert await refused(ring, changed) is Reason.UNKNOWN_KEY


async def test_a_revoked_key_ends_at_once_here_and_within_five_seconds_elsewhere(ring, state, clock):
    other = KeyRing(state, clock=clock, entropy=secrets.token_bytes)
    made = await ring.of(EKDALEN).create(prototyper(), name="x")
    await ring.authenticate(made.secret)
    await other.authenticate(made.secret)
    await ring.of(EKDALEN).revoke(made.key.key)
    assert ring.known(made.secret) is None
    assert await refused(ring, made.secret) is Reason.REVOKED
    clock.on(4.9)
    assert other.known(made.secret) is not None
    clock.on(0.1)
    assert await refused(other, made.secret) is Reason.REVOKED


async def test_revoking_again_keeps_the_first_time(ring, clock):
    keys = ring.of(EKDALEN)
    made = await keys.create(prototyper(), name="x")
    await keys.revoke(made.key.key)
    clock.on(100)
    await keys.revoke(made.key.key)
    assert (await keys.find(made.key.key)).revoked_at == int(NOON)


async def test_a_key_expires_even_while_it_is_remembered(ring, clock):
    made = await ring.of(EKDALEN).create(prototyper(), name="x", days=1)
    clock.on(86_399)
    await ring.authenticate(made.secret)
    clock.on(1)
    assert await refused(ring, made.secret) is Reason.EXPIRED


async def test_nobody_makes_keys_for_an_organisation_that_they_do_not_act_for(ring):
    with pytest.raises(Forbidden):
        await ring.of(NORRSKOG).create(prototyper(tenant=EKDALEN), name="x")


async def test_two_live_keys_of_one_owner_are_fine(ring):
    first = await ring.of(EKDALEN).create(prototyper(), name="x")
    second = await ring.of(EKDALEN).create(prototyper(), name="x")
    assert (await ring.authenticate(first.secret)).key != (await ring.authenticate(second.secret)).key


async def test_another_organisations_key_does_not_exist(ring):
    made = await ring.of(NORRSKOG).create(prototyper(tenant=NORRSKOG), name="x")
    keys = ring.of(EKDALEN)
    assert await keys.list() == []
    for attempt in (keys.find, keys.revoke):
        with pytest.raises(KeyNotFound) as fault:
            await attempt(made.key.key)
        assert fault.value.key == made.key.key
    assert (await ring.authenticate(made.secret)).tenant == NORRSKOG


async def test_the_list_shows_everything_but_the_secret_newest_first(ring, clock):
    keys = ring.of(EKDALEN)
    old = await keys.create(prototyper(), name="old")
    clock.on(10)
    new = await keys.create(prototyper(), name="new")
    assert await keys.list() == [new.key, old.key]


async def test_when_a_key_was_last_used_is_kept_to_the_minute_and_written_in_batches(ring, clock):
    keys = ring.of(EKDALEN)
    made = await keys.create(prototyper(), name="x")
    clock.on(90)
    await ring.authenticate(made.secret)
    assert (await keys.find(made.key.key)).used_at is None
    await ring.flush()
    await ring.flush()
    used = (await keys.find(made.key.key)).used_at
    assert used == (int(NOON) + 90) // 60 * 60


async def test_a_scope_that_is_no_longer_known_is_left_out_of_an_old_key(ring, state):
    made = await ring.of(EKDALEN).create(prototyper(), name="x", scopes=frozenset({Action.CHAT_ASK}))
    async with state.installation.writing() as connection:
        await connection.execute(API_KEY.update().values(scopes="chat:ask fax:send"))
    assert (await ring.authenticate(made.secret)).scopes == frozenset({Action.CHAT_ASK})


async def test_a_persons_keys_do_no_more_than_the_roles_that_are_left(ring):
    owner = prototyper(Role.EMPLOYEE, Role.PROTOTYPER)
    made = await ring.of(EKDALEN).create(owner, name="min", scopes=None)
    other = await ring.of(EKDALEN).create(
        replace(prototyper(), subject="person-2"), name="annans", scopes=None
    )
    assert Action.EMBEDDING_CREATE in granted(await ring.authenticate(made.secret))
    await ring.of(EKDALEN).confine("person-1", frozenset({Role.EMPLOYEE, Role.TENANT_ADMIN}))
    left = await ring.authenticate(made.secret)
    assert left.roles == {Role.EMPLOYEE}
    assert Action.EMBEDDING_CREATE not in granted(left)
    assert (await ring.authenticate(other.secret)).roles == {Role.PROTOTYPER}


async def test_without_any_role_left_a_persons_keys_end(ring):
    made = await ring.of(EKDALEN).create(prototyper(), name="min", scopes=None)
    elsewhere = await ring.of(NORRSKOG).create(prototyper(tenant=NORRSKOG), name="annan", scopes=None)
    await ring.of(EKDALEN).confine("person-1", frozenset({Role.SECURITY_OFFICER}))
    assert await refused(ring, made.secret) is Reason.REVOKED
    assert await ring.authenticate(elsewhere.secret)

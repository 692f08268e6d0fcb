import secrets
from dataclasses import replace

import pytest
from sqlalchemy import select

from auth.errors import Reason, Unauthenticated
from auth.identity import Method, Operator, Role
from auth.sealing import Sealer
from auth.sessions import Sessions, Tokens
from auth.tables import SESSION
from tests.auth.fakes import EKDALEN, NOON, NORRSKOG, Clock, database, prototyper

pytestmark = pytest.mark.anyio

TOKENS = Tokens("access-canary", "refresh-canary", "identity-canary", int(NOON) + 300)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def state(tmp_path):
    async with database(tmp_path) as made:
        yield made


def sessions_of(state, clock, key=b"k" * 32):
    sealer = Sealer(key, entropy=secrets.token_bytes)
    return Sessions(state, sealer=sealer, clock=clock, entropy=secrets.token_bytes)


@pytest.fixture
def sessions(state, clock):
    return sessions_of(state, clock)


def person(sid="login-1", subject="person-1"):
    return replace(prototyper(Role.EMPLOYEE), session=sid, subject=subject, acr="1", expires=5)


async def refused(sessions, name):
    with pytest.raises(Unauthenticated) as fault:
        await sessions.find(name)
    return fault.value.reason


async def test_an_opened_session_is_found_by_its_name(sessions):
    opened = await sessions.open(person(), TOKENS)
    assert await sessions.find(opened.name) == opened.session
    assert opened.session.caller == person()
    assert opened.session.ends == int(NOON) + 36_000


async def test_an_operators_session_belongs_to_no_tenant(sessions, state):
    operator = Operator("op", Method.SESSION, "iss", "valv-gateway", "login-9", "Drift", 7)
    opened = await sessions.open(operator, TOKENS)
    assert (await sessions.find(opened.name)).caller == operator


async def test_neither_name_nor_tokens_nor_csrf_are_readable_in_the_database(sessions, state):
    opened = await sessions.open(person(), TOKENS)
    async with state.installation.reading() as connection:
        (row,) = await connection.execute(select(SESSION))
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    for secret in (opened.name, opened.session.csrf, TOKENS.access, TOKENS.refresh, TOKENS.identity):
        assert secret.encode() not in stored


async def test_a_name_has_256_random_bits_and_is_never_given_twice(sessions):
    names = {(await sessions.open(person(), TOKENS)).name for _ in range(3)}
    assert {len(name) for name in names} == {43}
    assert len(names) == 3


@pytest.mark.parametrize("name", ["", "x", "\ud800", "x" * 10_000])
async def test_an_invented_name_finds_nothing(sessions, name):
    assert await refused(sessions, name) is Reason.ENDED


async def test_a_session_ends_after_half_an_hour_without_use(sessions, clock):
    opened = await sessions.open(person(), TOKENS)
    clock.on(1799)
    await sessions.find(opened.name)
    clock.on(1799)
    await sessions.find(opened.name)
    clock.on(1800)
    assert await refused(sessions, opened.name) is Reason.EXPIRED
    assert await refused(sessions, opened.name) is Reason.ENDED


async def test_a_session_ends_after_ten_hours_however_busy(sessions, clock):
    opened = await sessions.open(person(), TOKENS)
    for _ in range(23):
        clock.on(1500)
        await sessions.find(opened.name)
    clock.on(1500)
    assert await refused(sessions, opened.name) is Reason.EXPIRED


async def test_a_login_gives_a_new_name_and_ends_the_former_session(sessions):
    former = await sessions.open(person(), TOKENS)
    new = await sessions.open(person(), TOKENS, former=former.name)
    assert new.name != former.name
    assert await refused(sessions, former.name) is Reason.ENDED
    assert await sessions.find(new.name)


async def test_renewed_tokens_keep_the_sessions_end_and_csrf(sessions, clock):
    opened = await sessions.open(person(), TOKENS)
    clock.on(300)
    fresh = replace(TOKENS, access="fresh")
    changed = replace(person(), roles=frozenset({Role.PROTOTYPER}))
    renewed = await sessions.renew(opened.name, opened.session, caller=changed, tokens=fresh)
    assert await sessions.find(opened.name) == renewed
    assert (renewed.csrf, renewed.ends) == (opened.session.csrf, opened.session.ends)
    assert renewed.caller.roles == frozenset({Role.PROTOTYPER})


async def test_renewing_does_not_bring_an_ended_session_back(sessions):
    opened = await sessions.open(person(), TOKENS)
    await sessions.close(opened.name)
    await sessions.renew(opened.name, opened.session, caller=person(), tokens=TOKENS)
    assert await refused(sessions, opened.name) is Reason.ENDED


async def test_a_back_channel_logout_ends_one_login_or_all_of_a_person(sessions):
    here, there = await sessions.open(person("a"), TOKENS), await sessions.open(person("b"), TOKENS)
    other = await sessions.open(person("c", "person-2"), TOKENS)
    assert await sessions.close_all(sid="a") == 1
    assert await refused(sessions, here.name) is Reason.ENDED
    assert await sessions.close_all(subject="person-1") == 1
    assert await refused(sessions, there.name) is Reason.ENDED
    assert await sessions.find(other.name)


async def test_a_back_channel_logout_that_names_nobody_ends_nothing(sessions):
    opened = await sessions.open(person(sid=None), TOKENS)
    assert await sessions.close_all(sid="", subject="") == 0
    assert await sessions.find(opened.name)


async def test_the_expired_are_swept_away(sessions, clock):
    await sessions.open(person(), TOKENS)
    clock.on(1000)
    young = await sessions.open(person(), TOKENS)
    clock.on(801)
    assert await sessions.sweep() == 1
    assert await sessions.find(young.name)


async def test_under_another_key_every_session_has_ended(sessions, state, clock):
    opened = await sessions.open(person(), TOKENS)
    assert await refused(sessions_of(state, clock, b"l" * 32), opened.name) is Reason.ENDED


async def test_a_sealed_session_does_not_open_in_another_sessions_row(sessions, state):
    mine, theirs = await sessions.open(person(), TOKENS), await sessions.open(person(), TOKENS)
    async with state.installation.writing() as connection:
        rows = list(await connection.execute(select(SESSION).order_by(SESSION.c.created_at)))
        await connection.execute(SESSION.update().values(sealed=rows[0].sealed))
    reasons = []
    for opened in (mine, theirs):
        try:
            await sessions.find(opened.name)
        except Unauthenticated as fault:
            reasons.append(fault.reason)
    assert reasons == [Reason.ENDED]


@pytest.mark.parametrize("header", [None, "", "x", "å"])
async def test_a_csrf_header_that_is_missing_or_wrong_is_refused(sessions, header):
    session = (await sessions.open(person(), TOKENS)).session
    session.check_csrf(session.csrf)
    with pytest.raises(Unauthenticated) as fault:
        session.check_csrf(header)
    assert fault.value.reason is Reason.WRONG_CSRF


async def test_a_change_of_roles_is_seen_by_every_session_of_the_person_in_that_organisation(sessions):
    here, there = await sessions.open(person("a"), TOKENS), await sessions.open(person("b"), TOKENS)
    other = await sessions.open(person("c", "person-2"), TOKENS)
    elsewhere = await sessions.open(replace(person("d"), tenant=NORRSKOG), TOKENS)
    await sessions.outdate(EKDALEN, "person-1")
    seen = [(await sessions.find(each.name)).outdated for each in (here, there, other, elsewhere)]
    assert seen == [1, 1, 0, 0]


async def test_a_change_that_comes_while_a_session_is_renewed_is_seen_by_the_next_request(sessions):
    opened = await sessions.open(person(), TOKENS)
    await sessions.outdate(EKDALEN, "person-1")
    session = await sessions.find(opened.name)
    await sessions.outdate(EKDALEN, "person-1")
    await sessions.renew(opened.name, session, caller=person(), tokens=TOKENS)
    assert (await sessions.find(opened.name)).outdated == 1

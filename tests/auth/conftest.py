"""A provider for each run of the tests that both must pass, and the gateway's side of it."""

import secrets
import time
from dataclasses import dataclass

import httpx
import pytest

from auth.discovery import Discovery
from auth.oidc import Provider
from auth.sealing import Sealer
from auth.sessions import Sessions
from auth.signin import SignIn
from auth.signing import SigningKeys
from auth.tenants import Tenants
from auth.tokens import AccessTokens
from auth.transaction import Transactions
from tests.auth.fakes import database
from tests.auth.person import Person
from tests.auth.providers import SECRETS, RunningProvider, password_of, running


@pytest.fixture(
    scope="package",
    params=["standin", pytest.param("keycloak", marks=[pytest.mark.full, pytest.mark.timeout(600)])],
)
def provider(request, tmp_path_factory):
    with running(request.param, tmp_path_factory.mktemp(request.param)) as started:
        yield started


class Later:
    """The real time, and a little later when told so."""

    def __init__(self):
        self.later = 0.0

    def __call__(self):
        return time.time() + self.later


@dataclass
class Desk:
    """The gateway's side: what logs people in, and the people's browsers."""

    provider: RunningProvider
    signin: SignIn
    oidc: Provider
    tokens: AccessTokens
    sessions: Sessions
    clock: Later
    people: list

    def person(self, username, password=None):
        made = Person(username, password or password_of(username))
        self.people.append(made)
        return made

    async def sign_in(self, person, *, organisation="", tenant=None, former=None):
        departure = await self.signin.begin(return_to="/samtal", tenant=tenant)
        callback = f"{self.provider.gateway}/auth/callback"
        answer = await person.visit(departure.url, back_to=callback, organisation=organisation)
        return await self.finish(transaction=departure.transaction, answer=answer, former=former)

    async def finish(self, *, transaction, answer, former=None):
        return await self.signin.open(
            await self.signin.arrive(transaction=transaction, answer=answer), former=former
        )


@pytest.fixture
async def desk(provider, tmp_path):
    clock = Later()
    sealer = Sealer(secrets.token_bytes(32), entropy=secrets.token_bytes)
    async with database(tmp_path) as state, httpx.AsyncClient() as http:
        keys = SigningKeys(http=http, url=f"{provider.oidc}/certs", clock=clock)
        tokens = AccessTokens(
            issuer=provider.issuer,
            audience="valv-api",
            keys=keys,
            tenants=Tenants(state, clock=clock),
            clock=clock,
        )
        oidc = Provider(
            http=http,
            discovery=Discovery(http=http, issuer=provider.issuer),
            client="valv-gateway",
            secret=SECRETS["VALV_GATEWAY_SECRET"],
            redirect_uri=f"{provider.gateway}/auth/callback",
            keys=keys,
            transactions=Transactions(sealer=sealer, clock=clock, entropy=secrets.token_bytes),
            clock=clock,
        )
        sessions = Sessions(state, sealer=sealer, clock=clock, entropy=secrets.token_bytes)
        signin = SignIn(provider=oidc, tokens=tokens, sessions=sessions, clock=clock)
        made = Desk(provider, signin, oidc, tokens, sessions, clock, [])
        yield made
        for person in made.people:
            await person.close()

"""How callers become known: the identity provider, sessions, tokens and keys, put together from the settings."""

import secrets
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

from auth.database import Database
from auth.discovery import Discovery
from auth.keys import KeyRing
from auth.members import Account, Membership
from auth.oidc import Provider
from auth.sealing import Sealer
from auth.sessions import Sessions
from auth.signin import SignIn
from auth.signing import SigningKeys
from auth.tenants import Tenants
from auth.tokens import AccessTokens
from auth.transaction import Transactions
from gateway.gate import Gate
from gateway.secrets import derived
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: what verifies tokens, keys and logins."""

    tenants: Tenants
    membership: Membership
    keys: KeyRing
    provider: Provider
    sign_in: SignIn
    gate: Gate


async def open_identity(
    settings: Settings, stack: AsyncExitStack, database: Database, *, cookie: str
) -> Identity:
    """The objects that know callers; ``cookie`` is the name of the session's."""
    issuer = str(settings.identity.issuer).rstrip("/")
    # The identity provider is inside the environment: no proxy, whatever the machine's settings say.
    http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
    sealer = Sealer(derived(settings, "session"), entropy=secrets.token_bytes)
    signing = SigningKeys(
        http=http,
        url=f"{settings.identity.reachable_url}/protocol/openid-connect/certs",
        clock=time.time,
    )
    tenants = Tenants(database, clock=time.time)
    tokens = AccessTokens(
        issuer=issuer,
        audience=settings.identity.audience,
        keys=signing,
        tenants=tenants,
        clock=time.time,
    )
    provider = Provider(
        http=http,
        discovery=Discovery(http=http, issuer=issuer, backend=settings.identity.reachable_url),
        client=settings.identity.client_id,
        secret=settings.identity.client_secret.get_secret_value(),
        redirect_uri=f"{settings.origin}/auth/callback",
        keys=signing,
        transactions=Transactions(sealer=sealer, clock=time.time, entropy=secrets.token_bytes),
        clock=time.time,
    )
    sessions = Sessions(database, sealer=sealer, clock=time.time, entropy=secrets.token_bytes)
    sign_in = SignIn(provider=provider, tokens=tokens, sessions=sessions, clock=time.time)
    keys = KeyRing(database, clock=time.time, entropy=secrets.token_bytes)
    gate = Gate(tokens=tokens, keys=keys, sign_in=sign_in, cookie=cookie)
    membership = Membership(_members_account(settings), tenants)
    return Identity(tenants, membership, keys, provider, sign_in, gate)


def _members_account(settings: Settings) -> Account | None:
    identity = settings.identity
    if identity.members_client_secret is None:
        return None
    server, _, realm = identity.reachable_url.rpartition("/realms/")
    return Account(
        server, realm, identity.members_client_id, identity.members_client_secret.get_secret_value()
    )

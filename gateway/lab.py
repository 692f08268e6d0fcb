"""The objects of a running gateway, built once by ``gateway.app.build``."""

from dataclasses import dataclass

from audit.client import AnyLedger
from auth.database import Database
from auth.keys import KeyRing
from auth.members import Membership
from auth.oidc import Provider
from auth.signin import SignIn
from auth.tenants import Tenants
from gateway.asking import Asking
from gateway.catalogues import Catalogues
from gateway.conversations.desk import Conversations
from gateway.gate import Gate
from gateway.inspection.office import Office
from gateway.limits import Budget, Limits
from gateway.metrics import Metrics
from gateway.scribe import Scribe
from gateway.settings import Settings
from gateway.usage.counter import Counter
from inference.models import Catalogue
from inference.upstream import Models
from rag.library import Library


@dataclass(frozen=True, slots=True)
class Lab:
    """Everything that a route may need; each is made by its constructor, none is global."""

    settings: Settings
    database: Database
    ledger: AnyLedger
    scribe: Scribe
    metrics: Metrics
    tenants: Tenants
    membership: Membership
    keys: KeyRing
    sign_in: SignIn
    provider: Provider
    gate: Gate
    limits: Limits
    page_faults: Budget
    catalogues: Catalogues
    catalogue: Catalogue
    models: Models
    library: Library
    asking: Asking
    conversations: Conversations
    usage: Counter
    office: Office

"""Every route of the composed application, taken from the application, and a good request to each."""

from dataclasses import dataclass

from fastapi.routing import iter_route_contexts

from auth.policy import ALLOWED, OPERATOR_ALLOWED, Action
from gateway.app import call_path, framework
from gateway.deps import Authority

CHAT = {"model": "skrivare", "messages": [{"role": "user", "content": "hej"}]}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    action: Action | None
    records: str | None
    lean: bool = False

    def __str__(self):
        return f"{self.method} {self.path}"

    @property
    def has_id(self):
        return "{" in self.path

    @property
    def openai(self):
        return self.path.startswith("/v1/")

    def role(self):
        """Someone who may; an administrator where they may, for an officer has fewer things."""
        if self.for_operators:
            return "operator"
        return next(role for role in ALLOWED if self.action in ALLOWED[role])

    @property
    def for_operators(self):
        return self.action in OPERATOR_ALLOWED and not any(self.action in held for held in ALLOWED.values())

    def roles_without(self):
        """Everyone who may not."""
        return [role for role in ALLOWED if self.action not in ALLOWED[role]]


def every_route(lab):
    found = [route for context in iter_route_contexts(framework(lab).routes) for route in _routes(context)]
    lean = call_path(lab).actions
    return found + [Route("POST", path, action, "call.intent", lean=True) for path, action in lean.items()]


def _routes(context):
    dependant = getattr(context, "dependant", None)
    dependencies = dependant.dependencies if dependant else []
    held = [each.call for each in dependencies if isinstance(each.call, Authority)]
    for method in sorted(context.methods - {"HEAD"}):
        action, records = (held[0].action, held[0].records) if held else (None, None)
        yield Route(method, context.path, action, records.value if records else None)


# Nobody is asked who they are here, each for its reason.
OPEN = {
    "GET /healthz": "load balancers ask it; it says that the process answers and nothing else",
    "GET /readyz": "load balancers and operators ask it; parts of the lab, nothing of any organisation",
    "GET /openapi.json": "the description of the surface is public",
    "GET /api/about": "the installation's version and contacts; nothing of any organisation",
    "GET /api/about/words/{language}": "the page's own words, for those who are not logged in too",
    "POST /api/faults": "asks for the session and its CSRF header itself, needs no role, and is on record itself",
    "GET /auth/login": "whoever comes here is not logged in yet",
    "GET /auth/callback": "the login itself: what is believed is the identity provider's signature",
    "POST /auth/logout": "asks for the session and its CSRF header itself, and needs no role",
    "POST /auth/backchannel-logout": "what is believed is the identity provider's signature",
}

# No record is made before these answer, each for its reason.
UNRECORDED = {
    **OPEN,
    "GET /api/audit/integrity": "when the log was verified, asked every few seconds; that work's own records say it",
    "GET /api/audit/verifications": "how far recorded work has come, asked every second; nothing of the log's records",
    "GET /api/audit/verifications/{verification}": "the same of one; begin, cancel and end are on record",
    "GET /api/audit/exports": "how far recorded work has come, asked every second; nothing of the log's records",
    "GET /api/audit/exports/{export}": "the same of one; begin, cancel, end and download are on record",
    "GET /api/me": "what the caller's own login says, and what the organisation tells all its people on every page",
    "GET /api/retention": "the installation's settings; nothing of any organisation's",
    "GET /api/models": "the installation's models; nothing of any organisation's",
    "GET /api/models/cards": "the installation's models; nothing of any organisation's",
    "GET /api/problems": "the description of the errors; nothing of any organisation's",
    "GET /api/limits": "how many calls are left this minute, looked at every few seconds; not what was asked",
    "GET /v1/models": "the installation's models; nothing of any organisation's",
    "GET /v1/models/{name}": "the installation's models; nothing of any organisation's",
}

# The use case writes these itself.
_ASK = "POST /api/conversations/{conversation}/messages"
_ASK_AGAIN = "POST /api/conversations/{conversation}/messages/{question}/answers"
_ADD_MEMBER = "POST /api/members"
_ASSIGN_ROLES = "PUT /api/members/{member}/roles"
_REMOVE_MEMBER = "DELETE /api/members/{member}"
USE_CASE = {
    "POST /api/answers": "call.intent",
    _ASK: "call.intent",
    _ASK_AGAIN: "call.intent",
    _ADD_MEMBER: "admin.member_add",
    _ASSIGN_ROLES: "admin.roles_change",
    _REMOVE_MEMBER: "admin.member_remove",
}

BODIES = {
    "POST /api/answers": {"json": {"question": "Hur många dagar?", "model": "skrivare"}},
    "POST /api/audit/exports": {"json": {}},
    "POST /api/collections": {"json": {"name": "Ny samling"}},
    "PATCH /api/collections/{collection}": {"json": {"name": "Styrande dokument"}},
    "POST /api/collections/{collection}/documents": {"files": {"file": ("ny.txt", b"Ett nytt dokument.")}},
    "POST /api/conversations": {"json": {}},
    "POST /api/conversations/search": {"json": {"text": "distans"}},
    "PUT /api/conversations/draft": {"json": {"text": "Ett utkast om distans"}},
    "PUT /api/conversations/{conversation}/draft": {"json": {"text": "Ett utkast om distans"}},
    "PATCH /api/conversations/{conversation}": {"json": {"title": "Distansarbete"}},
    _ASK: {"json": {"text": "Hur många dagar?", "model": "skrivare"}},
    _ASK_AGAIN: {"json": {"model": "skrivare"}},
    "POST /api/keys": {"json": {"name": "ny"}},
    "PUT /api/banner": {"json": {"sv": "Lunch till ett", "en": ""}},
    _ADD_MEMBER: {"json": {"email": "ny@ekdalen.example", "roles": ["employee"]}},
    _ASSIGN_ROLES: {"json": {"roles": ["employee"]}},
    "POST /v1/chat/completions": {"json": CHAT},
    "POST /v1/completions": {"json": {"model": "skrivare", "prompt": "hej"}},
    "POST /v1/embeddings": {"json": {"model": "vektorer", "input": "hej"}},
    "POST /v1/vector_stores/{store}/search": {"json": {"query": "hej"}},
}

PICTURES = ("/api/documents/{document}/pages/{page}/image", "/api/documents/{document}/pages/{page}/layout")


@dataclass(frozen=True)
class Things:
    """One of each kind, of one organisation; ``drawn`` is a document whose pages are shown as pictures."""

    collection: str
    document: str
    drawn: str
    key: str
    seq: int
    conversation: str
    question: str
    answer: str
    verification: str
    export: str
    member: str

    def path(self, route):
        values = {
            "collection": self.collection,
            "store": self.collection,
            "document": self.document,
            "key": self.key,
            "seq": self.seq,
            "conversation": self.conversation,
            "question": self.question,
            "answer": self.answer,
            "verification": self.verification,
            "export": self.export,
            "member": self.member,
            "page": 1,
            "language": "fi",
            "name": "skrivare",
        }
        if route.path.startswith(PICTURES):
            values["document"] = self.drawn
        return route.path.format_map(values)


async def ask(http, route, things):
    return await http.request(route.method, things.path(route), **BODIES.get(str(route), {}))

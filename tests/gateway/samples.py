"""One error of every kind that can reach the gateway's table, as it would be raised."""

from pathlib import Path

from audit import errors as audit
from auth import errors as auth
from gateway import conversation_errors as conversations
from gateway import inspection_errors as inspection
from gateway import refusals
from gateway.limits import LimitReached
from inference import errors as inference
from rag import errors as rag

CANARY = "k4n4riefagel"

ROOTS = (
    auth.AuthError,
    audit.AuditError,
    rag.RagError,
    inference.InferenceError,
    refusals.Refused,
    conversations.ConversationError,
    inspection.InspectionError,
    auth.DatabaseDown,
    LimitReached,
)

TOLD = [
    auth.Unauthenticated(auth.Reason.EXPIRED),
    auth.IdentityProviderDown("keys"),
    auth.IdentityProviderRefused("refresh", CANARY),
    auth.LoginRefused(auth.LoginFault.STATE_MISMATCH),
    auth.TenancyError(),
    auth.NoTenant(),
    auth.SeveralTenants(["norrskog", "ekdalen"]),
    auth.OperatorInTenant(["ekdalen"]),
    auth.TenantChanged("ekdalen"),
    auth.UnknownTenant(CANARY),
    auth.SeparatedRoles(["tenant-admin", "security-officer"]),
    auth.Forbidden("audit:search"),
    auth.KeyFault(),
    auth.KeyNotFound(CANARY),
    auth.KeyNameInvalid(100),
    auth.KeyLifetimeInvalid(366),
    auth.ScopesNotHeld(["chat:ask"]),
    auth.MemberFault(),
    auth.AddressElsewhere(["ekdalen.example"]),
    auth.AlreadyMember(),
    auth.LastAdministrator(),
    auth.ManagedMember(),
    auth.MemberNotFound(CANARY),
    auth.MembersOff(),
    auth.OperatorNoMember(),
    auth.OwnOfficer(),
    auth.PersonNotFound(),
    refusals.MalformedBody(),
    refusals.UnknownParameter("logit_bias"),
    refusals.BadValue("max_tokens", expected="between 1 and 4096"),
    refusals.BodyTooLarge(2048),
    refusals.WrongMediaType("application/json"),
    refusals.NoSuchPath(),
    refusals.WrongMethod(("POST", "GET")),
    refusals.NotFound("page"),
    refusals.PromptBlocked(["personnummer"]),
    refusals.NotGenerative("vektorer"),
    refusals.AboveCeiling("skrivare", classification="secret", ceiling="internal"),
    conversations.UnknownConversation(CANARY),
    conversations.UnknownMessage(CANARY),
    conversations.StillWriting(CANARY),
    conversations.NothingAsked(CANARY),
    conversations.TextTooLong(32_000),
    conversations.TooManyAtOnce(3),
    conversations.AnswerInterrupted(CANARY),
    inspection.UnknownJob(CANARY),
    inspection.TooManyJobs(2),
    inspection.PackageUnavailable(CANARY),
    auth.DatabaseDown(),
    LimitReached("key", limit=120, retry_after=0.3),
    rag.UnknownCollection(CANARY),
    rag.UnknownDocument(CANARY),
    rag.UnknownPage(CANARY, 7),
    rag.NameInvalid(200),
    rag.NotReadable(rag.Unreadable.ENCRYPTED),
    rag.NotPictured(CANARY),
    rag.NotDrawn(rag.Unreadable.TIMED_OUT),
    rag.DrawingBusy(10),
    rag.RetrievalUnavailable("embedder"),
    audit.LedgerUnavailable(audit.Unavailable.DISK_LOW),
    audit.FilterRefused("since", CANARY),
    audit.RecordNotFound(CANARY, 7),
    inference.UnknownModel(CANARY),
    inference.NoModelOfKind(CANARY),
    inference.ModelRefused("skrivare", reason=inference.Refusal.BAD_REQUEST, param="max_tokens"),
    inference.PromptTooLong("skrivare", param="messages"),
    inference.ModelUnavailable("skrivare"),
    inference.ModelOverloaded("skrivare", retry_after=3),
    inference.ModelTimedOut("skrivare", stage=inference.Stage.FIRST_BYTE),
    inference.ModelFailed("skrivare", how=inference.Failure.CLOSED),
]

# Nobody outside can bring these about; if one is raised all the same, it is a fault of ours and a 500.
OURS = [
    audit.LedgerBusy(Path(CANARY)),
    audit.LedgerDamaged("t/ekdalen#7", CANARY),
    audit.LedgerLost(CANARY),
    audit.RecordRefused(CANARY, CANARY),
    audit.KeysFault(Path(CANARY), CANARY),
    audit.NoteFault(CANARY),
    audit.ProofFault(CANARY),
    audit.TreeFault(CANARY, CANARY),
    audit.ContentUnavailable(CANARY, CANARY),
    inference.CatalogueFaulty([CANARY]),
]

# Never raised themselves, only their kinds are.
ABSTRACT = {
    auth.AuthError,
    audit.AuditError,
    rag.RagError,
    inference.InferenceError,
    inference.RouteError,
    refusals.Refused,
    conversations.ConversationError,
    inspection.InspectionError,
}


def every_kind():
    """Every error class of every room, with all its descendants."""
    found, left = set(), list(ROOTS)
    while left:
        kind = left.pop()
        found.add(kind)
        left += kind.__subclasses__()
    return found

"""What callers are told when something goes wrong: the one table of error classes, rendered in two dialects.

Status codes exist here only. Texts say what happened and what to do; no exception text ever leaves. RFC 9457
(`application/problem+json`) for `/api`, the OpenAI error object for `/v1`.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from audit import errors as audit
from auth import errors as auth
from gateway import refusals
from gateway.limits import LimitReached
from inference import errors as inference
from rag import errors as rag

Language = Literal["sv", "en"]
Value = str | int | float | list[str] | None

TYPE_BASE: Final = "https://valv.example/problems/"


@dataclass(frozen=True, slots=True)
class Entry:
    """How one class of error is told: ``fields`` names the attributes that may leave."""

    status: int
    slug: str
    kind: str  # the OpenAI error type
    en: str
    sv: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as it may be told to its caller."""

    status: int
    slug: str
    kind: str
    texts: Mapping[str, str]
    fields: Mapping[str, Value] = field(default_factory=dict)
    retry_after: int | None = None

    def title(self, language: Language) -> str:
        """What happened and what to do, in the caller's language."""
        return self.texts[language]

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that the status asks for (RFC 9110 sections 10.2.3 and 11.6.1)."""
        found: list[tuple[bytes, bytes]] = []
        if self.retry_after is not None:
            found.append((b"retry-after", str(self.retry_after).encode()))
        if self.status == 401:
            found.append((b"www-authenticate", b"Bearer"))
        if self.status == 405:
            found.append((b"allow", str(self.fields.get("allowed", "")).encode()))
        return found


_INVALID = "invalid_request_error"
_AUTH = "authentication_error"
_FORBIDDEN = "permission_error"
_RATE = "rate_limit_error"
_SERVER = "server_error"


def _invalid(status: int, slug: str, en: str, sv: str, *fields: str) -> Entry:
    return Entry(status, slug, _INVALID, en, sv, fields)


def _broken(status: int, slug: str, en: str, sv: str, *fields: str) -> Entry:
    return Entry(status, slug, _SERVER, en, sv, fields)


INTERNAL: Final = _broken(
    500,
    "internal",
    "Something broke on our side. Try again; if it stays, give your operator the request id.",
    "Något gick sönder hos oss. Försök igen; om det består, ge driften ärendenumret.",
)

_BROKEN_LOG = _broken(
    500,
    "ledger_damaged",
    "The audit ledger does not hold where it was read. Verify it, and tell your operator.",
    "Revisionsloggen stämmer inte där den lästes. Kontrollera den och kontakta driften.",
)

TABLE: dict[type[Exception], Entry] = {
    # who is asking
    auth.Unauthenticated: Entry(
        401,
        "unauthenticated",
        _AUTH,
        "The credential is missing or not valid ({reason}). "
        "Send 'Authorization: Bearer' with an API key or an access token.",
        "Du är inte inloggad, eller inloggningen gäller inte längre. Logga in igen.",
        ("reason",),
    ),
    auth.IdentityProviderDown: _broken(
        503,
        "identity_provider_down",
        "The identity provider does not answer. Try again in a moment.",
        "Inloggningstjänsten svarar inte. Försök igen om en stund.",
    ),
    auth.IdentityProviderRefused: _broken(
        502,
        "identity_provider_refused",
        "The identity provider refused what the gateway asked of it. Tell your operator.",
        "Inloggningstjänsten sade nej till det som begärdes. Kontakta driften.",
    ),
    auth.LoginRefused: _invalid(
        400,
        "login_refused",
        "The login could not be completed ({reason}). Start again from the first page.",
        "Inloggningen kunde inte slutföras. Börja om från startsidan.",
        "reason",
    ),
    auth.TenancyError: Entry(
        403,
        "no_tenant",
        _FORBIDDEN,
        "The token does not stand for exactly one organisation.",
        "Inloggningen gäller inte för exakt en organisation.",
    ),
    auth.NoTenant: Entry(
        403,
        "no_tenant",
        _FORBIDDEN,
        "The token names no organisation. Ask for the scope '{hint}' when you fetch it.",
        "Inloggningen anger ingen organisation. Kontakta din administratör.",
        ("hint",),
    ),
    auth.SeveralTenants: Entry(
        403,
        "several_tenants",
        _FORBIDDEN,
        "The token names several organisations. Ask for one, for example with the scope '{hint}'.",
        "Inloggningen anger flera organisationer. Välj en av dem och logga in igen.",
        ("hint",),
    ),
    auth.TenantChanged: Entry(
        403,
        "tenant_changed",
        _FORBIDDEN,
        "This organisation was replaced by another of the same name. Tell your operator.",
        "Organisationen har ersatts av en annan med samma namn. Kontakta driften.",
    ),
    auth.SeparatedRoles: Entry(
        403,
        "separated_roles",
        _FORBIDDEN,
        "Nobody may be security officer and administrator of one organisation at once.",
        "Ingen kan vara både granskare och administratör i samma organisation.",
    ),
    auth.Forbidden: Entry(
        403,
        "forbidden",
        _FORBIDDEN,
        "Your role does not allow this ({action}).",
        "Din roll tillåter inte detta.",
        ("action",),
    ),
    auth.KeyNotFound: _invalid(404, "not_found", "There is no such key.", "Nyckeln finns inte."),
    auth.KeyFault: _invalid(
        400, "bad_key", "The key can't be made like this.", "Nyckeln kan inte skapas så här."
    ),
    auth.KeyNameInvalid: _invalid(
        400,
        "bad_key",
        "Give the key a name of 1 to {limit} printable characters.",
        "Ge nyckeln ett namn på 1 till {limit} tecken.",
        "limit",
    ),
    auth.KeyLifetimeInvalid: _invalid(
        400,
        "bad_key",
        "A key lives at most {limit_days} days.",
        "En nyckel gäller i högst {limit_days} dagar.",
        "limit_days",
    ),
    auth.ScopesNotHeld: Entry(
        403,
        "scopes_not_held",
        _FORBIDDEN,
        "A key can't be given more than you may do yourself.",
        "En nyckel kan inte få göra mer än du själv får.",
        ("scopes",),
    ),
    # what is asked
    refusals.MalformedBody: _invalid(
        400,
        "malformed_body",
        "The body could not be read: {expected} is expected.",
        "Innehållet gick inte att läsa.",
        "param",
        "expected",
    ),
    refusals.UnknownParameter: _invalid(
        400,
        "unknown_parameter",
        "The parameter '{param}' is not supported here. Leave it out.",
        "Fältet {param} stöds inte här.",
        "param",
    ),
    refusals.BadValue: _invalid(
        400,
        "bad_value",
        "The parameter '{param}' must be {expected}.",
        "Fältet {param} har ett värde som inte går att använda.",
        "param",
        "expected",
    ),
    refusals.BodyTooLarge: _invalid(
        413,
        "body_too_large",
        "The body is larger than {limit_bytes} bytes. Send less.",
        "Innehållet är för stort; högst {limit_bytes} byte tas emot.",
        "limit_bytes",
    ),
    refusals.WrongMediaType: _invalid(
        415,
        "wrong_media_type",
        "Send the body as {expected}.",
        "Innehållet är av fel typ.",
        "expected",
    ),
    refusals.NoSuchPath: _invalid(
        404, "no_such_path", "Nothing is served at this path.", "Sidan finns inte."
    ),
    refusals.WrongMethod: _invalid(
        405,
        "wrong_method",
        "This path takes {allowed}.",
        "Så kan adressen inte användas.",
        "allowed",
    ),
    refusals.NotFound: _invalid(
        404, "not_found", "There is no such {kind}.", "Det du söker finns inte.", "kind"
    ),
    refusals.PromptBlocked: _invalid(
        400,
        "prompt_blocked",
        "Your organisation does not let this kind of personal data through. Remove it and ask again.",
        "Din organisation släpper inte igenom den här sortens personuppgifter. Ta bort dem och fråga igen.",
        "kinds",
    ),
    refusals.NotGenerative: _invalid(
        400,
        "wrong_kind_of_model",
        "The model '{model}' can't be used on this path. GET /v1/models lists what each one is for.",
        "Modellen kan inte användas till detta.",
        "model",
    ),
    refusals.AboveCeiling: Entry(
        403,
        "above_ceiling",
        _FORBIDDEN,
        "The model '{model}' takes information up to '{ceiling}', and this lab is for '{classification}'. "
        "Choose another model.",
        "Modellen {model} får ta emot information upp till klassen '{ceiling}', men labbet är för "
        "'{classification}'. Välj en annan modell.",
        ("model", "classification", "ceiling"),
    ),
    auth.DatabaseDown: _broken(
        503,
        "part_down",
        "A part of the lab does not answer: {part}. Try again in a moment.",
        "En del av labbet svarar inte just nu ({part}). Försök igen om en stund.",
        "part",
    ),
    LimitReached: Entry(
        429,
        "limit_reached",
        _RATE,
        "The {whose}'s budget of {limit} requests a minute is used up. Try again in {retry_after} s.",
        "Gränsen på {limit} frågor per minut är nådd. Försök igen om {retry_after} s.",
        ("whose", "limit", "retry_after"),
    ),
    # documents and retrieval
    rag.UnknownCollection: _invalid(
        404, "not_found", "There is no such collection.", "Samlingen finns inte."
    ),
    rag.UnknownDocument: _invalid(404, "not_found", "There is no such document.", "Dokumentet finns inte."),
    rag.UnknownPage: _invalid(404, "not_found", "There is no such page.", "Sidan finns inte i dokumentet."),
    rag.NameInvalid: _invalid(
        400,
        "bad_name",
        "Give it a name of 1 to {limit} printable characters.",
        "Ge den ett namn på 1 till {limit} tecken.",
        "limit",
    ),
    rag.NotReadable: _invalid(
        422,
        "not_readable",
        "The file can't be taken in: {reason}.",
        "Filen kan inte läsas in ({reason}).",
        "reason",
    ),
    rag.RetrievalUnavailable: _broken(
        503,
        "retrieval_unavailable",
        "Searching the documents needs a part that does not answer: {part}. Try again in a moment.",
        "Sökningen i dokumenten behöver en del som inte svarar ({part}). Försök igen om en stund.",
        "part",
    ),
    # the ledger
    audit.LedgerUnavailable: _broken(
        503,
        "audit_unavailable",
        "The audit ledger can't record this call ({reason}), so it was not made. Tell your operator.",
        "Revisionsloggen kan inte anteckna just nu, så frågan skickades inte vidare. Kontakta driften.",
        "reason",
    ),
    audit.FilterRefused: _invalid(
        400,
        "bad_value",
        "The search field '{field}' can't be understood; times are such as 2026-11-22T08:00:00Z.",
        "Sökfältet {field} går inte att förstå.",
        "field",
    ),
    audit.RecordNotFound: _invalid(404, "not_found", "There is no such record.", "Posten finns inte."),
    audit.LedgerDamaged: _broken(
        500,
        "ledger_damaged",
        "The audit ledger contradicts itself at {where}. Verify it, and tell your operator.",
        "Revisionsloggen stämmer inte med sig själv vid {where}. Kontrollera den och kontakta driften.",
        "where",
    ),
    audit.NoteFault: _BROKEN_LOG,
    audit.ProofFault: _BROKEN_LOG,
    audit.TreeFault: _BROKEN_LOG,
    # the models
    inference.UnknownModel: _invalid(
        404,
        "model_not_found",
        "There is no model of this name. GET /v1/models lists those you may use.",
        "Modellen finns inte.",
    ),
    inference.ModelRefused: _invalid(
        400,
        "model_refused",
        "The model would not take this request as it is.",
        "Modellen kan inte ta emot frågan som den är.",
        "reason",
        "param",
    ),
    inference.ModelUnavailable: _broken(
        503,
        "model_unavailable",
        "The model '{route}' is not running. Try again in a moment, or choose another.",
        "Modellen {route} är inte igång. Försök igen om en stund, eller välj en annan.",
        "route",
    ),
    inference.ModelOverloaded: Entry(
        429,
        "model_overloaded",
        _RATE,
        "The model '{route}' has more to do than it can queue. Try again in {retry_after} s.",
        "Modellen {route} har för mycket att göra. Försök igen om {retry_after} s.",
        ("route", "retry_after"),
    ),
    inference.ModelTimedOut: _broken(
        504,
        "model_timed_out",
        "The model '{route}' did not answer in time. Try again, or ask for less.",
        "Modellen {route} svarade inte i tid. Försök igen, eller ställ en kortare fråga.",
        "route",
    ),
    inference.ModelFailed: _broken(
        502,
        "model_failed",
        "The model '{route}' broke off. Try again.",
        "Modellen {route} avbröt. Försök igen.",
        "route",
    ),
}


def of(error: Exception) -> Problem:
    """The problem that stands for an error: the nearest class in its MRO, else an internal one."""
    for kind in type(error).__mro__:
        entry = TABLE.get(kind)
        if entry is not None:
            return _fill(entry, error)
    return _fill(INTERNAL, error)


def _fill(entry: Entry, error: Exception) -> Problem:
    fields = {name: _plain(getattr(error, name)) for name in entry.fields}
    texts = {"en": entry.en.format_map(fields), "sv": entry.sv.format_map(fields)}
    retry = fields.get("retry_after")
    return Problem(
        entry.status, entry.slug, entry.kind, texts, fields, int(retry) if isinstance(retry, int) else None
    )


def _plain(value: object) -> Value:
    if value is None or isinstance(value, (int, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        return math.ceil(value)
    if isinstance(value, (tuple, frozenset, list)):
        return sorted(str(item) for item in value)
    return str(value)


def render_openai(problem: Problem, *, request_id: str) -> bytes:
    """The OpenAI error object, with the request id that the officer can look up."""
    error: dict[str, Any] = {
        "message": problem.title("en"),
        "type": problem.kind,
        "param": problem.fields.get("param"),
        "code": problem.slug,
    }
    return json.dumps({"error": error, "request_id": request_id}, ensure_ascii=False).encode()


def render_problem(problem: Problem, *, request_id: str, language: Language) -> bytes:
    """A problem document (RFC 9457 section 3.1) with ``slug`` and ``request_id`` as extension members."""
    document: dict[str, Any] = {
        "type": TYPE_BASE + problem.slug,
        "title": problem.title(language),
        "status": problem.status,
        "slug": problem.slug,
        "request_id": request_id,
        **{name: value for name, value in problem.fields.items() if value is not None},
    }
    return json.dumps(document, ensure_ascii=False).encode()

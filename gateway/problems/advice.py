"""The errors of `/v1` for whoever writes a programme: why each comes, and what to do about it.

What is told here stands beside the table of problems: status, type and message are the table's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from audit import errors as audit
from auth import errors as auth
from gateway import refusals
from gateway.limits import LimitReached
from gateway.problems import INTERNAL, TABLE
from gateway.problems.entry import Language
from inference import errors as inference
from rag import errors as rag


@dataclass(frozen=True, slots=True)
class Told:
    """One error: what arrives, why, and what to do. ``message`` has blanks in braces."""

    status: int
    slug: str
    kind: str
    message: str
    cause: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Advice:
    cause: dict[Language, str]
    fix: dict[Language, str]


def _advice(cause: tuple[str, str], fix: tuple[str, str]) -> _Advice:
    return _Advice({"sv": cause[0], "en": cause[1]}, {"sv": fix[0], "en": fix[1]})


_WAIT: Final = (
    "Försök igen om en stund. Består felet, kontakta driften.",
    "Try again in a moment. If it stays, tell your operator.",
)

ADVICE: Final[dict[type[Exception], _Advice]] = {
    auth.Unauthenticated: _advice(
        (
            "Nyckeln saknas, är felskriven, har gått ut eller är återkallad.",
            "The key is missing, misspelt, expired or revoked.",
        ),
        (
            "Skicka ”Authorization: Bearer” med en nyckel som gäller. Meddelandet säger vad som var fel.",
            "Send “Authorization: Bearer” with a key that is in force. The message says what was wrong.",
        ),
    ),
    auth.NoTenant: _advice(
        (
            "Åtkomsttoken gäller inte för exakt en organisation.",
            "The access token does not stand for exactly one organisation.",
        ),
        (
            "Hämta token med det scope som står i meddelandet, eller använd en nyckel.",
            "Fetch the token with the scope that the message names, or use a key.",
        ),
    ),
    auth.SeveralTenants: _advice(
        ("Åtkomsttoken gäller för flera organisationer.", "The access token names several organisations."),
        (
            "Be om en av dem när du hämtar token, eller använd en nyckel.",
            "Ask for one of them when you fetch the token, or use a key.",
        ),
    ),
    auth.Forbidden: _advice(
        (
            "Nyckeln får inte göra detta. Vad den får bestämdes när den skapades.",
            "The key may not do this. What it may was decided when it was made.",
        ),
        (
            "Skapa en nyckel som får det, eller be din administratör om rätten.",
            "Make a key that may, or ask your administrator for the right.",
        ),
    ),
    refusals.AboveCeiling: _advice(
        (
            "Modellen får inte ta emot så känslig information som labbet är till för.",
            "The model may not be sent information as sensitive as this lab is for.",
        ),
        (
            "Välj en annan modell. Sidan Modeller visar vad var och en får ta emot.",
            "Choose another model. The page Models shows what each may be sent.",
        ),
    ),
    refusals.MalformedBody: _advice(
        ("Innehållet är inte JSON av rätt form.", "The body is not JSON of the right shape."),
        (
            "Kontrollera fältet i ”param” mot OpenAI:s beskrivning.",
            "Check the field in “param” against OpenAI's description.",
        ),
    ),
    refusals.UnknownParameter: _advice(
        (
            "Fältet stöds inte här, och det bortses inte tyst från.",
            "The field is not supported here, and not ignored.",
        ),
        ("Ta bort fältet i ”param”.", "Leave out the field in “param”."),
    ),
    refusals.BadValue: _advice(
        ("Fältet har ett värde utanför sina gränser.", "The field has a value outside its bounds."),
        (
            "Ge fältet i ”param” ett värde som meddelandet beskriver.",
            "Give the field in “param” a value that the message describes.",
        ),
    ),
    refusals.NotGenerative: _advice(
        ("Modellen används på en annan adress.", "The model is used on another path."),
        (
            "Sidan Modeller visar vilka adresser som tar emot den.",
            "The page Models shows the paths that take it.",
        ),
    ),
    inference.PromptTooLong: _advice(
        (
            "Meddelandena, källorna och utrymmet för svaret är tillsammans mer än modellen läser.",
            "The messages, their sources and the room for the answer are together more than the model reads.",
        ),
        (
            "Korta meddelandena. Hur mycket en modell läser står på sidan Modeller.",
            "Shorten the messages. The page Models tells how much each model reads.",
        ),
    ),
    inference.ModelRefused: _advice(
        (
            "Modellen kan inte ta emot frågan som den är.",
            "The model would not take the request as it is.",
        ),
        (
            "Ändra fältet i ”param” om det är ifyllt, annars ett i taget av dem som styr svaret.",
            "Change the field in “param” if there is one, else one at a time of those that steer the answer.",
        ),
    ),
    inference.UnknownModel: _advice(
        (
            "Det finns ingen modell med det namnet, eller nyckeln får inte använda den.",
            "There is no model of that name, or the key may not use it.",
        ),
        (
            "Hämta /v1/models med samma nyckel: den visar vad du får använda.",
            "Fetch /v1/models with the same key: it lists what you may use.",
        ),
    ),
    rag.UnknownCollection: _advice(
        (
            "Samlingen finns inte i din organisation.",
            "Your organisation has no such collection.",
        ),
        (
            "Hämta /v1/vector_stores och ta ett id därifrån.",
            "Fetch /v1/vector_stores and take an id from there.",
        ),
    ),
    refusals.NoSuchPath: _advice(
        ("Adressen finns inte.", "Nothing is served at this path."),
        (
            "Adressen ska börja med basadressen från Snabbstart, med /v1 och utan snedstreck på slutet.",
            "The address begins with the base address of Quick start, with /v1 and no slash at its end.",
        ),
    ),
    refusals.WrongMethod: _advice(
        ("Adressen tar emot en annan metod.", "The path takes another method."),
        ("Huvudet ”allow” säger vilken.", "The header “allow” says which."),
    ),
    refusals.BodyTooLarge: _advice(
        ("Innehållet är större än vad som tas emot.", "The body is larger than what is taken."),
        ("Dela upp texten i flera anrop.", "Split the text into several calls."),
    ),
    refusals.WrongMediaType: _advice(
        ("Innehållet sägs vara något annat än JSON.", "The body is said to be something else than JSON."),
        ("Skicka ”Content-Type: application/json”.", "Send “Content-Type: application/json”."),
    ),
    LimitReached: _advice(
        (
            "Nyckelns eller organisationens anrop för den här minuten är slut.",
            "The key's or the organisation's calls of this minute are used up.",
        ),
        (
            "Vänta så länge som huvudet ”retry-after” säger. OpenAI:s paket gör det av sig själva.",
            "Wait as long as the header “retry-after” says. OpenAI's packages do so by themselves.",
        ),
    ),
    inference.ModelOverloaded: _advice(
        ("Modellens kö är full.", "The model's queue is full."),
        (
            "Vänta så länge som huvudet ”retry-after” säger, eller välj en annan modell.",
            "Wait as long as the header “retry-after” says, or choose another model.",
        ),
    ),
    inference.ModelFailed: _advice(
        ("Modellen avbröt mitt i svaret.", "The model broke off in the middle of its answer."),
        ("Försök igen.", "Try again."),
    ),
    inference.ModelTimedOut: _advice(
        ("Modellen svarade inte i tid.", "The model did not answer in time."),
        ("Försök igen, eller begär ett kortare svar.", "Try again, or ask for a shorter answer."),
    ),
    inference.ModelUnavailable: _advice(("Modellen är inte igång.", "The model is not running."), _WAIT),
    rag.RetrievalUnavailable: _advice(
        ("Sökningen i dokumenten svarar inte.", "The search in the documents does not answer."), _WAIT
    ),
    auth.DatabaseDown: _advice(
        ("En del av labbet svarar inte.", "A part of the lab does not answer."), _WAIT
    ),
    auth.IdentityProviderDown: _advice(
        (
            "Inloggningstjänsten svarar inte. Nycklar gäller ändå.",
            "The identity provider does not answer. Keys still count.",
        ),
        _WAIT,
    ),
    audit.LedgerUnavailable: _advice(
        (
            "Revisionsloggen kunde inte anteckna anropet, så det utfördes inte.",
            "The audit ledger could not record the call, so it was not made.",
        ),
        ("Kontakta driften.", "Tell your operator."),
    ),
    Exception: _advice(
        ("Något gick sönder i Valv.", "Something broke in Valv."),
        (
            "Försök igen. Består felet, ge driften numret i ”request_id”.",
            "Try again. If it stays, give your operator the number in “request_id”.",
        ),
    ),
}


def catalogue(language: Language) -> list[Told]:
    """Every error that has advice, by status and code."""
    return sorted(_told(language), key=lambda told: (told.status, told.slug))


def _told(language: Language) -> Iterator[Told]:
    for error, advice in ADVICE.items():
        entry = TABLE.get(error, INTERNAL)
        yield Told(
            entry.status, entry.slug, entry.kind, entry.en, advice.cause[language], advice.fix[language]
        )

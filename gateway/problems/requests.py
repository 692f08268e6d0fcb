"""What callers are told about what they asked for."""

from typing import Final

from auth import errors as auth
from gateway import refusals
from gateway.limits import LimitReached
from gateway.problems.entry import PERMISSION, RATE, Entry, broken, invalid

TABLE: Final[dict[type[Exception], Entry]] = {
    refusals.MalformedBody: invalid(
        400,
        "malformed_body",
        "The body could not be read: {expected} is expected.",
        "Innehållet gick inte att läsa.",
        "param",
        "expected",
    ),
    refusals.UnknownParameter: invalid(
        400,
        "unknown_parameter",
        "The parameter '{param}' is not supported here. Leave it out.",
        "Fältet {param} stöds inte här.",
        "param",
    ),
    refusals.BadValue: invalid(
        400,
        "bad_value",
        "The parameter '{param}' must be {expected}.",
        "Fältet {param} har ett värde som inte går att använda.",
        "param",
        "expected",
    ),
    refusals.BodyTooLarge: invalid(
        413,
        "body_too_large",
        "The body is larger than {limit_bytes} bytes. Send less.",
        "Innehållet är för stort; högst {limit_bytes} byte tas emot.",
        "limit_bytes",
    ),
    refusals.WrongMediaType: invalid(
        415,
        "wrong_media_type",
        "Send the body as {expected}.",
        "Innehållet är av fel typ.",
        "expected",
    ),
    refusals.NoSuchPath: invalid(404, "no_such_path", "Nothing is served at this path.", "Sidan finns inte."),
    refusals.WrongMethod: invalid(
        405,
        "wrong_method",
        "This path takes {allowed}.",
        "Så kan adressen inte användas.",
        "allowed",
    ),
    refusals.NotFound: invalid(
        404, "not_found", "There is no such {kind}.", "Det du söker finns inte.", "kind"
    ),
    refusals.PromptBlocked: invalid(
        400,
        "prompt_blocked",
        "Your organisation does not let this kind of personal data through. Remove it and ask again.",
        "Din organisation släpper inte igenom den här sortens personuppgifter. Ta bort dem och fråga igen.",
        "kinds",
    ),
    refusals.NotGenerative: invalid(
        400,
        "wrong_kind_of_model",
        "The model '{model}' can't be used on this path. GET /v1/models lists what each one is for.",
        "Modellen kan inte användas till detta.",
        "model",
    ),
    refusals.AboveCeiling: Entry(
        403,
        "above_ceiling",
        PERMISSION,
        "The model '{model}' takes information up to '{ceiling}', and this lab is for '{classification}'. "
        "Choose another model.",
        "Modellen {model} får ta emot information upp till klassen '{ceiling}', men labbet är för "
        "'{classification}'. Välj en annan modell.",
        ("model", "classification", "ceiling"),
    ),
    auth.DatabaseDown: broken(
        503,
        "part_down",
        "A part of the lab does not answer: {part}. Try again in a moment.",
        "En del av Valv svarar inte just nu. Försök igen om en stund.",
        "part",
    ),
    LimitReached: Entry(
        429,
        "limit_reached",
        RATE,
        "The {whose}'s budget of {limit} requests a minute is used up. Try again in {retry_after} s.",
        "Gränsen på {limit} frågor per minut är nådd. Försök igen om {retry_after} s.",
        ("whose", "limit", "retry_after"),
    ),
}

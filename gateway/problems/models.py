"""What callers are told about models."""

from typing import Final

from gateway.problems.entry import RATE, Entry, broken, invalid
from inference import errors as inference

TABLE: Final[dict[type[Exception], Entry]] = {
    inference.UnknownModel: invalid(
        404,
        "model_not_found",
        "There is no model of this name. GET /v1/models lists those you may use.",
        "Modellen finns inte.",
    ),
    inference.ModelRefused: invalid(
        400,
        "model_refused",
        "The model would not take this request as it is.",
        "Modellen kan inte ta emot frågan som den är.",
        "reason",
        "param",
    ),
    inference.PromptTooLong: invalid(
        400,
        "context_length_exceeded",
        "The messages, with their sources and room for the answer, are more than the model '{route}' reads at a time. "
        "Shorten them. GET /v1/models tells each model's context_length.",
        "Det är mer än vad modellen {route} kan läsa på en gång. Korta frågan, eller börja ett nytt samtal.",
        "route",
        "param",
    ),
    inference.ModelUnavailable: broken(
        503,
        "model_unavailable",
        "The model '{route}' is not running. Try again in a moment, or choose another.",
        "Modellen {route} är inte igång. Försök igen om en stund, eller välj en annan.",
        "route",
    ),
    inference.ModelOverloaded: Entry(
        429,
        "model_overloaded",
        RATE,
        "The model '{route}' has more to do than it can queue. Try again in {retry_after} s.",
        "Modellen {route} har för mycket att göra. Försök igen om {retry_after} s.",
        ("route", "retry_after"),
    ),
    inference.ModelTimedOut: broken(
        504,
        "model_timed_out",
        "The model '{route}' did not answer in time. Try again, or ask for less.",
        "Modellen {route} svarade inte i tid. Försök igen, eller ställ en kortare fråga.",
        "route",
    ),
    inference.ModelFailed: broken(
        502,
        "model_failed",
        "The model '{route}' broke off. Try again.",
        "Modellen {route} avbröt. Försök igen.",
        "route",
    ),
}

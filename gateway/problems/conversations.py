"""What callers are told about their conversations."""

from typing import Final

from gateway import conversation_errors as conversations
from gateway.problems.entry import RATE, Entry, broken, invalid

TABLE: Final[dict[type[Exception], Entry]] = {
    conversations.UnknownConversation: invalid(
        404, "not_found", "There is no such conversation.", "Samtalet finns inte."
    ),
    conversations.UnknownMessage: invalid(
        404,
        "not_found",
        "The conversation has no such message here.",
        "Meddelandet finns inte i samtalet.",
    ),
    conversations.StillWriting: invalid(
        409,
        "still_writing",
        "The answer that you go on from is still being written. Wait for its end, or stop it.",
        "Svaret skrivs fortfarande. Vänta tills det är klart, eller stoppa det.",
    ),
    conversations.NothingAsked: invalid(
        400,
        "nothing_asked",
        "The question is empty. Write what you want to ask.",
        "Frågan är tom. Skriv vad du vill fråga.",
    ),
    conversations.TextTooLong: invalid(
        400,
        "text_too_long",
        "The text is too long: {limit} characters at most.",
        "Texten är för lång: högst {limit} tecken.",
        "limit",
    ),
    conversations.TooManyAtOnce: Entry(
        429,
        "too_many_answers",
        RATE,
        "{limit} answers are being written for you already. Wait for one to end, or stop one.",
        "{limit} svar skrivs redan åt dig. Vänta tills ett är klart, eller stoppa ett.",
        ("limit", "retry_after"),
    ),
    conversations.AnswerInterrupted: broken(
        503,
        "answer_interrupted",
        "The lab was stopped while the answer was being written. Ask again.",
        "Labbet stängdes medan svaret skrevs. Fråga igen.",
    ),
}

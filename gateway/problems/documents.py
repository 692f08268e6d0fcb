"""What callers are told about documents and the search in them."""

from typing import Final

from gateway.problems.entry import Entry, broken, invalid
from rag import errors as rag

TABLE: Final[dict[type[Exception], Entry]] = {
    rag.UnknownCollection: invalid(404, "not_found", "There is no such collection.", "Samlingen finns inte."),
    rag.UnknownDocument: invalid(404, "not_found", "There is no such document.", "Dokumentet finns inte."),
    rag.UnknownPage: invalid(404, "not_found", "There is no such page.", "Sidan finns inte i dokumentet."),
    rag.NameInvalid: invalid(
        400,
        "bad_name",
        "Give it a name of 1 to {limit} printable characters.",
        "Ge den ett namn på 1 till {limit} tecken.",
        "limit",
    ),
    rag.NotReadable: invalid(
        422,
        "not_readable",
        "The file can't be taken in: {reason}.",
        "Filen kan inte läsas in ({reason}).",
        "reason",
    ),
    rag.RetrievalUnavailable: broken(
        503,
        "retrieval_unavailable",
        "Searching the documents needs a part that does not answer: {part}. Try again in a moment.",
        "Sökningen i dokumenten behöver en del som inte svarar ({part}). Försök igen om en stund.",
        "part",
    ),
}

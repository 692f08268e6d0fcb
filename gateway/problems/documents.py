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
    rag.NotPictured: invalid(
        404,
        "no_picture",
        "Only a PDF that has been read has pages to show as pictures. Its text can be read.",
        "Bara en PDF som är inläst har sidor som kan visas som bild. Texten går att läsa.",
    ),
    rag.NotDrawn: invalid(
        422,
        "page_not_drawn",
        "The page can't be shown as a picture: {reason}. Its text can be read, and the file downloaded.",
        "Sidan kan inte visas som bild ({reason}). Texten går att läsa och filen att ladda ner.",
        "reason",
    ),
    rag.DrawingBusy: broken(
        503,
        "drawing_busy",
        "Too many pages are being drawn right now. Try again in {retry_after} s.",
        "För många sidor ritas just nu. Försök igen om {retry_after} s.",
        "retry_after",
    ),
    rag.RetrievalUnavailable: broken(
        503,
        "retrieval_unavailable",
        "Searching the documents needs a part that does not answer: {part}. Try again in a moment.",
        "Det går inte att söka i dokumenten just nu. Försök igen om en stund.",
        "part",
    ),
}

"""Which files can be taken in, told by name and first bytes; what the client calls them is not asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from rag.errors import NotReadable, Unreadable

# How many first bytes `recognise` looks at; ISO 32000-1, annex H.3.4.1: the header is within the first 1,024.
HEAD = 1024

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ODF: Final = "application/vnd.oasis.opendocument"
PDF: Final = "application/pdf"
_OOXML: Final = "application/vnd.openxmlformats-officedocument"


class Kind(Enum):
    """How a format is read."""

    PDF = "pdf"
    PACKAGE = "package"  # a zip of XML: Office Open XML, OpenDocument
    MARKUP = "markup"  # one file that kreuzberg reads
    TEXT = "text"  # read as it is


@dataclass(frozen=True, slots=True)
class Format:
    """A format that can be taken in."""

    media_type: str
    kind: Kind


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        ".csv": Format("text/csv", Kind.TEXT),
        ".docx": Format(f"{_OOXML}.wordprocessingml.document", Kind.PACKAGE),
        ".eml": Format("message/rfc822", Kind.MARKUP),
        ".htm": Format("text/html", Kind.MARKUP),
        ".html": Format("text/html", Kind.MARKUP),
        ".markdown": Format("text/markdown", Kind.TEXT),
        ".md": Format("text/markdown", Kind.TEXT),
        ".ods": Format(f"{_ODF}.spreadsheet", Kind.PACKAGE),
        ".odt": Format(f"{_ODF}.text", Kind.PACKAGE),
        ".pdf": Format(PDF, Kind.PDF),
        ".pptx": Format(f"{_OOXML}.presentationml.presentation", Kind.PACKAGE),
        ".rtf": Format("application/rtf", Kind.MARKUP),
        ".txt": Format("text/plain", Kind.TEXT),
        ".xlsx": Format(f"{_OOXML}.spreadsheetml.sheet", Kind.PACKAGE),
    }
)


def recognise(name: str, head: bytes) -> Format:
    """The format of a file with this name that begins with these bytes (the first ``HEAD``, or all there are).

    Raises:
        NotReadable: empty, not_a_pdf, encrypted, unsupported.
    """
    if not head:
        raise NotReadable(Unreadable.EMPTY)
    found = FORMATS.get(PurePath(name).suffix.lower())
    if found is None:
        raise NotReadable(Unreadable.UNSUPPORTED)
    if found.kind is Kind.PDF and b"%PDF-" not in head[:HEAD]:
        raise NotReadable(Unreadable.NOT_A_PDF)
    if found.kind is Kind.PACKAGE:
        _require_package(head)
    if found.kind is Kind.TEXT and not _is_text(head):
        raise NotReadable(Unreadable.UNSUPPORTED)
    return found


def kind_of(media_type: str) -> Kind:
    """How a file that was recognised as this media type is read."""
    return next(known.kind for known in FORMATS.values() if known.media_type == media_type)


def decoded(content: bytes) -> str:
    """A text file's characters: what its byte order mark says, else UTF-8, else Windows-1252 (old Swedish files)."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _require_package(head: bytes) -> None:
    if head.startswith(_OLE):
        # A password makes Office wrap the package in the older container ([MS-OFFCRYPTO] 2.3).
        raise NotReadable(Unreadable.ENCRYPTED)
    if not head.startswith(b"PK"):
        raise NotReadable(Unreadable.UNSUPPORTED)


def _is_text(head: bytes) -> bool:
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head

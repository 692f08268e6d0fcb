"""From a file's bytes to its pages of text. Runs on untrusted input, so only inside the sandbox."""

import contextlib
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.cleaning import clean
from rag.errors import NotReadable, Unreadable
from rag.formats import Kind, decoded, kind_of
from rag.headings import Heading, in_markdown, matched, numbered

_PAGE_BREAK = re.compile(rb'<w:br\b[^>]*w:type="page"[^>]*/>|<w:lastRenderedPageBreak\s*/>|<w:t[ >/]')
_PASSWORD = 4  # FPDF_ERR_PASSWORD, fpdfview.h


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a file may be: pages, characters of text, and for packages entries, bytes inside, and their ratio."""

    pages: int = 3000
    characters: int = 20_000_000
    entries: int = 10_000
    unpacked: int = 512 * 1024 * 1024
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Extract:
    """What a file says: page by page when ``paged``, else all of it as one."""

    pages: tuple[str, ...]
    paged: bool
    headings: tuple[Heading, ...] = ()


def prepare() -> None:
    """Load the parsers, while files can still be opened."""
    import kreuzberg  # noqa: F401  loaded for later
    import pypdfium2  # noqa: F401  loaded for later


def extract(content: bytes, media_type: str, bounds: Bounds) -> Extract:
    """The text of a file.

    Raises:
        NotReadable: for each reason that shows only on reading.
    """
    kind = kind_of(media_type)
    if kind is Kind.PDF:
        found = _pdf(content, bounds)
    elif kind is Kind.TEXT:
        found = plain(content)
    else:
        if kind is Kind.PACKAGE:
            check_package(content, bounds)
        found = _office(content, media_type)
    if sum(len(page) for page in found.pages) > bounds.characters:
        raise NotReadable(Unreadable.TOO_LARGE)
    if not any(page.strip() for page in found.pages):
        raise NotReadable(Unreadable.NO_TEXT)
    return found


def plain(content: bytes) -> Extract:
    """The text of a text file; no parser is needed, so no sandbox either."""
    text = clean(decoded(content))
    return Extract((text,), paged=False, headings=tuple(in_markdown(text)))


def check_package(content: bytes, bounds: Bounds) -> None:
    """Refuse a zip that would be too big, before anything unpacks it.

    Raises:
        NotReadable: encrypted, too_large, parser_failed (no zip at all).
    """
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as broken:
        raise NotReadable(Unreadable.PARSER_FAILED) from broken
    if any(entry.flag_bits & 1 for entry in entries) or _odf_encrypted(content):
        raise NotReadable(Unreadable.ENCRYPTED)
    unpacked = sum(entry.file_size for entry in entries)
    bomb = unpacked > 10 * 1024 * 1024 and unpacked > bounds.ratio * len(content)
    if bomb or unpacked > bounds.unpacked or len(entries) > bounds.entries:
        raise NotReadable(Unreadable.TOO_LARGE)


def _odf_encrypted(content: bytes) -> bool:
    """OpenDocument 1.3 part 2, 3.4: an encrypted file's manifest holds encryption data."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if "META-INF/manifest.xml" not in package.namelist():
            return False
        with package.open("META-INF/manifest.xml") as manifest:
            return b"encryption-data" in manifest.read(1 << 20)


def _pdf(content: bytes, bounds: Bounds) -> Extract:
    with pdf_opened(content) as document:
        if len(document) > bounds.pages:
            raise NotReadable(Unreadable.TOO_MANY_PAGES)
        pages = tuple(_pdf_pages(document))
    return Extract(pages, paged=True, headings=tuple(numbered(pages)))


@contextlib.contextmanager
def pdf_opened(content: bytes) -> Iterator[Any]:
    """A PDF, open; what pdfium says is wrong with it becomes a reason of ours.

    Raises:
        NotReadable: encrypted, parser_failed.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            yield document
    except pypdfium2.PdfiumError as fault:
        encrypted = getattr(fault, "err_code", None) == _PASSWORD
        raise NotReadable(Unreadable.ENCRYPTED if encrypted else Unreadable.PARSER_FAILED) from fault


def _pdf_pages(document: Iterable[object]) -> Iterator[str]:
    for page in document:
        text = page.get_textpage()  # type: ignore[attr-defined]  # pypdfium2 has no types
        yield clean(text.get_text_range())
        text.close()
        page.close()  # type: ignore[attr-defined]  # pypdfium2 has no types


def _office(content: bytes, media_type: str) -> Extract:
    import kreuzberg

    if media_type.endswith("wordprocessingml.document"):
        content = _without_doubled_breaks(content)
    try:
        read = kreuzberg.extract_bytes_sync(content, media_type, config=_config("plain"))
        marked = kreuzberg.extract_bytes_sync(content, media_type, config=_config("markdown"))
    except kreuzberg.KreuzbergError as fault:
        raise NotReadable(Unreadable.PARSER_FAILED) from fault
    pages = _real_pages(read, media_type)
    paged = len(pages) > 1
    texts = pages if paged else (clean(read.content),)
    titles = [(heading.level, heading.title) for heading in in_markdown(clean(marked.content))]
    return Extract(texts, paged=paged, headings=tuple(matched(titles, texts)))


def _real_pages(read: object, media_type: str) -> tuple[str, ...]:
    """A word processor's pages where the file says where they break; slides and sheets come without text."""
    if not media_type.endswith("wordprocessingml.document"):
        return ()
    pages = getattr(read, "pages", None) or []
    return tuple(clean(page["content"]) for page in pages)


def _config(output: str) -> object:
    from kreuzberg import ExtractionConfig, ImageExtractionConfig, PageConfig

    return ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        output_format=output,
        pages=PageConfig(extract_pages=True),
        images=ImageExtractionConfig(extract_images=False),
    )


def _without_doubled_breaks(content: bytes) -> bytes:
    """The same DOCX without the rendered breaks that only repeat an explicit one.

    Word writes both where the author put a page break; counted twice, every later page number would be wrong.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry, _single_breaks(data) if entry.filename == "word/document.xml" else data)
    return out.getvalue()


def _single_breaks(xml: bytes) -> bytes:
    kept: list[bytes] = []
    position, broken = 0, False
    for mark in _PAGE_BREAK.finditer(xml):
        found = mark.group()
        if found.startswith(b"<w:lastRendered") and broken:
            kept.append(xml[position : mark.start()])
            position = mark.end()
        broken = found.startswith(b"<w:br") or (broken and not found.startswith(b"<w:t"))
    return b"".join(itertools.chain(kept, [xml[position:]]))

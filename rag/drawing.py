"""A page of a PDF as a picture, with the place of each character of its text. Runs inside the sandbox alone."""

import ctypes
import io
from collections.abc import Iterator
from typing import Any

from rag.cleaning import traced
from rag.errors import NotReadable, Unreadable
from rag.extraction import pdf_opened
from rag.picture import UNITS, Box, Picture, lines_of

_SCALE = 2.0  # 144 dots an inch: sharp at twice the size on an ordinary screen
_LONGEST = 2600  # pixels
_CHARACTERS = 200_000
_QUALITY = 80
_EFFORT = 2  # of six: the time doubles beyond, and the file is the same


def prepare() -> None:
    """Load what draws, while files can still be opened."""
    import pypdfium2  # noqa: F401  loaded for later
    from PIL import Image, WebPImagePlugin  # noqa: F401  loaded for later

    Image.preinit()


def draw(content: bytes, number: int) -> Picture:
    """The page with this number, from 1.

    Raises:
        NotReadable: encrypted, too_large, parser_failed (no such page, too).
    """
    with pdf_opened(content) as document:
        if not 1 <= number <= len(document):
            raise NotReadable(Unreadable.PARSER_FAILED)
        document.init_forms()  # else what was filled in is not drawn
        page = document[number - 1]
        width, height = page.get_size()
        if min(width, height) <= 0:
            raise NotReadable(Unreadable.PARSER_FAILED)
        text, boxes = _text(page)
        lines = tuple(lines_of(text, boxes, shape=height / width))
        return Picture(width, height, text, lines, _image(page, max(width, height)))


def _image(page: Any, longest: float) -> bytes:  # noqa: ANN401  pypdfium2 has no types
    scale = min(_SCALE, _LONGEST / longest)
    bitmap = page.render(scale=scale, rev_byteorder=True, limit_image_cache=True)
    out = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(out, "WEBP", quality=_QUALITY, method=_EFFORT)
    return out.getvalue()


def _text(page: Any) -> tuple[str, list[Box | None]]:  # noqa: ANN401  pypdfium2 has no types
    """The page's text as it is kept, and where each of its code points stands."""
    textpage = page.get_textpage()
    raw = textpage.get_text_range()
    if len(raw) > _CHARACTERS:
        raise NotReadable(Unreadable.TOO_LARGE)
    places = [_box(page, textpage, index) for index in _indexes(textpage, raw)]
    text, origins = traced(raw)
    # White space takes up nothing: where pdfium made it itself, it may reach from one column to the next.
    marks = zip(text, origins, strict=True)
    return text, [None if mark.isspace() else places[origin] for mark, origin in marks]


def _indexes(textpage: Any, raw: str) -> Iterator[int]:  # noqa: ANN401  pypdfium2 has no types
    """The page's character that each code point is; pdfium may count one beyond 0xFFFF as two."""
    from pypdfium2 import raw as pdfium

    at = 0
    for point in raw:
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, at)
        yield index
        is_half = ord(point) > 0xFFFF and 0xD800 <= pdfium.FPDFText_GetUnicode(textpage, index) < 0xE000
        at += 2 if is_half else 1


def _box(page: Any, textpage: Any, index: int) -> Box | None:  # noqa: ANN401  pypdfium2 has no types
    from pypdfium2 import raw as pdfium

    found = pdfium.FS_RECTF()
    if index < 0 or not pdfium.FPDFText_GetLooseCharBox(textpage, index, found):
        return None
    (left, top), (right, bottom) = (
        _shown(page, found.left, found.top),
        _shown(page, found.right, found.bottom),
    )
    left, right, top, bottom = min(left, right), max(left, right), min(top, bottom), max(top, bottom)
    return (left, top, right, bottom) if right > left and bottom > top else None


def _shown(page: Any, x: float, y: float) -> tuple[int, int]:  # noqa: ANN401  pypdfium2 has no types
    """A place on the page as it is shown: turned and cut as the page says."""
    from pypdfium2 import raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, UNITS, UNITS, 0, x, y, across, down)
    return min(max(across.value, 0), UNITS), min(max(down.value, 0), UNITS)

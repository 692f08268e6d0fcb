"""Where a quotation really stands: looked up in the file itself, not in what the lab says about it."""

import re
from pathlib import Path

import pypdfium2


def stands_on_page(file: Path, page: int, quote: str) -> bool:
    """Whether the PDF's page (1-based) holds the quotation, white space and soft hyphens aside."""
    document = pypdfium2.PdfDocument(file)
    try:
        text = document[page - 1].get_textpage().get_text_bounded()
    finally:
        document.close()
    return _plain(quote) in _plain(text)


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00ad\ufffe]+", "", text)

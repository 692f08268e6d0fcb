"""Small files of each format, made here."""

import io
import zipfile
from collections.abc import Sequence

import docx
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with these lines on its pages."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for lines in pages:
        for row, line in enumerate(lines):
            canvas.drawString(72, 760 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["Hemligt"]]))))
    writer.encrypt("lösenord", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx_with_breaks(*, rendered_twice: bool = False) -> bytes:
    """Two pages; as Word saves it, when ``rendered_twice``: the explicit break, and a rendered one after it."""
    document = docx.Document()
    document.add_heading("Resepolicy", 1)
    document.add_paragraph("Tåg går före flyg.")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_heading("Undantag", 2)
    run = document.add_paragraph().add_run()
    if rendered_twice:
        heading = document.paragraphs[3].runs[0]
        heading._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
    run.add_text("Förvaltningschefen beslutar om undantag.")
    return _saved(document)


def docx_without_breaks() -> bytes:
    document = docx.Document()
    document.add_heading("Resepolicy", 1)
    document.add_paragraph("Tåg går före flyg.")
    return _saved(document)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as entry:
            for _ in range(300):
                entry.write(bytes(1 << 20))
    return out.getvalue()


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()

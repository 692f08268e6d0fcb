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


def pdf_in_columns(columns: Sequence[Sequence[str]]) -> bytes:
    """One page with columns beside each other, set line by line across them, as some programmes do."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for row in range(max(len(column) for column in columns)):
        for at, column in enumerate(columns):
            if row < len(column):
                canvas.drawString(50 + 180 * at, 760 - 16 * row, column[row])
    canvas.save()
    return out.getvalue()


def turned_pdf(word: str, *, degrees: int, cut: int = 0) -> bytes:
    """One page with one word, which is shown turned, and without a margin of ``cut`` points."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[word]]))))
    page = writer.pages[0]
    page.rotate(degrees)
    page.cropbox.lower_left = (cut, cut)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def filled_in_pdf() -> bytes:
    """One page with nothing on it but a field that somebody filled in."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.acroForm.textfield(
        value="Ifyllt", x=100, y=600, width=200, height=30, borderWidth=0, fillColor=None
    )
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def huge_pdf() -> bytes:
    """One page of five metres by five, the largest that the format allows, and more written on it than fits."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(14400, 14400), invariant=1)
    for row in range(100):
        canvas.drawString(10, 14000 - 30 * row, "Stort " * 150)
    canvas.save()
    return out.getvalue()


def endless_pdf() -> bytes:
    """One small page that takes hours to draw: forms within forms, ten times each, to a depth of ten."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>"
    )
    objects.append(_stream(b"", b"/F Do " * 10))
    for depth in range(10):
        inner = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + depth) if depth < 9 else b""
        drawn = b"/F Do " * 10 if depth < 9 else b"0 0 m 200 200 l 0 200 l f " * 100
        objects.append(_stream(b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]" + inner, drawn))
    body = b"".join(b"%d 0 obj%sendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size %d>>\n%%%%EOF" % (len(objects) + 1)


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream\n" % (entries, len(content), content)


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

"""A manuscript as DOCX: named styles, explicit page breaks, the language of its text."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line
from manuscript import Block, Bullets, Heading, Manuscript, PageBreak, Paragraph, Steps, Table, spans

_FIXED = datetime(2026, 1, 1, tzinfo=UTC)
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render(manuscript: Manuscript, colour: str) -> bytes:
    """The DOCX; the same manuscript gives the same bytes."""
    draft = Document()
    _dress(draft, RGBColor.from_string(colour.removeprefix("#").upper()))
    _describe(draft, manuscript)
    _furnish(draft, manuscript)
    draft.add_heading(manuscript.title, level=0)
    _grid(draft, manuscript.facts, headed=0)
    for block in manuscript.blocks:
        _write(draft, block)
    return _still(draft)


def _dress(draft: Draft, colour: RGBColor) -> None:
    """Styles: one typeface, headings in the organisation's colour, Swedish as the language of all text."""
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 14), ("Heading 2", 11.5)):
        style = draft.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.font.name, style.font.size = "Calibri", Pt(size)
        if name != "Normal":
            style.font.color.rgb = colour
    language = draft.styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "sv-SE")
    section = draft.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)


def _describe(draft: Draft, manuscript: Manuscript) -> None:
    properties = draft.core_properties
    properties.title, properties.author = manuscript.title, manuscript.organisation
    properties.last_modified_by = manuscript.organisation
    properties.subject = f"{manuscript.title}, dnr {manuscript.reference}"
    properties.keywords, properties.language, properties.comments = manuscript.keywords, "sv-SE", ""
    properties.created = properties.modified = _FIXED


def _furnish(draft: Draft, manuscript: Manuscript) -> None:
    """The organisation at the head, the registration number and the page at the foot."""
    section = draft.sections[0]
    section.header.paragraphs[0].text = manuscript.organisation
    foot = section.footer.paragraphs[0]
    foot.text = f"{manuscript.title} · dnr {manuscript.reference} · Sida "
    _field(foot, "PAGE")
    foot.add_run(" (")
    _field(foot, "NUMPAGES")
    foot.add_run(")")


def _field(line: Line, instruction: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    line._p.append(field)  # noqa: SLF001  python-docx has no fields of its own


def _write(draft: Draft, block: Block) -> None:
    match block:
        case Heading(level, text):
            draft.add_heading(text, level=level)
        case Paragraph(text):
            _runs(draft.add_paragraph(), text)
        case Bullets(items):
            _list(draft, items, "List Bullet")
        case Steps(items):
            _list(draft, items, "List Number", number=_fresh_number(draft))
        case Table(rows):
            _grid(draft, rows, headed=1)
        case PageBreak():
            draft.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _runs(line: Line, text: str) -> None:
    for piece, bold in spans(text):
        line.add_run(piece).bold = bold or None


def _list(draft: Draft, items: tuple[str, ...], style: str, number: int | None = None) -> None:
    for item in items:
        line = draft.add_paragraph(style=style)
        _runs(line, item)
        if number is not None:
            line._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number  # noqa: SLF001  as above


def _fresh_number(draft: Draft) -> int:
    """A numbering that starts at 1: without it Word counts on from the list before."""
    numbering = draft.part.numbering_part.element
    followed = draft.styles["List Number"].element.pPr.numPr.numId.val
    fresh = numbering.add_num(numbering.num_having_numId(followed).abstractNumId.val)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(fresh.numId)


def _grid(draft: Draft, rows: tuple[tuple[str, ...], ...], *, headed: int) -> None:
    """A table whose first ``headed`` rows are repeated at the top of each page."""
    table = draft.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for shown, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(shown.cells, row, strict=True):
            _runs(cell.paragraphs[0], text)
    for row in table.rows[:headed]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  as above
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
    draft.add_paragraph()


def _still(draft: Draft) -> bytes:
    """The package with its parts in order and without the time of day."""
    moving, still = BytesIO(), BytesIO()
    draft.save(moving)
    with zipfile.ZipFile(moving) as before, zipfile.ZipFile(still, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            after.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), before.read(name), zipfile.ZIP_DEFLATED)
    return still.getvalue()

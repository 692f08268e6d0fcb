"""A manuscript as PDF: A4, real fonts, outline, metadata, the language of its text."""

from html import escape
from io import BytesIO
from pathlib import Path

import reportlab
from manuscript import Block, Bullets, Heading, Manuscript, PageBreak, Paragraph, Steps, Table, spans
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import PageBreak as NewPage
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

_FACES = {"Valv": "Vera.ttf", "Valv-Bold": "VeraBd.ttf"}
_MARGIN = 25 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_QUIET = HexColor("#52606b")
_RULE = HexColor("#c5ccd2")


class MissingGlyph(ValueError):
    """The font has no picture for a character of the text."""


def render(manuscript: Manuscript, colour: str) -> bytes:
    """The PDF; the same manuscript gives the same bytes.

    Raises:
        MissingGlyph: a character that would come out as an empty box.
    """
    _register_fonts(manuscript)
    pages = _Sheet(manuscript, colour, total=0).pages_of()
    return _Sheet(manuscript, colour, total=pages).bytes_of()


def _register_fonts(manuscript: Manuscript) -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in _FACES.items():
        font = TTFont(name, str(folder / file))
        missing = {sign for sign in str(manuscript) if ord(sign) not in font.face.charToGlyph}
        if missing:
            raise MissingGlyph("".join(sorted(missing)))
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(
        "Valv", normal="Valv", bold="Valv-Bold", italic="Valv", boldItalic="Valv-Bold"
    )


class _Sheet:
    """One run of the typesetter over a manuscript."""

    def __init__(self, manuscript: Manuscript, colour: str, *, total: int) -> None:
        self._manuscript = manuscript
        self._colour = HexColor(colour)
        self._total = total
        self._target = BytesIO()
        self._document = _Outlined(
            self._target,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=30 * mm,
            bottomMargin=25 * mm,
            title=manuscript.title,
            author=manuscript.organisation,
            subject=f"{manuscript.title}, dnr {manuscript.reference}",
            keywords=manuscript.keywords,
            creator="Valv demo",
            lang="sv-SE",
            displayDocTitle=True,
            invariant=1,
        )
        frame = Frame(_MARGIN, 25 * mm, _WIDTH, A4[1] - 55 * mm, 0, 0, 0, 0)
        self._document.addPageTemplates(PageTemplate(frames=[frame], onPage=self._head, onPageEnd=self._foot))

    def pages_of(self) -> int:
        self._document.build(self._story())
        return int(self._document.page)

    def bytes_of(self) -> bytes:
        self._document.build(self._story())
        return self._target.getvalue()

    def _story(self) -> list[Flowable]:
        styles = _styles(self._colour)
        story: list[Flowable] = [Text(escape(self._manuscript.title), styles["title"])]
        story += [_facts(self._manuscript, styles), Spacer(0, 5 * mm)]
        for block in self._manuscript.blocks:
            story += _flowables(block, styles)
        return story

    def _head(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        """The organisation."""
        canvas.saveState()
        canvas.setFillColor(self._colour)
        canvas.rect(_MARGIN, A4[1] - 21 * mm, 5 * mm, 5 * mm, stroke=0, fill=1)
        canvas.setFont("Valv-Bold", 10)
        canvas.drawString(_MARGIN + 8 * mm, A4[1] - 19.8 * mm, self._manuscript.organisation)
        canvas.restoreState()

    def _foot(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        """The registration number and the page; drawn last, so that it is read last."""
        canvas.saveState()
        canvas.setStrokeColor(_RULE)
        canvas.line(_MARGIN, 18 * mm, A4[0] - _MARGIN, 18 * mm)
        canvas.setFillColor(_QUIET)
        canvas.setFont("Valv", 8)
        foot = f"{self._manuscript.title} · dnr {self._manuscript.reference}"
        canvas.drawString(_MARGIN, 13 * mm, foot)
        canvas.drawRightString(A4[0] - _MARGIN, 13 * mm, f"Sida {document.page} ({self._total})")
        canvas.restoreState()


class _Outlined(BaseDocTemplate):
    """A document whose headings become its outline."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  reportlab's name
        level = getattr(flowable, "outline_level", None)
        if level is None:
            return
        key = f"h{self.canv.getPageNumber()}-{self.frame._y:.0f}"  # noqa: SLF001  no other way to the height
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level, closed=level > 0)


def _styles(colour: HexColor) -> dict[str, ParagraphStyle]:
    body = ParagraphStyle(
        "body", fontName="Valv", fontSize=9.6, leading=14, spaceAfter=2.6 * mm, allowWidows=0, allowOrphans=0
    )
    head = ParagraphStyle("head", parent=body, fontName="Valv-Bold", textColor=colour, keepWithNext=1)
    return {
        "body": body,
        "title": ParagraphStyle("title", parent=head, fontSize=19, leading=24, spaceAfter=5 * mm),
        "h1": ParagraphStyle(
            "h1", parent=head, fontSize=12.5, leading=16, spaceBefore=4 * mm, spaceAfter=2 * mm
        ),
        "h2": ParagraphStyle(
            "h2", parent=head, fontSize=10.2, leading=14, spaceBefore=1.5 * mm, spaceAfter=1.2 * mm
        ),
        "lead-in": ParagraphStyle("lead-in", parent=body, keepWithNext=1),
        "item": ParagraphStyle("item", parent=body, spaceAfter=0.8 * mm),
        "cell": ParagraphStyle("cell", parent=body, fontSize=8.8, leading=12, spaceAfter=0),
        "cell-head": ParagraphStyle(
            "cell-head", parent=body, fontName="Valv-Bold", fontSize=8.8, leading=12, spaceAfter=0
        ),
    }


def _flowables(block: Block, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    match block:
        case Heading(level, text):
            heading = Text(escape(text), styles[f"h{level}"])
            heading.outline_level = level - 1
            return [heading]
        case Paragraph(text):
            return [Text(_markup(text), styles["lead-in" if _leads(text) else "body"])]
        case Bullets(items):
            return [_list(items, styles, bulletType="bullet", start="•"), Spacer(0, 2 * mm)]
        case Steps(items):
            return [_list(items, styles, bulletType="1", bulletFormat="%s."), Spacer(0, 2 * mm)]
        case Table(rows):
            return [KeepTogether(_grid(rows, styles)), Spacer(0, 4 * mm)]
        case PageBreak():
            return [NewPage()]


def _leads(text: str) -> bool:
    """Whether the text means nothing without what comes after it."""
    return text.endswith(":") or text.startswith("Dnr ")


def _markup(text: str) -> str:
    return "".join(f"<b>{escape(piece)}</b>" if bold else escape(piece) for piece, bold in spans(text))


def _list(items: tuple[str, ...], styles: dict[str, ParagraphStyle], **look: str) -> ListFlowable:
    entries = [ListItem(Text(_markup(item), styles["item"])) for item in items]
    return ListFlowable(
        entries, leftIndent=7 * mm, bulletFontName="Valv", bulletFontSize=9.6, bulletDedent="auto", **look
    )


def _facts(manuscript: Manuscript, styles: dict[str, ParagraphStyle]) -> Grid:
    rows = [[Text(escape(key), styles["cell-head"]), Text(escape(value), styles["cell"])]
            for key, value in manuscript.facts]  # fmt: skip
    grid = Grid(rows, colWidths=[45 * mm, _WIDTH - 45 * mm])
    grid.setStyle(
        TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    )
    return grid


def _grid(rows: tuple[tuple[str, ...], ...], styles: dict[str, ParagraphStyle]) -> Grid:
    headed = any(rows[0])
    shown = rows if headed else rows[1:]
    faces = ["cell-head" if headed and place == 0 else "cell" for place in range(len(shown))]
    cells = [
        [Text(_markup(cell), styles[face]) for cell in row] for row, face in zip(shown, faces, strict=True)
    ]
    grid = Grid(cells, colWidths=_widths(shown), repeatRows=int(headed), hAlign="LEFT")
    look = [("GRID", (0, 0), (-1, -1), 0.4, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    grid.setStyle(
        TableStyle([*look, ("BACKGROUND", (0, 0), (-1, 0), HexColor("#eef1f3"))] if headed else look)
    )
    return grid


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[float]:
    """Columns that hold their longest word whole, and share what is left by their longest text."""
    columns = list(zip(*rows, strict=True))
    least = [max(_breadth(word) for cell in column for word in cell.split() or [""]) for column in columns]
    wanted = [
        max(_breadth(cell) for cell in column) - floor for column, floor in zip(columns, least, strict=True)
    ]
    spare = _WIDTH - sum(least)
    return [
        floor + spare * (want + 1) / (sum(wanted) + len(wanted))
        for floor, want in zip(least, wanted, strict=True)
    ]


def _breadth(text: str) -> float:
    """The width of a cell with the text on one line, its padding included, in points."""
    return float(pdfmetrics.stringWidth(text, "Valv-Bold", 8.8)) + 13

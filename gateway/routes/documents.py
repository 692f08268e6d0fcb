"""One document: how far it is, its pages as text, the original, its end."""

from dataclasses import asdict
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheLab, may
from gateway.routes.collections import DocumentOut
from rag.formats import PDF
from rag.picture import MEDIA_TYPE, Rectangle

router = APIRouter(prefix="/api/documents", route_class=Guarded)

Reader = Annotated[Principal, may(Action.DOCUMENT_READ, records=EventType.DOC_VIEW)]
Remover = Annotated[Principal, may(Action.DOCUMENT_DELETE, records=EventType.DOC_DELETE)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]

# An upload is never shown inside the application's own origin, whatever it claims to be.
_AWAY: Final = {
    "content-type": "application/octet-stream",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}


# A page is personal to whoever may read it: nothing keeps it, and nothing in it can do more than be seen.
_SEEN: Final = {
    "cache-control": "no-store",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


class PageOut(BaseModel):
    """One page as text; citations' ranges count its code points. ``picture``: whether it can be shown as it looks."""

    document: str
    name: str
    page: int
    pages: int | None
    picture: bool
    text: str


class RectangleOut(BaseModel):
    """A part of a page in fractions of its width and height, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


class LineOut(RectangleOut):
    """A stretch of the page's text that stands on one line."""

    text: str


class LayoutOut(BaseModel):
    """Where a page's text stands on its picture; ``marked`` is where the asked range does."""

    width: float
    height: float
    lines: list[LineOut]
    marked: list[RectangleOut]


@router.get("/{document}")
async def read(document: str, who: Reader, lab: TheLab) -> DocumentOut:
    """How far the document has come, or why it failed."""
    return DocumentOut.of(await lab.library.shelf(who.tenant).document(document))


@router.get("/{document}/pages/{page}")
async def page(document: str, page: int, who: Reader, lab: TheLab) -> PageOut:
    """The text of one page, 1-based; a format without pages has the number 1 only."""
    shelf = lab.library.shelf(who.tenant)
    found = await shelf.document(document)
    text = await shelf.page(document, page)
    return PageOut(
        document=document,
        name=found.name,
        page=page,
        pages=found.pages,
        picture=found.media_type == PDF and found.pages is not None,
        text=text,
    )


@router.get(
    "/{document}/pages/{page}/image",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def image(document: str, page: int, who: Reader, lab: TheLab) -> Response:
    """A PDF's page as it looks, 144 dots an inch at most."""
    picture = await lab.library.shelf(who.tenant).picture(document, page)
    return Response(picture.image, media_type=MEDIA_TYPE, headers=_SEEN)


@router.get("/{document}/pages/{page}/layout")
async def layout(
    document: str, page: int, who: Reader, lab: TheLab, start: Offset = 0, end: Offset = 0
) -> LayoutOut:
    """Where a PDF's page has its text, and where on it the code points from ``start`` up to ``end`` stand."""
    shelf = lab.library.shelf(who.tenant)
    picture = await shelf.picture(document, page)
    text = await shelf.page(document, page)
    return LayoutOut(
        width=picture.width,
        height=picture.height,
        lines=[LineOut(text=line.text, **_part(line.box)) for line in picture.lines],
        marked=[RectangleOut(**_part(part)) for part in picture.passage(text, start, end)],
    )


@router.get("/{document}/file", response_class=FileResponse)
async def file(document: str, who: Reader, lab: TheLab) -> FileResponse:
    """The original, always as a download."""
    shelf = lab.library.shelf(who.tenant)
    found = await shelf.document(document)
    disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    path = await shelf.original(document)
    return FileResponse(path, headers={**_AWAY, "content-disposition": disposition})


@router.delete("/{document}", status_code=204)
async def delete(document: str, who: Remover, lab: TheLab) -> Response:
    """The document, its passages and its file."""
    await lab.library.shelf(who.tenant).delete_document(document)
    return Response(status_code=204)


def _part(rectangle: Rectangle) -> dict[str, float]:
    return asdict(rectangle)

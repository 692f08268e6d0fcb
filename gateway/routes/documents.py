"""One document: how far it is, its pages as text, the original, its end."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheLab, may
from gateway.routes.collections import DocumentOut

router = APIRouter(prefix="/api/documents", route_class=Guarded)

Reader = Annotated[Principal, may(Action.DOCUMENT_READ, records=EventType.DOC_VIEW)]
Remover = Annotated[Principal, may(Action.DOCUMENT_DELETE, records=EventType.DOC_DELETE)]

# An upload is never shown inside the application's own origin, whatever it claims to be.
_AWAY: Final = {
    "content-type": "application/octet-stream",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
}


class PageOut(BaseModel):
    """One page as text; citations' ranges count its code points."""

    document: str
    name: str
    page: int
    pages: int | None
    text: str


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
    return PageOut(document=document, name=found.name, page=page, pages=found.pages, text=text)


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

"""Collections of documents, and taking documents in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Response, UploadFile
from pydantic import BaseModel, Field

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.uploads import read_upload
from rag.documents import Collection, Document

router = APIRouter(prefix="/api", route_class=Guarded)

Reader = Annotated[Principal, may(Action.COLLECTION_READ, records=EventType.API_READ)]
Creator = Annotated[Principal, may(Action.COLLECTION_WRITE, records=EventType.ADMIN_COLLECTION_CREATE)]
Renamer = Annotated[Principal, may(Action.COLLECTION_WRITE, records=EventType.API_CHANGE)]
Remover = Annotated[Principal, may(Action.COLLECTION_WRITE, records=EventType.ADMIN_COLLECTION_DELETE)]
Uploader = Annotated[Principal, may(Action.DOCUMENT_UPLOAD, records=EventType.DOC_INGEST)]


class CollectionIn(BaseModel):
    """A collection's name."""

    name: str = Field(min_length=1, max_length=200)


class CollectionOut(BaseModel):
    """A collection and how many documents it holds."""

    id: str
    name: str
    documents: int


class Collections(BaseModel):
    """The organisation's collections, and the largest file that can be put into one, in bytes."""

    items: list[CollectionOut]
    largest: int


class DocumentOut(BaseModel):
    """A document: how far it has come, and why it failed if it did."""

    id: str
    collection: str
    name: str
    media_type: str
    sha256: str
    size: int
    pages: int | None
    state: str
    stage: str
    error: str | None
    created: datetime

    @classmethod
    def of(cls, document: Document) -> "DocumentOut":
        """The document as the wire has it."""
        return cls(
            id=document.id,
            collection=document.collection,
            name=document.name,
            media_type=document.media_type,
            sha256=document.sha256,
            size=document.size,
            pages=document.pages,
            state=document.state,
            stage=document.stage,
            error=document.error,
            created=document.created,
        )


class Documents(BaseModel):
    """The documents of a collection."""

    items: list[DocumentOut]


@router.get("/collections")
async def collections(who: Reader, lab: TheLab) -> Collections:
    """Every collection of the organisation."""
    shelf = lab.library.shelf(who.tenant)
    found = [_out(each, len(await shelf.documents(each.id))) for each in await shelf.collections()]
    return Collections(items=found, largest=lab.settings.limits.upload_bytes)


@router.post("/collections", status_code=201)
async def create_collection(body: CollectionIn, who: Creator, lab: TheLab) -> CollectionOut:
    """A new, empty collection."""
    return _out(await lab.library.shelf(who.tenant).create_collection(body.name), 0)


@router.patch("/collections/{collection}", status_code=204)
async def rename_collection(collection: str, body: CollectionIn, who: Renamer, lab: TheLab) -> Response:
    """Give a collection another name; what it holds stays."""
    await lab.library.shelf(who.tenant).rename_collection(collection, body.name)
    return Response(status_code=204)


@router.delete("/collections/{collection}", status_code=204)
async def delete_collection(collection: str, who: Remover, lab: TheLab) -> Response:
    """A collection with all its documents."""
    await lab.library.shelf(who.tenant).delete_collection(collection)
    return Response(status_code=204)


@router.get("/collections/{collection}/documents")
async def documents(collection: str, who: Reader, lab: TheLab) -> Documents:
    """What a collection holds."""
    found = await lab.library.shelf(who.tenant).documents(collection)
    return Documents(items=[DocumentOut.of(document) for document in found])


@router.post("/collections/{collection}/documents", status_code=202)
async def upload(
    collection: str, file: Annotated[UploadFile, File()], who: Uploader, lab: TheLab, call: TheCall
) -> DocumentOut:
    """Take a document in; it is searchable when its state is ``ready``."""
    lab.asking.admit_search(call)
    content = await read_upload(file, lab.settings.limits.upload_bytes)
    taken = await lab.library.shelf(who.tenant).take_in(collection, file.filename or "", content)
    return DocumentOut.of(taken)


def _out(collection: Collection, documents: int) -> CollectionOut:
    return CollectionOut(id=collection.id, name=collection.name, documents=documents)

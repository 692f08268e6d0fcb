"""What of `/v1` is not a model call: the models, and searching collections without a model."""

import time
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from audit.records import EventType
from auth.identity import Principal
from auth.policy import Action
from gateway.deps import Guarded, TheCall, TheLab, may
from gateway.evidence import on_record
from inference.errors import UnknownModel
from inference.models import ModelRoute
from rag.documents import Passage

router = APIRouter(prefix="/v1", route_class=Guarded)

Everyone = Annotated[Principal, may(Action.MODEL_LIST, records=None)]
Reader = Annotated[Principal, may(Action.COLLECTION_READ, records=EventType.API_READ)]
Searcher = Annotated[Principal, may(Action.PASSAGE_SEARCH, records=EventType.API_READ)]


class SearchIn(BaseModel):
    """A question to a collection (OpenAI: `vector_stores.search`)."""

    query: str = Field(min_length=1, max_length=8192)
    max_num_results: int = Field(default=10, ge=1, le=50)


@router.get("/models")
async def models(who: Everyone, lab: TheLab) -> dict[str, Any]:
    """The models that the credential may use."""
    routes = [route for route in lab.catalogue.routes if not who.models or route.name in who.models]
    return {"object": "list", "data": [_model(route) for route in routes]}


@router.get("/models/{name}")
async def model(name: str, who: Everyone, lab: TheLab) -> dict[str, Any]:
    """One model."""
    if who.models and name not in who.models:
        raise UnknownModel(name)
    return _model(lab.catalogue.route(name))


@router.get("/vector_stores")
async def vector_stores(who: Reader, lab: TheLab) -> dict[str, Any]:
    """The organisation's collections, under OpenAI's name for them."""
    found = await lab.library.shelf(who.tenant).collections()
    stores = [
        {
            "id": each.id,
            "object": "vector_store",
            "name": each.name,
            "created_at": int(each.created.timestamp()),
            "status": "completed",
        }
        for each in found
    ]
    return {"object": "list", "data": stores, "has_more": False}


@router.post("/vector_stores/{store}/search")
async def search(store: str, body: SearchIn, who: Searcher, lab: TheLab, call: TheCall) -> dict[str, Any]:
    """The passages that fit the question best, with page and character range."""
    lab.asking.admit_search(call)
    began = time.monotonic()
    shelf = lab.library.shelf(who.tenant)
    found = await shelf.passages(body.query, collections=[store], limit=body.max_num_results)
    lab.metrics.retrieval.labels(who.tenant.alias).observe(time.monotonic() - began)
    call.retrieved = await on_record(shelf, found)
    return {
        "object": "vector_store.search_results.page",
        "search_query": [body.query],
        "data": [_hit(passage) for passage in found],
        "has_more": False,
        "next_page": None,
    }


def _hit(passage: Passage) -> dict[str, Any]:
    return {
        "file_id": passage.document,
        "filename": passage.name,
        "score": passage.score,
        "attributes": {"page": passage.page, "start": passage.start, "end": passage.end},
        "content": [{"type": "text", "text": passage.text}],
    }


def _model(route: ModelRoute) -> dict[str, Any]:
    return {
        "id": route.name,
        "object": "model",
        "created": 0,
        "owned_by": "valv",
        "kind": route.kind,
        "languages": sorted(route.languages),
        "context_length": route.context_length or None,
        "ceiling": route.ceiling,
        "description": route.description["en"],
    }

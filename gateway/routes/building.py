"""What there is to build on: every model with what programmes need of it, and every error that they may meet."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel

from auth.identity import Principal
from auth.policy import Action
from gateway.classification import fits
from gateway.deps import Guarded, TheLab, may
from gateway.errors import language_of
from gateway.lab import Lab
from gateway.problems import advice
from gateway.problems.advice import Told
from inference.models import Kind, ModelRoute

router = APIRouter(prefix="/api", route_class=Guarded)

Everyone = Annotated[Principal, may(Action.MODEL_LIST, records=None)]

_PATHS: Final = {
    Kind.CHAT: ["/v1/chat/completions", "/v1/completions"],
    Kind.EXTRACTIVE: ["/v1/chat/completions"],
    Kind.EMBEDDING: ["/v1/embeddings"],
}


class ModelCard(BaseModel):
    """A model as whoever builds on it needs it.

    ``name`` is what is written in ``model``; ``paths`` take it; ``fits``: calls of this lab's class may be sent there;
    ``up``: it is believed to answer now; ``prefixes`` are what an embedding wants before its texts.
    """

    name: str
    kind: str
    title: str
    description: str
    languages: list[str]
    context_length: int | None
    ceiling: str
    fits: bool
    digest: str | None
    default: bool
    up: bool
    paths: list[str]
    prefixes: dict[str, str]


class ModelCards(BaseModel):
    """Every model of the installation, in the order of its description."""

    items: list[ModelCard]


class ErrorOut(BaseModel):
    """An error as programmes meet it: ``code`` and ``type`` in its body, why, and what to do."""

    status: int
    code: str
    type: str
    message: str
    cause: str
    fix: str

    @classmethod
    def of(cls, told: Told) -> "ErrorOut":
        """The error as the wire has it."""
        return cls(
            status=told.status,
            code=told.slug,
            type=told.kind,
            message=told.message,
            cause=told.cause,
            fix=told.fix,
        )


class Errors(BaseModel):
    """Every error that `/v1` answers with, by status."""

    items: list[ErrorOut]


@router.get("/models/cards")
async def cards(who: Everyone, request: Request, lab: TheLab) -> ModelCards:  # noqa: ARG001  who is the authority
    """The models, embeddings among them, with context length, languages, ceiling and weights."""
    language = language_of(request.scope)
    return ModelCards(items=[_card(lab, route, language) for route in lab.catalogue.routes])


@router.get("/problems")
async def errors(who: Everyone, request: Request) -> Errors:  # noqa: ARG001  who is the authority
    """The errors of `/v1`, from the table that they are answered from."""
    return Errors(items=[ErrorOut.of(told) for told in advice.catalogue(language_of(request.scope))])


def _card(lab: Lab, route: ModelRoute, language: str) -> ModelCard:
    return ModelCard(
        name=route.name,
        kind=route.kind,
        title=route.title[language],
        description=route.description[language],
        languages=sorted(route.languages),
        context_length=route.context_length or None,
        ceiling=route.ceiling,
        fits=fits(lab.settings.classification, route.ceiling),
        digest=route.digest,
        default=route.default,
        up=route.engine is None or lab.models.load(route).up > 0,
        paths=_PATHS.get(route.kind, []),
        prefixes=_prefixes(route),
    )


def _prefixes(route: ModelRoute) -> dict[str, str]:
    found = route.options.get("prefixes")
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}

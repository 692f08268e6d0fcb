"""From what was chosen for a question to the route that answers it and the documents that are searched."""

from typing import Final

from auth.identity import Principal
from gateway.asking import Asking
from gateway.conversations.conversation import Choice, Mode
from gateway.refusals import BadValue
from inference.models import Kind, ModelRoute
from rag.library import Library

_ANSWERING: Final = (Kind.CHAT, Kind.EXTRACTIVE)


async def check(choice: Choice, who: Principal, asking: Asking, library: Library) -> None:
    """Return if a question could be answered so.

    Raises:
        UnknownModel, NotGenerative: the model.
        UnknownCollection: one of the collections is not the organisation's.
        BadValue: quotations, from no documents at all.
    """
    if choice.model is not None:
        asking.route(who, choice.model, *_ANSWERING)
    if choice.mode is Mode.QUOTATIONS and choice.collections == ():
        raise BadValue("collections", expected="at least one, or null for all, where quotations are chosen")
    shelf = library.shelf(who.tenant)
    for collection in choice.collections or ():
        await shelf.collection(collection)


def route_for(choice: Choice, who: Principal, asking: Asking, question: str) -> ModelRoute:
    """The route: quotations where they are chosen, else the named model, else the one for the language.

    Raises:
        UnknownModel, NotGenerative: there is none such.
        BadValue: a model that quotes, and no documents to quote from.
    """
    named = None if choice.model is None else asking.route(who, choice.model, *_ANSWERING)
    if choice.mode is Mode.QUOTATIONS:
        quotes = named is not None and named.kind is Kind.EXTRACTIVE
        return named if named is not None and quotes else asking.choose_quoting(who)
    if named is None:
        return asking.choose_writer(who) if choice.collections == () else asking.choose(who, question)
    if named.kind is Kind.EXTRACTIVE and choice.collections == ():
        raise BadValue("collections", expected="at least one, or null for all, where quotations are chosen")
    return named


def searched(choice: Choice) -> tuple[str, ...] | None:
    """The collections as ``gateway.asking`` takes them: ``None`` for no search, nothing named for all."""
    return None if choice.collections == () else choice.collections or ()

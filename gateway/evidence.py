"""What was found in an organisation's documents, as the ledger names it."""

from collections.abc import Sequence

from audit.records import Retrieved
from rag.documents import Passage
from rag.shelf import TenantShelf


async def on_record(shelf: TenantShelf, passages: Sequence[Passage]) -> tuple[Retrieved, ...]:
    """The passages as the ledger names them: store, document, place, version, score; never their text.

    Raises:
        UnknownDocument: one was deleted since it was found.
        DatabaseDown.
    """
    versions = await shelf.versions({passage.document for passage in passages})
    return tuple(
        Retrieved(
            store=passage.collection,
            doc=passage.document,
            chunk=passage.ordinal,
            ver=f"sha256:{versions[passage.document]}",
            score_milli=round(passage.score * 1000),
        )
        for passage in passages
    )

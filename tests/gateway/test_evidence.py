"""What was found is named on the record by one look at the documents, however many there are."""

import pytest
from sqlalchemy import event

from gateway.evidence import on_record
from rag.errors import UnknownDocument

pytestmark = pytest.mark.anyio


async def test_the_versions_of_all_documents_are_looked_up_at_once(house, things):
    shelf = house.lab.library.shelf(house.tenant())
    more = [
        await house.document(
            things.collection, f"riktlinje{number}.txt", f"Distansarbete nummer {number}".encode()
        )
        for number in range(3)
    ]
    passages = await shelf.passages("distansarbete", [things.collection])
    engine, asked = house.lab.database.engine.sync_engine, []

    def note(_connection, _cursor, statement, *_rest):
        if "document" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        found = await on_record(shelf, passages)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 1
    assert {one.doc for one in found} >= {things.document, *more}
    for one in found:
        assert one.ver == f"sha256:{(await shelf.document(one.doc)).sha256}"


async def test_a_document_that_was_deleted_since_it_was_found_is_not_put_on_record(house, things):
    shelf = house.lab.library.shelf(house.tenant())
    passages = await shelf.passages("distansarbete", [things.collection])
    await shelf.delete_document(things.document)
    with pytest.raises(UnknownDocument):
        await on_record(shelf, passages)

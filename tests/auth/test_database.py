"""Writers of an embedded database take turns: none starves, however many there are."""

import anyio
import pytest
from sqlalchemy import text

from tests.auth.fakes import EKDALEN, NORRSKOG, database

pytestmark = pytest.mark.anyio


async def test_fifty_writers_at_once_write_in_the_order_in_which_they_came(tmp_path):
    written, wanted = [], list(range(50))
    async with database(tmp_path) as state:
        async with state.installation.writing() as connection:
            await connection.execute(text("CREATE TABLE turns (writer INTEGER)"))

        async def write(writer):
            scope = (state.of(EKDALEN), state.of(NORRSKOG), state.installation)[writer % 3]
            async with scope.writing() as connection:
                await connection.execute(text("INSERT INTO turns VALUES (:writer)"), {"writer": writer})
                await anyio.sleep(0.005)
                written.append(writer)

        with anyio.fail_after(30):
            async with anyio.create_task_group() as tasks:
                for writer in wanted:
                    tasks.start_soon(write, writer)
        async with state.installation.reading() as connection:
            kept = [
                row.writer
                for row in await connection.execute(text("SELECT writer FROM turns ORDER BY rowid"))
            ]
    assert written == kept == wanted


async def give_up(scope):
    """Wait for a turn that does not come."""
    with anyio.move_on_after(0.05) as waited:
        async with scope.writing():
            pytest.fail("there are two writers")
    assert waited.cancelled_caught


async def test_a_writer_that_fails_or_gives_up_leaves_its_turn_to_the_next(tmp_path):
    async with database(tmp_path) as state:
        with pytest.raises(ZeroDivisionError):
            async with state.installation.writing():
                _ = 1 / 0
        async with state.installation.writing(), anyio.create_task_group() as tasks:
            tasks.start_soon(give_up, state.of(EKDALEN))
            async with state.of(EKDALEN).reading() as connection:
                assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
        with anyio.fail_after(5):
            async with state.of(EKDALEN).writing():
                pass

"""Alembic's way in: it runs on the connection that ``gateway.schema`` hands it."""

from alembic import context

from auth.tables import METADATA as AUTH
from rag.tables import METADATA as RAG

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[AUTH, RAG],
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

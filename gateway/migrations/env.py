"""Alembic's way in: it runs on the connection that ``gateway.schema`` hands it."""

from alembic import context

from auth import tables as auth_tables
from gateway.conversations import tables as conversation_tables
from rag import tables as rag_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[auth_tables.METADATA, rag_tables.metadata, conversation_tables.metadata],
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""How Alembic runs the migrations: on the connection that `gateway.storage.engine.migrate` hands over."""

from alembic import context

from gateway.storage.tables import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()

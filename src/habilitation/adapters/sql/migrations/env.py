"""What Alembic runs to apply revisions: on the connection that ``upgrade`` gave it, in the transaction begun there."""

from alembic import context

from habilitation.adapters.sql.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()

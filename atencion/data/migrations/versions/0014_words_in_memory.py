"""Words gathered in memory while a transaction writes them: the whole of an import's batch, and so one piece of it.

The usual 1 MiB takes a fifth of a batch of 5,000 customers; each piece more is merged later, and asked until then.
The memory is held only while there is something to write.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

BYTES = 16 * 1024 * 1024


def upgrade() -> None:
    """Set it, where words are in a file; it stays in the file."""
    if op.get_bind().dialect.name == "sqlite":
        for index in ("search_name", "search_trace", "search_article"):
            op.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', {BYTES})")

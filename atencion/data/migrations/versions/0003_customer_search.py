"""The indexes by which a customer is found, alike on both engines, and searches kept by name."""

import sqlalchemy as sa
from alembic import op

from atencion.data.search.index import index_customers

revision = "0003"
down_revision = "0002"

BATCH = 5_000
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make them, and fill them with the customers there are."""
    connection = op.get_bind()
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "saved_search",
        sa.Column("name", KEY, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_customer_search_name", "customer", ["search_name"])
    ids = [row[0] for row in connection.execute(sa.text("SELECT id FROM customer ORDER BY id"))]
    for first in range(0, len(ids), BATCH):
        index_customers(connection, ids[first : first + BATCH])


_SQLITE = (
    "DROP TABLE search_customer",
    "DROP TABLE search_word",
    """
    CREATE VIRTUAL TABLE search_name USING fts5(
        words, content='', contentless_delete=1, detail=none, prefix='1 2 3 4', tokenize='ascii')
    """,
    """
    CREATE VIRTUAL TABLE search_trace USING fts5(
        words, content='', contentless_delete=1, detail=none, tokenize='ascii tokenchars ''=#@''')
    """,
    "CREATE TABLE search_word (word TEXT NOT NULL PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE search_gap (gap INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (gap, word)) WITHOUT ROWID",
)
_POSTGRESQL = (
    "DROP INDEX search_customer",
    "CREATE TABLE search_name (rowid INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    "CREATE TABLE search_trace (rowid INTEGER PRIMARY KEY, words TEXT NOT NULL)",
    "CREATE INDEX search_name_words ON search_name USING gin (array_to_tsvector(string_to_array(words, ' ')))",
    "CREATE INDEX search_trace_words ON search_trace USING gin (array_to_tsvector(string_to_array(words, ' ')))",
    'CREATE TABLE search_word (word TEXT COLLATE "C" PRIMARY KEY, seen INTEGER NOT NULL)',
    'CREATE TABLE search_gap (gap BIGINT NOT NULL, word TEXT COLLATE "C" NOT NULL, PRIMARY KEY (gap, word))',
)

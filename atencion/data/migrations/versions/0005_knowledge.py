"""Articles with their versions, files and use; the index of whole words; gaps and what agents said of articles."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """From the first tables. The index is left empty: whoever opens the store makes it."""
    for name, kind, default in _COLUMNS:
        op.add_column("article", sa.Column(name, kind, nullable=False, server_default=default))
    _tables()
    statements = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for statement in (*statements, *_BOTH):
        op.execute(statement)


_COLUMNS = (
    ("language", sa.Text(), "es"),
    ("says", sa.Text(), "{}"),
    ("audience", sa.Text(), "[]"),
    ("products", sa.Text(), "[]"),
    ("replaced_by", KEY, ""),
)


def _tables() -> None:
    op.create_table(
        "article_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_article_version_article_id", "article_version", ["article_id"])
    op.create_table(
        "article_file",
        sa.Column("path", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("changed_ns", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path"),
    )
    op.create_index("ix_article_file_article_id", "article_file", ["article_id"])
    op.create_table(
        "article_use",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "article_told",
        *_entry_of_a_journal(),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
    )
    op.create_index("ix_article_told_article", "article_told", ["article_id", "version"])
    op.create_table(
        "article_feedback",
        *_entry_of_a_journal(),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
    )
    op.create_index("ix_article_feedback_article_id", "article_feedback", ["article_id"])
    op.create_table(
        "knowledge_gap",
        *_entry_of_a_journal(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["settled_by"], ["agent.id"]),
    )
    op.create_index("ix_knowledge_gap_status", "knowledge_gap", ["status"])


def _entry_of_a_journal() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("interaction_id", "seq"),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
    )


_SQLITE = (
    "DROP TABLE search_article_word",
    "DROP TABLE search_article",
    """
    CREATE VIRTUAL TABLE search_article USING fts5(
        strong, weak, content='', contentless_delete=1, detail=column, tokenize='ascii')
    """,
    """
    CREATE TABLE search_article_word (
        word TEXT PRIMARY KEY, stem TEXT NOT NULL, articles INTEGER NOT NULL) WITHOUT ROWID
    """,
    """
    CREATE TABLE search_article_meaning (
        place INTEGER PRIMARY KEY, number INTEGER NOT NULL, phrase TEXT NOT NULL)
    """,
    """
    INSERT INTO article_told (interaction_id, seq, article_id, version, hash, agent_id, told_at)
    SELECT interaction_id, seq, json_extract(body, '$.article'), json_extract(body, '$.version'),
        json_extract(body, '$.hash'), agent_id, at FROM journal_entry WHERE kind = 'told'
    """,
)
_POSTGRESQL = (
    "DROP INDEX search_article",
    "ALTER TABLE article ADD COLUMN search_strong tsvector",
    "ALTER TABLE article ADD COLUMN search_all tsvector",
    "CREATE INDEX search_article_strong ON article USING gin (search_strong)",
    "CREATE INDEX search_article_all ON article USING gin (search_all)",
    """
    CREATE TABLE search_article_word (
        word TEXT COLLATE "C" PRIMARY KEY, stem TEXT NOT NULL, articles INTEGER NOT NULL)
    """,
    """
    CREATE TABLE search_article_meaning (
        place SERIAL PRIMARY KEY, number INTEGER NOT NULL, phrase TEXT NOT NULL)
    """,
    """
    INSERT INTO article_told (interaction_id, seq, article_id, version, hash, agent_id, told_at)
    SELECT interaction_id, seq, body::json ->> 'article', body::json ->> 'version',
        body::json ->> 'hash', agent_id, at FROM journal_entry WHERE kind = 'told'
    """,
)
_BOTH = (
    "CREATE TABLE search_article_state (token TEXT NOT NULL, form INTEGER NOT NULL, articles INTEGER NOT NULL)",
    """
    INSERT INTO article_use (article_id, told, useful, wrong, last_told_at)
    SELECT article_id, count(*), 0, 0, max(told_at) FROM article_told GROUP BY article_id
    """,
    """
    INSERT INTO knowledge_gap (interaction_id, seq, kind, agent_id, raised_at, status, article_id, reason)
    SELECT interaction_id, seq, 'not_found', agent_id, at, 'open', '', '' FROM journal_entry WHERE kind = 'not_found'
    """,
)

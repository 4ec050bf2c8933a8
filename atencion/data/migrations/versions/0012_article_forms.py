"""The index of articles by what they are about and by all they say, in one list of tokens, and counted so.

A word that says what an article is about has a token of its own, its form, which begins with its stem: a column filter
reads the stem's whole list to find it (100,000 articles: 2.3 ms for each word instead of 0.7). What matters is only
whether a token is there, so no places are kept (https://sqlite.org/fts5.html#the_detail_option).
"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make it anew, for whoever opens the store to fill; a server keeps the old tokens until then."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_article")
        op.execute(
            """
            CREATE VIRTUAL TABLE search_article USING fts5(
                tokens, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '/~='")
            """
        )
    else:
        op.execute("ALTER TABLE article DROP COLUMN search_strong")
        op.execute("ALTER TABLE article RENAME COLUMN search_all TO search_tokens")
        op.execute("ALTER INDEX search_article_all RENAME TO search_article")
    op.execute("DELETE FROM search_article_word")
    op.execute("ALTER TABLE search_article_word ADD COLUMN about INTEGER NOT NULL DEFAULT 0")
    op.execute("DELETE FROM search_article_state")

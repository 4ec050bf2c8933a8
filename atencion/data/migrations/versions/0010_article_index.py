"""SQLite's index of articles, made so that what it finds can be ranked.

Without a content of its own and with `detail=column`, FTS5 finds no instance of a word and gives every article the same
rank (https://sqlite.org/fts5.html#the_detail_option): the first to be written were the candidates.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make it anew. It is left empty: whoever opens the store fills it."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TABLE search_article")
    op.execute(
        """
        CREATE VIRTUAL TABLE search_article USING fts5(
            strong, weak, content='', contentless_delete=1, tokenize='ascii')
        """
    )
    op.execute("DELETE FROM search_article_state")

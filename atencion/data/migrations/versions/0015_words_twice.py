"""Names that have a word two times are also found by that: among all who have it once, nobody reached them."""

import sqlalchemy as sa
from alembic import op

from atencion.data.search.index import index_customers

revision = "0015"
down_revision = "0014"

BATCH = 5_000


def upgrade() -> None:
    """Index them again."""
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT id, search_name FROM customer ORDER BY id"))
    ids = [number for number, name in names if len(set(name.split())) < len(name.split())]
    for first in range(0, len(ids), BATCH):
        index_customers(connection, ids[first : first + BATCH])

"""Names that have a word two times are also found by that: among all who have it once, nobody reached them. And the Mª
of a name is the María that is said.
"""

import sqlalchemy as sa
from alembic import op

from atencion.data.customer_search import index_customers, search_name

revision = "0015"
down_revision = "0014"

BATCH = 5_000


def upgrade() -> None:
    """Index them again."""
    connection = op.get_bind()
    names = "id, company_name, given_name, surnames, former_names"
    rows = connection.execute(sa.text(f"SELECT search_name, {names} FROM customer ORDER BY id")).all()
    ids = []
    for before, number, *called in rows:
        now = search_name(*called) if "ª" in "".join(called) else before
        if now != before:
            values = {"id": number, "name": now}
            connection.execute(sa.text("UPDATE customer SET search_name = :name WHERE id = :id"), values)
        if now != before or len(set(now.split())) < len(now.split()):
            ids.append(number)
    for first in range(0, len(ids), BATCH):
        index_customers(connection, ids[first : first + BATCH])

"""Texts about people, apart from what points to them, so that the law can have them blocked and destroyed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.sql import Statement


def put_value(
    connection: Connection,
    content: str,
    *,
    at: datetime,
    customer_id: int | None = None,
    interaction_id: int | None = None,
) -> int:
    """Write a text about somebody; returns its id."""
    return int(
        _PUT.run(
            connection, content=content, at=at, customer_id=customer_id, interaction_id=interaction_id
        ).scalar_one()
    )


def get_values(connection: Connection, ids: Iterable[int | None]) -> dict[int, str]:
    """The texts of those ids that the law has neither hidden nor destroyed."""
    wanted = [one for one in ids if one is not None]
    return {row.id: row.content for row in _GET.run(connection, ids=wanted)} if wanted else {}


_PUT = Statement(
    """
    INSERT INTO personal_value (interaction_id, customer_id, content, created_at)
    VALUES (:interaction_id, :customer_id, :content, :at) RETURNING id
    """
)
_GET = Statement(
    "SELECT id, content FROM personal_value WHERE id IN @ids AND blocked_at IS NULL AND content IS NOT NULL"
)

"""Texts about people, apart from what points to them, so that the law can have them blocked and destroyed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.sql import Statement


@dataclass(frozen=True)
class Occasion:
    """In which contact something is done, by whom, when, and whom it is about if that is known."""

    interaction_id: int
    agent_id: int
    customer_id: int | None
    at: datetime

    def put_value(self, connection: Connection, content: str) -> int:
        """Write a text about the customer; returns its id."""
        return put_value(
            connection, content, at=self.at, customer_id=self.customer_id, interaction_id=self.interaction_id
        )

    def put_value_or_none(self, connection: Connection, content: str | None) -> int | None:
        """`put_value`, where there may be no text."""
        return self.put_value(connection, content) if content else None


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

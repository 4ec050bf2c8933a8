"""Calls that were promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement, moment


@dataclass(frozen=True)
class Callback:
    """A call that waits; phone and reason are None if hidden or destroyed by law. An empty department is anybody."""

    id: int
    interaction_id: int
    customer_id: int | None
    phone: str | None
    department: str
    due_at: datetime
    reason: str | None


def schedule_callback(
    connection: Connection, occasion: Occasion, *, phone: str, department: str, due_at: datetime, reason: str
) -> None:
    """Write down that the customer is to be called at a moment."""
    _PUT.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        phone_id=occasion.put_value(connection, phone),
        department=department,
        due_at=due_at,
        reason_id=occasion.put_value(connection, reason),
        at=occasion.at,
    )


def pending_callbacks(connection: Connection, limit: int = 100) -> list[Callback]:
    """The calls that nobody has made yet, the most pressing first."""
    return [
        Callback(row.id, row.interaction_id, row.customer_id, row.phone, row.department, moment(row.due_at), row.reason)
        for row in _PENDING.run(connection, limit=limit)
    ]


_PUT = Statement(
    """
    INSERT INTO callback (interaction_id, agent_id, customer_id, phone_value_id, department, due_at, reason_value_id,
        status, created_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :phone_id, :department, :due_at, :reason_id, 'pending', :at)
    """
)
_PENDING = Statement(
    """
    SELECT c.*, CASE WHEN p.blocked_at IS NULL THEN p.content END AS phone,
        CASE WHEN r.blocked_at IS NULL THEN r.content END AS reason
    FROM callback c LEFT JOIN personal_value p ON p.id = c.phone_value_id
    LEFT JOIN personal_value r ON r.id = c.reason_value_id
    WHERE c.status = 'pending' ORDER BY c.due_at, c.id LIMIT :limit
    """
)

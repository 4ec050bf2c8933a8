"""What whoever attends a customer must know at once: each with its reason, and a day on which it ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from atencion.data.connection import Connection
from atencion.data.sql import Statement, day_or_none
from atencion.text import clean_line


@dataclass(frozen=True)
class Alert:
    """An alert in force."""

    id: int
    text: str
    reason: str
    expires_on: date


def add_alert(
    connection: Connection, customer_id: int, text: str, reason: str, expires_on: date, *, origin_id: int
) -> int:
    """Write an alert; returns its id."""
    row = _ADD.run(
        connection,
        customer_id=customer_id,
        text=clean_line(text),
        reason=clean_line(reason),
        expires_on=expires_on,
        origin_id=origin_id,
    )
    return int(row.scalar_one())


def end_alert(connection: Connection, alert_id: int, *, at: datetime) -> None:
    """It holds no more, before its day."""
    _END.run(connection, id=alert_id, at=at)


def alerts_of(connection: Connection, customer_id: int, on: date) -> list[Alert]:
    """The alerts of a customer in force on a day, the first to end first."""
    found = []
    for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, on=on):
        expires_on = day_or_none(row.expires_on)
        assert expires_on is not None
        found.append(Alert(row.id, row.text, row.reason, expires_on))
    return found


_ADD = Statement(
    """
    INSERT INTO customer_alert (customer_id, text, reason, expires_on, origin_id)
    VALUES (:customer_id, :text, :reason, :expires_on, :origin_id) RETURNING id
    """
)
_END = Statement("UPDATE customer_alert SET ended_at = :at WHERE id = :id AND ended_at IS NULL")
_OF_CUSTOMER = Statement(
    """
    SELECT id, text, reason, expires_on FROM customer_alert
    WHERE customer_id = :customer_id AND ended_at IS NULL AND expires_on >= :on ORDER BY expires_on, id
    """
)

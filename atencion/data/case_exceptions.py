"""What agents asked of a supervisor beyond their limits: each waits, is approved or refused, and serves once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class NewException:
    """What is asked for, why, and for how much in cents if it is money."""

    case_id: int
    agent_id: int
    what: str
    why: str
    amount_cents: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class StoredException:
    """A request in the store: waiting, approved or refused; texts are None if the law had them hidden or destroyed."""

    id: int
    case_key: str
    agent: str
    asked_at: datetime
    what: str | None
    why: str | None
    amount_cents: int | None
    state: str
    decided_by: str
    decided_at: datetime | None
    reason: str | None
    used_at: datetime | None


def ask_exception(connection: Connection, new: NewException, *, at: datetime) -> int:
    """Write a request that waits; returns its id."""
    return int(
        _ASK.run(
            connection,
            case_id=new.case_id,
            agent_id=new.agent_id,
            at=at,
            what_id=put_value(connection, new.what, at=at, customer_id=new.customer_id),
            why_id=put_value(connection, new.why, at=at, customer_id=new.customer_id),
            amount_cents=new.amount_cents,
        ).scalar_one()
    )


def decide_exception(
    connection: Connection,
    exception_id: int,
    state: str,
    *,
    by: int,
    reason: str,
    at: datetime,
    customer_id: int | None,
) -> bool:
    """`approved` or `refused`, with its reason; returns whether it was waiting."""
    reason_id = put_value(connection, reason, at=at, customer_id=customer_id)
    row = _DECIDE.run(connection, id=exception_id, state=state, by=by, reason_id=reason_id, at=at).first()
    return row is not None


def use_exception(connection: Connection, case_id: int, amount_cents: int, at: datetime) -> int | None:
    """Use up the smallest approved amount of a case that reaches this; its id, or None if there is none."""
    row = _USE.run(connection, case_id=case_id, amount_cents=amount_cents, at=at).first()
    return None if row is None else int(row.id)


def pass_exceptions(connection: Connection, from_case: int, to_case: int) -> None:
    """What was asked for in a case is asked for in the one it is merged into."""
    _PASS.run(connection, from_case=from_case, to_case=to_case)


def get_exception(connection: Connection, exception_id: int) -> StoredException | None:
    """A request, or None."""
    row = _GET.run(connection, id=exception_id).first()
    return None if row is None else _exception(row)


def waiting_exceptions(connection: Connection, limit: int = 100) -> list[StoredException]:
    """What waits for a supervisor, the longest waiting first."""
    return [_exception(row) for row in _WAITING.run(connection, limit=limit)]


def exceptions_of_case(connection: Connection, case_id: int) -> list[StoredException]:
    """What was asked for in a case, in order."""
    return [_exception(row) for row in _OF_CASE.run(connection, case_id=case_id)]


def exception_news(connection: Connection, agent_id: int, limit: int) -> list[StoredException]:
    """What became of what an agent asked for, and they have not seen yet, the latest first."""
    return [_exception(row) for row in _NEWS.run(connection, agent_id=agent_id, limit=limit)]


def see_exception_news(connection: Connection, agent_id: int, ids: list[int], at: datetime) -> None:
    """An agent has seen what became of these that they asked for."""
    _SEE.run(connection, agent_id=agent_id, ids=ids, at=at)


def _exception(row: Any) -> StoredException:
    return StoredException(
        id=row.id,
        case_key=row.key,
        agent=row.agent,
        asked_at=moment(row.asked_at),
        what=row.what,
        why=row.why,
        amount_cents=row.amount_cents,
        state=row.state,
        decided_by=row.decider or "",
        decided_at=moment_or_none(row.decided_at),
        reason=row.reason,
        used_at=moment_or_none(row.used_at),
    )


_ASK = Statement(
    """
    INSERT INTO case_exception (case_id, agent_id, asked_at, what_value_id, why_value_id, amount_cents, state)
    VALUES (:case_id, :agent_id, :at, :what_id, :why_id, :amount_cents, 'waiting') RETURNING id
    """
)
_DECIDE = Statement(
    """
    UPDATE case_exception SET state = :state, decided_by = :by, decided_at = :at, reason_value_id = :reason_id
    WHERE id = :id AND state = 'waiting' RETURNING id
    """
)
_USE = Statement(
    """
    UPDATE case_exception SET used_at = :at WHERE id = (
        SELECT id FROM case_exception WHERE case_id = :case_id AND state = 'approved' AND used_at IS NULL
            AND amount_cents >= :amount_cents ORDER BY amount_cents, id LIMIT 1
    ) RETURNING id
    """
)
_PASS = Statement("UPDATE case_exception SET case_id = :to_case WHERE case_id = :from_case")
_EXCEPTIONS = """
    SELECT e.*, s.key, a.name AS agent, d.name AS decider,
        CASE WHEN w.blocked_at IS NULL THEN w.content END AS what,
        CASE WHEN y.blocked_at IS NULL THEN y.content END AS why,
        CASE WHEN r.blocked_at IS NULL THEN r.content END AS reason
    FROM case_exception e JOIN service_case s ON s.id = e.case_id JOIN agent a ON a.id = e.agent_id
        JOIN personal_value w ON w.id = e.what_value_id JOIN personal_value y ON y.id = e.why_value_id
        LEFT JOIN agent d ON d.id = e.decided_by LEFT JOIN personal_value r ON r.id = e.reason_value_id
"""
_GET = Statement(_EXCEPTIONS + "WHERE e.id = :id")
_WAITING = Statement(_EXCEPTIONS + "WHERE e.state = 'waiting' ORDER BY e.asked_at, e.id LIMIT :limit")
_OF_CASE = Statement(_EXCEPTIONS + "WHERE e.case_id = :case_id ORDER BY e.id")
_NEWS = Statement(
    _EXCEPTIONS
    + """
    WHERE e.agent_id = :agent_id AND e.seen_at IS NULL AND e.state <> 'waiting'
    ORDER BY e.decided_at DESC, e.id DESC LIMIT :limit
    """
)
_SEE = Statement(
    """
    UPDATE case_exception SET seen_at = :at
    WHERE agent_id = :agent_id AND id IN @ids AND seen_at IS NULL AND state <> 'waiting'
    """
)

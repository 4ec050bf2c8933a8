"""Cases given to a department or a level: who waits for whom, and how each was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class NewHandover:
    """A case given to a department, with what whoever takes it must know."""

    case_id: int
    department: str
    summary: str
    reason: str = ""
    route: str = ""
    level: int = 1
    warm: bool = False
    agent_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class Handover:
    """A handover in the store; texts are None if the law had them hidden or destroyed."""

    id: int
    case_id: int
    case_key: str
    case_type: str
    priority: str
    due_at: datetime | None
    route: str
    level: int
    department: str
    reason: str
    warm: bool
    agent_id: int | None
    agent: str
    at: datetime
    summary: str | None
    state: str
    decided_by: str
    decided_at: datetime | None
    comment: str | None


def add_handover(connection: Connection, new: NewHandover, *, at: datetime) -> int:
    """Write a handover that waits; one that was waiting for the same case has been passed on. Returns its id."""
    _PASS_ON.run(connection, case_id=new.case_id, at=at)
    return int(
        _ADD.run(
            connection,
            case_id=new.case_id,
            route=new.route,
            level=new.level,
            department=new.department,
            reason=new.reason,
            warm=new.warm,
            agent_id=new.agent_id,
            at=at,
            summary_id=put_value(connection, new.summary, at=at, customer_id=new.customer_id),
        ).scalar_one()
    )


def go_on(connection: Connection, case_id: int, *, by: int | None, at: datetime) -> None:
    """What waits in a case waits no more: `by` has gone on with it without taking it there."""
    _GO_ON.run(connection, case_id=case_id, by=by, at=at)


def decide_handover(
    connection: Connection,
    case_id: int,
    state: str,
    *,
    by: int | None,
    comment: str,
    at: datetime,
    customer_id: int | None,
) -> bool:
    """`accepted` or `returned`, with a comment for whoever gave it; returns whether one was waiting."""
    comment_id = put_value(connection, comment, at=at, customer_id=customer_id) if comment else None
    row = _DECIDE.run(connection, case_id=case_id, state=state, by=by, comment_id=comment_id, at=at).first()
    return row is not None


def waiting_handovers(connection: Connection, department: str = "", limit: int = 100) -> list[Handover]:
    """What waits to be taken, of a department or of all: the most urgent first, then the longest waiting."""
    return [_handover(row) for row in _WAITING.run(connection, department=department, limit=limit)]


def handovers_of_case(connection: Connection, case_id: int) -> list[Handover]:
    """How a case has passed from hand to hand, in order."""
    return [_handover(row) for row in _OF_CASE.run(connection, case_id=case_id)]


def news_of_agent(connection: Connection, agent_id: int, limit: int) -> list[Handover]:
    """What became of what an agent handed over, and they have not seen yet, the latest first."""
    return [_handover(row) for row in _NEWS.run(connection, agent_id=agent_id, limit=limit)]


def see_news(connection: Connection, agent_id: int, ids: list[int], at: datetime) -> None:
    """An agent has seen what became of these that they handed over."""
    _SEE.run(connection, agent_id=agent_id, ids=ids, at=at)


def _handover(row: Any) -> Handover:
    return Handover(
        id=row.id,
        case_id=row.case_id,
        case_key=row.key,
        case_type=row.type,
        priority=row.priority,
        due_at=moment_or_none(row.due_at),
        route=row.route,
        level=row.level,
        department=row.department,
        reason=row.reason,
        warm=bool(row.warm),
        agent_id=row.agent_id,
        agent=row.agent or "",
        at=moment(row.at),
        summary=row.summary,
        state=row.state,
        decided_by=row.decider or "",
        decided_at=moment_or_none(row.decided_at),
        comment=row.comment,
    )


_PASS_ON = Statement(
    "UPDATE case_handover SET state = 'passed_on', decided_at = :at WHERE case_id = :case_id AND state = 'waiting'"
)
_GO_ON = Statement(
    """
    UPDATE case_handover SET state = 'gone_on', decided_by = :by, decided_at = :at
    WHERE case_id = :case_id AND state = 'waiting'
    """
)
_ADD = Statement(
    """
    INSERT INTO case_handover (case_id, route, level, department, reason, warm, agent_id, at, summary_value_id, state)
    VALUES (:case_id, :route, :level, :department, :reason, :warm, :agent_id, :at, :summary_id, 'waiting') RETURNING id
    """
)
_DECIDE = Statement(
    """
    UPDATE case_handover SET state = :state, decided_by = :by, decided_at = :at, comment_value_id = :comment_id
    WHERE case_id = :case_id AND state = 'waiting' RETURNING id
    """
)
_HANDOVERS = """
    SELECT h.*, s.key, s.type, s.priority, s.due_at, a.name AS agent, d.name AS decider,
        CASE WHEN v.blocked_at IS NULL THEN v.content END AS summary,
        CASE WHEN c.blocked_at IS NULL THEN c.content END AS comment
    FROM case_handover h JOIN service_case s ON s.id = h.case_id JOIN personal_value v ON v.id = h.summary_value_id
        LEFT JOIN agent a ON a.id = h.agent_id LEFT JOIN agent d ON d.id = h.decided_by
        LEFT JOIN personal_value c ON c.id = h.comment_value_id
"""
_WAITING = Statement(
    _HANDOVERS
    + """
    WHERE h.state = 'waiting' AND s.status = 'escalated' AND (:department = '' OR h.department = :department)
    ORDER BY CASE s.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END, h.at, h.id
    LIMIT :limit
    """
)
_OF_CASE = Statement(_HANDOVERS + "WHERE h.case_id = :case_id ORDER BY h.id")
_NEWS = Statement(
    _HANDOVERS
    + """
    WHERE h.agent_id = :agent_id AND h.seen_at IS NULL
        AND (h.state IN ('accepted', 'returned') OR h.state = 'gone_on' AND h.decided_by <> h.agent_id)
    ORDER BY h.decided_at DESC, h.id DESC LIMIT :limit
    """
)
_SEE = Statement(
    """
    UPDATE case_handover SET seen_at = :at WHERE agent_id = :agent_id AND id IN @ids AND seen_at IS NULL
    """
)

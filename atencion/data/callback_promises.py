"""Calls that customers were promised, and customers who asked for a supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class NewCallback:
    """A call to be made between two moments, by an agent or by anybody of a department. `reason` is what it is for,
    `asked` whether the customer asked for a `commercial` one.
    """

    phone: str
    from_at: datetime
    until_at: datetime
    reason: str
    case_id: int | None = None
    interaction_id: int | None = None
    customer_id: int | None = None
    agent_id: int | None = None
    department: str = ""
    commercial: bool = False
    asked: bool = False
    norm: str = ""


@dataclass(frozen=True)
class Callback:
    """A promised call in the store; `phone` and `reason` are None if the law had them hidden or destroyed."""

    id: int
    case_key: str
    customer_id: int | None
    phone: str | None
    from_at: datetime
    until_at: datetime
    agent_id: int | None
    department: str
    reason: str | None
    commercial: bool
    asked: bool
    norm: str
    state: str
    attempts: int
    ended_at: datetime | None


@dataclass(frozen=True)
class SupervisorRequest:
    """A customer who asked for a supervisor: until when one had to come, and how it ended."""

    id: int
    interaction_id: int | None
    case_key: str
    agent_id: int
    agent: str
    asked_at: datetime
    limit_at: datetime
    state: str
    ended_at: datetime | None
    callback_id: int | None


def add_callback(connection: Connection, new: NewCallback, *, at: datetime) -> int:
    """Write a promised call; returns its id."""
    row: dict[str, Any] = {name: value for name, value in vars(new).items() if name not in ("phone", "reason")}
    about: dict[str, Any] = {"at": at, "customer_id": new.customer_id, "interaction_id": new.interaction_id}
    phone_id = put_value(connection, new.phone, **about)
    reason_id = put_value(connection, new.reason, **about) if new.reason else None
    return int(_ADD.run(connection, **row, phone_id=phone_id, reason_id=reason_id, at=at).scalar_one())


def set_callback(connection: Connection, callback_id: int, state: str, at: datetime) -> bool:
    """It is `done` or `cancelled`; returns whether it was still to be made."""
    return _END.run(connection, callback_id=callback_id, state=state, at=at).scalar() is not None


def count_attempt(connection: Connection, callback_id: int, at: datetime) -> bool:
    """Nobody answered; returns whether the call is still to be made. One that was done, which counted as an attempt, is
    to be made again while its window lasts.
    """
    return _ATTEMPT.run(connection, callback_id=callback_id, at=at).scalar() is not None


def miss_callbacks(connection: Connection, at: datetime, department: str) -> int:
    """Those whose window has passed are missed, and go to a department; returns how many."""
    return len(list(_MISS.run(connection, at=at, department=department)))


def any_missed(connection: Connection, at: datetime) -> bool:
    """Whether the window of a call that is still to be made has passed."""
    return _ANY_MISSED.run(connection, at=at).first() is not None


def callbacks_of(
    connection: Connection,
    *,
    agent_id: int | None = None,
    department: str = "",
    state: str = "booked",
    limit: int = 100,
) -> list[Callback]:
    """Promised calls in a state, of an agent and their department or of all, the first first."""
    rows = _LIST.run(connection, agent_id=agent_id or 0, department=department, state=state, limit=limit)
    return [_callback(row) for row in rows]


def get_callback(connection: Connection, callback_id: int) -> Callback | None:
    """The promised call of that id, or None."""
    row = _GET.run(connection, callback_id=callback_id).first()
    return None if row is None else _callback(row)


def add_request(
    connection: Connection,
    *,
    agent_id: int,
    interaction_id: int | None,
    case_id: int | None,
    asked_at: datetime,
    limit_at: datetime,
    callback_id: int | None = None,
) -> int:
    """A customer asks for a supervisor; returns the id of the request.

    With `callback_id` the customer has agreed to be called back already, and nobody has to come.
    """
    row: dict[str, Any] = {"agent_id": agent_id, "interaction_id": interaction_id, "case_id": case_id}
    settled: dict[str, Any] = {"state": "waiting", "callback_id": None, "ended_at": None}
    if callback_id is not None:
        settled = {"state": "called_back", "callback_id": callback_id, "ended_at": asked_at}
    return int(_ASK.run(connection, **row, **settled, asked_at=asked_at, limit_at=limit_at).scalar_one())


def take_request(connection: Connection, request_id: int, by: int, at: datetime) -> bool:
    """A supervisor takes it; returns whether it was still waiting."""
    return _TAKE.run(connection, request_id=request_id, by=by, at=at).scalar() is not None


def expire_request(connection: Connection, request_id: int, callback_id: int, at: datetime) -> bool:
    """Nobody came: the customer is called back; returns whether it was still waiting."""
    return _EXPIRE.run(connection, request_id=request_id, callback_id=callback_id, at=at).scalar() is not None


def waiting_requests(connection: Connection) -> list[SupervisorRequest]:
    """Those that wait, the longest first."""
    return [_request(row) for row in _WAITING.run(connection)]


def get_request(connection: Connection, request_id: int) -> SupervisorRequest | None:
    """The request of that id, or None."""
    row = _REQUEST.run(connection, request_id=request_id).first()
    return None if row is None else _request(row)


def tie_callback(connection: Connection, interaction_id: int, norm: str, case_id: int | None) -> int | None:
    """Have the call that was promised in an interaction by a norm, and is still to be made, be about a case; returns
    which it is, None if there is none.
    """
    found = _OF_NORM.run(connection, interaction_id=interaction_id, norm=norm, case_id=case_id).scalar()
    return None if found is None else int(found)


def customers_of_phone(connection: Connection, phone: str) -> list[int]:
    """The customers who have that number (E.164)."""
    return [int(row.customer_id) for row in _OF_PHONE.run(connection, phone=phone)]


def phone_of_interaction(connection: Connection, interaction_id: int) -> tuple[str, int | None]:
    """The number a customer called from, and who it is, as far as they are known."""
    row = _PHONE.run(connection, interaction_id=interaction_id).first()
    return ("", None) if row is None else (row.phone or "", row.customer_id)


def _callback(row: Any) -> Callback:
    return Callback(
        id=row.id,
        case_key=row.key or "",
        customer_id=row.customer_id,
        phone=row.phone,
        from_at=moment(row.from_at),
        until_at=moment(row.until_at),
        agent_id=row.agent_id,
        department=row.department,
        reason=row.reason,
        commercial=bool(row.commercial),
        asked=bool(row.asked),
        norm=row.norm,
        state=row.state,
        attempts=row.attempts,
        ended_at=moment_or_none(row.ended_at),
    )


def _request(row: Any) -> SupervisorRequest:
    return SupervisorRequest(
        id=row.id,
        interaction_id=row.interaction_id,
        case_key=row.key or "",
        agent_id=row.agent_id,
        agent=row.name,
        asked_at=moment(row.asked_at),
        limit_at=moment(row.limit_at),
        state=row.state,
        ended_at=moment_or_none(row.ended_at),
        callback_id=row.callback_id,
    )


_ADD = Statement(
    """
    INSERT INTO callback_promise (case_id, interaction_id, customer_id, phone_value_id, from_at, until_at, agent_id,
        department, reason_value_id, commercial, asked, norm, state, attempts,
        created_at)
    VALUES (:case_id, :interaction_id, :customer_id, :phone_id, :from_at, :until_at, :agent_id, :department, :reason_id,
        :commercial, :asked, :norm, 'booked', 0, :at) RETURNING id
    """
)
_END = Statement(
    """
    UPDATE callback_promise SET state = :state, ended_at = :at, attempts = attempts + 1
    WHERE id = :callback_id AND state IN ('booked', 'missed') RETURNING id
    """
)
_ATTEMPT = Statement(
    """
    UPDATE callback_promise SET attempts = attempts + CASE state WHEN 'done' THEN 0 ELSE 1 END,
        state = CASE state WHEN 'done' THEN 'booked' ELSE state END, ended_at = NULL
    WHERE id = :callback_id AND (state IN ('booked', 'missed') OR (state = 'done' AND until_at > :at)) RETURNING id
    """
)
_MISS = Statement(
    """
    UPDATE callback_promise SET state = 'missed', agent_id = NULL, department = :department
    WHERE state = 'booked' AND until_at <= :at RETURNING id
    """
)
_ANY_MISSED = Statement("SELECT 1 FROM callback_promise WHERE state = 'booked' AND until_at <= :at LIMIT 1")
_CALLBACKS = """
    SELECT p.*, s.key, CASE WHEN v.blocked_at IS NULL THEN v.content END AS phone,
        CASE WHEN r.blocked_at IS NULL THEN r.content END AS reason
    FROM callback_promise p JOIN personal_value v ON v.id = p.phone_value_id
        LEFT JOIN personal_value r ON r.id = p.reason_value_id
        LEFT JOIN service_case s ON s.id = p.case_id
"""
_LIST = Statement(
    _CALLBACKS
    + """
    WHERE (:state = '' OR p.state = :state) AND ((:agent_id = 0 AND :department = '') OR p.agent_id = :agent_id
        OR (p.agent_id IS NULL AND :department <> '' AND p.department = :department))
    ORDER BY p.from_at, p.id LIMIT :limit
    """
)
_GET = Statement(_CALLBACKS + "WHERE p.id = :callback_id")
_OF_NORM = Statement(
    """
    UPDATE callback_promise SET case_id = COALESCE(case_id, :case_id) WHERE id = (SELECT max(id) FROM callback_promise
        WHERE interaction_id = :interaction_id AND norm = :norm AND state = 'booked') RETURNING id
    """
)
_ASK = Statement(
    """
    INSERT INTO supervisor_request (interaction_id, case_id, agent_id, asked_at, limit_at, state, callback_id, ended_at)
    VALUES (:interaction_id, :case_id, :agent_id, :asked_at, :limit_at, :state, :callback_id, :ended_at) RETURNING id
    """
)
_TAKE = Statement(
    """
    UPDATE supervisor_request SET state = 'taken', taken_by = :by, ended_at = :at
    WHERE id = :request_id AND state = 'waiting' RETURNING id
    """
)
_EXPIRE = Statement(
    """
    UPDATE supervisor_request SET state = 'called_back', callback_id = :callback_id, ended_at = :at
    WHERE id = :request_id AND state = 'waiting' RETURNING id
    """
)
_REQUESTS = """
    SELECT r.*, a.name, s.key FROM supervisor_request r JOIN agent a ON a.id = r.agent_id
        LEFT JOIN service_case s ON s.id = r.case_id
"""
_WAITING = Statement(_REQUESTS + "WHERE r.state = 'waiting' ORDER BY r.asked_at, r.id")
_REQUEST = Statement(_REQUESTS + "WHERE r.id = :request_id")
_PHONE = Statement("SELECT phone, customer_id FROM interaction WHERE id = :interaction_id")
_OF_PHONE = Statement(
    """
    SELECT DISTINCT p.customer_id FROM contact_point p JOIN customer c ON c.id = p.customer_id
    WHERE p.kind = 'phone' AND p.normal = :phone AND p.valid_to IS NULL AND c.merged_into IS NULL
    """
)

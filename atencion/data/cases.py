"""Cases: what customers want settled, each with the key it is followed by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment
from atencion.errors import Refused
from atencion.i18n import _


@dataclass(frozen=True)
class NewCase:
    """A case about to be opened. `subject` is what the customer wants, as the agent wrote it."""

    key: str
    type: str
    subject: str
    customer_id: int | None
    department: str
    opened_at: datetime
    opened_by_interaction: int
    owner_id: int | None = None


@dataclass(frozen=True)
class CaseSummary:
    """A case in a list; `subject` is None if the law had it hidden or destroyed."""

    id: int
    key: str
    type: str
    subject: str | None
    status: str
    customer_id: int | None
    department: str
    owner_id: int | None
    opened_at: datetime
    opened_by_interaction: int | None


def open_case(connection: Connection, new: NewCase) -> int:
    """Write an open case, with the interaction that opened it; returns its id. Refused if the key is taken."""
    value_id = _PUT_SUBJECT.run(
        connection,
        interaction_id=new.opened_by_interaction,
        customer_id=new.customer_id,
        content=new.subject,
        at=new.opened_at,
    ).scalar_one()
    case_id = _OPEN.run(
        connection,
        key=new.key,
        type=new.type,
        value_id=value_id,
        customer_id=new.customer_id,
        department=new.department,
        owner_id=new.owner_id,
        at=new.opened_at,
        interaction_id=new.opened_by_interaction,
    ).scalar()
    if case_id is None:
        raise Refused(_("Ya hay un expediente con la clave {key}.").format(key=new.key))
    link_case(connection, int(case_id), new.opened_by_interaction)
    return int(case_id)


def link_case(connection: Connection, case_id: int, interaction_id: int) -> None:
    """Say that an interaction touched a case."""
    _LINK.run(connection, case_id=case_id, interaction_id=interaction_id)


def set_case(
    connection: Connection,
    case_id: int,
    *,
    status: str | None = None,
    department: str | None = None,
    owner_id: int | None = None,
) -> None:
    """Change what is given of a case; None leaves it."""
    _SET.run(connection, case_id=case_id, status=status, department=department, owner_id=owner_id)


def case_by_key(connection: Connection, key: str) -> CaseSummary | None:
    """The case of that key, or None."""
    row = _BY_KEY.run(connection, key=key.strip().upper()).first()
    return None if row is None else _summary(row)


def cases_of_customer(connection: Connection, customer_id: int, limit: int = 20) -> list[CaseSummary]:
    """The cases of a customer, open ones first, the latest first."""
    return [_summary(row) for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit)]


def cases_of_interaction(connection: Connection, interaction_id: int) -> list[CaseSummary]:
    """The cases that an interaction touched."""
    return [_summary(row) for row in _OF_INTERACTION.run(connection, interaction_id=interaction_id)]


def _summary(row: Any) -> CaseSummary:
    return CaseSummary(
        id=row.id,
        key=row.key,
        type=row.type,
        subject=row.content if row.blocked_at is None else None,
        status=row.status,
        customer_id=row.customer_id,
        department=row.department,
        owner_id=row.owner_id,
        opened_at=moment(row.opened_at),
        opened_by_interaction=row.opened_by_interaction,
    )


_PUT_SUBJECT = Statement(
    """
    INSERT INTO personal_value (interaction_id, customer_id, content, created_at)
    VALUES (:interaction_id, :customer_id, :content, :at) RETURNING id
    """
)
_OPEN = Statement(
    """
    INSERT INTO service_case (key, type, subject_value_id, status, customer_id, department, owner_id, opened_at,
        opened_by_interaction)
    VALUES (:key, :type, :value_id, 'open', :customer_id, :department, :owner_id, :at, :interaction_id)
    ON CONFLICT (key) DO NOTHING RETURNING id
    """
)
_LINK = Statement(
    """
    INSERT INTO case_interaction (case_id, interaction_id) VALUES (:case_id, :interaction_id) ON CONFLICT DO NOTHING
    """
)
_SET = Statement(
    """
    UPDATE service_case SET status = COALESCE(:status, status), department = COALESCE(:department, department),
        owner_id = COALESCE(:owner_id, owner_id)
    WHERE id = :case_id
    """
)
_SUMMARY = """
    SELECT s.*, v.content, v.blocked_at FROM service_case s LEFT JOIN personal_value v ON v.id = s.subject_value_id
"""
_BY_KEY = Statement(_SUMMARY + "WHERE s.key = :key")
_OF_CUSTOMER = Statement(
    _SUMMARY
    + """
    WHERE s.customer_id = :customer_id
    ORDER BY CASE s.status WHEN 'open' THEN 0 ELSE 1 END, s.opened_at DESC, s.id DESC LIMIT :limit
    """
)
_OF_INTERACTION = Statement(
    _SUMMARY
    + """
    JOIN case_interaction l ON l.case_id = s.id WHERE l.interaction_id = :interaction_id ORDER BY s.id
    """
)

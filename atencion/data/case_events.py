"""The history of a case, event by event, never changed once written; like the journal, what people said is apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.journal import Scalar
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line


@dataclass(frozen=True)
class NewCaseEvent:
    """What to write. `body` holds ids, numbers and booleans; what somebody wrote is `value`, or is already kept."""

    kind: str
    body: Mapping[str, Scalar] = field(default_factory=dict)
    value: str | None = None


@dataclass(frozen=True)
class CaseEvent:
    """What was written. `value` is None if there was none, or the law had it hidden or destroyed."""

    seq: int
    at: datetime
    agent_id: int | None
    agent: str
    kind: str
    body: Mapping[str, Scalar]
    value: str | None


class ConcurrentCase(Refused):
    """Somebody else has changed the case since it was read."""

    def __init__(self, key: str, by: str = "") -> None:
        who = _(" Lo ha hecho {agent}.").format(agent=by) if by else ""
        super().__init__(
            _("El expediente {key} ha cambiado mientras tanto; lo suyo no se ha guardado.").format(key=key) + who,
            remedy=_("Ábralo otra vez para ver cómo está."),
        )


def append_events(
    connection: Connection,
    case_id: int,
    first_seq: int,
    events: Sequence[NewCaseEvent],
    *,
    at: datetime,
    agent_id: int | None,
    customer_id: int | None,
) -> None:
    """Write events as first_seq, first_seq + 1...; the case must be held."""
    for seq, event in enumerate(events, first_seq):
        value_id = None if event.value is None else put_value(connection, event.value, at=at, customer_id=customer_id)
        body = {name: clean_line(one) if isinstance(one, str) else one for name, one in event.body.items()}
        _PUT.run(
            connection,
            case_id=case_id,
            seq=seq,
            at=at,
            agent_id=agent_id,
            kind=event.kind,
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            value_id=value_id,
        )


def read_events(connection: Connection, case_id: int) -> list[CaseEvent]:
    """Every event of a case, in order."""
    return [
        CaseEvent(row.seq, moment(row.at), row.agent_id, row.name or "", row.kind, json.loads(row.body), row.content)
        for row in _READ.run(connection, case_id=case_id)
    ]


def last_event(connection: Connection, case_id: int) -> CaseEvent | None:
    """The latest event of a case."""
    row = _LAST.run(connection, case_id=case_id).first()
    if row is None:
        return None
    return CaseEvent(row.seq, moment(row.at), row.agent_id, row.name or "", row.kind, json.loads(row.body), row.content)


_PUT = Statement(
    """
    INSERT INTO case_event (case_id, seq, at, agent_id, kind, body, value_id)
    VALUES (:case_id, :seq, :at, :agent_id, :kind, :body, :value_id)
    """
)
_EVENTS = """
    SELECT e.*, a.name, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM case_event e LEFT JOIN agent a ON a.id = e.agent_id LEFT JOIN personal_value v ON v.id = e.value_id
    WHERE e.case_id = :case_id
"""
_READ = Statement(_EVENTS + "ORDER BY e.seq")
_LAST = Statement(_EVENTS + "ORDER BY e.seq DESC LIMIT 1")

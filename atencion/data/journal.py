"""The journal: what happened in each interaction, entry by entry, never changed once written.

What a person said or typed is not in the entry but in a value it points to, which the law may have blocked (hidden) or
destroyed while the entry stays (GDPR art. 17; LOPDGDD art. 32).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line

Scalar: TypeAlias = str | int | float | bool | None


class ValueState(StrEnum):
    """What became of the personal value of an entry."""

    NONE = "none"
    PRESENT = "present"
    BLOCKED = "blocked"
    DESTROYED = "destroyed"


@dataclass(frozen=True)
class NewEntry:
    """What to write. `body` holds ids, numbers and booleans, never personal or typed text: that is `value`."""

    kind: str
    step: str = ""
    body: Mapping[str, Scalar] = field(default_factory=dict)
    value: str | None = None


@dataclass(frozen=True)
class StoredEntry:
    """What was written. `value` is None unless `value_state` is PRESENT."""

    seq: int
    at: datetime
    agent_id: int
    kind: str
    step: str
    body: Mapping[str, Scalar]
    value: str | None
    value_state: ValueState
    value_id: int | None


class ConcurrentCall(Refused):
    """Somebody else has written in the same interaction since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Esta llamada está abierta en otro puesto; este paso no se ha guardado."),
            remedy=_(
                "Lo que el otro puesto ha confirmado está a salvo. Vuelva a abrir la llamada para ver por dónde va."
            ),
        )


def append(
    connection: Connection,
    interaction_id: int,
    first_seq: int,
    entries: Sequence[NewEntry],
    *,
    at: datetime,
    agent_id: int,
    customer_id: int | None = None,
) -> None:
    """Write `entries` as first_seq, first_seq + 1...; `customer_id` is whom their values are about, if it is known.

    Raises ConcurrentCall if one of those places is taken; the transaction is then of no more use.
    """
    driver: Any = connection.dialect.dbapi
    try:
        for seq, entry in enumerate(entries, first_seq):
            value_id = None
            if entry.value is not None:
                value = {"interaction_id": interaction_id, "customer_id": customer_id, "content": entry.value, "at": at}
                (value_id,) = _PUT_VALUE.send(connection, **value).fetchone()
            _PUT_ENTRY.send(
                connection,
                interaction_id=interaction_id,
                seq=seq,
                at=at,
                agent_id=agent_id,
                kind=entry.kind,
                step=entry.step,
                body=_body_text(entry.body),
                value_id=value_id,
            )
    except driver.IntegrityError as error:
        if _is_taken(error):
            raise ConcurrentCall from error
        raise


def read(connection: Connection, interaction_id: int) -> list[StoredEntry]:
    """Every entry of the interaction, in order."""
    return [_entry(row) for row in _ENTRIES.run(connection, interaction_id=interaction_id)]


def block_value(connection: Connection, value_id: int, at: datetime) -> None:
    """Hide a value: its content stays, for whoever the law names, and `read` gives it no more."""
    _BLOCK.run(connection, value_id=value_id, at=at)


def destroy_value(connection: Connection, value_id: int, at: datetime) -> None:
    """Take the content of a value out for good; the entry that points to it stays."""
    _DESTROY.run(connection, value_id=value_id, at=at)


def _body_text(body: Mapping[str, Scalar]) -> str:
    if not body:
        return "{}"
    cleaned = {key: clean_line(value) if isinstance(value, str) else value for key, value in body.items()}
    return json.dumps(cleaned, ensure_ascii=False, separators=(",", ":"))


def _entry(row: Any) -> StoredEntry:
    seq, at, agent_id, kind, step, body, value_id, content, blocked_at, destroyed_at = row
    if value_id is None:
        state = ValueState.NONE
    elif destroyed_at is not None:
        state = ValueState.DESTROYED
    else:
        state = ValueState.PRESENT if blocked_at is None else ValueState.BLOCKED
    return StoredEntry(
        seq=seq,
        at=moment(at),
        agent_id=agent_id,
        kind=kind,
        step=step,
        body=json.loads(body),
        value=content if state is ValueState.PRESENT else None,
        value_state=state,
        value_id=value_id,
    )


def _is_taken(cause: BaseException) -> bool:
    # This SQLite driver gives no extended codes: the table and its columns are in the message alone.
    in_sqlite = str(cause).startswith("UNIQUE constraint failed: journal_entry.")
    return in_sqlite or getattr(cause, "sqlstate", None) == "23505"


_PUT_VALUE = Statement(
    """
    INSERT INTO personal_value (interaction_id, customer_id, content, created_at)
    VALUES (:interaction_id, :customer_id, :content, :at) RETURNING id
    """
)
_PUT_ENTRY = Statement(
    """
    INSERT INTO journal_entry (interaction_id, seq, at, agent_id, kind, step, body, value_id)
    VALUES (:interaction_id, :seq, :at, :agent_id, :kind, :step, :body, :value_id)
    """
)
_ENTRIES = Statement(
    """
    SELECT e.seq, e.at, e.agent_id, e.kind, e.step, e.body, e.value_id, v.content, v.blocked_at, v.destroyed_at
    FROM journal_entry e LEFT JOIN personal_value v ON v.id = e.value_id
    WHERE e.interaction_id = :interaction_id ORDER BY e.seq
    """
)
_BLOCK = Statement("UPDATE personal_value SET blocked_at = :at WHERE id = :value_id AND blocked_at IS NULL")
_DESTROY = Statement(
    "UPDATE personal_value SET content = NULL, destroyed_at = :at WHERE id = :value_id AND destroyed_at IS NULL"
)

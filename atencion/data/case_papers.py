"""What is written in a case after it was opened: notes, and the receipts that its customer was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement, moment


@dataclass(frozen=True)
class Receipt:
    """What was given in writing; `hash` is the SHA-256 of its text, which is None if hidden or destroyed by law."""

    channel: str
    text: str | None
    hash: str
    issued_at: datetime


def add_note(connection: Connection, occasion: Occasion, case_id: int, note: str) -> None:
    """Write a note in a case."""
    _PUT_NOTE.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        case_id=case_id,
        note_id=occasion.put_value(connection, note),
        at=occasion.at,
    )


def notes_of_case(connection: Connection, case_id: int) -> list[str | None]:
    """The notes of a case, in order; None for those hidden or destroyed by law."""
    return [row.content for row in _NOTES.run(connection, case_id=case_id)]


def add_receipt(
    connection: Connection, occasion: Occasion, case_id: int, *, channel: str, text: str, sha256: str
) -> None:
    """Write down a receipt, word for word."""
    _PUT_RECEIPT.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        case_id=case_id,
        channel=channel,
        text_id=occasion.put_value(connection, text),
        hash=sha256,
        at=occasion.at,
    )


def receipts_of_case(connection: Connection, case_id: int) -> list[Receipt]:
    """The receipts of a case, in order."""
    return [
        Receipt(row.channel, row.content, row.hash, moment(row.issued_at))
        for row in _RECEIPTS.run(connection, case_id=case_id)
    ]


_PUT_NOTE = Statement(
    """
    INSERT INTO case_note (interaction_id, agent_id, case_id, note_value_id, noted_at)
    VALUES (:interaction_id, :agent_id, :case_id, :note_id, :at)
    """
)
_NOTES = Statement(
    """
    SELECT CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM case_note n JOIN personal_value v ON v.id = n.note_value_id WHERE n.case_id = :case_id ORDER BY n.id
    """
)
_PUT_RECEIPT = Statement(
    """
    INSERT INTO receipt (interaction_id, agent_id, case_id, channel, text_value_id, hash, issued_at)
    VALUES (:interaction_id, :agent_id, :case_id, :channel, :text_id, :hash, :at)
    """
)
_RECEIPTS = Statement(
    """
    SELECT r.channel, r.hash, r.issued_at, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM receipt r JOIN personal_value v ON v.id = r.text_value_id WHERE r.case_id = :case_id ORDER BY r.id
    """
)

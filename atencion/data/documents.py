"""The register of documents that came in or went out, whose codes leave no gap in a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement, moment


@dataclass(frozen=True)
class Document:
    """An entry of the register; title and reference are None if there is none, or hidden or destroyed by law."""

    code: str
    type: str
    title: str | None
    reference: str | None
    direction: str
    registered_at: datetime


def register_document(
    connection: Connection,
    occasion: Occasion,
    *,
    year: int,
    kind: str,
    title: str,
    reference: str | None,
    direction: str,
) -> str:
    """Write a document in the register of a year; returns its code, such as E2026-000001 (S for what goes out).

    The number is held until the transaction ends and given back if it fails, so that the next takes it.
    """
    number = int(_NEXT.run(connection, year=year, direction=direction).scalar_one())
    code = f"{'E' if direction == 'in' else 'S'}{year}-{number:06}"
    _PUT.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        code=code,
        type=kind,
        title_id=occasion.put_value(connection, title),
        reference_id=occasion.put_value_or_none(connection, reference),
        direction=direction,
        at=occasion.at,
    )
    return code


def documents_of_interaction(connection: Connection, interaction_id: int) -> list[Document]:
    """The documents that an interaction brought into the register, in order."""
    return [_document(row) for row in _OF_INTERACTION.run(connection, interaction_id=interaction_id)]


def documents_of_customer(connection: Connection, customer_id: int, limit: int) -> list[Document]:
    """The latest documents of a customer in the register, the latest first."""
    return [_document(row) for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit)]


def _document(row: Any) -> Document:
    return Document(row.code, row.type, row.title, row.reference, row.direction, moment(row.registered_at))


_NEXT = Statement(
    """
    INSERT INTO document_series (year, direction, last) VALUES (:year, :direction, 1)
    ON CONFLICT (year, direction) DO UPDATE SET last = document_series.last + 1 RETURNING last
    """
)
_PUT = Statement(
    """
    INSERT INTO document_entry (interaction_id, agent_id, customer_id, code, type, title_value_id, reference_value_id,
        direction, registered_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :code, :type, :title_id, :reference_id, :direction, :at)
    """
)
_SELECT = """
    SELECT d.*, CASE WHEN t.blocked_at IS NULL THEN t.content END AS title,
        CASE WHEN r.blocked_at IS NULL THEN r.content END AS reference
    FROM document_entry d LEFT JOIN personal_value t ON t.id = d.title_value_id
    LEFT JOIN personal_value r ON r.id = d.reference_value_id
    """
_OF_INTERACTION = Statement(_SELECT + "WHERE d.interaction_id = :interaction_id ORDER BY d.id")
_OF_CUSTOMER = Statement(_SELECT + "WHERE d.customer_id = :customer_id ORDER BY d.id DESC LIMIT :limit")

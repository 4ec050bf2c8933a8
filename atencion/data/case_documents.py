"""What was written to customers about their cases: kept word for word, with a hash that shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment
from atencion.text import clean_text


@dataclass(frozen=True)
class CaseDocument:
    """A document; `text` is None if the law had it hidden or destroyed. `hash` is the SHA-256 of its text in UTF-8."""

    id: int
    case_id: int
    case_key: str
    kind: str
    language: str
    at: datetime
    hash: str
    text: str | None

    @property
    def ends_case(self) -> bool:
        """Whether it tells the customer how the case ended."""
        return self.kind in ("resolution", "lapse")

    @property
    def intact(self) -> bool:
        """Whether the text is the very one that was registered."""
        return self.text is not None and hash_of(self.text) == self.hash


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def put_document(
    connection: Connection, case_id: int, kind: str, language: str, text: str, *, at: datetime, customer_id: int | None
) -> int:
    """Register a document; returns its id."""
    text = clean_text(text, 200_000, 5_000)
    value_id = put_value(connection, text, at=at, customer_id=customer_id)
    return int(
        _PUT.run(
            connection, case_id=case_id, kind=kind, language=language, at=at, hash=hash_of(text), value_id=value_id
        ).scalar_one()
    )


def documents_of(connection: Connection, case_id: int) -> list[CaseDocument]:
    """The documents of a case, in order."""
    return [_document(row) for row in _OF_CASE.run(connection, case_id=case_id)]


def get_document(connection: Connection, document_id: int) -> CaseDocument | None:
    """The document of that id, or None."""
    row = _GET.run(connection, document_id=document_id).first()
    return None if row is None else _document(row)


def _document(row: Any) -> CaseDocument:
    return CaseDocument(row.id, row.case_id, row.key, row.kind, row.language, moment(row.at), row.hash, row.content)


_PUT = Statement(
    """
    INSERT INTO case_document (case_id, kind, language, at, hash, value_id)
    VALUES (:case_id, :kind, :language, :at, :hash, :value_id) RETURNING id
    """
)
_DOCUMENTS = """
    SELECT d.*, s.key, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM case_document d JOIN service_case s ON s.id = d.case_id JOIN personal_value v ON v.id = d.value_id
"""
_OF_CASE = Statement(_DOCUMENTS + "WHERE d.case_id = :case_id ORDER BY d.id")
_GET = Statement(_DOCUMENTS + "WHERE d.id = :document_id")

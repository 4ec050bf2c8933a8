"""The exact text of every protocol that led an interaction, so that its journal can be folded again years later."""

from __future__ import annotations

from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.sql import Statement, Verbatim


def put_protocol_text(
    connection: Connection, text_hash: str, *, protocol_id: str, version: str, source: str, at: datetime
) -> None:
    """Keep `source`, character by character, under its hash; nothing if it is there already."""
    _PUT.run(connection, hash=text_hash, protocol_id=protocol_id, version=version, source=Verbatim(source), at=at)


def get_protocol_text(connection: Connection, text_hash: str) -> str | None:
    """The text of that hash, or None."""
    source: str | None = _GET.run(connection, hash=text_hash).scalar()
    return source


_PUT = Statement(
    """
    INSERT INTO protocol_text (hash, protocol_id, version, source, first_used_at)
    VALUES (:hash, :protocol_id, :version, :source, :at) ON CONFLICT (hash) DO NOTHING
    """
)
_GET = Statement("SELECT source FROM protocol_text WHERE hash = :hash")

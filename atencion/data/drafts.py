"""What is typed and not yet confirmed, kept so that a crash loses at most the last seconds of typing."""

from __future__ import annotations

from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.sql import Statement


def put_draft(connection: Connection, interaction_id: int, slot: str, content: str, *, at: datetime) -> None:
    """Keep what stands in a field; `slot` names the field. Empty content takes the draft away."""
    if content:
        _PUT.run(connection, interaction_id=interaction_id, slot=slot, content=content, at=at)
    else:
        delete_draft(connection, interaction_id, slot)


def get_drafts(connection: Connection, interaction_id: int) -> dict[str, str]:
    """The content of every draft of an interaction, by slot."""
    return {row.slot: row.content for row in _GET.run(connection, interaction_id=interaction_id)}


def delete_draft(connection: Connection, interaction_id: int, slot: str) -> None:
    """Forget one draft."""
    _DELETE.run(connection, interaction_id=interaction_id, slot=slot)


def delete_drafts(connection: Connection, interaction_id: int) -> None:
    """Forget every draft of an interaction."""
    _DELETE_ALL.run(connection, interaction_id=interaction_id)


_PUT = Statement(
    """
    INSERT INTO draft (interaction_id, slot, content, updated_at) VALUES (:interaction_id, :slot, :content, :at)
    ON CONFLICT (interaction_id, slot) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at
    """
)
_GET = Statement("SELECT slot, content FROM draft WHERE interaction_id = :interaction_id ORDER BY slot")
_DELETE = Statement("DELETE FROM draft WHERE interaction_id = :interaction_id AND slot = :slot")
_DELETE_ALL = Statement("DELETE FROM draft WHERE interaction_id = :interaction_id")

"""Where customers' data came from: one row per occasion, that every datum and every change points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment
from atencion.text import clean_line


class OriginKind(StrEnum):
    """What kind of occasion it was."""

    CALL = "call"
    DESK = "desk"
    IMPORT = "import"
    MERGE = "merge"
    UNMERGE = "unmerge"
    UNDO = "undo"


@dataclass(frozen=True)
class NewOrigin:
    """An occasion about to be written. `detail` is a file's name, or what else tells it from others."""

    kind: OriginKind
    at: datetime
    agent_id: int | None = None
    interaction_id: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Origin:
    """An occasion as it is told: `agent` is the name of who did it, or empty."""

    id: int
    kind: OriginKind
    at: datetime
    agent: str
    interaction_id: int | None
    detail: str


def add_origin(connection: Connection, new: NewOrigin) -> int:
    """Write an occasion; returns its id."""
    values = {**vars(new), "kind": str(new.kind), "detail": clean_line(new.detail)}
    return int(_ADD.run(connection, **values).scalar_one())


def origins(connection: Connection, ids: Sequence[int]) -> dict[int, Origin]:
    """The occasions of these ids."""
    return {
        row.id: Origin(row.id, OriginKind(row.kind), moment(row.at), row.agent or "", row.interaction_id, row.detail)
        for row in _READ.run(connection, ids=list(ids))
    }


_ADD = Statement(
    """
    INSERT INTO origin (kind, detail, at, agent_id, interaction_id)
    VALUES (:kind, :detail, :at, :agent_id, :interaction_id) RETURNING id
    """
)
_READ = Statement(
    """
    SELECT o.id, o.kind, o.at, o.interaction_id, o.detail, a.name AS agent
    FROM origin o LEFT JOIN agent a ON a.id = o.agent_id WHERE o.id IN @ids
    """
)

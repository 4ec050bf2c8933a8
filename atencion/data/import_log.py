"""The imports there have been: where each stands, so that it goes on where it was, and how one is undone whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_edits import reindex
from atencion.data.customer_history import revert
from atencion.data.customer_merge import FOLLOWERS
from atencion.data.customer_search import index_customers
from atencion.data.engine import Store
from atencion.data.sql import Statement, moment, moment_or_none
from atencion.errors import Refused
from atencion.i18n import _

UNDONE_AT_A_TIME = 2_000
"""Customers of a transaction while an import is undone: small enough that agents at work do not notice."""


@dataclass(frozen=True)
class ImportRecord:
    """An import: `status` is running (also if it was interrupted), done or undone."""

    id: int
    origin_id: int
    name: str
    status: str
    rows: int
    created: int
    updated: int
    rejected: int
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class ImportUndone:
    """How undoing an import ended.

    Customers taken out, and those that stayed because something hangs from them since; what was changed and added of
    others that is as it was, and what stayed because somebody had changed it again.
    """

    removed: int
    kept: int
    reverted: int
    changed_since: int


def fingerprint(path: Path, mapping: str) -> str:
    """What tells a file from another, and from itself read otherwise, without reading it all."""
    size = path.stat().st_size
    digest = hashlib.sha256(f"{size} {mapping}".encode())
    with path.open("rb") as file:
        digest.update(file.read(1 << 20))
        if size > 2 << 20:
            file.seek(-(1 << 20), os.SEEK_END)
            digest.update(file.read())
    return digest.hexdigest()


def unfinished(connection: Connection, mark: str) -> ImportRecord | None:
    """The import of the same file that was interrupted, or None."""
    row = _UNFINISHED.run(connection, mark=mark).first()
    return None if row is None else _record(row)


def start(connection: Connection, *, origin_id: int, name: str, mark: str, at: datetime) -> ImportRecord:
    """Write that an import begins."""
    import_id = int(_START.run(connection, origin_id=origin_id, name=name, mark=mark, at=at).scalar_one())
    return ImportRecord(import_id, origin_id, name, "running", 0, 0, 0, 0, at, None)


def advance(
    connection: Connection, import_id: int, *, after: int, rows: int, created: int, updated: int, rejected: int
) -> None:
    """Write how far it is; in the transaction of the rows themselves, and before them.

    Raises Refused if it is not where it was left, `after` so many rows: another process goes on with it, or undid it.
    """
    counts = {"rows": rows, "created": created, "updated": updated, "rejected": rejected}
    if _ADVANCE.run(connection, id=import_id, after=after, **counts).first() is None:
        raise Refused(
            _("Otro proceso ha seguido o deshecho esta importación; aquí no se sigue."),
            remedy=_("Mire cómo está con «atencion customer import list»."),
        )


def finish(connection: Connection, import_id: int, at: datetime) -> None:
    """It has read all of its file, if nobody has undone it meanwhile."""
    _FINISH.run(connection, id=import_id, at=at)


def imports(connection: Connection, limit: int = 50) -> list[ImportRecord]:
    """The latest imports, the latest first."""
    return [_record(row) for row in _LATEST.run(connection, limit=limit)]


def undo(
    store: Store,
    import_id: int,
    *,
    clock: Callable[[], datetime],
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> ImportUndone:
    """Take out all that an import brought in. Interrupted, it can be asked for again.

    A customer that has been written to, spoken with or contracted anything since stays. Raises Refused if there is no
    such import, or it is undone already.
    """
    with store.reading() as connection:
        row = _GET.run(connection, id=import_id).first()
        if row is None:
            raise Refused(_("No hay ninguna importación {id}.").format(id=import_id))
        if row.status == "undone":
            raise Refused(_("La importación {id} ya está deshecha.").format(id=import_id))
        total = int(_COUNT.run(connection, origin_id=row.origin_id).scalar_one())
    with store.writing() as connection:
        # Before anything is taken out: whoever still reads it goes on no more, nor does it later from where it was.
        _FINISH.run(connection, id=import_id, at=clock())
    reverted, changed_since = _revert(store, row.origin_id)
    removed = kept = after = 0
    while True:
        with store.writing() as connection:
            ids = [
                each[0]
                for each in _CREATED.run(connection, origin_id=row.origin_id, after=after, limit=UNDONE_AT_A_TIME)
            ]
            if not ids:
                _SET.run(connection, id=import_id, status="undone", at=clock())
                break
            after = ids[-1]
            going = _free(connection, ids)
            _take_out(connection, going)
        removed, kept = removed + len(going), kept + len(ids) - len(going)
        on_progress((removed + kept) / max(1, total))
    return ImportUndone(removed, kept, reverted, changed_since)


def _revert(store: Store, origin_id: int) -> tuple[int, int]:
    with store.writing() as connection:
        done = revert(connection, origin_id)
        reindex(connection, done.customers)
        _FORGET.run(connection, origin_id=origin_id)
    return len(done.undone), len(done.kept)


def _free(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those from which nothing hangs that did not come with them."""
    held: set[int] = set()
    for statement in _HELD:
        held.update(row[0] for row in statement.run(connection, ids=list(ids)))
    return [customer_id for customer_id in ids if customer_id not in held]


def _take_out(connection: Connection, ids: list[int]) -> None:
    for statement in _DELETE:
        statement.run(connection, ids=ids)
    index_customers(connection, ids)


def _record(row: Any) -> ImportRecord:
    return ImportRecord(
        row.id,
        row.origin_id,
        row.name,
        row.status,
        row.rows_done,
        row.created,
        row.updated,
        row.rejected,
        moment(row.started_at),
        moment_or_none(row.ended_at),
    )


_UNFINISHED = Statement(
    "SELECT * FROM customer_import WHERE fingerprint = :mark AND status = 'running' ORDER BY id DESC LIMIT 1"
)
_START = Statement(
    """
    INSERT INTO customer_import
        (origin_id, name, fingerprint, status, rows_done, created, updated, rejected, started_at)
    VALUES (:origin_id, :name, :mark, 'running', 0, 0, 0, 0, :at) RETURNING id
    """
)
_ADVANCE = Statement(
    """
    UPDATE customer_import SET rows_done = :rows, created = :created, updated = :updated, rejected = :rejected
    WHERE id = :id AND status = 'running' AND rows_done = :after RETURNING id
    """
)
_FINISH = Statement("UPDATE customer_import SET status = 'done', ended_at = :at WHERE id = :id AND status = 'running'")
_SET = Statement("UPDATE customer_import SET status = :status, ended_at = :at WHERE id = :id")
_LATEST = Statement("SELECT * FROM customer_import ORDER BY id DESC LIMIT :limit")
_GET = Statement("SELECT * FROM customer_import WHERE id = :id")
_COUNT = Statement("SELECT count(*) FROM customer WHERE origin_id = :origin_id")
_CREATED = Statement("SELECT id FROM customer WHERE origin_id = :origin_id AND id > :after ORDER BY id LIMIT :limit")
_FORGET = Statement("DELETE FROM customer_change WHERE origin_id = :origin_id")
_HELD = tuple(
    Statement(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IN @ids")
    for table, column in (
        *((table, "customer_id") for table in FOLLOWERS),
        ("customer_change", "customer_id"),
        ("customer", "merged_into"),
        ("customer_merge", "kept_id"),
        ("customer_merge", "merged_id"),
    )
)
_DELETE = (
    Statement("DELETE FROM twin_pair WHERE low_id IN @ids"),
    Statement("DELETE FROM twin_pair WHERE high_id IN @ids"),
    Statement("DELETE FROM identifier WHERE customer_id IN @ids"),
    Statement("DELETE FROM contact_point WHERE customer_id IN @ids"),
    Statement("DELETE FROM address WHERE customer_id IN @ids"),
    Statement("DELETE FROM customer WHERE id IN @ids"),
)

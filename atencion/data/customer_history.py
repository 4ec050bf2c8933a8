"""The history of customers: every cell that changed, its old value kept, and how what one occasion changed is undone.

A change names its cell, so that undoing needs no knowledge of what was being done: an import, an edit and a merge are
undone by the same few lines. A cell that was changed again since is left as it is, and so is a row that was added and
has changed since, whoever it was moved to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from atencion.data.connection import Connection
from atencion.data.origins import Origin, origins
from atencion.data.sql import Statement, Value

CELLS: dict[str, tuple[str, ...]] = {
    "customer": (
        "external_id", "kind", "given_name", "surnames", "company_name", "birth_date", "language", "treatment",
        "accessibility", "former_names", "merged_into",
    ),
    "identifier": ("customer_id", "valid_to"),
    "contact_point": ("customer_id", "label", "value", "is_primary", "valid_from", "valid_to"),
    "address": ("customer_id", "province", "is_primary", "valid_to"),
    "contract": ("customer_id",),
    "invoice": ("customer_id",),
    "customer_alert": ("customer_id", "ended_at"),
    "interaction": ("customer_id",),
    "service_case": ("customer_id",),
    "personal_value": ("customer_id",),
    "consent_record": ("customer_id",),
    "document_entry": ("customer_id",),
    "loyalty_member": ("customer_id",),
    "loyalty_offer": ("customer_id",),
    "survey_request": ("customer_id",),
    "survey_answer": ("customer_id",),
    "callback_promise": ("customer_id",),
}  # fmt: skip
"""The cells that change, by table: no other name gets into a statement."""

ROW = ""
"""The `field` of a change that is about a whole row."""


@dataclass(frozen=True)
class Change:
    """A cell of a customer's record that went from `old` to `new`; None is nothing."""

    customer_id: int
    entity: str
    row_id: int
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Past:
    """A change with the occasion it was made on."""

    change: Change
    origin: Origin


@dataclass(frozen=True)
class Reverted:
    """How undoing ended: the changes taken back, the last first, and those that something later has changed again.

    `customers` are those whom it was about, and those who have the rows by now.
    """

    undone: tuple[Change, ...]
    kept: tuple[Change, ...]
    customers: tuple[int, ...]


def write_cell(connection: Connection, entity: str, row_id: int, field: str, value: Value) -> None:
    """Set a cell."""
    _set(entity, field).run(connection, value=value, id=row_id)


def note_changes(connection: Connection, origin_id: int, changes: Iterable[Change]) -> None:
    """Write changes into the history."""
    _ADD.run_many(connection, ({**vars(change), "origin_id": origin_id} for change in changes))


def as_text(value: Value) -> str | None:
    """A value as the history keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def history(connection: Connection, customer_id: int, limit: int = 50, before: int | None = None) -> list[Past]:
    """What changed in a customer's record, the latest first; `before` is the id of the oldest change already seen."""
    rows = _OF_CUSTOMER.run(connection, customer_id=customer_id, before=before or 2**62, limit=limit).all()
    known = origins(connection, sorted({row.origin_id for row in rows}))
    return [Past(_change(row), known[row.origin_id]) for row in rows]


def changes_of(connection: Connection, origin_id: int) -> list[Change]:
    """All that changed on an occasion, in order."""
    return [_change(row) for row in _OF_ORIGIN.run(connection, origin_id=origin_id)]


def revert(connection: Connection, origin_id: int) -> Reverted:
    """Take back what an occasion changed. Whoever calls has the customers indexed again (`customer_edits.reindex`)."""
    undone, kept = list[Change](), list[Change]()
    customers = set[int]()
    altered = _altered_rows(connection, origin_id)
    for change in reversed(changes_of(connection, origin_id)):
        found = _get(change.entity, change.field or "customer_id").run(connection, id=change.row_id).first()
        if change.field == ROW:
            back = (change.entity, change.row_id) not in altered
            if back:
                _delete(change.entity).run(connection, id=change.row_id)
        else:
            back = found is not None and as_text(_comparable(change.field, found.cell)) == change.new
            if back:
                write_cell(connection, change.entity, change.row_id, change.field, _typed(change.field, change.old))
        customers.update({change.customer_id, found.owner if found else change.customer_id})
        (undone if back else kept).append(change)
    return Reverted(tuple(undone), tuple(kept), tuple(sorted(customers)))


def _altered_rows(connection: Connection, origin_id: int) -> set[tuple[str, int]]:
    """Of the rows that an occasion added, those that others left otherwise than it did: table and id.

    To be changed and changed back is nothing, and neither is what merging does to a row: it follows its customer.
    """
    first: dict[tuple[str, int, str], str | None] = {}
    last: dict[tuple[str, int, str], str | None] = {}
    for row in _CHANGED_SINCE.run(connection, origin_id=origin_id):
        cell = (row.entity, row.row_id, row.field)
        first.setdefault(cell, row.old)
        last[cell] = row.new
    return {cell[:2] for cell in first if first[cell] != last[cell]}


def _change(row: Any) -> Change:
    return Change(row.customer_id, row.entity, row.row_id, row.field, row.old, row.new)


_NUMBERS = ("customer_id", "merged_into")
_DAYS = ("birth_date", "valid_from", "valid_to")


def _typed(field: str, text: str | None) -> Value:
    if text is None:
        return None
    if field in _NUMBERS:
        return int(text)
    if field in _DAYS:
        return date.fromisoformat(text)
    return text == "1" if field == "is_primary" else text


def _comparable(field: str, stored: Any) -> Value:
    """A cell as either engine gives it, as the history would keep it."""
    return bool(stored) if field == "is_primary" else stored


def _checked(entity: str, field: str) -> tuple[str, str]:
    if field not in CELLS[entity]:
        raise KeyError(f"{entity}.{field} is no cell of the history")
    return entity, field


@cache
def _set(entity: str, field: str) -> Statement:
    entity, field = _checked(entity, field)
    return Statement(f"UPDATE {entity} SET {field} = :value WHERE id = :id")


@cache
def _get(entity: str, field: str) -> Statement:
    entity, field = _checked(entity, field)
    owner = "id" if entity == "customer" else "customer_id"
    return Statement(f"SELECT {field} AS cell, {owner} AS owner FROM {entity} WHERE id = :id")


@cache
def _delete(entity: str) -> Statement:
    if entity not in CELLS or entity == "customer":
        raise KeyError(f"rows of {entity} are not taken out")
    return Statement(f"DELETE FROM {entity} WHERE id = :id")


_ADD = Statement(
    """
    INSERT INTO customer_change (customer_id, origin_id, entity, row_id, field, old, new)
    VALUES (:customer_id, :origin_id, :entity, :row_id, :field, :old, :new)
    """
)
_OF_CUSTOMER = Statement(
    """
    SELECT * FROM customer_change WHERE customer_id = :customer_id AND id < :before ORDER BY id DESC LIMIT :limit
    """
)
_OF_ORIGIN = Statement("SELECT * FROM customer_change WHERE origin_id = :origin_id ORDER BY id")
# What came since is read once, and looked up among the rows that were added: a join would read it once for each.
_CHANGED_SINCE = Statement(
    """
    SELECT c.entity, c.row_id, c.field, c.old, c.new FROM customer_change c JOIN origin o ON o.id = c.origin_id
    WHERE c.id > (SELECT min(id) FROM customer_change WHERE origin_id = :origin_id AND field = '')
        AND c.origin_id <> :origin_id AND c.field <> '' AND o.kind NOT IN ('merge', 'unmerge')
        AND (c.entity, c.row_id) IN (
            SELECT entity, row_id FROM customer_change WHERE origin_id = :origin_id AND field = ''
        )
    ORDER BY c.id
    """
)

"""Changing customers that are in the store, each change with its old value in the history.

What stops being theirs is not taken out: it ends on a day, and still finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_history import ROW, Change, as_text, note_changes, write_cell
from atencion.data.customer_search import index_customers, key_of
from atencion.data.customers import (
    AddressRecord,
    ContactRecord,
    CustomerCard,
    CustomerRecord,
    IdentifierRecord,
    address_row,
    cards,
    cleaned,
    contact_row,
    identifier_row,
    names_of,
    row_of,
)
from atencion.data.sql import Statement
from atencion.text import clean_line, fold

SCALARS = (
    "external_id", "kind", "given_name", "surnames", "company_name", "birth_date", "language", "treatment",
    "accessibility", "former_names",
)  # fmt: skip
"""The columns of a customer's own row that an edit may change."""


@dataclass(frozen=True)
class Edit:
    """A customer as read, and as wanted. With `ends`, the parts that are not wanted any more end today."""

    before: CustomerCard
    wanted: CustomerRecord
    ends: bool = False


def edit_customers(
    connection: Connection, edits: Sequence[Edit], *, origin_id: int, at: datetime, on: date
) -> list[Change]:
    """Write what each edit changes, and its history; returns the changes. `on` is today where the customer is."""
    edits = [replace(edit, wanted=_with_former_names(edit)) for edit in edits]
    changes: list[Change] = []
    for edit in edits:
        mine = _edit_row(edit.before, edit.wanted, at)
        mine += _Parts(connection, edit, origin_id, on).changes()
        if mine:
            _UPDATE.run(connection, **row_of(edit.before.id, edit.wanted, at))
        changes += mine
    index_customers(connection, [change.customer_id for change in changes])
    note_changes(connection, origin_id, changes)
    return changes


def reindex(connection: Connection, customer_ids: Sequence[int]) -> None:
    """Bring what customers are found by up to their names and numbers, and their version on; after a `revert`."""
    known = cards(connection, list(customer_ids))
    for card in known:
        names = "" if card.merged_into else names_of(card)
        key = key_of(card.external_id) if card.external_id else None
        _REINDEX.run(connection, id=card.id, search_name=names, external_key=key)
    index_customers(connection, [card.id for card in known])


def version_of(connection: Connection, customer_id: int) -> int | None:
    """The version that a customer is at, or None; asked inside the transaction that will change it."""
    version: int | None = _VERSION.run(connection, id=customer_id).scalar()
    return version


def touch_contact(connection: Connection, customer_id: int, normal: str, on: date) -> None:
    """A phone or an e-mail was used today."""
    _TOUCH.run(connection, customer_id=customer_id, normal=normal, on=on)


def add_former_name(former_names: str, name: str) -> str:
    """The names somebody had, with one more unless it is there."""
    known = [one for one in former_names.split(BETWEEN_NAMES) if one]
    if name and fold(name) not in map(fold, known):
        known.append(name)
    return BETWEEN_NAMES.join(known)


BETWEEN_NAMES = " · "


def _with_former_names(edit: Edit) -> CustomerRecord:
    """What is wanted, keeping the name it loses; one that only lost or won an accent is the same name."""
    wanted = cleaned(edit.wanted)
    if fold(edit.before.name) == fold(wanted.name):
        return wanted
    return replace(wanted, former_names=add_former_name(wanted.former_names, edit.before.name))


def _edit_row(before: CustomerCard, wanted: CustomerRecord, at: datetime) -> list[Change]:
    old, new = row_of(before.id, before, at), row_of(before.id, wanted, at)
    return [
        Change(before.id, "customer", before.id, field, as_text(old[field]), as_text(new[field]))
        for field in SCALARS
        if old[field] != new[field]
    ]


class _Parts:
    """What an edit changes in the documents, contacts and addresses of one customer."""

    def __init__(self, connection: Connection, edit: Edit, origin_id: int, on: date) -> None:
        self._connection = connection
        self._edit = edit
        self._origin_id = origin_id
        self._on = on
        self._changes: list[Change] = []

    def changes(self) -> list[Change]:
        """Write them."""
        before, wanted = self._edit.before, self._edit.wanted
        self._match("identifier", before.identifiers, wanted.identifiers, _document_key)
        self._match("contact_point", before.contacts, wanted.contacts, _contact_key)
        self._match("address", before.addresses, wanted.addresses, _address_key)
        return self._changes

    def _match(self, entity: str, before: Sequence[Any], wanted: Sequence[Any], key: Any) -> None:
        known = {key(part): part for part in reversed(before)}
        if self._edit.ends:
            kept = {key(part) for part in wanted}
            for part in before:
                if part.valid_to is None and key(part) not in kept:
                    self._cell(entity, part.id, "valid_to", None, self._on)
                    if getattr(part, "primary", False):
                        self._cell(entity, part.id, "is_primary", True, False)
        for part in wanted:
            was = known.get(key(part))
            if was is None:
                self._add(entity, part)
                known[key(part)] = part
                continue
            if was.valid_to is not None and part.valid_to is None:
                self._cell(entity, was.id, "valid_to", was.valid_to, None)
            for name, column in _CELLS_OF.get(entity, ()):
                if getattr(part, name) != getattr(was, name):
                    self._cell(entity, was.id, column, getattr(was, name), getattr(part, name))

    def _add(self, entity: str, part: Any) -> None:
        statement, row = _ADD[entity]
        added = statement.run(
            self._connection, **row(self._edit.before.id, _since(part, self._on), self._origin_id)
        ).scalar()
        if added is not None:
            text = part.line if isinstance(part, AddressRecord) else part.value
            self._changes.append(Change(self._edit.before.id, entity, int(added), ROW, None, text))

    def _cell(self, entity: str, row_id: int, field: str, old: Any, new: Any) -> None:
        write_cell(self._connection, entity, row_id, field, new)
        self._changes.append(Change(self._edit.before.id, entity, row_id, field, as_text(old), as_text(new)))


def _since(part: Any, on: date) -> Any:
    if isinstance(part, IdentifierRecord) or part.valid_from is not None:
        return part
    return replace(part, valid_from=on)


def _document_key(part: IdentifierRecord) -> str:
    return part.normal


def _contact_key(part: ContactRecord) -> tuple[str, str]:
    return str(part.kind), part.normal


def _address_key(part: AddressRecord) -> tuple[str, str, str]:
    return clean_line(part.street), clean_line(part.postcode, 20), clean_line(part.town)


_CELLS_OF = {
    "contact_point": (("label", "label"), ("value", "value"), ("primary", "is_primary")),
    "address": (("province", "province"), ("primary", "is_primary")),
}
_UPDATE = Statement(
    """
    UPDATE customer SET external_id = :external_id, external_key = :external_key, kind = :kind,
        given_name = :given_name, surnames = :surnames, company_name = :company_name, birth_date = :birth_date,
        language = :language, treatment = :treatment, accessibility = :accessibility, former_names = :former_names,
        search_name = :search_name, updated_at = :at, version = version + 1
    WHERE id = :id
    """
)
_REINDEX = Statement(
    """
    UPDATE customer SET search_name = :search_name, external_key = :external_key, version = version + 1
    WHERE id = :id
    """
)
_VERSION = Statement("SELECT version FROM customer WHERE id = :id AND merged_into IS NULL")
_TOUCH = Statement("UPDATE contact_point SET last_used_on = :on WHERE customer_id = :customer_id AND normal = :normal")
_ADD: dict[str, tuple[Statement, Callable[..., dict[str, Any]]]] = {
    "identifier": (
        Statement(
            """
            INSERT INTO identifier (customer_id, kind, value, normal, origin_id)
            VALUES (:customer_id, :kind, :value, :normal, :origin_id) ON CONFLICT DO NOTHING RETURNING id
            """
        ),
        identifier_row,
    ),
    "contact_point": (
        Statement(
            """
            INSERT INTO contact_point
                (customer_id, kind, label, value, normal, reversed, is_primary, valid_from, valid_to, origin_id)
            VALUES (:customer_id, :kind, :label, :value, :normal, :reversed, :is_primary, :valid_from, :valid_to,
                :origin_id)
            ON CONFLICT DO NOTHING RETURNING id
            """
        ),
        contact_row,
    ),
    "address": (
        Statement(
            """
            INSERT INTO address
                (customer_id, street, postcode, town, province, is_primary, valid_from, valid_to, origin_id)
            VALUES (:customer_id, :street, :postcode, :town, :province, :is_primary, :valid_from, :valid_to,
                :origin_id)
            RETURNING id
            """
        ),
        address_row,
    ),
}

"""Recognising a customer that is in the store already, so that importing a file twice makes no twins.

By the organisation's own number; else by a document; else by a phone or an e-mail together with the name, unless a
document or number of the two says that they are different people (a father and a son may share all the rest).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from atencion.data.connection import Connection
from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_search import search_name
from atencion.data.customers import CustomerCard, CustomerRecord, add_customers, cards
from atencion.data.sql import Statement
from atencion.data.validation import Invalid
from atencion.i18n import _


@dataclass(eq=False)
class _Entry:
    """A customer, of the store (as it is there) or about to be in it."""

    customer: CustomerRecord
    stored: CustomerCard | None = None
    changed: bool = False


class NewcomerBook:
    """The customers of one batch, entered one by one against the store and against each other, then written at once."""

    def __init__(self, connection: Connection, newcomers: Sequence[CustomerRecord]) -> None:
        self.created = 0
        self.updated = 0
        self._connection = connection
        self._entries: list[_Entry] = []
        self._by_number: dict[str, _Entry] = {}
        self._by_document: dict[str, list[_Entry]] = {}
        self._by_contact: dict[str, list[_Entry]] = {}
        for known in cards(connection, _alike(connection, newcomers)):
            record = CustomerRecord(**{name: getattr(known, name) for name in CustomerRecord.__dataclass_fields__})
            self._register(_Entry(record, known))

    def enter(self, newcomer: CustomerRecord) -> None:
        """Take a customer as new, or as more about one that is known; Invalid if it contradicts what is known."""
        entry = self._recognise(newcomer)
        if entry is None:
            made = replace(newcomer, language=newcomer.language or "es", treatment=newcomer.treatment or "usted")
            self._register(_Entry(made))
            self.created += 1
            return
        merged = _merge(entry.customer, newcomer)
        if merged != entry.customer:
            entry.customer, entry.changed = merged, True
            self._index(entry)
        self.updated += 1

    def write(self, *, origin_id: int, at: datetime, on: date) -> None:
        """Write what was entered, and the history of what it changed."""
        newcomers = [entry.customer for entry in self._entries if entry.stored is None]
        add_customers(self._connection, newcomers, at=at, origin_id=origin_id)
        edits = [Edit(entry.stored, entry.customer) for entry in self._entries if entry.stored and entry.changed]
        edit_customers(self._connection, edits, origin_id=origin_id, at=at, on=on)

    def _recognise(self, newcomer: CustomerRecord) -> _Entry | None:
        owners: list[_Entry] = []
        for part in newcomer.identifiers:
            owners.extend(entry for entry in self._by_document.get(part.normal, ()) if entry not in owners)
        named = self._by_number.get(newcomer.external_id or "")
        if named is not None:
            if any(owner is not named for owner in owners):
                raise _belongs_to_another(next(owner for owner in owners if owner is not named))
            return named
        if len(owners) > 1:
            raise Invalid(_("sus documentos son de clientes distintos"))
        if owners:
            if newcomer.external_id and owners[0].customer.external_id:
                raise _belongs_to_another(owners[0])
            return owners[0]
        return self._reached_alike(newcomer)

    def _reached_alike(self, newcomer: CustomerRecord) -> _Entry | None:
        name = _name_key(newcomer)
        for contact in newcomer.contacts:
            for entry in self._by_contact.get(contact.normal, ()):
                known = entry.customer
                differ = (newcomer.identifiers and known.identifiers) or (newcomer.external_id and known.external_id)
                if not differ and _name_key(known) == name:
                    return entry
        return None

    def _register(self, entry: _Entry) -> None:
        self._entries.append(entry)
        self._index(entry)

    def _index(self, entry: _Entry) -> None:
        customer = entry.customer
        if customer.external_id:
            self._by_number[customer.external_id] = entry
        for document in customer.identifiers:
            _add_once(self._by_document.setdefault(document.normal, []), entry)
        for contact in customer.contacts:
            _add_once(self._by_contact.setdefault(contact.normal, []), entry)


def _alike(connection: Connection, newcomers: Sequence[CustomerRecord]) -> list[int]:
    """The ids of the customers in the store that share a number, a document or a contact with any of these."""
    numbers = [customer.external_id for customer in newcomers if customer.external_id]
    documents = [part.normal for customer in newcomers for part in customer.identifiers]
    contacts = [part.normal for customer in newcomers for part in customer.contacts]
    ids: set[int] = set()
    for statement, values in ((_BY_NUMBER, numbers), (_BY_DOCUMENT, documents), (_BY_CONTACT, contacts)):
        ids.update(row[0] for row in statement.run(connection, values=values))
    return sorted(ids)


def _merge(known: CustomerRecord, newcomer: CustomerRecord) -> CustomerRecord:
    """What is known, with what the newcomer says over it; what it does not say stays."""
    documents = {part.normal for part in known.identifiers}
    contacts = {(part.kind, part.normal) for part in known.contacts}
    places = {(part.street, part.postcode) for part in known.addresses}
    same_name = _name_key(known) == _name_key(newcomer)
    return replace(
        known,
        kind=newcomer.kind if newcomer.identifiers else known.kind,
        external_id=newcomer.external_id or known.external_id,
        given_name=newcomer.given_name or (known.given_name if same_name else ""),
        surnames=newcomer.surnames or (known.surnames if same_name else ""),
        company_name=newcomer.company_name or known.company_name,
        birth_date=newcomer.birth_date or known.birth_date,
        language=newcomer.language or known.language,
        treatment=newcomer.treatment or known.treatment,
        identifiers=known.identifiers + tuple(p for p in newcomer.identifiers if p.normal not in documents),
        contacts=known.contacts
        + tuple(
            replace(p, primary=p.primary and not any(k.kind is p.kind for k in known.contacts))
            for p in newcomer.contacts
            if (p.kind, p.normal) not in contacts
        ),
        addresses=known.addresses
        + tuple(
            replace(p, primary=p.primary and not known.addresses)
            for p in newcomer.addresses
            if (p.street, p.postcode) not in places
        ),
    )


def _belongs_to_another(owner: _Entry) -> Invalid:
    number = owner.customer.external_id
    if number:
        return Invalid(_("el documento ya es del cliente {number}").format(number=number))
    return Invalid(_("el documento ya es de otro cliente"))


def _name_key(customer: CustomerRecord) -> str:
    return search_name(customer.company_name, customer.given_name, customer.surnames)


def _add_once(entries: list[_Entry], entry: _Entry) -> None:
    if entry not in entries:
        entries.append(entry)


_BY_NUMBER = Statement("SELECT id FROM customer WHERE external_id IN @values")
_BY_DOCUMENT = Statement("SELECT customer_id FROM identifier WHERE normal IN @values")
_BY_CONTACT = Statement("SELECT customer_id FROM contact_point WHERE kind IN ('phone', 'email') AND normal IN @values")

"""Recognising a customer that is in the store already, so that importing a file twice makes no twins.

By the organisation's own number; else by a document; else by a phone or an e-mail together with the name, unless a
document or number of the two says that they are different people (a father and a son may share all the rest). What is
only alike is not taken for the same: it goes to the queue of suspected twins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from atencion.data.connection import Connection
from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_search import key_of, search_name
from atencion.data.customers import CustomerCard, CustomerRecord, cards, new_ids
from atencion.data.newcomers import Newcomer, newcomer_trace, write_newcomers
from atencion.data.sql import Statement, moment_text
from atencion.data.twin_search import note_pairs
from atencion.data.twins import SUSPECT, likeness, traits_of
from atencion.data.validation import Invalid
from atencion.i18n import _

MOST_SHARING = 20
"""Customers with one phone or e-mail that are compared; a switchboard's number says nothing."""


@dataclass(eq=False, slots=True)
class _Entry:
    """A customer: of the store, as it is there, or about to be in it, as it came. `customer` is made when needed."""

    newcomer: Newcomer | None
    stored: CustomerCard | None = None
    customer: CustomerRecord | None = None
    customer_id: int = 0
    changed: bool = False

    def record(self) -> CustomerRecord:
        """All that is known of it."""
        if self.customer is None:
            assert self.newcomer is not None
            self.customer = self.newcomer.record()
        return self.customer

    @property
    def name_key(self) -> str:
        """Its folded name."""
        if self.customer is None and self.newcomer is not None:
            return self.newcomer.search_name
        return _name_key(self.record())

    @property
    def external_id(self) -> str | None:
        """Its number."""
        return self.newcomer.external_id if self.customer is None and self.newcomer else self.record().external_id

    @property
    def has_documents(self) -> bool:
        """Whether a document is known of it."""
        return bool(self.newcomer.documents if self.customer is None and self.newcomer else self.record().documents)


class NewcomerBook:
    """The customers of one batch, entered one by one against the store and against each other, then written at once."""

    def __init__(self, connection: Connection, newcomers: Sequence[Newcomer]) -> None:
        self.created = 0
        self.updated = 0
        self._connection = connection
        self._entries: list[_Entry] = []
        self._alike: list[tuple[_Entry, _Entry]] = []
        self._by_number: dict[str, _Entry] = {}
        self._by_document: dict[str, list[_Entry]] = {}
        # By contact and name: thousands may have one contact, and few of them one name.
        self._by_contact: dict[str, dict[str, list[_Entry]]] = {}
        ids, self._crowded = _sharing(connection, newcomers)
        for known in cards(connection, ids):
            if known.merged_into is not None:
                continue  # who it is now has, or leads to, all that it had
            record = CustomerRecord(**{name: getattr(known, name) for name in CustomerRecord.__dataclass_fields__})
            self._register(_Entry(None, known, record, known.id))

    def enter(self, newcomer: Newcomer) -> bool:
        """Take a customer as new, or as more about one that is known; whether it is new.

        Raises Invalid if it contradicts what is known.
        """
        entry = self._recognise(newcomer)
        if entry is None:
            made = _Entry(newcomer)
            self._suspect(made)
            self._register(made)
            self.created += 1
            return True
        known = entry.record()
        merged = _merge(known, newcomer.record())
        if merged != known:
            entry.customer, entry.changed = merged, True
            self._index(entry)
        self.updated += 1
        return False

    def write(self, *, origin_id: int, at: datetime, on: date) -> None:
        """Write what was entered, and the history of what it changed."""
        connection = self._connection
        new = [entry for entry in self._entries if entry.stored is None]
        for entry, customer_id in zip(new, new_ids(connection, len(new)), strict=True):
            entry.customer_id = customer_id
        rows = [(entry.customer_id, _as_newcomer(entry)) for entry in new]
        moment = moment_text(at) if connection.dialect.name == "sqlite" else at
        write_newcomers(connection, rows, origin_id=origin_id, moment=moment)
        edits = [Edit(entry.stored, entry.record()) for entry in self._entries if entry.stored and entry.changed]
        edit_customers(connection, edits, origin_id=origin_id, at=at, on=on)
        pairs = []
        for one, other in self._alike:
            alike = likeness(traits_of(one.record()), traits_of(other.record()))
            if alike.score >= SUSPECT:
                pairs.append((one.customer_id, other.customer_id, alike))
        note_pairs(connection, pairs, at=at)

    def _recognise(self, newcomer: Newcomer) -> _Entry | None:
        owners: list[_Entry] = []
        for _kind, _value, normal in newcomer.documents:
            owners.extend(entry for entry in self._by_document.get(normal, ()) if entry not in owners)
        named = self._by_number.get(newcomer.external_id) if newcomer.external_id else None
        if named is not None:
            if any(owner is not named for owner in owners):
                raise _belongs_to_another(next(owner for owner in owners if owner is not named))
            return named
        if len(owners) > 1:
            raise Invalid(_("sus documentos son de clientes distintos"))
        if owners:
            if newcomer.external_id and owners[0].external_id:
                raise _belongs_to_another(owners[0])
            return owners[0]
        return self._reached_alike(newcomer)

    def _reached_alike(self, newcomer: Newcomer) -> _Entry | None:
        for contact in newcomer.contacts:
            for entry in self._by_contact.get(contact[2], _NOBODY).get(newcomer.search_name, ()):
                differ = (newcomer.documents and entry.has_documents) or (newcomer.external_id and entry.external_id)
                if not differ and entry.name_key == newcomer.search_name:
                    return entry
        return None

    def _suspect(self, made: _Entry) -> None:
        """Remember who shares a contact or a document with a newcomer and may be it, to be compared when written."""
        assert made.newcomer is not None
        for contact in made.newcomer.contacts:
            sharing = self._by_contact.get(contact[2])
            if sharing and len(sharing) <= MOST_SHARING and contact[2] not in self._crowded:
                words = set(made.newcomer.search_name.split())
                self._alike += [
                    (made, entry)
                    for namesakes in sharing.values()
                    for entry in namesakes
                    if not (made.newcomer.documents and entry.has_documents) and words & set(entry.name_key.split())
                ]

    def _register(self, entry: _Entry) -> None:
        self._entries.append(entry)
        if entry.customer is None and entry.newcomer is not None:
            newcomer = entry.newcomer
            if newcomer.external_id:
                self._by_number[newcomer.external_id] = entry
            for document in newcomer.documents:
                self._by_document.setdefault(document[2], []).append(entry)
            for contact in newcomer.contacts:
                self._by_contact.setdefault(contact[2], {}).setdefault(newcomer.search_name, []).append(entry)
        else:
            self._index(entry)

    def _index(self, entry: _Entry) -> None:
        customer = entry.record()
        if customer.external_id:
            self._by_number[customer.external_id] = entry
        for document in customer.identifiers:
            if document.kind == "code":
                self._by_number.setdefault(document.value, entry)
            else:
                _add_once(self._by_document.setdefault(document.normal, []), entry)
        name = entry.name_key
        for contact in customer.contacts:
            _add_once(self._by_contact.setdefault(contact.normal, {}).setdefault(name, []), entry)


def _sharing(connection: Connection, newcomers: Sequence[Newcomer]) -> tuple[list[int], set[str]]:
    """The ids of the customers in the store that share a number, a document or a contact with any of these, and the
    contacts that too many have: of those, only whoever has the name of a newcomer too.
    """
    numbers = [customer.external_id for customer in newcomers if customer.external_id]
    documents = [part[2] for customer in newcomers for part in customer.documents]
    contacts = [part[2] for customer in newcomers for part in customer.contacts]
    ids: set[int] = set()
    was_merged = _ANY_MERGE.run(connection).first() is not None
    for statement, values in (
        (_BY_NUMBER, numbers),
        (_BY_CODE, [customer.external_key for customer in newcomers if customer.external_key] if was_merged else []),
        (_BY_DOCUMENT, documents),
    ):
        if values:
            ids.update(row[0] for row in statement.send(connection, values=values).fetchall())
    crowded: set[str] = set()
    for statement, values in (
        (_BY_PHONE, [value for value in contacts if value[0] == "+"]),
        (_BY_EMAIL, [value for value in contacts if value[0] != "+"]),
    ):
        holders: dict[str, list[int]] = {}
        for customer_id, normal in statement.send(connection, values=values).fetchall() if values else ():
            holders.setdefault(normal, []).append(customer_id)
        for normal, holding in holders.items():
            if len(holding) > MOST_SHARING:
                crowded.add(normal)
            else:
                ids.update(holding)
    if crowded:
        names = {one.search_name for one in newcomers if any(part[2] in crowded for part in one.contacts)}
        found = _OF_CROWD.send(connection, names=sorted(names), values=sorted(crowded)).fetchall()
        ids.update(row[0] for row in found)
    return sorted(ids), crowded


def _as_newcomer(entry: _Entry) -> Newcomer:
    """A new customer as it is written: as it came, or with what other rows of the batch said of it."""
    newcomer = entry.newcomer
    assert newcomer is not None
    if not entry.changed:
        return newcomer
    known = entry.record()
    contacts = tuple((str(p.kind), p.value, p.normal, p.label, p.primary) for p in known.contacts)
    addresses = tuple((p.street, p.postcode, p.town, p.province) for p in known.addresses)
    return newcomer._replace(
        external_id=known.external_id,
        external_key=key_of(known.external_id) if known.external_id else None,
        kind=str(known.kind),
        given_name=known.given_name,
        surnames=known.surnames,
        company_name=known.company_name,
        birth_date=known.birth_date.isoformat() if known.birth_date else None,
        language=known.language,
        treatment=known.treatment,
        documents=tuple((str(part.kind), part.value, part.normal) for part in known.identifiers),
        contacts=contacts,
        addresses=addresses,
        accessibility=known.accessibility,
        search_name=_name_key(known),
        trace=newcomer_trace(_name_key(known), contacts, addresses),
    )


def _merge(known: CustomerRecord, newcomer: CustomerRecord) -> CustomerRecord:
    """What is known, with what the newcomer says over it; what it does not say stays."""
    documents = {part.normal for part in known.identifiers}
    contacts = {(part.kind, part.normal) for part in known.contacts}
    places = {(part.street, part.postcode) for part in known.addresses}
    same_name = search_name(known.company_name, known.given_name, known.surnames) == _name_key(newcomer)
    return replace(
        known,
        kind=newcomer.kind if newcomer.identifiers else known.kind,
        external_id=known.external_id or newcomer.external_id,
        given_name=newcomer.given_name or (known.given_name if same_name else ""),
        surnames=newcomer.surnames or (known.surnames if same_name else ""),
        company_name=newcomer.company_name or known.company_name,
        birth_date=newcomer.birth_date or known.birth_date,
        language=newcomer.language or known.language,
        treatment=newcomer.treatment or known.treatment,
        accessibility=newcomer.accessibility or known.accessibility,
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
    number = owner.external_id
    if number:
        return Invalid(_("el documento ya es del cliente {number}").format(number=number))
    return Invalid(_("el documento ya es de otro cliente"))


def _name_key(customer: CustomerRecord) -> str:
    return search_name(customer.company_name, customer.given_name, customer.surnames)


def _add_once(entries: list[_Entry], entry: _Entry) -> None:
    if entry not in entries:
        entries.append(entry)


_NOBODY: dict[str, list[_Entry]] = {}
_BY_NUMBER = Statement("SELECT id FROM customer WHERE external_id IN @values")
_ANY_MERGE = Statement("SELECT id FROM customer_merge LIMIT 1")
_BY_CODE = Statement("SELECT customer_id FROM identifier WHERE normal IN @values AND kind = 'code'")
_BY_DOCUMENT = Statement("SELECT customer_id FROM identifier WHERE normal IN @values AND kind <> 'code'")
_BY_PHONE = Statement("SELECT customer_id, normal FROM contact_point WHERE kind = 'phone' AND normal IN @values")
_BY_EMAIL = Statement("SELECT customer_id, normal FROM contact_point WHERE kind = 'email' AND normal IN @values")
# A cross join is walked by SQLite as it is written: by the names, that are few, and not by the contacts.
_OF_CROWD = Statement(
    """
    SELECT c.id FROM customer c CROSS JOIN contact_point p
    WHERE c.search_name IN @names AND p.customer_id = c.id AND p.normal IN @values
    """
)

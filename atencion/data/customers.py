"""Customers: people and companies, how to reach them, what they have contracted.

Finding them is `customer_search`; here they are written and read whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_search import index_customers, key_of, search_name
from atencion.data.sql import Statement, day_or_none
from atencion.text import clean_line


class CustomerKind(StrEnum):
    """Who a customer is before the law."""

    PERSON = "person"
    COMPANY = "company"


class IdentifierKind(StrEnum):
    """The identity documents in use in Spain."""

    NIF = "nif"
    NIE = "nie"
    CIF = "cif"
    PASSPORT = "passport"
    OTHER = "other"


class ContactKind(StrEnum):
    """Ways of reaching somebody."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class IdentifierRecord:
    """An identity document as it was given."""

    kind: IdentifierKind
    value: str

    @property
    def normal(self) -> str:
        """Its letters and digits, in capitals."""
        return key_of(self.value)


@dataclass(frozen=True)
class ContactRecord:
    """A phone or an e-mail. `normal` is what is compared: E.164 for phones, lower case for e-mails."""

    kind: ContactKind
    value: str
    normal: str
    label: str = ""
    primary: bool = False


@dataclass(frozen=True)
class AddressRecord:
    """Where a customer lives or has its seat."""

    street: str = ""
    postcode: str = ""
    town: str = ""
    province: str = ""
    primary: bool = False


@dataclass(frozen=True)
class CustomerRecord:
    """All that is known of a customer, contracts apart. Of a company, the names of a person are its contact's."""

    kind: CustomerKind = CustomerKind.PERSON
    external_id: str | None = None
    given_name: str = ""
    surnames: str = ""
    company_name: str = ""
    birth_date: date | None = None
    language: str = "es"
    treatment: str = "usted"
    identifiers: tuple[IdentifierRecord, ...] = ()
    contacts: tuple[ContactRecord, ...] = ()
    addresses: tuple[AddressRecord, ...] = ()

    @property
    def name(self) -> str:
        """The name to show."""
        return full_name(self.given_name, self.surnames, self.company_name)


@dataclass(frozen=True)
class ContractCard:
    """A contract with the product it is of. Money in cents."""

    id: int
    number: str
    status: str
    product_code: str
    product_name: str
    product_family: str
    started_on: date | None
    ended_on: date | None
    address: str
    monthly_cents: int | None
    last_invoice_cents: int | None


@dataclass(frozen=True)
class CustomerCard(CustomerRecord):
    """A customer in the store, with what it has contracted."""

    id: int = 0
    contracts: tuple[ContractCard, ...] = ()


def full_name(given_name: str, surnames: str, company_name: str = "") -> str:
    """The name to show: the company's, or the person's."""
    return company_name or f"{given_name} {surnames}".strip()


def add_customer(connection: Connection, customer: CustomerRecord, *, at: datetime) -> int:
    """Write a new customer with all it has, findable from now on; returns its id."""
    (customer_id,) = add_customers(connection, [customer], at=at)
    return customer_id


def add_customers(connection: Connection, customers: Sequence[CustomerRecord], *, at: datetime) -> list[int]:
    """Write many at once; returns their ids in order."""
    customers = [_cleaned(customer) for customer in customers]
    ids = _new_ids(connection, len(customers))
    rows = list(zip(ids, customers, strict=True))
    _ADD.run_many(connection, (_row(customer_id, customer, at) for customer_id, customer in rows))
    _add_parts(connection, rows)
    index_customers(connection, ids)
    return ids


def update_customer(connection: Connection, customer_id: int, customer: CustomerRecord, *, at: datetime) -> None:
    """Make the customer as `customer` says: its names and data are replaced; what is new among its documents, contacts
    and addresses is added, and nothing of them is taken away.
    """
    update_customers(connection, [(customer_id, customer)], at=at)


def update_customers(connection: Connection, customers: Sequence[tuple[int, CustomerRecord]], *, at: datetime) -> None:
    """`update_customer`, many at once."""
    rows = [(customer_id, _cleaned(customer)) for customer_id, customer in customers]
    before = {card.id: card for card in cards(connection, [customer_id for customer_id, _ in rows])}
    _UPDATE.run_many(connection, (_row(customer_id, customer, at) for customer_id, customer in rows))
    _add_parts(connection, [(i, _without_known_parts(customer, before[i])) for i, customer in rows])
    index_customers(connection, [i for i, _customer in rows])


def card(connection: Connection, customer_id: int) -> CustomerCard | None:
    """All of a customer, or None."""
    return next(iter(cards(connection, [customer_id])), None)


def cards(connection: Connection, customer_ids: Sequence[int]) -> list[CustomerCard]:
    """All of each customer, in the order of the ids; those that are not there are left out."""
    ids = list(customer_ids)
    if not ids:
        return []
    identifiers = _by_customer(_IDENTIFIERS, connection, ids)
    contacts = _by_customer(_CONTACTS, connection, ids)
    addresses = _by_customer(_ADDRESSES, connection, ids)
    contracts = _by_customer(_CONTRACTS, connection, ids)
    found = {
        row.id: CustomerCard(
            id=row.id,
            kind=CustomerKind(row.kind),
            external_id=row.external_id,
            given_name=row.given_name,
            surnames=row.surnames,
            company_name=row.company_name,
            birth_date=day_or_none(row.birth_date),
            language=row.language,
            treatment=row.treatment,
            identifiers=tuple(IdentifierRecord(IdentifierKind(r.kind), r.value) for r in identifiers.get(row.id, ())),
            contacts=tuple(
                ContactRecord(ContactKind(r.kind), r.value, r.normal, r.label, bool(r.is_primary))
                for r in contacts.get(row.id, ())
            ),
            addresses=tuple(
                AddressRecord(r.street, r.postcode, r.town, r.province, bool(r.is_primary))
                for r in addresses.get(row.id, ())
            ),
            contracts=tuple(_contract(r) for r in contracts.get(row.id, ())),
        )
        for row in _CUSTOMERS.run(connection, ids=ids)
    }
    return [found[i] for i in ids if i in found]


def count_customers(connection: Connection) -> int:
    """How many there are."""
    return int(_COUNT.run(connection).scalar_one())


def _cleaned(customer: CustomerRecord) -> CustomerRecord:
    return replace(
        customer,
        external_id=clean_line(customer.external_id, 80) or None if customer.external_id else None,
        given_name=clean_line(customer.given_name),
        surnames=clean_line(customer.surnames),
        company_name=clean_line(customer.company_name),
    )


def _names(customer: CustomerRecord) -> str:
    return search_name(customer.company_name, customer.given_name, customer.surnames)


def _row(customer_id: int, customer: CustomerRecord, at: datetime) -> dict[str, Any]:
    return {
        "id": customer_id,
        "external_id": customer.external_id,
        "external_key": key_of(customer.external_id) if customer.external_id else None,
        "kind": str(customer.kind),
        "given_name": customer.given_name,
        "surnames": customer.surnames,
        "company_name": customer.company_name,
        "birth_date": customer.birth_date,
        "language": customer.language,
        "treatment": customer.treatment,
        "search_name": _names(customer),
        "at": at,
    }


def _new_ids(connection: Connection, count: int) -> list[int]:
    """Ids for rows about to be written: of the writer's alone on SQLite, of the sequence on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        first = int(_LAST_ID.run(connection).scalar_one()) + 1
        return list(range(first, first + count))
    return [int(value) for value in _NEXT_IDS.run(connection, count=count).scalars()]


def _add_parts(connection: Connection, rows: Sequence[tuple[int, CustomerRecord]]) -> None:
    _ADD_IDENTIFIER.run_many(
        connection,
        (
            {"customer_id": i, "kind": str(part.kind), "value": clean_line(part.value, 80), "normal": part.normal}
            for i, customer in rows
            for part in customer.identifiers
        ),
    )
    _ADD_CONTACT.run_many(
        connection,
        (
            {
                "customer_id": i,
                "kind": str(part.kind),
                "label": clean_line(part.label, 80),
                "value": clean_line(part.value),
                "normal": part.normal,
                "reversed": part.normal[::-1] if part.kind is ContactKind.PHONE else None,
                "is_primary": part.primary,
            }
            for i, customer in rows
            for part in customer.contacts
        ),
    )
    _ADD_ADDRESS.run_many(
        connection,
        (
            {
                "customer_id": i,
                "street": clean_line(part.street),
                "postcode": clean_line(part.postcode, 20),
                "town": clean_line(part.town),
                "province": clean_line(part.province),
                "is_primary": part.primary,
            }
            for i, customer in rows
            for part in customer.addresses
        ),
    )


def _without_known_parts(customer: CustomerRecord, before: CustomerRecord) -> CustomerRecord:
    documents = {part.normal for part in before.identifiers}
    contacts = {(part.kind, part.normal) for part in before.contacts}
    addresses = {_place(part) for part in before.addresses}
    return replace(
        customer,
        identifiers=tuple(part for part in customer.identifiers if part.normal not in documents),
        contacts=tuple(part for part in customer.contacts if (part.kind, part.normal) not in contacts),
        addresses=tuple(part for part in customer.addresses if _place(part) not in addresses),
    )


def _place(address: AddressRecord) -> tuple[str, str]:
    return clean_line(address.street), clean_line(address.postcode, 20)


def _by_customer(statement: Statement, connection: Connection, ids: list[int]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in statement.run(connection, ids=ids):
        grouped.setdefault(row.customer_id, []).append(row)
    return grouped


def _contract(row: Any) -> ContractCard:
    return ContractCard(
        id=row.id,
        number=row.number,
        status=row.status,
        product_code=row.product_code,
        product_name=row.product_name,
        product_family=row.product_family,
        started_on=day_or_none(row.started_on),
        ended_on=day_or_none(row.ended_on),
        address=row.address,
        monthly_cents=row.monthly_cents,
        last_invoice_cents=row.last_invoice_cents,
    )


_LAST_ID = Statement("SELECT COALESCE(max(id), 0) FROM customer")
_NEXT_IDS = Statement(
    "SELECT nextval(pg_get_serial_sequence('customer', 'id')) FROM generate_series(1, CAST(:count AS integer))"
)
_ADD = Statement(
    """
    INSERT INTO customer (id, external_id, external_key, kind, given_name, surnames, company_name, birth_date, language,
        treatment, search_name, created_at, updated_at)
    VALUES (:id, :external_id, :external_key, :kind, :given_name, :surnames, :company_name, :birth_date, :language,
        :treatment, :search_name, :at, :at)
    """
)
_UPDATE = Statement(
    """
    UPDATE customer SET external_id = :external_id, external_key = :external_key, kind = :kind,
        given_name = :given_name, surnames = :surnames, company_name = :company_name, birth_date = :birth_date,
        language = :language, treatment = :treatment, search_name = :search_name, updated_at = :at
    WHERE id = :id
    """
)
_ADD_IDENTIFIER = Statement(
    """
    INSERT INTO identifier (customer_id, kind, value, normal) VALUES (:customer_id, :kind, :value, :normal)
    ON CONFLICT DO NOTHING
    """
)
_ADD_CONTACT = Statement(
    """
    INSERT INTO contact_point (customer_id, kind, label, value, normal, reversed, is_primary)
    VALUES (:customer_id, :kind, :label, :value, :normal, :reversed, :is_primary) ON CONFLICT DO NOTHING
    """
)
_ADD_ADDRESS = Statement(
    """
    INSERT INTO address (customer_id, street, postcode, town, province, is_primary)
    VALUES (:customer_id, :street, :postcode, :town, :province, :is_primary)
    """
)
_CUSTOMERS = Statement("SELECT * FROM customer WHERE id IN @ids")
_IDENTIFIERS = Statement("SELECT customer_id, kind, value FROM identifier WHERE customer_id IN @ids ORDER BY id")
_CONTACTS = Statement("SELECT * FROM contact_point WHERE customer_id IN @ids ORDER BY is_primary DESC, id")
_ADDRESSES = Statement("SELECT * FROM address WHERE customer_id IN @ids ORDER BY is_primary DESC, id")
_CONTRACTS = Statement(
    """
    SELECT c.*, p.code AS product_code, p.name AS product_name, p.family AS product_family
    FROM contract c JOIN product p ON p.id = c.product_id WHERE c.customer_id IN @ids
    ORDER BY c.status, c.started_on DESC, c.number
    """
)
_COUNT = Statement("SELECT count(*) FROM customer")

"""Customers: people and companies, how to reach them, what they have contracted.

Finding them is `customer_search`; here they are written and read whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_search import index_customers, key_of, search_name
from atencion.data.sql import Statement, day_or_none, moment
from atencion.i18n import _
from atencion.text import clean_line


class CustomerKind(StrEnum):
    """Who a customer is before the law."""

    PERSON = "person"
    COMPANY = "company"


class IdentifierKind(StrEnum):
    """The identity documents in use in Spain, and the numbers that stand for one."""

    NIF = "nif"
    NIE = "nie"
    CIF = "cif"
    PASSPORT = "passport"
    OTHER = "other"
    CODE = "code"
    """The organisation's own number of a record that was merged into this one: whoever asks by it still gets here."""

    @property
    def label(self) -> str:
        """What a person calls it."""
        named = {self.PASSPORT: _("Pasaporte"), self.OTHER: _("Otro documento"), self.CODE: _("Código")}
        return named.get(self, self.value.upper())


class ContactKind(StrEnum):
    """Ways of reaching somebody."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class IdentifierRecord:
    """An identity document as it was given; not in force any more from `valid_to` on."""

    kind: IdentifierKind
    value: str
    valid_to: date | None = None
    id: int = field(default=0, compare=False)
    origin_id: int | None = field(default=None, compare=False)

    @property
    def normal(self) -> str:
        """Its letters and digits, in capitals."""
        return key_of(self.value)


@dataclass(frozen=True)
class ContactRecord:
    """A phone or an e-mail. `normal` is what is compared: E.164 for phones, lower case for e-mails.

    One that is not theirs any more since `valid_to` still finds them, and proves nothing.
    """

    kind: ContactKind
    value: str
    normal: str
    label: str = ""
    primary: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    last_used_on: date | None = None
    id: int = field(default=0, compare=False)
    origin_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class AddressRecord:
    """Where a customer lives or has its seat."""

    street: str = ""
    postcode: str = ""
    town: str = ""
    province: str = ""
    primary: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    id: int = field(default=0, compare=False)
    origin_id: int | None = field(default=None, compare=False)

    @property
    def line(self) -> str:
        """What of it is known, in a line, without its province."""
        return ", ".join(filter(None, (self.street, f"{self.postcode} {self.town}".strip())))

    @property
    def whole_line(self) -> str:
        """What of it is known, in a line."""
        return ", ".join(filter(None, (self.line, self.province)))


@dataclass(frozen=True)
class CustomerRecord:
    """All that is known of a customer, contracts apart. Of a company, the names of a person are its contact's.

    `accessibility` is what makes a call possible for them (speaking slowly, a sign interpreter); `former_names` the
    names they had, by which they are still found.
    """

    kind: CustomerKind = CustomerKind.PERSON
    external_id: str | None = None
    given_name: str = ""
    surnames: str = ""
    company_name: str = ""
    birth_date: date | None = None
    language: str = "es"
    treatment: str = "usted"
    accessibility: str = ""
    former_names: str = ""
    identifiers: tuple[IdentifierRecord, ...] = ()
    contacts: tuple[ContactRecord, ...] = ()
    addresses: tuple[AddressRecord, ...] = ()

    @property
    def name(self) -> str:
        """The name to show."""
        return full_name(self.given_name, self.surnames, self.company_name)

    @property
    def documents(self) -> tuple[IdentifierRecord, ...]:
        """The identity documents in force."""
        return tuple(
            part for part in self.identifiers if part.valid_to is None and part.kind is not IdentifierKind.CODE
        )

    @property
    def phones(self) -> tuple[ContactRecord, ...]:
        """The phones in force, the primary one first."""
        return self._reached_by(ContactKind.PHONE)

    @property
    def emails(self) -> tuple[ContactRecord, ...]:
        """The e-mails in force, the primary one first."""
        return self._reached_by(ContactKind.EMAIL)

    @property
    def address(self) -> AddressRecord | None:
        """The address in force, or the primary one if there are several."""
        current = [part for part in self.addresses if part.valid_to is None]
        return min(current, key=lambda part: not part.primary, default=None)

    def _reached_by(self, kind: ContactKind) -> tuple[ContactRecord, ...]:
        current = (part for part in self.contacts if part.kind is kind and part.valid_to is None)
        return tuple(sorted(current, key=lambda part: not part.primary))


@dataclass(frozen=True)
class ContractCard:
    """A contract with the product it is of. Money in cents."""

    id: int
    number: str
    status: str
    meter: str
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
    """A customer in the store, with what it has contracted.

    `version` is what tells whether somebody has changed it since it was read. It came in on the occasion `origin_id`,
    if that was kept. `merged_into` is who it is now, if it was merged.
    """

    id: int = 0
    version: int = 1
    origin_id: int | None = None
    created_at: datetime | None = None
    merged_into: int | None = None
    contracts: tuple[ContractCard, ...] = ()


def full_name(given_name: str, surnames: str, company_name: str = "") -> str:
    """The name to show: the company's, or the person's."""
    return company_name or f"{given_name} {surnames}".strip()


def add_customer(
    connection: Connection, customer: CustomerRecord, *, at: datetime, origin_id: int | None = None
) -> int:
    """Write a new customer with all it has, findable from now on; returns its id."""
    (customer_id,) = add_customers(connection, [customer], at=at, origin_id=origin_id)
    return customer_id


def add_customers(
    connection: Connection, customers: Sequence[CustomerRecord], *, at: datetime, origin_id: int | None = None
) -> list[int]:
    """Write many at once, all from one origin; returns their ids in order."""
    customers = [cleaned(customer) for customer in customers]
    ids = new_ids(connection, len(customers))
    rows = list(zip(ids, customers, strict=True))
    _ADD.run_many(
        connection,
        ({**row_of(customer_id, customer, at), "origin_id": origin_id} for customer_id, customer in rows),
    )
    _add_parts(connection, rows, origin_id)
    index_customers(connection, ids)
    return ids


def card(connection: Connection, customer_id: int) -> CustomerCard | None:
    """All of a customer, or None; of one that was merged, all of the one it is now."""
    found = next(iter(cards(connection, [customer_id])), None)
    while found is not None and found.merged_into is not None:
        found = next(iter(cards(connection, [found.merged_into])), None)
    return found


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
            accessibility=row.accessibility,
            former_names=row.former_names,
            version=row.version,
            origin_id=row.origin_id,
            created_at=moment(row.created_at),
            merged_into=row.merged_into,
            identifiers=tuple(_identifier(r) for r in identifiers.get(row.id, ())),
            contacts=tuple(_contact(r) for r in contacts.get(row.id, ())),
            addresses=tuple(_address(r) for r in addresses.get(row.id, ())),
            contracts=tuple(_contract(r) for r in contracts.get(row.id, ())),
        )
        for row in _CUSTOMERS.run(connection, ids=ids)
    }
    return [found[i] for i in ids if i in found]


def count_customers(connection: Connection) -> int:
    """How many there are, those that were merged into another apart."""
    return int(_COUNT.run(connection).scalar_one())


def cleaned(customer: CustomerRecord) -> CustomerRecord:
    """The customer with its names as they may be stored."""
    return replace(
        customer,
        external_id=clean_line(customer.external_id, 80) or None if customer.external_id else None,
        given_name=clean_line(customer.given_name),
        surnames=clean_line(customer.surnames),
        company_name=clean_line(customer.company_name),
        accessibility=clean_line(customer.accessibility),
        former_names=clean_line(customer.former_names, 1_000),
    )


def names_of(customer: CustomerRecord) -> str:
    """The folded words of every name that the customer has or had, as they are indexed."""
    return search_name(customer.company_name, customer.given_name, customer.surnames, customer.former_names)


def row_of(customer_id: int, customer: CustomerRecord, at: datetime) -> dict[str, Any]:
    """The columns of the customer's own row."""
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
        "accessibility": customer.accessibility,
        "former_names": customer.former_names,
        "search_name": names_of(customer),
        "at": at,
    }


def new_ids(connection: Connection, count: int) -> list[int]:
    """Ids for rows about to be written: of the writer's alone on SQLite, of the sequence on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        first = int(_LAST_ID.run(connection).scalar_one()) + 1
        return list(range(first, first + count))
    return [int(value) for value in _NEXT_IDS.run(connection, count=count).scalars()]


def _add_parts(connection: Connection, rows: Sequence[tuple[int, CustomerRecord]], origin_id: int | None) -> None:
    _ADD_IDENTIFIER.run_many(
        connection, (identifier_row(i, part, origin_id) for i, customer in rows for part in customer.identifiers)
    )
    _ADD_CONTACT.run_many(
        connection, (contact_row(i, part, origin_id) for i, customer in rows for part in customer.contacts)
    )
    _ADD_ADDRESS.run_many(
        connection, (address_row(i, part, origin_id) for i, customer in rows for part in customer.addresses)
    )


def identifier_row(customer_id: int, part: IdentifierRecord, origin_id: int | None) -> dict[str, Any]:
    """The columns of an identity document."""
    return {
        "customer_id": customer_id,
        "kind": str(part.kind),
        "value": clean_line(part.value, 80),
        "normal": part.normal,
        "origin_id": origin_id,
    }


def contact_row(customer_id: int, part: ContactRecord, origin_id: int | None) -> dict[str, Any]:
    """The columns of a phone or an e-mail."""
    return {
        "customer_id": customer_id,
        "kind": str(part.kind),
        "label": clean_line(part.label, 80),
        "value": clean_line(part.value),
        "normal": part.normal,
        "reversed": part.normal[::-1] if part.kind is ContactKind.PHONE else None,
        "is_primary": part.primary,
        "valid_from": part.valid_from,
        "valid_to": part.valid_to,
        "origin_id": origin_id,
    }


def address_row(customer_id: int, part: AddressRecord, origin_id: int | None) -> dict[str, Any]:
    """The columns of an address."""
    return {
        "customer_id": customer_id,
        "street": clean_line(part.street),
        "postcode": clean_line(part.postcode, 20),
        "town": clean_line(part.town),
        "province": clean_line(part.province),
        "is_primary": part.primary,
        "valid_from": part.valid_from,
        "valid_to": part.valid_to,
        "origin_id": origin_id,
    }


def _by_customer(statement: Statement, connection: Connection, ids: list[int]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in statement.run(connection, ids=ids):
        grouped.setdefault(row.customer_id, []).append(row)
    return grouped


def _identifier(row: Any) -> IdentifierRecord:
    return IdentifierRecord(
        IdentifierKind(row.kind), row.value, day_or_none(row.valid_to), id=row.id, origin_id=row.origin_id
    )


def _contact(row: Any) -> ContactRecord:
    return ContactRecord(
        ContactKind(row.kind),
        row.value,
        row.normal,
        row.label,
        bool(row.is_primary),
        day_or_none(row.valid_from),
        day_or_none(row.valid_to),
        day_or_none(row.last_used_on),
        id=row.id,
        origin_id=row.origin_id,
    )


def _address(row: Any) -> AddressRecord:
    return AddressRecord(
        row.street,
        row.postcode,
        row.town,
        row.province,
        bool(row.is_primary),
        day_or_none(row.valid_from),
        day_or_none(row.valid_to),
        id=row.id,
        origin_id=row.origin_id,
    )


def _contract(row: Any) -> ContractCard:
    return ContractCard(
        id=row.id,
        number=row.number,
        status=row.status,
        meter=row.meter,
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
        treatment, accessibility, former_names, search_name, created_at, updated_at, version, origin_id)
    VALUES (:id, :external_id, :external_key, :kind, :given_name, :surnames, :company_name, :birth_date, :language,
        :treatment, :accessibility, :former_names, :search_name, :at, :at, 1, :origin_id)
    """
)
_ADD_IDENTIFIER = Statement(
    """
    INSERT INTO identifier (customer_id, kind, value, normal, origin_id)
    VALUES (:customer_id, :kind, :value, :normal, :origin_id) ON CONFLICT DO NOTHING
    """
)
_ADD_CONTACT = Statement(
    """
    INSERT INTO contact_point
        (customer_id, kind, label, value, normal, reversed, is_primary, valid_from, valid_to, origin_id)
    VALUES (:customer_id, :kind, :label, :value, :normal, :reversed, :is_primary, :valid_from, :valid_to, :origin_id)
    ON CONFLICT DO NOTHING
    """
)
_ADD_ADDRESS = Statement(
    """
    INSERT INTO address
        (customer_id, street, postcode, town, province, is_primary, valid_from, valid_to, origin_id)
    VALUES (:customer_id, :street, :postcode, :town, :province, :is_primary, :valid_from, :valid_to, :origin_id)
    """
)
_CUSTOMERS = Statement("SELECT * FROM customer WHERE id IN @ids")
_IDENTIFIERS = Statement("SELECT * FROM identifier WHERE customer_id IN @ids ORDER BY id")
_CONTACTS = Statement("SELECT * FROM contact_point WHERE customer_id IN @ids ORDER BY is_primary DESC, id")
_ADDRESSES = Statement("SELECT * FROM address WHERE customer_id IN @ids ORDER BY is_primary DESC, id")
_CONTRACTS = Statement(
    """
    SELECT c.*, p.code AS product_code, p.name AS product_name, p.family AS product_family
    FROM contract c JOIN product p ON p.id = c.product_id WHERE c.customer_id IN @ids
    ORDER BY c.status, c.started_on DESC, c.number
    """
)
_COUNT = Statement("SELECT count(*) FROM customer WHERE merged_into IS NULL")

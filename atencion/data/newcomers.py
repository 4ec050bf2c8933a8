"""A customer on its way in from a file, as plain values: what a million rows can be carried and written as.

Making records of records of each row costs as much as all the rest. They are made (`record`) only where a row is
compared with what is in the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from atencion.data.connection import Connection
from atencion.data.customer_search import index_newcomers, trace_of
from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerKind,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
)
from atencion.data.sql import fill


class Newcomer(NamedTuple):
    """All texts are clean. `documents` are (kind, value, normal), `contacts` (kind, value, normal, label, primary),
    `addresses` (street, postcode, town, province). `search_name` and `trace` are what it will be found by.
    """

    line: int
    external_id: str | None
    external_key: str | None
    kind: str
    given_name: str
    surnames: str
    company_name: str
    birth_date: str | None
    language: str
    treatment: str
    documents: tuple[tuple[str, str, str], ...]
    contacts: tuple[tuple[str, str, str, str, bool], ...]
    addresses: tuple[tuple[str, str, str, str], ...]
    accessibility: str
    search_name: str
    trace: str

    def record(self) -> CustomerRecord:
        """The same customer, to be compared and merged."""
        return CustomerRecord(
            kind=CustomerKind(self.kind),
            external_id=self.external_id,
            given_name=self.given_name,
            surnames=self.surnames,
            company_name=self.company_name,
            birth_date=date.fromisoformat(self.birth_date) if self.birth_date else None,
            language=self.language,
            treatment=self.treatment,
            identifiers=tuple(IdentifierRecord(IdentifierKind(kind), value) for kind, value, _ in self.documents),
            contacts=tuple(
                ContactRecord(ContactKind(kind), value, normal, label, primary)
                for kind, value, normal, label, primary in self.contacts
            ),
            addresses=tuple(AddressRecord(*place, primary=n == 0) for n, place in enumerate(self.addresses)),
            accessibility=self.accessibility,
        )


def newcomer_trace(
    name: str, contacts: Iterable[tuple[str, str, str, str, bool]], addresses: Iterable[tuple[str, str, str, str]]
) -> str:
    """What makes a customer with this folded name and these parts findable, besides the name."""
    return trace_of(name, ((part[0], part[2]) for part in contacts), (place[:3] for place in addresses))


def write_newcomers(connection: Connection, rows: list[tuple[int, Newcomer]], *, origin_id: int, moment: Any) -> None:
    """Write new customers under these ids, which are theirs alone, and make them findable. `moment` is as the engine
    keeps one.
    """
    fill(
        connection,
        "customer",
        (
            "id", "external_id", "external_key", "kind", "given_name", "surnames", "company_name", "birth_date",
            "language", "treatment", "accessibility", "former_names", "search_name", "created_at", "updated_at",
            "version", "origin_id",
        ),
        (
            (
                i, one.external_id, one.external_key, one.kind, one.given_name, one.surnames, one.company_name,
                one.birth_date, one.language or "es", one.treatment or "usted", one.accessibility, "",
                one.search_name, moment, moment, 1, origin_id,
            )
            for i, one in rows
        ),
    )  # fmt: skip
    fill(
        connection,
        "identifier",
        ("customer_id", "kind", "value", "normal", "origin_id"),
        ((i, kind, value, normal, origin_id) for i, one in rows for kind, value, normal in one.documents),
    )
    fill(
        connection,
        "contact_point",
        ("customer_id", "kind", "label", "value", "normal", "reversed", "is_primary", "origin_id"),
        (
            (i, kind, label, value, normal, normal[::-1] if kind == "phone" else None, primary, origin_id)
            for i, one in rows
            for kind, value, normal, label, primary in one.contacts
        ),
    )
    fill(
        connection,
        "address",
        ("customer_id", "street", "postcode", "town", "province", "is_primary", "origin_id"),
        ((i, *place, n == 0, origin_id) for i, one in rows for n, place in enumerate(one.addresses)),
    )
    index_newcomers(connection, [(i, one.search_name, one.trace) for i, one in rows])

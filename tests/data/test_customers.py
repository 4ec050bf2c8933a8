"""Customers are found by whatever is at hand, and read back as they were written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_search import Found, MatchedOn, find
from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerKind,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
    add_customer,
    add_customers,
    card,
)
from atencion.data.engine import Store
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from tests.data.samples import NOON

ANA = CustomerRecord(
    external_id="DEMO-0001",
    given_name="Ana María",
    surnames="Muñoz García",
    birth_date=date(1980, 2, 29),
    identifiers=(IdentifierRecord(IdentifierKind.NIF, "00123456-X"),),
    contacts=(
        ContactRecord(ContactKind.PHONE, "600 111 222", "+34600111222", primary=True),
        ContactRecord(ContactKind.EMAIL, "Ana.Munoz@example.com", "ana.munoz@example.com"),
    ),
    addresses=(AddressRecord("Calle Inventada, 1", "28001", "Madrid", "Madrid", primary=True),),
)
OTHERS = (
    CustomerRecord(given_name="Anabel", surnames="Munoz Garza", external_id="DEMO-0002"),
    CustomerRecord(given_name="María", surnames="García Muñoz", external_id="DEMO-0003"),
    CustomerRecord(
        kind=CustomerKind.COMPANY,
        company_name="Talleres d'Ordesa, S.L.",
        external_id="E/77",
        identifiers=(IdentifierRecord(IdentifierKind.CIF, "B99286320"),),
    ),
    CustomerRecord(
        given_name="Xoán", surnames="Ñandú", identifiers=(IdentifierRecord(IdentifierKind.NIE, "X1234567L"),)
    ),
)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as connection:
        add_customers(connection, [ANA, *OTHERS], at=NOON)
    return store


def _find(store: Store, query: str, limit: int = 20) -> list[Found]:
    with store.reading() as connection:
        return find(connection, query, limit)


def _names(store: Store, query: str) -> list[str]:
    return [found.name for found in _find(store, query)]


def _edit(store: Store, customer_id: int, **wanted: Any) -> None:
    with store.writing() as connection:
        before = card(connection, customer_id)
        assert before is not None
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, NOON))
        edit_customers(
            connection, [Edit(before, replace(before, **wanted))], origin_id=origin_id, at=NOON, on=NOON.date()
        )


@pytest.mark.parametrize(
    ("query", "matched_on"),
    [
        ("600111222", MatchedOn.PHONE),
        ("+34 600-11-12-22", MatchedOn.PHONE),
        ("0034600111222", MatchedOn.PHONE),
        ("60011", MatchedOn.PHONE),
        ("11222", MatchedOn.PHONE),
        ("00123456X", MatchedOn.IDENTIFIER),
        ("00.123.456-x", MatchedOn.IDENTIFIER),
        ("123456x", MatchedOn.IDENTIFIER),
        ("00123456", MatchedOn.IDENTIFIER),
        ("ana.munoz@EXAMPLE.com", MatchedOn.EMAIL),
        ("ana.munoz@", MatchedOn.EMAIL),
        ("DEMO-0001", MatchedOn.EXTERNAL_ID),
        ("demo0001", MatchedOn.EXTERNAL_ID),
        ("ana maria muñoz", MatchedOn.NAME),
        ("MUNOZ garcia ana", MatchedOn.NAME),
        ("muñ an ma", MatchedOn.NAME),
    ],
)
def test_one_customer_is_found_by_any_of_its_data(filled: Store, query: str, matched_on: MatchedOn) -> None:
    first = _find(filled, query)[0]
    assert (first.name, first.matched_on) == ("Ana María Muñoz García", matched_on)


@pytest.mark.parametrize("query", ["talleres", "ordesa s.l.", "talleres sl", "d'ordesa", "B-99286320", "e77"])
def test_a_company_is_found(filled: Store, query: str) -> None:
    assert _names(filled, query) == ["Talleres d'Ordesa, S.L."]


def test_a_nie_is_found_without_its_first_letter(filled: Store) -> None:
    assert _names(filled, "1234567L") == ["Xoán Ñandú"]


def test_a_name_as_spelled_comes_before_one_spelled_otherwise(filled: Store) -> None:
    assert _names(filled, "munoz")[0] == "Anabel Munoz Garza"
    assert _names(filled, "muñoz")[0] != "Anabel Munoz Garza"


def test_whole_words_come_before_beginnings(filled: Store) -> None:
    assert _names(filled, "ana")[:2] == ["Ana María Muñoz García", "Anabel Munoz Garza"]


def test_the_order_typed_comes_first(filled: Store) -> None:
    assert _names(filled, "garcía muñoz")[0] == "María García Muñoz"


@pytest.mark.parametrize("query", ["", "   ", "...", "@", "%", "_", "*", '"', "'", "- -", "\x00"])
def test_a_query_without_letters_or_digits_finds_nobody(filled: Store, query: str) -> None:
    assert _find(filled, query) == []


@pytest.mark.parametrize(
    "query", ["NEAR(a b", "words:ana", "'; DROP TABLE customer; --", "ana OR 1=1", "zzz", "a\\'b:*"]
)
def test_what_looks_like_a_query_language_is_text(filled: Store, query: str) -> None:
    assert all(found.name for found in _find(filled, query))
    assert len(_find(filled, "ana")) == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_can_be_asked_for(filled: Store, query: str) -> None:
    assert len(_find(filled, query, limit=3)) <= 3


def test_a_list_is_never_longer_than_asked(filled: Store) -> None:
    assert len(_find(filled, "a", limit=2)) == 2


def test_a_customer_reads_back_as_it_was_written(filled: Store) -> None:
    with filled.reading() as connection:
        found = card(connection, find(connection, "DEMO-0001")[0].customer_id)
    assert found is not None
    for name in CustomerRecord.__dataclass_fields__:
        assert getattr(found, name) == getattr(ANA, name)
    assert found.name == "Ana María Muñoz García"


def test_a_customer_that_is_not_there_has_no_card(store: Store) -> None:
    with store.reading() as connection:
        assert card(connection, 99) is None


def test_a_new_name_is_found_and_so_is_the_old_one(filled: Store) -> None:
    customer_id = _find(filled, "Anabel")[0].customer_id
    _edit(filled, customer_id, given_name="Rosalinda")
    assert _names(filled, "Anabel") == ["Rosalinda Munoz Garza"]
    assert _names(filled, "rosalin") == ["Rosalinda Munoz Garza"]
    if filled.path:
        with filled.writing() as connection:
            for table in ("search_name", "search_trace"):
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


def test_new_contacts_are_added_once(filled: Store) -> None:
    customer_id = _find(filled, "DEMO-0001")[0].customer_id
    more = (*ANA.contacts, ContactRecord(ContactKind.PHONE, "911 000 111", "+34911000111"))
    for _ in range(2):
        _edit(filled, customer_id, contacts=more)
    with filled.reading() as connection:
        found = card(connection, customer_id)
    assert found is not None
    assert [contact.normal for contact in found.contacts] == [contact.normal for contact in more]
    assert len(found.addresses) == len(found.identifiers) == 1


@pytest.mark.parametrize("name", ["[bold red]Ana[/]", "x" * 300, "null", "O'Donnell", "Nguyễn", "عمر", "👩‍🔧 Paz"])
def test_strange_names_are_kept_and_found(store: Store, name: str) -> None:
    with store.writing() as connection:
        customer_id = add_customer(connection, CustomerRecord(given_name=name, surnames="Rara"), at=NOON)
    assert [found.customer_id for found in _find(store, f"{name} rara"[:100])] == [customer_id] or len(name) > 100
    assert _names(store, "rara") == [f"{name} Rara"]


def test_an_escape_sequence_does_not_enter_the_store(store: Store) -> None:
    with store.writing() as connection:
        add_customer(connection, CustomerRecord(given_name="A\x1b[2Jna", surnames="\u202eRara"), at=NOON)
    assert _names(store, "rara") == ["A\ufffd[2Jna \ufffdRara"]

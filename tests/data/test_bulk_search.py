"""Many customers are asked for in a language of fields, dates and conditions, and what is wrong in it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerKind,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
    add_customer,
)
from atencion.data.engine import Store
from atencion.data.search.bulk import count_in_bulk, forget_search, ids_in_bulk, save_search, saved_searches
from atencion.data.search.language import parse
from atencion.errors import Refused
from tests.data.samples import NOON

ANA = CustomerRecord(
    external_id="A-1",
    given_name="Ana",
    surnames="García López",
    birth_date=date(1980, 2, 29),
    identifiers=(IdentifierRecord(IdentifierKind.NIF, "12345678Z"),),
    contacts=(
        ContactRecord(ContactKind.PHONE, "600111222", "+34600111222"),
        ContactRecord(ContactKind.EMAIL, "ana@example.com", "ana@example.com"),
    ),
    addresses=(AddressRecord("Calle Mayor, 1", "28013", "Madrid", "Madrid", True),),
)
LUIS = CustomerRecord(
    external_id="A-2",
    given_name="Luis",
    surnames="García Peña",
    birth_date=date(1990, 6, 1),
    language="ca",
    contacts=(ContactRecord(ContactKind.PHONE, "699111222", "+34699111222"),),
    addresses=(AddressRecord("Rúa Nova, 2", "36205", "Vigo", "Pontevedra", True),),
)
FIRM = CustomerRecord(kind=CustomerKind.COMPANY, external_id="B-1", company_name="Talleres García, S. L.")


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as connection:
        for number, one in enumerate((ANA, LUIS, FIRM)):
            add_customer(connection, one, at=NOON + timedelta(days=31 * number))
    return store


def ask(store: Store, query: str) -> str:
    with store.reading() as connection:
        ids = list(ids_in_bulk(connection, query))
        assert count_in_bulk(connection, query) == len(ids)
    return " ".join({1: "ana", 2: "luis", 3: "firm"}[customer_id] for customer_id in ids)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("garcía", "ana luis firm"),
        ("nombre:GARCIA no tipo:empresa", "ana luis"),
        ("name:garcia and not kind:company", "ana luis"),
        ("gar* y (cp:28* o cp:36205)", "ana luis"),
        ("no nombre:garcía", ""),
        ("tipo:persona", "ana luis"),
        ("apellidos:pen*", "luis"),
        ('"garcía lopez"', "ana"),
        ("empresa:talleres", "firm"),
        ("empresa:garcia", "firm"),
        ("telefono:600111222", "ana"),
        ("tel:+34600*", "ana"),
        ("teléfono:*111222", "ana luis"),
        ("phone:*0111*", "ana"),
        ("dni:12345678-z", "ana"),
        ("documento:1234*", "ana"),
        ("correo:*@example.com", "ana"),
        ("email:ana@*", "ana"),
        ("direccion:mayor", "ana"),
        ("poblacion:vigo", "luis"),
        ('direccion:"rúa nova"', "luis"),
        ("codigo:A*", "ana luis"),
        ("codigo:b1", "firm"),
        ("idioma:ca", "luis"),
        ("idioma:catalán", "luis"),
        ("idioma:castellano", "ana firm"),
        ("nacimiento:1980", "ana"),
        ("nacimiento:29/02/1980", "ana"),
        ("nacimiento:1980-02..1985", "ana"),
        ("nacimiento:>1980-12-31", "luis"),
        ("nacimiento:<=1980", "ana"),
        ("born:..1989-12", "ana"),
        ("alta:2026-11", "ana"),
        ("alta:2026-11-24..2026-12-25", "ana luis"),
        ("alta:>=2027", "firm"),
        ("no alta:2026", "firm"),
        ("contacto:2026", ""),
        ("garcía o pepe y luis", "ana luis firm"),
        ("producto:LUZ*", ""),
        ("contrato:LE*", ""),
    ],
)
def test_a_query_gives_just_those_it_asks_for(filled: Store, query: str, found: str) -> None:
    assert ask(filled, query) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "vacía"),
        ("color:rojo", "«color»"),
        ("cp:", "valor de «cp»"),
        (":28001", "nombre del campo"),
        ("(cp:28* o cp:29*", "cerrar un paréntesis"),
        ("cp:28*)", "sobra"),
        ("garcía y", "falta una condición"),
        ("o garcía", "falta una condición"),
        ('"garcía', "comillas"),
        ("alta:ayer", "no es una fecha"),
        ("alta:31/02/2026", "no es una fecha"),
        ("alta:9999", "no es una fecha"),
        ("alta:>9999-12-31", "no es una fecha"),
        ("alta:<0001-01-01", "no es una fecha"),
        ("nombre:\ufe70", "no tiene letras"),
        ("alta:2026..2025", "antes de empezar"),
        ("alta:..", "las dos fechas"),
        ("tipo:robot", "«robot»"),
        ("idioma:klingon", "«klingon»"),
        ("nombre:***", "no tiene letras"),
        ("(" * 60, "demasiados paréntesis"),
        ("no " * 60 + "ana", "demasiados paréntesis"),
        ("a " * 500, "demasiadas condiciones"),
        ("a" * 3_000, "demasiado larga"),
        ("@nadie", "guardada"),
    ],
)
def test_what_is_wrong_in_a_query_is_told_with_its_place(filled: Store, query: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(filled, query)
    assert said in refused.value.message


@pytest.mark.parametrize("query", ["'; DROP TABLE customer; --", 'a" OR "b', "correo:*%*", "correo:*_x*", "nombre:a'b"])
def test_what_looks_like_sql_is_a_value(filled: Store, query: str) -> None:
    try:
        ask(filled, query)
    except Refused:
        pass
    assert ask(filled, "tipo:persona") == "ana luis"


@given(st.text("abyon0:*()\"'.-/ <>=@", max_size=40))
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        parse(text)
    except Refused as refused:
        assert refused.message


def test_a_query_is_kept_by_a_name_and_asked_again(filled: Store) -> None:
    with filled.writing() as connection:
        save_search(connection, "De Madrid", "cp:28*", at=NOON)
        save_search(connection, "de madrid", "cp:28013", at=NOON)
    assert ask(filled, "@de-madrid") == "ana"
    with filled.reading() as connection:
        assert [(one.name, one.query) for one in saved_searches(connection)] == [("de-madrid", "cp:28013")]
    with filled.writing() as connection:
        forget_search(connection, "de madrid")
    with pytest.raises(Refused, match="de-madrid"):
        ask(filled, "@de-madrid")


def test_a_query_that_cannot_be_understood_is_not_kept(filled: Store) -> None:
    with filled.writing() as connection, pytest.raises(Refused):
        save_search(connection, "mala", "cp:", at=NOON)


def test_more_customers_than_a_page_come_each_once_in_order(store: Store) -> None:
    from atencion.data.customers import add_customers

    with store.writing() as connection:
        ids = add_customers(connection, [replace(FIRM, external_id=f"C-{n}") for n in range(2_500)], at=NOON)
    with store.reading() as connection:
        assert list(ids_in_bulk(connection, "talleres")) == ids

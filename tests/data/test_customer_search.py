"""The one box: whatever a customer says, however it is heard, leads to the right person, and the result says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_search import Found, How, MatchedOn, find, index_customers
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
from atencion.data.engine import Dialect, Store
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.search.index import INDEXES
from tests.data.samples import NOON, open_interaction

HOME = AddressRecord("Rúa do Carballo, 43, 5.º C", "36205", "Vigo", "Pontevedra", True)


def person(
    given_name: str, surnames: str, phone: str = "", document: str = "", email: str = "", home: AddressRecord = HOME
) -> CustomerRecord:
    contacts = []
    if phone:
        contacts.append(ContactRecord(ContactKind.PHONE, phone, f"+34{phone}"))
    if email:
        contacts.append(ContactRecord(ContactKind.EMAIL, email, email))
    documents = (IdentifierRecord(IdentifierKind.NIF, document),) if document else ()
    return CustomerRecord(
        given_name=given_name,
        surnames=surnames,
        identifiers=documents,
        contacts=tuple(contacts),
        addresses=(home,),
    )


MADRID = AddressRecord("Calle Mayor, 12", "28013", "Madrid", "Madrid", True)
PEOPLE = (
    person("Jesús", "Jiménez Hernández", "612345678", "50070012Z", "jesus.jimenez85@example.com"),
    person("María Carmen", "Valero Quintana", "698765432", "87654321X", "mc.valero@example.org", MADRID),
    person("Íñigo", "Peña Villalba", "612399999", "11111111H", home=MADRID),
    person("Pilar", "Zárate Gil", "698700001", home=MADRID),
    person("Nuria", "de la Fuente Cebrián", "698700002"),
    person("Gonzalo", "Iturrigoitia Bengoetxea", "698700003"),
    person("Ana", "Vigo Mayor", "698700004"),
    CustomerRecord(kind=CustomerKind.COMPANY, company_name="Talleres Hermanos Ordóñez, S. L.", addresses=(MADRID,)),
)


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as connection:
        add_customers(connection, PEOPLE, at=NOON)
    return store


def look(store: Store, query: str, limit: int = 10) -> list[Found]:
    with store.reading() as connection:
        return find(connection, query, limit)


def first(store: Store, query: str) -> str:
    found = look(store, query)
    return found[0].name if found else ""


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("gimenes", "Jesús Jiménez Hernández"),
        ("jesus ximenez", "Jesús Jiménez Hernández"),
        ("ernandes jesus", "Jesús Jiménez Hernández"),
        ("hernadnez", "Jesús Jiménez Hernández"),
        ("balero", "María Carmen Valero Quintana"),
        ("kintana valero", "María Carmen Valero Quintana"),
        ("carmen quintanna", "María Carmen Valero Quintana"),
        ("iñigo pena", "Íñigo Peña Villalba"),
        ("viyalba", "Íñigo Peña Villalba"),
        ("sarate", "Pilar Zárate Gil"),
        ("pilar jil", "Pilar Zárate Gil"),
        ("fuente sebrian", "Nuria de la Fuente Cebrián"),
        ("nuria fuente", "Nuria de la Fuente Cebrián"),
        ("nuria de fuente", "Nuria de la Fuente Cebrián"),
        ("iturigoytia", "Gonzalo Iturrigoitia Bengoetxea"),
        ("bemgoexea", "Gonzalo Iturrigoitia Bengoetxea"),
        ("taleres ordonez", "Talleres Hermanos Ordóñez, S. L."),
        ("hermanos ordoñes sl", "Talleres Hermanos Ordóñez, S. L."),
    ],
)
def test_a_name_heard_or_typed_wrong_leads_to_the_person(filled: Store, said: str, name: str) -> None:
    assert first(filled, said) == name


@pytest.mark.parametrize("letters", range(3, 12))
def test_a_name_is_found_while_it_is_typed(filled: Store, letters: int) -> None:
    assert first(filled, "jesus jimene"[:letters]) == "Jesús Jiménez Hernández"


@pytest.mark.parametrize(
    ("said", "name", "matched_on", "how"),
    [
        ("612345678", "Jesús Jiménez Hernández", MatchedOn.PHONE, How.EXACT),
        ("345678", "Jesús Jiménez Hernández", MatchedOn.PHONE, How.ENDS),
        ("23456", "Jesús Jiménez Hernández", MatchedOn.PHONE, How.INSIDE),
        ("61234", "Jesús Jiménez Hernández", MatchedOn.PHONE, How.BEGINS),
        ("612345687", "Jesús Jiménez Hernández", MatchedOn.PHONE, How.ALIKE),
        ("50070012z", "Jesús Jiménez Hernández", MatchedOn.IDENTIFIER, How.EXACT),
        ("50070012", "Jesús Jiménez Hernández", MatchedOn.IDENTIFIER, How.BEGINS),
        ("50070021Z", "Jesús Jiménez Hernández", MatchedOn.IDENTIFIER, How.ALIKE),
        ("50070012A", "Jesús Jiménez Hernández", MatchedOn.IDENTIFIER, How.ALIKE),
        ("jesus.jim", "Jesús Jiménez Hernández", MatchedOn.EMAIL, How.BEGINS),
        ("jimenez85@", "Jesús Jiménez Hernández", MatchedOn.EMAIL, How.INSIDE),
        ("jimenez", "Jesús Jiménez Hernández", MatchedOn.NAME, How.EXACT),
        ("jim", "Jesús Jiménez Hernández", MatchedOn.NAME, How.BEGINS),
        ("gimenez", "Jesús Jiménez Hernández", MatchedOn.NAME, How.SOUNDS),
        ("jimmnez", "Jesús Jiménez Hernández", MatchedOn.NAME, How.ALIKE),
    ],
)
def test_a_result_says_why_it_is_there(filled: Store, said: str, name: str, matched_on: MatchedOn, how: How) -> None:
    found = look(filled, said)[0]
    assert (found.name, found.match.matched_on, found.match.how) == (name, matched_on, how)
    assert found.match.why


@pytest.mark.parametrize(
    ("said", "name", "also"),
    [
        ("jimenez vigo", "Jesús Jiménez Hernández", (MatchedOn.ADDRESS,)),
        ("valero 28013", "María Carmen Valero Quintana", (MatchedOn.ADDRESS,)),
        ("pilar mayor 12", "Pilar Zárate Gil", (MatchedOn.ADDRESS,)),
        ("jimenez 5678", "Jesús Jiménez Hernández", (MatchedOn.PHONE,)),
        ("jesus 612 34 56 78", "Jesús Jiménez Hernández", (MatchedOn.PHONE,)),
    ],
)
def test_a_name_is_told_apart_by_what_is_said_beside_it(
    filled: Store, said: str, name: str, also: tuple[MatchedOn, ...]
) -> None:
    found = look(filled, said)[0]
    assert (found.name, found.match.also) == (name, also)


def test_an_address_alone_gives_those_who_live_there(filled: Store) -> None:
    found = look(filled, "carballo 43 vigo")
    assert {one.name for one in found if one.match.matched_on is MatchedOn.ADDRESS} >= {"Jesús Jiménez Hernández"}
    assert len({one.household for one in found if one.match.matched_on is MatchedOn.ADDRESS}) == 1


def test_a_surname_comes_before_a_town_of_the_same_name(filled: Store) -> None:
    assert first(filled, "vigo") == "Ana Vigo Mayor"


def test_the_last_digits_come_before_the_middle_ones(store: Store) -> None:
    with store.writing() as connection:
        add_customers(connection, [person("Medio", "Uno", "691234560"), person("Final", "Dos", "690001234")], at=NOON)
    assert [one.name for one in look(store, "1234")] == ["Final Dos", "Medio Uno"]


@pytest.mark.parametrize(
    "said", ["moreno moreno", "zoe moreno moreno", "moreno moren", "morenno moreno", "morenno morenno"]
)
def test_a_surname_said_twice_leads_to_who_has_it_twice_among_many_who_have_it_once(store: Store, said: str) -> None:
    with store.writing() as connection:
        once = [person("Zoe", f"Moreno {other}") for other in ("Gil", "Vega", "Soto", "Cano") for _ in range(45)]
        add_customers(connection, [*once, person("Zoe", "Moreno Moreno")], at=NOON)
    assert first(store, said) == "Zoe Moreno Moreno"


@pytest.mark.parametrize("limit", [1, 3, 12])
def test_a_postcode_gives_as_many_who_live_there_as_are_asked_for(store: Store, limit: int) -> None:
    with store.writing() as connection:
        phones = [person("Pilar", "Final", f"698{number}36205", home=MADRID) for number in range(2)]
        add_customers(connection, [*phones, *(person("Ana", f"Vecina {n}") for n in range(10))], at=NOON)
    found = look(store, "36205", limit)
    assert len(found) == limit
    assert limit < 12 or {one.match.matched_on for one in found} == {MatchedOn.PHONE, MatchedOn.ADDRESS}


def test_exact_comes_before_alike(store: Store) -> None:
    with store.writing() as connection:
        add_customers(connection, [person("Ana", "Gomez"), person("Ana", "Gómez"), person("Ana", "Gomes")], at=NOON)
    assert [one.name for one in look(store, "ana gomes")] == ["Ana Gomes", "Ana Gomez", "Ana Gómez"]
    assert [one.name for one in look(store, "ana gómez")][:2] == ["Ana Gómez", "Ana Gomez"]


def test_an_error_in_the_stored_name_does_not_hide_the_person(store: Store) -> None:
    with store.writing() as connection:
        add_customers(connection, [person("Lucía", "Fenrández Roca"), person("Lucía", "Fernández Roca")], at=NOON)
    assert [one.name for one in look(store, "lucia fernandez roca")] == ["Lucía Fernández Roca", "Lucía Fenrández Roca"]


def test_a_whole_name_misspelt_in_the_store_comes_before_who_lives_in_a_street_called_so(store: Store) -> None:
    with store.writing() as connection:
        people = [person("Rosa", "Castro Nieto"), person("Rosa", "Nieto Crballo", home=MADRID)]
        add_customers(connection, people, at=NOON)
    assert [one.name for one in look(store, "rosa nieto carballo")] == ["Rosa Nieto Crballo", "Rosa Castro Nieto"]


def test_of_two_surnames_alike_one_misspelt_comes_before_other_surnames(store: Store) -> None:
    with store.writing() as connection:
        others = [person("Gregorio", f"Moreno {surname}") for surname in ("Abad", "Gil", "Mora", "Sanz")]
        meant = [person("Gregorio", surnames) for surnames in ("Moerno Moreno", "Moreno Moreno")]
        add_customers(connection, [*others, *meant], at=NOON)
    found = [one.name for one in look(store, "Gregorio Moreno Moreno")]
    assert found[:2] == ["Gregorio Moreno Moreno", "Gregorio Moerno Moreno"]
    assert len(found) == 6
    assert [one.match.how for one in look(store, "moreno moreno")] == [How.EXACT] * 6


def test_of_namesakes_the_one_attended_last_comes_first(store: Store) -> None:
    with store.writing() as connection:
        ids = add_customers(connection, [person("Ana", "García") for _ in range(3)], at=NOON)
    call = open_interaction(store, at=NOON + timedelta(days=1))
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE interaction SET customer_id = {ids[1]} WHERE id = {call.id}")
    assert [one.customer_id for one in look(store, "ana garcia")] == [ids[1], ids[0], ids[2]]


def test_who_shares_a_phone_or_a_home_is_marked(store: Store) -> None:
    with store.writing() as connection:
        parent, child = person("Luis", "Rey Mas", "677000111"), person("Eva", "Rey Sol", "677000111")
        add_customers(connection, [parent, child, person("Luis", "Rey Pons", "677000222", home=MADRID)], at=NOON)
    found = look(store, "677000111")
    assert [(one.shared, one.household) for one in found] == [(1, 1), (1, 1)]
    assert [(one.shared, one.household) for one in look(store, "luis rey pons")] == [(0, 0)]


def test_an_old_phone_still_leads_to_the_customer(filled: Store) -> None:
    with filled.writing() as connection:
        customer_id = add_customer(connection, person("Olga", "Nueva Casa", "655000001"), at=NOON)
        changed = person("Olga", "Nueva Casa", "655000002")
        before = card(connection, customer_id)
        assert before is not None
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, NOON))
        edits = [Edit(before, replace(before, contacts=changed.contacts))]
        edit_customers(connection, edits, origin_id=origin_id, at=NOON, on=NOON.date())
    assert first(filled, "655000001") == first(filled, "655000002") == "Olga Nueva Casa"
    assert look(filled, "5000001")[0].match.how is How.ENDS


def test_a_customer_that_is_gone_is_found_no_more(filled: Store) -> None:
    with filled.writing() as connection:
        customer_id = find(connection, "zarate", 1)[0].customer_id
        for table, column in (("contact_point", "customer_id"), ("address", "customer_id"), ("customer", "id")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = {customer_id}")
        index_customers(connection, [customer_id])
    assert look(filled, "pilar zarate gil") == []


@pytest.mark.parametrize(
    "query",
    [
        "a" * 10_000,
        "jimenez " * 1_500,
        "1" * 10_000,
        "ana AND OR NOT NEAR(",
        "\"'*^:{}[]()=#@!|&<->\\",
        "=vigo #6123 @jesus",
        "'; DROP TABLE customer; --",
        "jimenez' | 'x",
        "👩‍🔧🎉",
        "عمر بن الخطاب",
        "İstanbul ß ﬁ",
        "\u202e\x00\x1b[31m",
    ],
)
def test_whatever_is_typed_gets_an_answer(filled: Store, query: str) -> None:
    assert len(look(filled, query)) <= 10
    assert first(filled, "jesus jimenez") == "Jesús Jiménez Hernández"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("aábcdehijlmñnoprstuvz 0123456789@.-'\"*:", max_size=30))
def test_any_mixture_of_letters_digits_and_signs_can_be_asked_for(filled: Store, query: str) -> None:
    found = look(filled, query, 5)
    assert len({one.customer_id for one in found}) == len(found) <= 5


def test_words_written_in_many_pieces_become_one_and_find_the_same(store: Store) -> None:
    for someone in PEOPLE:
        with store.writing() as connection:
            add_customers(connection, [someone], at=NOON)
    before = [look(store, query) for query in ("jimenes", "valero madrid", "5678", "talleres")]
    store.gather_words(*INDEXES, written=20_000)
    assert [look(store, query) for query in ("jimenes", "valero madrid", "5678", "talleres")] == before
    if store.dialect is Dialect.SQLITE:
        with store.reading() as connection:
            pieces = connection.exec_driver_sql("SELECT DISTINCT segid FROM search_name_idx").all()
        assert len(pieces) == 1


def test_a_few_customers_more_do_not_have_an_index_of_millions_written_anew(store: Store) -> None:
    for someone in PEOPLE:
        with store.writing() as connection:
            add_customers(connection, [someone], at=NOON)
    store.gather_words(*INDEXES, written=len(PEOPLE))
    if store.dialect is Dialect.SQLITE:
        with store.reading() as connection:
            pieces = connection.exec_driver_sql("SELECT DISTINCT segid FROM search_name_idx").all()
        assert len(pieces) > 1


@pytest.mark.parametrize("stored", ["Mª José", "M.ª José", "María José"])
@pytest.mark.parametrize("asked", ["Mª José Peña", "M.ª jose peña", "maria jose peña"])
def test_maria_is_the_same_however_short_she_is_written(store: Store, stored: str, asked: str) -> None:
    with store.writing() as connection:
        add_customers(connection, [person("José", "Martín Peña"), person(stored, "Peña Gil")], at=NOON)
    found = look(store, asked)[0]
    assert (found.name, found.match.how) == (f"{stored} Peña Gil", How.EXACT)


@pytest.mark.parametrize(
    "asked",
    ["carballo 43 5 c", "Rúa do Carballo, 43, 5.º C", "carballo 43 5c vigo", "jimenez carballo 43 5º", "cp 36205"],
)
def test_an_address_finds_who_lives_there_as_it_is_written(filled: Store, asked: str) -> None:
    found = {one.name for one in look(filled, asked)}
    assert found == {"Jesús Jiménez Hernández"} if "jimenez" in asked else len(found) == 4

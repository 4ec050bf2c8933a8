"""Two records of one person are suspected, two people of one household are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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
    add_customers,
)
from atencion.data.engine import Store
from atencion.data.twin_search import count_open, dismiss, hunt, queue, twins_of
from atencion.data.twins import SUSPECT, Reason, likeness, sound, traits_of
from atencion.text import fold
from tests.data.samples import NOON

PHONE = ContactRecord(ContactKind.PHONE, "749 000 001", "+34749000001")
OTHER_PHONE = ContactRecord(ContactKind.PHONE, "749 000 002", "+34749000002")
EMAIL = ContactRecord(ContactKind.EMAIL, "ana@example.com", "ana@example.com")
HOME = AddressRecord("Calle del Olmo, 86, 7.º C", "28055", "Madrid", "Madrid")
ANA = CustomerRecord(
    given_name="Ana María",
    surnames="Muñoz Echevarría",
    birth_date=date(1980, 2, 11),
    identifiers=(IdentifierRecord(IdentifierKind.NIF, "99125978A"),),
    contacts=(PHONE, EMAIL),
    addresses=(HOME,),
)
BARE = CustomerRecord(given_name="Ana María", surnames="Muñoz Echevarría")


def score(one: CustomerRecord, other: CustomerRecord) -> int:
    return likeness(traits_of(one), traits_of(other)).score


@pytest.mark.parametrize(
    "twin",
    [
        replace(BARE, contacts=(PHONE,)),
        replace(BARE, contacts=(EMAIL,)),
        replace(BARE, birth_date=ANA.birth_date),
        replace(BARE, addresses=(replace(HOME, street="C/ Olmo 86 7º C"),)),
        replace(BARE, surnames="Munoz Etxebarria", contacts=(PHONE,)),
        replace(BARE, given_name="Ana", contacts=(PHONE,)),
        replace(BARE, surnames="Muñoz", contacts=(PHONE,)),
        replace(BARE, given_name="Echevarría", surnames="Ana María Muñoz", contacts=(PHONE,)),
        replace(BARE, given_name="A. María", contacts=(PHONE,)),
        replace(BARE, given_name="Ana Mraía", contacts=(EMAIL,)),
        replace(BARE, contacts=(PHONE,), birth_date=date(1980, 11, 2)),
        replace(BARE, given_name="Otra", surnames="Distinta", identifiers=ANA.identifiers),
    ],
    ids=lambda twin: twin.name,
)
def test_a_twin_is_suspected(twin: CustomerRecord) -> None:
    assert score(ANA, twin) >= SUSPECT
    assert score(twin, ANA) == score(ANA, twin)


@pytest.mark.parametrize(
    "somebody",
    [
        BARE,
        replace(ANA, identifiers=(IdentifierRecord(IdentifierKind.NIF, "99188967H"),)),
        replace(ANA, given_name="Luisa", identifiers=(), contacts=(PHONE,), birth_date=None),
        replace(ANA, identifiers=(), birth_date=date(2004, 6, 7), contacts=(PHONE,)),
        replace(BARE, given_name="Rosa", surnames="Muñoz Echevarría", birth_date=ANA.birth_date, addresses=(HOME,)),
        CustomerRecord(),
    ],
    ids=["only the name", "another document", "sister with one phone", "daughter", "twin sister", "nobody"],
)
def test_two_people_are_not_taken_for_one(somebody: CustomerRecord) -> None:
    assert score(ANA, somebody) < SUSPECT


def test_the_reasons_are_told() -> None:
    alike = likeness(traits_of(ANA), traits_of(replace(BARE, surnames="Munoz Etxebarria", contacts=(PHONE,))))
    assert alike.reasons == (Reason.ALIKE_NAME, Reason.SAME_PHONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [("García", "Garsia"), ("Jiménez", "Ximenez"), ("Vázquez", "Bázques"), ("Yolanda", "Llolanda"), ("Quino", "Kino")],
)
def test_what_sounds_the_same_is_the_same(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_can_be_compared(one: str, other: str) -> None:
    assert 0 <= score(CustomerRecord(given_name=one), CustomerRecord(company_name=other)) <= 100


def test_twins_of_what_is_typed_are_found_in_the_store(store: Store) -> None:
    with store.writing() as connection:
        ids = add_customers(connection, [ANA, replace(ANA, given_name="Luis", identifiers=(), contacts=())], at=NOON)
    with store.reading() as connection:
        (twin,) = twins_of(connection, replace(BARE, contacts=(PHONE,)))
        assert (twin.customer_id, Reason.SAME_PHONE in twin.likeness.reasons) == (ids[0], True)
        assert twins_of(connection, ANA, other_than=ids[0]) == []


def test_all_twins_get_into_the_queue_once_and_what_was_decided_stays_so(store: Store) -> None:
    born = date(1975, 3, 2)
    company = CustomerRecord(
        kind=CustomerKind.COMPANY, company_name="Talleres Ordesa, S.L.", contacts=(OTHER_PHONE,), addresses=(HOME,)
    )
    with store.writing() as connection:
        ids = add_customers(
            connection,
            [
                ANA,
                replace(BARE, contacts=(PHONE,)),
                CustomerRecord(given_name="Josep", surnames="Puig Serra", birth_date=born),
                CustomerRecord(given_name="Jusep", surnames="Puig Serra", birth_date=born),
                CustomerRecord(given_name="Marta", surnames="Puig Serra", birth_date=born),
                company,
                replace(company, company_name="Talleres de Ordesa SL", contacts=()),
            ],
            at=NOON,
        )
    done = hunt(store, clock=lambda: NOON)
    with store.reading() as connection:
        pairs = queue(connection)
    assert {(pair.low_id, pair.high_id) for pair in pairs} == {(ids[0], ids[1]), (ids[2], ids[3]), (ids[5], ids[6])}
    assert done.suspected == 3
    with store.writing() as connection:
        assert dismiss(connection, ids[1], ids[0], by=None, at=NOON)
        assert not dismiss(connection, ids[1], ids[0], by=None, at=NOON)
    hunt(store, clock=lambda: NOON)
    with store.reading() as connection:
        assert count_open(connection) == 2


def test_one_person_written_many_times_makes_no_more_pairs_than_records(store: Store) -> None:
    with store.writing() as connection:
        add_customers(connection, [replace(BARE, contacts=(PHONE,))] * 200, at=NOON)
    assert hunt(store, clock=lambda: NOON).compared == 199

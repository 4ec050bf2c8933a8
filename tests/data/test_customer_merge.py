"""Two customers are made one and two again, with all that hangs from them, and history keeps every old value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from atencion.data.alerts import add_alert, alerts_of
from atencion.data.callback_promises import NewCallback, add_callback, customers_of_phone
from atencion.data.case_events import NewCaseEvent, append_events
from atencion.data.cases import NewCase, cases_of_customer, open_case
from atencion.data.consents import give_consent
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customer_history import history
from atencion.data.customer_merge import FOLLOWERS, merge, merges_of, preview, unmerge
from atencion.data.customer_search import find
from atencion.data.customers import CustomerCard, CustomerRecord, add_customer, card, cards, count_customers
from atencion.data.documents import register_document
from atencion.data.engine import Store
from atencion.data.interactions import interactions_of_customer, set_customer
from atencion.data.invoices import NewInvoice, invoices_of, put_invoices
from atencion.data.loyalty import enrol, offer
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.personal_values import Occasion
from atencion.data.search.bulk import count_in_bulk, ids_in_bulk
from atencion.data.surveys import answer_survey, ask_survey
from atencion.data.twin_search import count_open, dismiss, note_pairs, queue
from atencion.data.twins import Likeness, Reason
from atencion.errors import Refused
from tests.data.samples import NOON, open_interaction
from tests.data.test_twins import ANA, BARE, EMAIL, HOME, OTHER_PHONE, PHONE

LATER = NOON + timedelta(days=1)
ONE = replace(ANA, external_id="E-1", contacts=(replace(PHONE, primary=True), EMAIL))
OTHER = replace(
    BARE,
    external_id="E-2",
    given_name="Anamari",
    accessibility="Hablar despacio",
    contacts=(replace(OTHER_PHONE, primary=True), EMAIL),
    addresses=(replace(HOME, street="Rúa Nova, 28", postcode="15009"),),
)


@pytest.fixture
def two(store: Store) -> tuple[Store, int, int]:
    with store.writing() as connection:
        ids = [add_customer(connection, customer, at=NOON) for customer in (ONE, OTHER)]
        put_products(connection, [ProductRecord("LUZ", "Luz")])
        put_contracts(connection, [NewContract("E-2", "LE-1", "LUZ", meter="ES0021000000000001AB")])
        put_invoices(connection, [NewInvoice("LE-1", "F-1", 4_210, "septiembre", date(2026, 10, 1))])
    call = open_interaction(store)
    with store.writing() as connection:
        set_customer(connection, call.id, ids[1])
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, NOON))
        add_alert(
            connection, ids[1], "Avisar antes de cortar", "electrodependiente", date(2027, 1, 1), origin_id=origin_id
        )
    return store, ids[0], ids[1]


def state(store: Store, *ids: int) -> list[Any]:
    """All that hangs from customers, apart from how often they changed."""
    with store.reading() as connection:
        return [
            (
                replace(one, version=0),
                invoices_of(connection, one.id),
                [each.id for each in interactions_of_customer(connection, one.id)],
                [each.text for each in alerts_of(connection, one.id, NOON.date())],
            )
            for one in cards(connection, ids)
        ]


def names_found(store: Store, query: str) -> list[int]:
    with store.reading() as connection:
        return [found.customer_id for found in find(connection, query)]


def edit(store: Store, customer_id: int, **wanted: Any) -> None:
    with store.writing() as connection:
        (before,) = cards(connection, [customer_id])
        origin_id = add_origin(connection, NewOrigin(OriginKind.DESK, LATER))
        change = Edit(before, replace(before, **wanted), ends=True)
        edit_customers(connection, [change], origin_id=origin_id, at=LATER, on=LATER.date())


def get(store: Store, customer_id: int) -> CustomerCard:
    with store.reading() as connection:
        found = card(connection, customer_id)
    assert found is not None
    return found


def join(two: tuple[Store, int, int], *take: str) -> int:
    store, kept, other = two
    with store.writing() as connection:
        return merge(connection, kept, other, take, by=None, at=NOON)


def split(store: Store, merge_id: int, *give: int) -> Any:
    with store.writing() as connection:
        return unmerge(connection, merge_id, give, by=None, at=LATER)


def test_a_merged_customer_has_all_of_both(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    join(two)
    found = get(store, kept)
    assert (found.name, found.accessibility) == (ANA.name, "Hablar despacio")
    assert {part.normal for part in found.contacts} == {"+34749000001", "+34749000002", "ana@example.com"}
    assert [part.normal for part in found.contacts if part.primary] == ["+34749000001"]
    assert [one.number for one in found.contracts] == ["LE-1"]
    assert len(found.addresses) == 2
    (whole,) = state(store, kept)
    assert [one.number for one in whole[1]] == ["F-1"]
    assert (len(whole[2]), whole[3]) == (1, ["Avisar antes de cortar"])
    assert get(store, other).id == kept


def test_whoever_asks_by_what_the_other_had_gets_to_the_one_kept(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    join(two)
    for query in ("Anamari", "749000002", "E-2", "LE-1"):
        assert names_found(store, query) == [kept], query
    with store.reading() as connection:
        assert count_customers(connection) == 1


def test_what_both_had_finds_only_the_one_kept(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    edit(store, kept, contacts=(replace(PHONE, primary=True), OTHER_PHONE, EMAIL))
    join(two)
    assert names_found(store, EMAIL.value) == names_found(store, OTHER_PHONE.value) == [kept]
    with store.reading() as connection:
        assert [one.customer_id for one in find(connection, EMAIL.value, limit=1)] == [kept]
        assert find(connection, EMAIL.value)[0].shared == 0
        assert customers_of_phone(connection, OTHER_PHONE.normal) == [kept]
        for query in ("tipo:persona", "no nombre:nadie", f"correo:{EMAIL.value}"):
            assert (list(ids_in_bulk(connection, query)), count_in_bulk(connection, query)) == ([kept], 1), query


def test_of_a_merged_one_no_pair_waits(two: tuple[Store, int, int]) -> None:
    store, _kept, other = two
    with store.writing() as connection:
        third = add_customer(connection, BARE, at=NOON)
        note_pairs(connection, [(other, third, Likeness(90, ()))], at=NOON)
    number = join(two)
    with store.reading() as connection:
        assert (queue(connection), count_open(connection)) == ([], 0)
    split(store, number)
    with store.reading() as connection:
        assert (len(queue(connection)), count_open(connection)) == (1, 1)


def test_the_data_of_the_other_are_taken_where_they_are_wanted(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    with store.reading() as connection:
        seen = preview(connection, kept, two[2], ["given_name"])
    assert {one.name for one in seen.fields if one.takes_other} == {"given_name", "accessibility"}
    assert {one.name for one in seen.fields if one.differs} == {"external_id", "given_name"}
    assert {table: count for table, count in seen.moved.items() if count} == {
        "contact_point": 1,
        "address": 1,
        "contract": 1,
        "invoice": 1,
        "interaction": 1,
        "customer_alert": 1,
    }, "the e-mail that both have does not pass over"
    join(two, "given_name", "external_id")
    found = get(store, kept)
    assert (found.given_name, found.external_id) == ("Anamari", "E-2")
    assert names_found(store, "E-1") == [kept]
    assert kept in names_found(store, "Ana María Muñoz")


def test_an_undone_merge_leaves_both_as_they_were(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    before = state(store, kept, other)
    split(store, join(two, "given_name", "external_id"))
    assert state(store, kept, other) == before
    assert names_found(store, "Anamari") == [other]
    assert names_found(store, "E-2") == [other]
    assert names_found(store, "749000002") == [other]


def suspect(store: Store, *pairs: tuple[int, int]) -> None:
    with store.writing() as connection:
        note_pairs(connection, [(*pair, Likeness(80, (Reason.SAME_PHONE,))) for pair in pairs], at=NOON)


def waiting(store: Store) -> list[tuple[int, int]]:
    """The pairs of the queue, as many as it says that there are."""
    with store.reading() as connection:
        pairs = [(pair.low_id, pair.high_id) for pair in queue(connection)]
        assert count_open(connection) == len(pairs)
    return pairs


def test_a_pair_whose_merge_is_undone_is_suspected_again_and_is_joined_the_other_way_round(
    two: tuple[Store, int, int],
) -> None:
    store, kept, other = two
    with store.writing() as connection:
        third = add_customer(connection, CustomerRecord(given_name="Tercera"), at=NOON)
    pairs = [(kept, other), (other, third)]
    suspect(store, *pairs)
    merge_id = join(two)
    assert waiting(store) == [], "of a customer who is in another there is nothing to decide"
    split(store, merge_id)
    assert waiting(store) == pairs
    with store.reading() as connection:
        decided = list(connection.exec_driver_sql("SELECT decided_at, decided_by FROM twin_pair"))
    assert {tuple(row) for row in decided} == {(None, None)}
    join((store, other, kept))
    assert get(store, kept).id == other


def test_a_pair_said_to_be_two_before_they_were_joined_is_two_again(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    suspect(store, (kept, other))
    with store.writing() as connection:
        dismiss(connection, kept, other, by=None, at=NOON)
    split(store, join(two))
    assert waiting(store) == []


def test_what_came_after_a_merge_is_given_to_whom_it_belongs(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    merge_id = join(two)
    calls = [open_interaction(store, at=LATER).id for _ in range(3)]
    with store.writing() as connection:
        for call in calls:
            set_customer(connection, call, kept)
        connection.exec_driver_sql(f"UPDATE interaction SET phone = '749000002' WHERE id = {calls[0]}")
    edit(store, kept, surnames="Muñoz Nueva")
    done = split(store, merge_id, calls[1])
    assert (done.given, done.later) == ((calls[0], calls[1]), (calls[2],))
    with store.reading() as connection:
        assert {one.id for one in interactions_of_customer(connection, other)} >= {calls[0], calls[1]}
    assert get(store, kept).surnames == "Muñoz Nueva"
    assert get(store, other).name == "Anamari Muñoz Echevarría"


def whose(store: Store, customer_id: int) -> dict[str, set[int]]:
    """The rows that hang from a customer, by table."""
    with store.reading() as connection:
        return {
            table: {
                row[0]
                for row in connection.exec_driver_sql(f"SELECT id FROM {table} WHERE customer_id = {customer_id}")
            }
            for table in FOLLOWERS
        }


def contract_id(store: Store, number: str) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT id FROM contract WHERE number = '{number}'").scalar_one())


def come(store: Store, customer_id: int) -> int:
    """All that can hang from a customer comes in one call; returns which."""
    call = open_interaction(store, at=LATER)
    with store.writing() as connection:
        set_customer(connection, call.id, customer_id)
        origin_id = add_origin(connection, NewOrigin(OriginKind.CALL, LATER, interaction_id=call.id))
        add_alert(connection, customer_id, "Sorda", "lo ha dicho", date(2027, 1, 1), origin_id=origin_id)
        occasion = Occasion(call.id, call.agent_id, customer_id, LATER)
        give_consent(connection, occasion, purpose="ofertas", text="¿Podemos?", channel="phone")
        register_document(connection, occasion, year=2026, kind="carta", title="Carta", reference="R", direction="in")
        offer(connection, occasion, f"club {call.id}", asked=True)
        enrol(connection, occasion, f"club {call.id}", asked=True)
        ask_survey(connection, occasion, survey="trato", channel="phone")
        answer_survey(connection, occasion, survey="trato", score=9, comment="Bien")
        open_case(
            connection,
            NewCase(f"K-{call.id}", "claim", "Corte", customer_id, "", LATER, opened_by_interaction=call.id),
        )
        promise = NewCallback("+34749000002", LATER, LATER, "Corte", interaction_id=call.id, customer_id=customer_id)
        add_callback(connection, promise, at=LATER)
    return call.id


def test_all_that_came_in_a_call_after_a_merge_goes_with_it(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    merge_id = join(two)
    before = whose(store, kept)
    call = come(store, kept)
    brought = {table: rows - before[table] for table, rows in whose(store, kept).items()}
    stays = come(store, kept)
    all_there = whose(store, kept)
    done = split(store, merge_id, call)
    assert (done.given, done.later) == ((call,), (stays,))
    ours, theirs = whose(store, kept), whose(store, other)
    for table, rows in brought.items():
        assert rows or table in ("contract", "invoice"), table
        assert rows <= theirs[table] and not rows & ours[table], table
        assert all_there[table] - brought[table] - before[table] <= ours[table], table


def test_what_came_after_a_merge_goes_with_the_contract_or_the_case_it_is_about(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    contract = contract_id(store, "LE-1")
    with store.writing() as connection:
        put_contracts(connection, [NewContract("E-1", "LE-2", "LUZ")])
        case_id = open_case(connection, NewCase("K-1", "claim", "Corte", other, "", NOON))
        open_case(connection, NewCase("K-0", "claim", "Otra", kept, "", NOON, contract_id=contract))
    ours = whose(store, kept)
    merge_id = join(two)
    with store.writing() as connection:
        put_invoices(
            connection,
            [NewInvoice(number, f"F-{number}", 4_210, "noviembre", LATER.date()) for number in ("LE-1", "LE-2")],
        )
        note = NewCaseEvent("note", value="Ha llamado")
        append_events(connection, case_id, 1, [note], at=LATER, agent_id=None, customer_id=kept)
        about = NewCase("K-2", "claim", "Factura", kept, "", LATER, contract_id=contract)
        later_id = open_case(connection, about)
        for one in (case_id, later_id):
            promise = NewCallback("+34749000002", LATER, LATER, "Corte", case_id=one, customer_id=kept)
            add_callback(connection, promise, at=LATER)
    brought = whose(store, kept)
    split(store, merge_id)
    now = whose(store, kept)
    with store.reading() as connection:
        assert {one.number for one in invoices_of(connection, other)} == {"F-1", "F-LE-1"}
        assert {one.number for one in invoices_of(connection, kept)} == {"F-LE-2"}
        assert {one.key for one in cases_of_customer(connection, other)} == {"K-1", "K-2"}
    assert {table: rows for table, rows in now.items() if table != "invoice"} == {
        table: rows for table, rows in ours.items() if table != "invoice"
    }
    assert brought["callback_promise"] == whose(store, other)["callback_promise"]


def test_what_was_changed_after_a_merge_is_told_whatever_calls_are_given(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    merge_id = join(two)
    calls = [open_interaction(store, at=LATER).id for _ in range(2)]
    with store.writing() as connection:
        for call in calls:
            set_customer(connection, call, kept)
    contacts = get(store, kept).contacts
    edit(store, kept, contacts=tuple(replace(one, primary=one.normal == OTHER_PHONE.normal) for one in contacts))
    (told,) = split(store, merge_id, *calls).kept_changes
    assert (told.field, told.row_id in calls) == ("is_primary", True)


def test_a_merge_is_undone_once_and_the_last_first(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    first = join(two)
    with store.writing() as connection:
        third = add_customer(connection, CustomerRecord(given_name="Tercera"), at=NOON)
    second = join((store, third, kept))
    assert get(store, other).id == third
    with pytest.raises(Refused, match=str(third)):
        split(store, first)
    split(store, second)
    split(store, first)
    with pytest.raises(Refused, match="ya está deshecha"):
        split(store, first)
    with store.reading() as connection:
        assert [one.undone_at is not None for one in merges_of(connection, kept)] == [True, True]


@pytest.mark.parametrize("take", ["password", "id", "search_name; DROP TABLE customer"])
def test_only_known_data_are_taken(two: tuple[Store, int, int], take: str) -> None:
    with pytest.raises(Refused):
        join(two, take)


def test_nobody_is_merged_with_themselves_nor_with_nobody(two: tuple[Store, int, int]) -> None:
    store, kept, other = two
    for pair in ((kept, kept), (kept, 999)):
        with pytest.raises(Refused):
            join((store, *pair))
    join(two)
    with pytest.raises(Refused, match="ya está fusionado"):
        join((store, other, kept))


def test_an_edit_keeps_what_was_and_it_still_finds(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    edit(store, kept, surnames="Ríos Nueva", contacts=(OTHER_PHONE,))
    found = get(store, kept)
    assert [(part.normal, part.valid_to) for part in found.contacts if part.normal == PHONE.normal] == [
        (PHONE.normal, LATER.date())
    ]
    assert [part.normal for part in found.phones] == [OTHER_PHONE.normal]
    assert names_found(store, "749000001") == [kept]
    assert kept in names_found(store, "Ana María Muñoz")
    with store.reading() as connection:
        past = history(connection, kept)
    surnames = next(one.change for one in past if one.change.field == "surnames")
    assert (surnames.old, surnames.new) == ("Muñoz Echevarría", "Ríos Nueva")
    assert {one.origin.kind for one in past} == {OriginKind.DESK}


def test_a_number_that_comes_back_is_the_same_one(two: tuple[Store, int, int]) -> None:
    store, kept, _other = two
    edit(store, kept, contacts=())
    edit(store, kept, contacts=(PHONE,))
    assert [part.normal for part in get(store, kept).phones] == [PHONE.normal]
    assert len(get(store, kept).contacts) == 2


def test_every_word_of_a_case_or_a_customer_is_known_to_undoing_a_merge() -> None:
    from sqlmodel import SQLModel

    import atencion.data.models  # noqa: F401
    from atencion.data.customer_merge import WORDS

    pointing = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "personal_value.id"
    }
    assert pointing - {("journal_entry", "value_id")} == {(table, each) for table in WORDS for each in WORDS[table]}


def test_every_table_of_a_customer_is_known_to_merging_and_to_undoing_an_import() -> None:
    from sqlmodel import SQLModel

    import atencion.data.models  # noqa: F401
    from atencion.data.customer_history import CELLS

    of_customer = {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "customer.id"
    }
    moved = {(table, "customer_id") for table in (*FOLLOWERS, "identifier", "contact_point", "address")}
    of_the_two_themselves = {
        ("customer", "merged_into"),
        ("customer_change", "customer_id"),
        ("customer_merge", "kept_id"),
        ("customer_merge", "merged_id"),
        ("twin_pair", "low_id"),
        ("twin_pair", "high_id"),
    }
    assert of_customer == moved | of_the_two_themselves, "a new table: say whether its rows follow their customer"
    assert all("customer_id" in CELLS[table] for table, _column in moved)
    assert of_customer - moved <= of_the_two_themselves

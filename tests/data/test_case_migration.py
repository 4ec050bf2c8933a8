"""A store of before cases were whole comes up to date with what it had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from atencion.data import migrate
from atencion.data.agents import AgentRecord, put_agent
from atencion.data.callback_promises import callbacks_of
from atencion.data.case_documents import documents_of, hash_of
from atencion.data.case_events import read_events
from atencion.data.case_parts import clocks_of, items_of
from atencion.data.cases import case_by_key, cases_of_customer
from atencion.data.engine import Store, open_store
from atencion.data.interactions import NewInteraction, add_interaction
from atencion.data.personal_values import put_value
from atencion.data.protocol_texts import put_protocol_text
from atencion.errors import StoreError
from tests.data.samples import open_interaction

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def migrated(empty_url: str) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "VERSIONS", ("0001",))
        old = open_store(empty_url)
        call = open_interaction(old)
        with old.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO personal_value (id, interaction_id, content, created_at)"
                f" VALUES (77, {call.id}, 'Una avería', '2026-11-01T00:00:00+00:00')"
            )
            connection.exec_driver_sql(
                "INSERT INTO service_case (key, type, subject_value_id, status, department, opened_at)"
                " VALUES ('482719362', 'incidencia', 77, 'open', 'averias', '2026-11-01T00:00:00+00:00')"
            )
        old.close()
    store = open_store(empty_url)
    yield store
    store.close()


def test_its_cases_are_there_with_their_subject_and_no_term_made_up(migrated: Store) -> None:
    with migrated.reading() as connection:
        case = case_by_key(connection, "482719362")
        assert case is not None
        assert (case.subject, case.status, case.seq, case.due_at) == ("Una avería", "open", 0, None)
        assert [item.text for item in items_of(connection, case.id)] == ["Una avería"]
        assert clocks_of(connection, case.id) == []
        assert cases_of_customer(connection, 1) == []


def test_a_text_may_belong_to_no_interaction_and_still_cannot_be_rewritten(migrated: Store) -> None:
    with migrated.writing() as connection:
        value_id = put_value(connection, "de un expediente que llegó por correo", at=NOW)
    for target in (value_id, 77):
        with pytest.raises(StoreError), migrated.writing() as connection:
            connection.exec_driver_sql(f"UPDATE personal_value SET content = 'otra cosa' WHERE id = {target}")


# Before there was one way for what is done about a case.

SCATTERED = (
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (77, {call}, 'Una avería', '{at}')",
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (78, {call}, 'Primera nota', '{at}')",
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (79, {call}, 'Segunda', '{at}')",
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (80, {call}, 'Justificado', '{at}')",
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (81, {call}, '+34910000000', '{at}')",
    "INSERT INTO personal_value (id, interaction_id, content, created_at) VALUES (82, {call}, 'Revisarlo', '{at}')",
    "INSERT INTO service_case (id, key, type, subject_value_id, status, department, opened_at, seq)"
    " VALUES (5, '482719364', 'incidencia', 77, 'open', 'averias', '{at}', 1)",
    "INSERT INTO case_event (case_id, seq, at, kind, body) VALUES (5, 1, '{at}', 'opened', '{{}}')",
    "INSERT INTO case_note (interaction_id, agent_id, case_id, note_value_id, noted_at)"
    " VALUES ({call}, {agent}, 5, 78, '{at}'), ({call}, {agent}, 5, 79, '{at}')",
    "INSERT INTO receipt (interaction_id, agent_id, case_id, channel, text_value_id, hash, issued_at)"
    " VALUES ({call}, {agent}, 5, 'email', 80, '{hash}', '{at}')",
    "INSERT INTO callback (id, interaction_id, agent_id, phone_value_id, department, due_at, reason_value_id, status,"
    " created_at) VALUES (9, {call}, {agent}, 81, '', '2026-12-29T09:00:00.000000+00:00', 82, 'pending', '{at}'),"
    " (10, {call}, {agent}, 81, 'cobros', '2026-12-30T09:00:00.000000+00:00', 82, 'pending', '{at}')",
    "INSERT INTO callback_promise (id, phone_value_id, from_at, until_at, department, reason, commercial, norm, state,"
    " attempts, created_at) VALUES (1, 81, '2026-12-28T09:00:00.000000+00:00', '2026-12-28T10:00:00.000000+00:00',"
    " 'supervision', 'Pidió supervisión', FALSE, '', 'booked', 0, '{at}')",
)


@pytest.fixture
def joined(empty_url: str) -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "VERSIONS", migrate.VERSIONS[: migrate.VERSIONS.index("0006") + 1])
        old = open_store(empty_url)
        values = {"at": "2026-11-01T00:00:00.000000+00:00", "hash": hash_of("Justificado")}
        with old.writing() as connection:
            agent = put_agent(connection, AgentRecord("A01", "Marta Inventada", "Marta"))
            put_protocol_text(connection, "h1", protocol_id="phone", version="1.0.0", source="id: phone\n", at=NOW)
            new = NewInteraction("phone", "inbound", agent, "phone", "1.0.0", "h1", NOW, "+34910000000")
            call = add_interaction(connection, new)
            if connection.dialect.name == "postgresql":  # it counts on from what was written by hand
                connection.exec_driver_sql("SELECT setval('callback_promise_id_seq', 1)")
            for statement in SCATTERED:
                connection.exec_driver_sql(statement.format(call=call, agent=agent, **values))
        old.close()
    store = open_store(empty_url)
    yield store
    store.close()


def test_notes_and_receipts_of_before_are_in_the_history_and_documents_of_their_case(joined: Store) -> None:
    with joined.reading() as connection:
        case = case_by_key(connection, "482719364")
        assert case is not None
        events = read_events(connection, case.id)
        (receipt,) = documents_of(connection, case.id)
    assert [(one.seq, one.kind, one.value) for one in events] == [
        (1, "opened", None),
        (2, "comment", "Primera nota"),
        (3, "comment", "Segunda"),
    ]
    assert case.seq == 3 and events[-1].agent == "Marta Inventada"
    assert (receipt.kind, receipt.text, receipt.intact) == ("receipt", "Justificado", True)


def test_callbacks_of_before_are_promises_that_whoever_has_to_make_them_sees(joined: Store) -> None:
    with joined.reading() as connection:
        first, mine, theirs = callbacks_of(connection)
    assert first.reason == "Pidió supervisión"
    assert (mine.phone, mine.reason, mine.agent_id is None) == ("+34910000000", "Revisarlo", False)
    assert (mine.until_at - mine.from_at).total_seconds() == 3600
    assert (theirs.department, theirs.agent_id, theirs.state) == ("cobros", None, "booked")

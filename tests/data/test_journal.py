"""What happened stays as it happened; what was said can be hidden and destroyed."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from atencion.data import journal
from atencion.data.engine import Dialect, Store
from atencion.data.journal import ConcurrentCall, NewEntry, ValueState
from atencion.errors import StoreError
from tests.data.samples import NOON, open_interaction


def test_an_entry_reads_back_as_it_was_written(store: Store) -> None:
    call = open_interaction(store)
    entries = [
        NewEntry("opened"),
        NewEntry("captured", "ask", {"field": "problem", "tries": 2, "ok": True, "none": None}, "No me llega la luz"),
    ]
    with store.writing() as connection:
        journal.append(connection, call.id, 1, entries, at=NOON, agent_id=call.agent_id)
    with store.reading() as connection:
        opened, captured = journal.read(connection, call.id)
    assert (opened.seq, opened.kind, opened.value_state, opened.body) == (1, "opened", ValueState.NONE, {})
    assert (captured.seq, captured.step, captured.value) == (2, "ask", "No me llega la luz")
    assert captured.value_state is ValueState.PRESENT
    assert captured.body == entries[1].body
    assert captured.at == NOON
    assert captured.at.tzinfo is UTC


def test_moments_are_kept_in_utc_whatever_the_zone_they_came_in(store: Store) -> None:
    call = open_interaction(store)
    madrid = datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with store.writing() as connection:
        journal.append(connection, call.id, 1, [NewEntry("a")], at=madrid, agent_id=call.agent_id)
    with store.reading() as connection:
        (entry,) = journal.read(connection, call.id)
    assert entry.at == madrid
    assert entry.at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_a_programming_error(store: Store) -> None:
    call = open_interaction(store)
    with pytest.raises(ValueError, match="zone"), store.writing() as connection:
        journal.append(connection, call.id, 1, [NewEntry("a")], at=datetime(2026, 1, 1), agent_id=call.agent_id)


def test_two_desks_in_the_same_call_do_not_both_write(store: Store) -> None:
    call = open_interaction(store)
    with store.writing() as connection:
        journal.append(connection, call.id, 1, [NewEntry("mine")], at=NOON, agent_id=call.agent_id)
    late = [NewEntry("theirs", value="x"), NewEntry("theirs too")]
    for entries in (late, late[:1]):
        with pytest.raises(ConcurrentCall, match="otro puesto"), store.writing() as connection:
            journal.append(connection, call.id, 1, entries, at=NOON, agent_id=call.agent_id)
    with store.reading() as connection:
        assert [entry.kind for entry in journal.read(connection, call.id)] == ["mine"]
        assert connection.exec_driver_sql("SELECT count(*) FROM personal_value").scalar_one() == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entry SET kind = 'other'",
        "DELETE FROM journal_entry",
        "INSERT OR REPLACE INTO journal_entry VALUES (1, 1, '2026', 1, 'other', '', '{}', NULL)",
        "TRUNCATE journal_entry",
        "DELETE FROM interaction",
        "UPDATE personal_value SET content = 'other'",
        "DELETE FROM personal_value",
    ],
)
def test_the_database_itself_refuses_to_change_the_journal(store: Store, sql: str) -> None:
    if ("TRUNCATE" in sql) != (store.dialect is Dialect.POSTGRESQL) and ("TRUNCATE" in sql or "REPLACE" in sql):
        pytest.skip("not a statement of this engine")
    call = open_interaction(store)
    with store.writing() as connection:
        journal.append(connection, call.id, 1, [NewEntry("said", value="hola")], at=NOON, agent_id=call.agent_id)
    with pytest.raises(StoreError), store.writing() as connection:
        connection.exec_driver_sql(sql)
    with store.reading() as connection:
        assert [(entry.kind, entry.value) for entry in journal.read(connection, call.id)] == [("said", "hola")]


def test_a_blocked_value_is_hidden_and_a_destroyed_one_is_gone(store: Store) -> None:
    call = open_interaction(store)
    with store.writing() as connection:
        entries = [NewEntry("said", value="uno"), NewEntry("said", value="dos")]
        journal.append(connection, call.id, 1, entries, at=NOON, agent_id=call.agent_id)
        first, second = (entry.value_id for entry in journal.read(connection, call.id))
        assert first is not None and second is not None
        journal.block_value(connection, first, NOON)
        journal.destroy_value(connection, second, NOON)
    with store.reading() as connection:
        stored = journal.read(connection, call.id)
        contents = connection.exec_driver_sql("SELECT content FROM personal_value ORDER BY id").scalars().all()
    assert [(entry.value, entry.value_state) for entry in stored] == [
        (None, ValueState.BLOCKED),
        (None, ValueState.DESTROYED),
    ]
    assert contents == ["uno", None]


@pytest.mark.parametrize(
    "hostile", ["\x1b]0;x\x07", "a\x00b", "\ud800", "x\u202ey", "'; DROP TABLE agent; --", "%s :a ?"]
)
def test_hostile_text_is_data(store: Store, hostile: str) -> None:
    from atencion.text import clean_text

    call = open_interaction(store)
    with store.writing() as connection:
        entry = NewEntry("said", hostile, {"field": hostile}, hostile)
        journal.append(connection, call.id, 1, [entry], at=NOON, agent_id=call.agent_id)
    with store.reading() as connection:
        (stored,) = journal.read(connection, call.id)
    assert stored.value == stored.step == stored.body["field"] == clean_text(hostile)


def test_what_was_confirmed_survives_a_kill(tmp_path: object) -> None:
    code = (
        "import os, signal\n"
        "from atencion.data import journal\n"
        "from atencion.data.engine import open_store\n"
        "from tests.data.samples import NOON, open_interaction\n"
        f"store = open_store({str(tmp_path)!r} + '/s.db')\n"
        "call = open_interaction(store)\n"
        "with store.writing() as c:\n"
        "    journal.append(c, call.id, 1, [journal.NewEntry('said', value='x')], at=NOON, agent_id=call.agent_id)\n"
        "with store.writing() as c:\n"
        "    journal.append(c, call.id, 2, [journal.NewEntry('lost')], at=NOON, agent_id=call.agent_id)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert done.returncode == -9
    from atencion.data.engine import open_store

    store = open_store(f"{tmp_path}/s.db")
    with store.reading() as connection:
        assert [entry.kind for entry in journal.read(connection, 1)] == ["said"]
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    store.close()

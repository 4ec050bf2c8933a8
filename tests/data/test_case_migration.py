"""A store of before cases were whole comes up to date with what it had."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from atencion.data import migrate
from atencion.data.case_parts import clocks_of, items_of
from atencion.data.cases import case_by_key, cases_of_customer
from atencion.data.engine import Store, open_store
from atencion.data.personal_values import put_value
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

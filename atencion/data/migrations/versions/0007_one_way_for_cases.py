"""One place for what is done about a case: notes are its events, receipts its documents, call-backs are promises.

What a call-back is for becomes a value, apart from its row, as all that people say is. Offers say whether they were
asked for, surveys which case they are about, and contacts whether the customer let them be recorded.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

AN_HOUR = timedelta(hours=1)
"""How long a call-back of before, which only had a moment, may take to be made."""


def upgrade() -> None:
    """Carry the rows over, and drop the tables that they were in."""
    for table in ("loyalty_offer", "loyalty_member", "callback_promise"):
        op.add_column(table, sa.Column("asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    for table in ("survey_request", "survey_answer"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN case_id INTEGER REFERENCES service_case (id)")
    op.add_column("interaction", sa.Column("recorded", sa.Boolean(), nullable=True))
    op.execute("ALTER TABLE callback_promise ADD COLUMN reason_value_id INTEGER REFERENCES personal_value (id)")
    op.execute(_NOTES)
    op.execute(_NOTES_COUNTED)
    op.execute(_RECEIPTS)
    _keep_reasons_apart()
    _callbacks()
    op.drop_column("callback_promise", "reason")
    for table in ("case_note", "receipt", "callback"):
        op.drop_table(table)


_NOTES = """
    INSERT INTO case_event (case_id, seq, at, agent_id, kind, body, value_id)
    SELECT n.case_id, s.seq + row_number() OVER (PARTITION BY n.case_id ORDER BY n.id), n.noted_at, n.agent_id,
        'comment', '{}', n.note_value_id
    FROM case_note n JOIN service_case s ON s.id = n.case_id
"""
_NOTES_COUNTED = """
    UPDATE service_case SET seq = seq + (SELECT count(*) FROM case_note n WHERE n.case_id = service_case.id)
    WHERE id IN (SELECT case_id FROM case_note)
"""
_RECEIPTS = """
    INSERT INTO case_document (case_id, kind, language, at, hash, value_id)
    SELECT r.case_id, 'receipt', s.language, r.issued_at, r.hash, r.text_value_id
    FROM receipt r JOIN service_case s ON s.id = r.case_id ORDER BY r.id
"""


def _keep_reasons_apart() -> None:
    bind = op.get_bind()
    for row in _all("SELECT id, reason, customer_id, interaction_id, created_at FROM callback_promise"):
        if row.reason:
            value = bind.execute(_PUT_VALUE, row._asdict()).scalar_one()
            bind.execute(_SET_REASON, {"value": value, "id": row.id})


def _callbacks() -> None:
    bind = op.get_bind()
    for row in _all("SELECT * FROM callback ORDER BY id"):
        kept = row._asdict() | {"until": _later(row.due_at), "owner": None if row.department else row.agent_id}
        promise = bind.execute(_PUT_PROMISE, kept).scalar_one()
        # Merges of customers wrote down which rows they moved.
        bind.execute(_MOVED, {"new": promise, "old": row.id})


def _all(sql: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(sql)))


def _later(at: Any) -> Any:
    if isinstance(at, str):  # as SQLite keeps moments
        return (datetime.fromisoformat(at) + AN_HOUR).isoformat(timespec="microseconds")
    return at + AN_HOUR


_PUT_VALUE = sa.text(
    """
    INSERT INTO personal_value (interaction_id, customer_id, content, created_at)
    VALUES (:interaction_id, :customer_id, :reason, :created_at) RETURNING id
    """
)
_SET_REASON = sa.text("UPDATE callback_promise SET reason_value_id = :value WHERE id = :id")
_PUT_PROMISE = sa.text(
    """
    INSERT INTO callback_promise (interaction_id, customer_id, phone_value_id, from_at, until_at, agent_id, department,
        reason, reason_value_id, commercial, norm, state, attempts, created_at)
    VALUES (:interaction_id, :customer_id, :phone_value_id, :due_at, :until, :owner, :department, '', :reason_value_id,
        FALSE, '', 'booked', 0, :created_at) RETURNING id
    """
)
_MOVED = sa.text(
    "UPDATE customer_change SET entity = 'callback_promise', row_id = :new WHERE entity = 'callback' AND row_id = :old"
)

"""Cases whole: items, clocks, history, documents, locks, handovers; what is sent, call-backs, the exchange's log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add them; the cases there are keep what they have."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("ALTER TABLE personal_value ALTER COLUMN interaction_id DROP NOT NULL")
    moment = "TEXT" if sqlite else "TIMESTAMP WITH TIME ZONE"
    for column in _CASE_COLUMNS:
        op.execute(f"ALTER TABLE service_case ADD COLUMN {column.replace('MOMENT', moment)}")
    op.create_index("ix_service_case_owner_due", "service_case", ["owner_id", "due_at"])
    op.create_index("ix_service_case_department_due", "service_case", ["department", "due_at"])
    op.create_index("ix_service_case_due_at", "service_case", ["due_at"])
    op.create_index("ix_service_case_opened_at", "service_case", ["opened_at"])
    op.create_index("ix_service_case_contract_id", "service_case", ["contract_id"])
    _tables()
    op.execute(_SUBJECTS)
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)


# What was asked for in a case of before is its one item.
_SUBJECTS = """
    INSERT INTO case_item (case_id, number, value_id, decision)
    SELECT id, 1, subject_value_id, '' FROM service_case WHERE subject_value_id IS NOT NULL
"""
_CASE_COLUMNS = (
    "subtype TEXT NOT NULL DEFAULT ''",
    "priority TEXT NOT NULL DEFAULT 'normal'",
    "channel TEXT NOT NULL DEFAULT 'phone'",
    "language TEXT NOT NULL DEFAULT 'es'",
    "region TEXT NOT NULL DEFAULT ''",
    "contract_id INTEGER REFERENCES contract (id)",
    "product_id INTEGER REFERENCES product (id)",
    "amount_cents INTEGER",
    "submitted_at MOMENT",
    "answer_channel TEXT NOT NULL DEFAULT ''",
    "address_value_id INTEGER REFERENCES personal_value (id)",
    "decision TEXT NOT NULL DEFAULT ''",
    "compensation_cents INTEGER",
    "external_body TEXT NOT NULL DEFAULT ''",
    "due_at MOMENT",
    "due_on DATE",
    "due_norm TEXT NOT NULL DEFAULT ''",
    "resolved_at MOMENT",
    "notified_at MOMENT",
    "merged_into_id INTEGER REFERENCES service_case (id)",
    "seq INTEGER NOT NULL DEFAULT 0",
)


def _tables() -> None:
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.ForeignKeyConstraint(["value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("case_id", "seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_event_kind_at", "case_event", ["kind", "at"])
    op.create_table(
        "case_item",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reasons_value_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["reasons_value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("case_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("left_days", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_clock_case_id", "case_clock", ["case_id"])
    op.create_index("ix_case_clock_norm_due", "case_clock", ["norm", "due_at"])
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_case_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["other_case_id"], ["service_case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_link_case_id", "case_link", ["case_id"])
    op.create_table(
        "case_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.ForeignKeyConstraint(["value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_task_agent_due", "case_task", ["agent_id", "due_at"])
    op.create_index("ix_case_task_case_id", "case_task", ["case_id"])
    op.create_table(
        "case_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_document_case_kind", "case_document", ["case_id", "kind"])
    op.create_table(
        "case_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warm", sa.Boolean(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("summary_value_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("comment_value_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.ForeignKeyConstraint(["summary_value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["agent.id"]),
        sa.ForeignKeyConstraint(["comment_value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_handover_agent_id", "case_handover", ["agent_id"])
    op.create_index("ix_case_handover_case_id", "case_handover", ["case_id"])
    op.create_index("ix_case_handover_department_state", "case_handover", ["department", "state"])
    op.create_table(
        "contract_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contract_lock_case_id", "contract_lock", ["case_id"])
    op.create_index("ix_contract_lock_contract_id", "contract_lock", ["contract_id"])
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", KEY, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipient_value_id", sa.Integer(), nullable=False),
        sa.Column("body_value_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["case_document.id"]),
        sa.ForeignKeyConstraint(["recipient_value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["body_value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_index("ix_outbox_message_case_id", "outbox_message", ["case_id"])
    op.create_index("ix_outbox_message_state_next", "outbox_message", ["state", "next_at"])
    op.create_table(
        "outbox_attempt",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["outbox_message.id"]),
        sa.PrimaryKeyConstraint("message_id", "number"),
    )
    op.create_table(
        "callback_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("phone_value_id", sa.Integer(), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("commercial", sa.Boolean(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["phone_value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_callback_promise_agent_state", "callback_promise", ["agent_id", "state"])
    op.create_index("ix_callback_promise_state_from", "callback_promise", ["state", "from_at"])
    op.create_table(
        "supervisor_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("limit_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("callback_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["interaction_id"], ["interaction.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.ForeignKeyConstraint(["taken_by"], ["agent.id"]),
        sa.ForeignKeyConstraint(["callback_id"], ["callback_promise.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_supervisor_request_state_limit", "supervisor_request", ["state", "limit_at"])
    op.create_table(
        "queue_call",
        sa.Column("queue", KEY, nullable=False),
        sa.Column("call_id", KEY, nullable=False),
        sa.Column("entered_ms", sa.BigInteger(), nullable=False),
        sa.Column("wait_ms", sa.Integer(), nullable=True),
        sa.Column("talk_ms", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("queue", "call_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_queue_call_entered", "queue_call", ["entered_ms"])


_SQLITE = (
    """
    CREATE TRIGGER case_event_is_not_changed BEFORE UPDATE ON case_event
    BEGIN SELECT RAISE(ABORT, 'case events are never changed'); END
    """,
    """
    CREATE TRIGGER case_event_is_not_deleted BEFORE DELETE ON case_event
    BEGIN SELECT RAISE(ABORT, 'case events are never deleted'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE TRIGGER case_event_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()
    """,
)

"""What the actions of protocols write: consents, documents, call-backs, receipts, loyalty, surveys, notes of cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the tables."""
    _table(
        "consent_record",
        _of("customer", needed=True),
        sa.Column("purpose", KEY, nullable=False),
        _of("personal_value", "text_value_id"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        _of("interaction", "withdrawn_by_interaction"),
    )
    op.create_index("ix_consent_record_customer_purpose", "consent_record", ["customer_id", "purpose"])
    op.create_table(
        "document_series",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "direction"),
    )
    _table(
        "document_entry",
        sa.Column("code", KEY, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        _of("personal_value", "title_value_id", needed=True),
        _of("personal_value", "reference_value_id"),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        _of("customer"),
        sa.UniqueConstraint("code"),
    )
    _table(
        "callback",
        _of("customer"),
        _of("personal_value", "phone_value_id", needed=True),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        _of("personal_value", "reason_value_id", needed=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
    )
    op.create_index("ix_callback_status_due", "callback", ["status", "due_at"])
    _table(
        "receipt",
        _of("service_case", "case_id", needed=True),
        sa.Column("channel", sa.Text(), nullable=False),
        _of("personal_value", "text_value_id", needed=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
    )
    op.create_index("ix_receipt_case_id", "receipt", ["case_id"])
    _table(
        "loyalty_member",
        _of("customer", needed=True),
        sa.Column("programme", KEY, nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.UniqueConstraint("customer_id", "programme"),
    )
    _table(
        "loyalty_offer",
        _of("customer"),
        sa.Column("programme", KEY, nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
    )
    _table(
        "survey_request",
        _of("customer"),
        sa.Column("survey", KEY, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
    )
    _table(
        "survey_answer",
        _of("customer"),
        sa.Column("survey", KEY, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        _of("personal_value", "comment_value_id"),
        sa.Column("answered_at", MOMENT, nullable=False),
    )
    op.create_index("ix_survey_answer_survey_at", "survey_answer", ["survey", "answered_at"])
    _table(
        "case_note",
        _of("service_case", "case_id", needed=True),
        _of("personal_value", "note_value_id", needed=True),
        sa.Column("noted_at", MOMENT, nullable=False),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])


def _table(name: str, *columns: sa.Column[object] | sa.Constraint) -> None:
    """A table of things that are done in an interaction by an agent."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        _of("interaction", needed=True),
        _of("agent", needed=True),
        *columns,
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{name}_interaction_id", name, ["interaction_id"])


def _of(table: str, column: str = "", *, needed: bool = False) -> sa.Column[object]:
    """A column that points to another table."""
    return sa.Column(column or f"{table}_id", sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=not needed)

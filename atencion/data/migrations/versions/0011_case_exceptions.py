"""What agents ask of a supervisor beyond their limits, and what was decided."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the table of exceptions."""
    op.create_table(
        "case_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("what_value_id", sa.Integer(), nullable=False),
        sa.Column("why_value_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason_value_id", sa.Integer(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"]),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.ForeignKeyConstraint(["what_value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["why_value_id"], ["personal_value.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["agent.id"]),
        sa.ForeignKeyConstraint(["reason_value_id"], ["personal_value.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_exception_agent_id", "case_exception", ["agent_id"])
    op.create_index("ix_case_exception_case_id", "case_exception", ["case_id"])
    op.create_index("ix_case_exception_state", "case_exception", ["state"])

"""What a customer record needs: validity and origin of data, history, alerts, invoices, imports, merges and twins."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")

# Written out because SQLite takes a column with its reference in one statement, and in no other way.
_COLUMNS = (
    "customer ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
    "customer ADD COLUMN former_names TEXT NOT NULL DEFAULT ''",
    "customer ADD COLUMN accessibility TEXT NOT NULL DEFAULT ''",
    "customer ADD COLUMN merged_into INTEGER REFERENCES customer (id)",
    "customer ADD COLUMN origin_id INTEGER REFERENCES origin (id)",
    "identifier ADD COLUMN valid_to DATE",
    "identifier ADD COLUMN origin_id INTEGER REFERENCES origin (id)",
    "contact_point ADD COLUMN valid_from DATE",
    "contact_point ADD COLUMN valid_to DATE",
    "contact_point ADD COLUMN last_used_on DATE",
    "contact_point ADD COLUMN origin_id INTEGER REFERENCES origin (id)",
    "address ADD COLUMN valid_from DATE",
    "address ADD COLUMN valid_to DATE",
    "address ADD COLUMN origin_id INTEGER REFERENCES origin (id)",
    "contract ADD COLUMN meter TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    """Add them; what was there has no origin: it came before origins were kept."""
    op.create_table(
        "origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_origin_interaction_id", "origin", ["interaction_id"])
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    meter_key = "meter_key TEXT NOT NULL DEFAULT ''"
    if op.get_bind().dialect.name == "postgresql":
        meter_key = "meter_key TEXT COLLATE \"C\" NOT NULL DEFAULT ''"
    op.execute(f"ALTER TABLE contract ADD COLUMN {meter_key}")
    op.create_index("ix_contract_meter_key", "contract", ["meter_key"])
    op.create_table(
        "customer_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["origin_id"], ["origin.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_change_customer_id", "customer_change", ["customer_id"])
    op.create_index("ix_customer_change_origin_id", "customer_change", ["origin_id"])
    op.create_table(
        "customer_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["origin_id"], ["origin.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_alert_customer_id", "customer_alert", ["customer_id"])
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", KEY, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"]),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_invoice_customer_id", "invoice", ["customer_id"])
    op.create_index("ix_invoice_number_key", "invoice", ["number_key"])
    op.create_table(
        "customer_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["merged_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["origin_id"], ["origin.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_merge_kept_id", "customer_merge", ["kept_id"])
    op.create_index("ix_customer_merge_merged_id", "customer_merge", ["merged_id"])
    op.create_table(
        "twin_pair",
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["agent.id"]),
        sa.ForeignKeyConstraint(["high_id"], ["customer.id"]),
        sa.ForeignKeyConstraint(["low_id"], ["customer.id"]),
        sa.PrimaryKeyConstraint("low_id", "high_id"),
    )
    op.create_index("ix_twin_pair_high_id", "twin_pair", ["high_id"])
    op.create_index("ix_twin_pair_status", "twin_pair", ["status", "score"])
    op.create_table(
        "customer_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", KEY, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["origin_id"], ["origin.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_customer_import_fingerprint", "customer_import", ["fingerprint"])

"""The indexes by which the full card of a customer reads their documents and answers."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make them."""
    op.create_index("ix_document_entry_customer_id", "document_entry", ["customer_id"])
    op.create_index("ix_survey_answer_customer_id", "survey_answer", ["customer_id"])

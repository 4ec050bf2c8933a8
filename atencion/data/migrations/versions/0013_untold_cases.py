"""The index by which decided cases whose customer does not know it yet are found among all that ended."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make it."""
    op.create_index("ix_service_case_status_resolved", "service_case", ["status", "resolved_at"])

"""When a machine was measured: what was measured on a busy afternoon is not true for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Rows that are there already count as old."""
    op.add_column("calibration", sa.Column("measured_at", sa.Float, nullable=False, server_default="0"))

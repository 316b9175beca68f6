"""What a hosted service counted, beside what it cost."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Calls that are there already have no count."""
    op.add_column("spend", sa.Column("tokens_sent", sa.Integer))
    op.add_column("spend", sa.Column("tokens_received", sa.Integer))

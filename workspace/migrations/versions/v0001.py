"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Everything the first version keeps."""
    what_a_team_says_and_brings()
    what_runs_leave()
    what_this_machine_learns()


def what_a_team_says_and_brings() -> None:
    """Projects, their answers, their files of examples."""
    op.create_table(
        "project",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("archived_at", sa.Text),
    )
    op.create_table(
        "answers",
        sa.Column("project", sa.String, sa.ForeignKey("project.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("yaml", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "dataset",
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("project", sa.String, sa.ForeignKey("project.id"), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("split", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )


def what_runs_leave() -> None:
    """Runs, the advice drawn from them, every row, every event, every cent."""
    op.create_table(
        "run",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("project", sa.String, sa.ForeignKey("project.id"), nullable=False),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("start_key", sa.String, nullable=False, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("pid", sa.Integer),
        sa.Column("pid_started", sa.Float),
        sa.Column("heartbeat", sa.Float),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "advice",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("project", sa.String, sa.ForeignKey("project.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("run", sa.String, sa.ForeignKey("run.id")),
        sa.Column("catalog_date", sa.String, nullable=False),
        sa.Column("json", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    op.create_table(
        "row_result",
        sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("arm", sa.String, primary_key=True),
        sa.Column("size", sa.Integer, primary_key=True),
        sa.Column("seed", sa.Integer, primary_key=True),
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("prediction", sa.Text),
        sa.Column("score", sa.Float),
        sa.Column("latency_ms", sa.Float),
        sa.Column("invalid", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("sha256", sa.String, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_table(
        "spend",
        sa.Column("run", sa.String, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("call", sa.String, primary_key=True),
        sa.Column("reserved_usd", sa.Float, nullable=False),
        sa.Column("usd", sa.Float),
    )


def what_this_machine_learns() -> None:
    """Facts a person corrected, and how far estimates are off here."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "key"),
    )
    op.create_table(
        "calibration",
        sa.Column("machine", sa.String, primary_key=True),
        sa.Column("quantity", sa.String, primary_key=True),
        sa.Column("ratio", sa.Float, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
    )

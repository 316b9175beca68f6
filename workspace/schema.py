"""The tables, as the code of today knows them. Migrations in `migrations/versions` build the same on disk."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

REVISIONS = ("0001", "0002", "0003")  # every migration, oldest first; the last is what this code needs

metadata = MetaData()

project = Table(
    "project",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("archived_at", Text),
)

answers = Table(
    "answers",
    metadata,
    Column("project", String, ForeignKey("project.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("yaml", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

dataset = Table(
    "dataset",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("project", String, ForeignKey("project.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("mapping", Text, nullable=False),
    Column("split", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", String, primary_key=True),
    Column("project", String, ForeignKey("project.id"), nullable=False),
    Column("dataset", String, nullable=False),
    Column("plan", Text, nullable=False),
    Column("start_key", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("pid", Integer),
    Column("pid_started", Float),
    Column("heartbeat", Float),
    Column("reason", Text),
    Column("created_at", Text, nullable=False),
)

advice = Table(
    "advice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("project", String, ForeignKey("project.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("run", String, ForeignKey("run.id")),
    Column("catalog_date", String, nullable=False),
    Column("json", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

row_result = Table(
    "row_result",
    metadata,
    Column("run", String, ForeignKey("run.id"), primary_key=True),
    Column("arm", String, primary_key=True),
    Column("size", Integer, primary_key=True),
    Column("seed", Integer, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("part", String, nullable=False),
    Column("prediction", Text),
    Column("score", Float),
    Column("latency_ms", Float),
    Column("invalid", Integer, nullable=False),
    Column("error", Text),
    Column("sha256", String, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("run", String, ForeignKey("run.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Float, nullable=False),
)

spend = Table(
    "spend",
    metadata,
    Column("run", String, ForeignKey("run.id"), primary_key=True),
    Column("call", String, primary_key=True),
    Column("reserved_usd", Float, nullable=False),
    Column("usd", Float),
    Column("tokens_sent", Integer),
    Column("tokens_received", Integer),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("value", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("kind", "key"),
)

calibration = Table(
    "calibration",
    metadata,
    Column("machine", String, primary_key=True),
    Column("quantity", String, primary_key=True),
    Column("ratio", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("measured_at", Float, nullable=False),
)

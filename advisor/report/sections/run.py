"""A pilot's own title and how it was made: what someone needs to repeat it."""

from __future__ import annotations

from advisor.report import names
from advisor.report.contents import Contents
from advisor.report.numbers import duration_scale, significant
from advisor.vocabulary import Block, Heading, PilotRecord, Table, Text


def title(c: Contents) -> tuple[Block, ...]:
    """The pilot report's title."""
    if not c.results:
        return ()
    data = str(c.results.get("dataset") or "the team's data")
    run = str(c.results.get("run") or "")
    when = f" on {c.record.started[:10]}" if c.record else ""
    return (
        Heading(f"Pilot on {data}", 1),
        Text(
            f"Run {run}{when}; report made on {c.made}. Every way of doing it was judged on the same held-out rows.",
            "small",
        ),
    )


def blocks(c: Contents) -> tuple[Block, ...]:
    """Settings, machine and versions of the run."""
    return (Heading("How it was made"), *_tables(c.record)) if c.record else ()


def _tables(record: PilotRecord) -> tuple[Block, ...]:
    plan = record.plan
    factor, unit = duration_scale(record.seconds)
    took = f"{significant(record.seconds / factor)} {unit}"
    rows = [
        ("Base model", plan.model),
        ("Task", names.spaced(plan.task_type)),
        ("Rows", f"{max(cell.size for cell in plan.cells):,} of {plan.rows_available:,} for training, "
                 f"{len(plan.validation_rows):,} for choosing, {len(plan.test_rows):,} for the test"),
        ("Seed", str(plan.seed)),
        ("Ran on", f"{plan.accelerator}, {plan.dtype}, {plan.threads} threads; {took}"),
        ("Data fingerprint", plan.dataset_fingerprint[:16]),
        ("Versions", ", ".join(f"{name} {version}" for name, version in sorted(record.versions.items()))),
        *(("Left out", str(text)) for text in record.results.get("left_out", plan.left_out)),
        *(("Note", text) for text in plan.notes),
    ]  # fmt: skip
    used = {arm["arm"]: arm.get("settings") or {} for arm in record.results.get("arms", ())}
    settings = tuple((names.method(a.arm), _settings({**a.settings, **used.get(a.arm, {})})) for a in plan.arms)
    return (
        Table("The run", ("What", "Value"), tuple(rows)),
        *((Table("Settings of each arm", ("Way of doing it", "Settings"), settings),) if settings else ()),
    )


def _settings(settings: dict[str, object]) -> str:
    """As they were used; one that nobody set, and that the arm had no use for, is not listed."""
    return (
        ", ".join(f"{names.spaced(key)} {_set(value)}" for key, value in settings.items() if value is not None)
        or "none"
    )


def _set(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)

"""Measured beside estimated: how long training took, how much memory, how fast the answers were."""

from __future__ import annotations

from collections.abc import Callable

from advisor.report.contents import Contents
from advisor.report.numbers import duration_scale, latency, scaled
from advisor.report.numbers import memory_scale as bytes_scale
from advisor.report.outcome import Score, rows_timed, scores
from advisor.vocabulary import MIB, Block, Estimate, Table

Write = Callable[[Estimate | None], str]


def _seconds(estimate: Estimate | None) -> str:
    return scaled(estimate, 1.0, duration_scale)


def _mib(estimate: Estimate | None) -> str:
    return scaled(estimate, float(MIB), bytes_scale)


def _usd(estimate: Estimate | None) -> str:
    return "–" if estimate is None or estimate.value is None else f"USD {estimate.value:.4f}"


# column → (key of the measurement, keys under which an estimate of it may stand, how it is written)
COLUMNS: tuple[tuple[str, str, tuple[str, ...], Write], ...] = (
    ("Training time", "train_seconds", ("train_seconds",), _seconds),
    ("Training and answering", "cell_seconds", ("cell_seconds",), _seconds),
    ("Memory of training", "training_memory_mib", ("training_memory_mib",), _mib),
    ("Most memory, program included", "peak_memory_mib", ("peak_memory_mib",), _mib),
    ("Typical answer (p50)", "latency_p50_ms", ("latency_p50_ms", "latency_ms"), latency),
    ("Slow answer (p95)", "latency_p95_ms", ("latency_p95_ms",), latency),
    ("Paid to the service", "cost_usd", (), _usd),
    ("Per 1,000 requests", "usd_per_1k", (), _usd),
)


def blocks(c: Contents) -> tuple[Block, ...]:
    """One row per arm; a column nobody measured is left out."""
    found = scores(c.results) if c.results else ()
    shown = [column for column in COLUMNS if any(_known(score, column[1]) for score in found)]
    if not shown:
        return ()
    rows = tuple((score.label, *(_cell(score, column) for column in shown)) for score in found)
    note = "Measured on the pilot's machine; 'est.' is what was estimated before it ran, 80 % ranges in brackets. "
    note += "A dash: nothing to measure."
    note += f" {said}" if (said := rows_timed(found)) else ""
    heads = ("Way of doing it", *(column[0] for column in shown))
    return (Table("What it took: measured, and estimated before", heads, rows, note, tuple(range(1, len(heads)))),)


def _known(score: Score, key: str) -> bool:
    return score.measured.get(key) is not None


def _cell(score: Score, column: tuple[str, str, tuple[str, ...], Write]) -> str:
    _, key, estimated, write = column
    value = score.measured.get(key)
    measured = "–" if value is None else write(Estimate.exact(value, "", "", "measured"))
    before = next((score.estimated[name] for name in estimated if name in score.estimated), None)
    return measured if before is None or value is None else f"{measured}, est. {write(before)}"

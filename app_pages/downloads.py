"""A pilot's rows as files; a cell that a spreadsheet would run as a formula is made harmless."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from advisor.vocabulary import PilotRecord
from experiments.dataset import export

COLUMNS = (
    *("arm", "training_rows", "seed", "part", "row", "input", "right_answer", "answer", "score", "latency_ms"),
    *("invalid", "error"),
)


def _rows(record: PilotRecord) -> Iterator[dict[str, Any]]:
    for r in record.rows:
        values = (r.arm, r.size, r.seed, r.part, r.row, record.inputs.get(r.row, ""), record.references.get(r.row, ""),
                  r.prediction, r.score, r.latency_ms, r.invalid, r.error)  # fmt: skip
        yield dict(zip(COLUMNS, values, strict=True))


def rows_csv(record: PilotRecord) -> str:
    """One line per answer."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in _rows(record):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return out.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and export.is_formula(value) else value


def rows_jsonl(record: PilotRecord) -> str:
    """One object per answer, exactly as it was."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(record))

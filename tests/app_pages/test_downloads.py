"""What can be taken along is what was shown."""

from __future__ import annotations

import csv
import io
import json

from advisor.vocabulary import ArmPlan, CellResult, PilotPlan, PilotRecord, RowResult
from app_pages.downloads import rows_csv, rows_jsonl
from app_pages.outcomes import KINDS, not_finished, side_by_side

ANSWERS = {"zero_shot": ("a", "=1+1", "b", None), "lora": ("a", "b", "a", "c")}
RIGHT = ("a", "b", "c", "c")


def record() -> PilotRecord:
    plan = PilotPlan(
        dataset_sha256="0", dataset_fingerprint="0", dataset_name="mail", task_type="classification",
        labels=("a", "b", "c"), instruction="", metric="accuracy", model="starter", accelerator="cpu", dtype="fp32",
        seed=1, minutes=1.0, arms=tuple(ArmPlan(arm, arm, "starter", {}) for arm in (*ANSWERS, "qlora")), cells=(),
        left_out=(), train_rows=(4,), validation_rows=(5,), test_rows=(0, 1, 2, 3), rows_available=4,
    )  # fmt: skip
    rows = tuple(
        RowResult(arm, 4, 1, "test", row, said, None if said is None else float(said == RIGHT[row]), 1.0,
                  error=None if said is not None else "out of memory")
        for arm, answers in ANSWERS.items()
        for row, said in enumerate(answers)
    )  # fmt: skip
    cells = tuple(CellResult(arm, 4, 1, None, 1.0, None, None, {}) for arm in ANSWERS)
    return PilotRecord("r", "done", plan, rows, cells, (), {}, {}, "2026-11-25T00:00:00+00:00", 1.0, {},
                       dict(enumerate(RIGHT)), {row: f"text {row}" for row in range(4)})  # fmt: skip


def test_json_lines_hold_every_answer_as_it_was() -> None:
    rows = [json.loads(line) for line in rows_jsonl(record()).splitlines()]
    assert [row["answer"] for row in rows] == [*ANSWERS["zero_shot"], *ANSWERS["lora"]]
    assert rows[3]["score"] is None
    assert rows[3]["error"] == "out of memory"


def test_a_spreadsheet_runs_none_of_them() -> None:
    rows = list(csv.DictReader(io.StringIO(rows_csv(record()))))
    assert rows[1]["answer"] == "'=1+1"
    assert rows[0]["answer"] == "a"


def test_side_by_side_says_who_was_right() -> None:
    kinds = [row["kind"] for row in side_by_side(record(), "zero_shot", "lora")]
    # row 0: both right; 1: only the second; 2: neither; 3: the first gave no answer
    assert kinds == ["both", "fixed", "neither", "failed"]
    assert set(kinds) - {"both"} < set(KINDS)


def test_a_way_that_never_finished_is_named() -> None:
    assert not_finished(record()) == ("qlora",)

"""The model card of an export: what it is, how well it did, on what, and how to make it again."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

from advisor.vocabulary import ArmPlan, Cell, PilotPlan, PilotRecord
from experiments.export.left import Kind, Left, base_model
from experiments.export.libraries import used
from experiments.export.request import chosen
from experiments.pilot.choices import API_ARMS, STARTER
from experiments.pilot.scores import Scoring

LONG_MINUTES = 600  # nothing is dropped
WITHOUT_TRAINING_ROWS = """
The run was loaded from a record, which holds no training inputs: `rows.jsonl` has the validation and test rows alone.
"""


def model_card(
    record: PilotRecord, cell: Cell, left: Left, line: dict[str, Any], merged: dict[str, Any] | None = None
) -> str:
    """What it is, how well it did, on what, and what nobody checked. `line`: the arm's line of the results."""
    plan, guards = record.plan, record.guards
    held = sum(g.ok for g in guards)
    broken = "".join(f"\n- does not hold: {g.guard} ({g.detail})" for g in guards if not g.ok)
    latency = line["latency_ms"]
    speed = "not measured" if latency["p50"] is None else f"p50 {latency['p50']} ms, p95 {latency['p95']} ms"
    kept = f"; the folder `{left.folder}` holds what was trained" if left.folder else ""
    again = f"\n- {_merged(merged, plan.metric)}" if merged else ""
    made_with = ", ".join(f"{name} {version}" for name, version in used(left, plan.metric, record.versions).items())
    return f"""# {line["arm"]} on {plan.dataset_name}

Made by a pilot of Tune or Prompt, run {record.run} ({record.started}).

- {_base(left)}{kept}
- Task: {plan.task_type.replace("_", " ")}{f", {len(plan.labels)} labels" if plan.labels else ""}
- Learnt from {line["n_train"]:,} labelled rows (part `train` of `rows.jsonl` has the {line["size"]:,} it could use)
- {plan.metric}: {line["score"]} (95 % range {line["low"]} to {line["high"]}) on {line["n_test"]} held-out rows{
        _seeds(record, cell, line)
    }{again}
- Latency on this machine ({plan.accelerator}{"" if left.kind is Kind.CLASSIFIER else f", {plan.dtype}"}): {speed}
- Invalid outputs: {line["invalid_outputs"]}; failed rows: {line["failed_rows"]}{_chosen(plan, left)}
- Versions: {made_with or "not known"}
- Guards: {held} of {len(guards)} hold{broken}

Data fingerprint: {plan.dataset_fingerprint}. Settings: `settings.json`.

Not checked: other languages and domains than the rows above, harmful or biased answers, inputs longer than those.
"""


def _base(left: Left) -> str:
    if left.kind is Kind.CLASSIFIER:
        return f"Built on: {left.base}"
    starter = ", as the starter: rounded to 4 bits by its packagers and widened again" if left.starter else ""
    return f"Base model: {left.base} (its licence applies){starter}"


def _seeds(record: PilotRecord, cell: Cell, line: dict[str, Any]) -> str:
    """Which of several seeds this is, and what that one scored."""
    if len(line["seeds"]) < 2:
        return ""
    mine = (cell.arm, cell.size, cell.seed)
    alone = replace(record, cells=tuple(c for c in record.cells if (c.arm, c.size, c.seed) == mine))
    value = Scoring.of(alone).outcome(cell.arm, cell.size).value
    seeds = ", ".join(str(seed) for seed in line["seeds"])
    return f",\n  the mean over the seeds {seeds}; this is seed {cell.seed}, which scored {round(value, 4)}"


def _chosen(plan: PilotPlan, left: Left) -> str:
    """What a server that writes freely does otherwise than the pilot did."""
    if not chosen(plan, left):
        return ""
    return (
        "\n- Every answer was chosen among the labels by its probability. A server that writes freely may write none "
        "of them, or one in other spelling: see SERVING.md, and measure it again"
    )


def _merged(merged: dict[str, Any], metric: str) -> str:
    return (
        f"Merged into the base in {merged['weights']} and measured again: {metric} {merged['score']} on "
        f"{merged['n_test']} of the same rows; {merged['same_answers']} answers are those of the adapter"
    )


def again(plan: PilotPlan, arm: ArmPlan, cell: Cell, settings_used: dict[str, Any]) -> str:
    """The command that does it all again from the rows beside it, with `settings_used`, those of the cell."""
    if arm.arm in API_ARMS:
        return ""
    model = plan.model if plan.model == STARTER else base_model(plan.model)
    flags = {"task-type": plan.task_type, "metric": plan.metric, "model": model, "arms": arm.arm, "seed": cell.seed}
    said = [f"--{flag} {shlex.quote(str(value))}" for flag, value in {**flags, "minutes": LONG_MINUTES}.items()]
    settings = {name: settings_used.get(name) if value is None else value for name, value in arm.settings.items()}
    said += [f"--set {shlex.quote(f'{arm.arm}.{name}={_written(value)}')}" for name, value in settings.items()]
    lines = " \\\n        ".join(["python -m experiments run EXPORT/rows.jsonl --in-order --once", *said])
    return f"""
## Make it again

On the same training, validation and test rows in the same order, from the folder of Tune or Prompt, with this folder's
path for EXPORT (labels that a prompt lists may stand in another order there, and their scores differ a little):

    {lines}
"""


def _written(value: Any) -> str:
    """A setting as `--set` takes it."""
    if value is None:
        return "usual"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)

"""The two pages that go with an export: how to serve it, and its model card."""

from __future__ import annotations

import shlex
from typing import Any

from advisor.vocabulary import ArmPlan, Cell, PilotPlan, PilotRecord
from experiments.arms.job import chosen_among
from experiments.pilot.choices import API_ARMS

NO_LANGUAGE_MODEL = ("tfidf", "sentence-transformers/")
LONG_MINUTES = 600  # nothing is dropped

MERGED = """# Serving

The folder `merged` is a whole model: base and adapter in one, in 16 bits. From this folder:

    vllm serve ./merged
    transformers serve ./merged

The base may also be served once, with this adapter (and others) beside it.
"""


def serving(base: str, arm: str, *, adapter: bool, rank: int | None, merged: bool = False) -> str:
    """Commands that serve the base with what was trained; prompts are rendered by the model's own chat template."""
    name = arm.replace(":", "-").replace("_", "-")
    if adapter:
        head = MERGED if merged else "# Serving\n"
        return f"""{head}
With vLLM, from this folder:

    vllm serve {base} --enable-lora --max-lora-rank {max(rank or 16, 8)} --lora-modules {name}=./adapter

then ask for the model `{name}`. With transformers and peft in Python:

    from peft import AutoPeftModelForCausalLM
    from transformers import AutoTokenizer
    model = AutoPeftModelForCausalLM.from_pretrained("./adapter")
    tokenizer = AutoTokenizer.from_pretrained("{base}")

Send the turns of `prompt.txt`: the template used in training is the tokenizer's own.
"""
    if base.startswith(NO_LANGUAGE_MODEL):
        return """# Serving

No language model is served. Fit the classifier again on the part `train` of `rows.jsonl` with the settings of
`settings.json`: it takes seconds, and needs scikit-learn (and, for embeddings, the encoder named in `settings.json`).
"""
    return f"""# Serving

Nothing was trained: serve the base model and send the prompt of `prompt.txt` with your own last turn.

    vllm serve {base}
    transformers serve {base}
"""


def model_card(
    record: PilotRecord, line: dict[str, Any], base: str, *, adapter: bool, merged: dict[str, Any] | None = None
) -> str:
    """What it is, how well it did, on what, and what nobody checked."""
    again = f"\n- {_again(merged, record.plan.metric)}" if merged else ""
    plan, guards = record.plan, record.guards
    held = sum(g.ok for g in guards)
    broken = "".join(f"\n- does not hold: {g.guard} ({g.detail})" for g in guards if not g.ok)
    latency = line["latency_ms"]
    return f"""# {line["arm"]} on {plan.dataset_name}

Made by a pilot of Tune or Prompt, run {record.run} ({record.started}).

- Base model: {base} (its licence applies){"; the folder `adapter` holds what was trained" if adapter else ""}
- Task: {plan.task_type.replace("_", " ")}{f", {len(plan.labels)} labels" if plan.labels else ""}
- Learnt from {line["n_train"]:,} labelled rows (part `train` of `rows.jsonl` has the {line["size"]:,} it could use)
- {plan.metric}: {line["score"]} (95 % range {line["low"]} to {line["high"]}) on {line["n_test"]} held-out rows{again}
- Latency on this machine ({plan.accelerator}, {plan.dtype}): p50 {latency["p50"]} ms, p95 {latency["p95"]} ms
- Invalid outputs: {line["invalid_outputs"]}; failed rows: {line["failed_rows"]}{_chosen(plan, line["arm"], base)}
- Guards: {held} of {len(guards)} hold{broken}

Data fingerprint: {plan.dataset_fingerprint}. Settings: `settings.json`.

Not checked: other languages and domains than the rows above, harmful or biased answers, inputs longer than those.
"""


def _chosen(plan: PilotPlan, arm: str, base: str) -> str:
    """What a server that writes freely does otherwise than the pilot did."""
    if not chosen_among(plan.task_type) or arm in API_ARMS or base.startswith(NO_LANGUAGE_MODEL):
        return ""
    return (
        "\n- Every answer was chosen among the labels by its probability. A server that writes freely may write none "
        "of them, or one in other spelling: let it choose (vLLM's structured outputs), and measure it again"
    )


def _again(merged: dict[str, Any], metric: str) -> str:
    return (
        f"Merged into the base in {merged['weights']} and measured again: {metric} {merged['score']} on "
        f"{merged['n_test']} of the same rows; {merged['same_answers']} answers are those of the adapter"
    )


def again(plan: PilotPlan, cell: Cell, arm: ArmPlan, base: str) -> str:
    """The command that does it all again from the rows beside it, for the end of the model card; `base` of the plan."""
    if arm.arm in API_ARMS:
        return ""
    flags = {"task-type": plan.task_type, "metric": plan.metric, "model": base, "arms": arm.arm, "seed": cell.seed}
    said = [f"--{flag} {shlex.quote(str(value))}" for flag, value in {**flags, "minutes": LONG_MINUTES}.items()]
    said += [f"--set {shlex.quote(f'{arm.arm}.{name}={_written(value)}')}" for name, value in arm.settings.items()]
    lines = " \\\n        ".join(["python -m experiments run rows.jsonl", *said])
    return f"""
## Train it again

On the same training, validation and test rows, with Tune or Prompt at hand:

    {lines}
"""


def _written(value: Any) -> str:
    """A setting as `--set` takes it."""
    if value is None:
        return "usual"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)

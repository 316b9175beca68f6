"""A LoRA adapter merged into its base in 16 bits, and what is left of its score when the result is measured again."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from advisor.vocabulary import Part
from experiments.arms.job import ArmJob, Spent
from experiments.metrics import metric

SIXTEEN_BITS = "bf16"  # the range of fp32: no weight overflows


@dataclass
class Heard:
    """The report of a measurement whose rows nobody keeps: what was answered to each test row."""

    predictions: dict[int, str | None] = field(default_factory=dict)

    def row(self, part: Part, row: int, prediction: str | None, *_: Any, **__: Any) -> None:
        if part == "test":
            self.predictions[row] = prediction

    def step(self, phase: str, done: float, total: float, **figures: float) -> None:
        """Nobody watches."""

    def should_stop(self) -> bool:
        return False

    def reserve(self, call: str, usd: float, limit_usd: float) -> bool:
        return False

    def settle(self, call: str, usd: float, tokens: tuple[int, int] = (0, 0)) -> None:
        """Nothing is asked of a service."""

    def spent(self) -> Spent:
        return Spent(0.0, 0, 0, 0)


def merge(base: Path, adapter: Path, to: Path) -> None:
    """Write base + adapter as one ordinary model folder in bf16, with the tokenizer and its chat template."""
    import torch
    from peft import PeftModel

    from experiments.models import load_causal

    loaded = load_causal(base, "fp32", "cpu")  # summed in fp32, rounded once
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # what peft says to programmers
        whole = PeftModel.from_pretrained(loaded.model, adapter).merge_and_unload()
    whole.to(torch.bfloat16).save_pretrained(to, safe_serialization=True)
    loaded.tokenizer.save_pretrained(to)


def measure(job: ArmJob, folder: Path, settings: dict[str, Any]) -> Heard:
    """Answer the job's rows with a whole model, prompted as the tuned arm was."""
    from experiments.arms.answering import Answering, answer
    from experiments.arms.resources import settle
    from experiments.instructions import instruction_when_tuned
    from experiments.models import load_causal
    from experiments.prompts import Prompter

    settle(job)
    loaded = load_causal(folder, job.dtype, job.accelerator)
    told = instruction_when_tuned(job.task_type, job.instruction, job.labels, job.train)
    prompter = Prompter(loaded.tokenizer, job.task_type, told, job.labels, list_labels=False)
    heard = Heard()
    answer(
        replace(job, settings=settings, done=frozenset()), heard, Answering.by(settings, loaded, prompter, tuned=True)
    )
    return heard


def compared(job: ArmJob, before: dict[int, str | None], heard: Heard) -> dict[str, Any]:
    """The merged model's score, and to how many test rows it says what the adapter said."""
    answered = [(said, e.references or (e.output,)) for e in job.test if (said := heard.predictions[e.row]) is not None]
    scored = metric(job.metric, job.metric_settings).score(answered) if answered else None
    return {
        "score": None if scored is None else round(scored, 4),
        "n_test": len(answered),
        "same_answers": sum(heard.predictions[e.row] == before.get(e.row) for e in job.test),
        "weights": SIXTEEN_BITS,
    }

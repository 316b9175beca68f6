"""What the prompting arms share: the untouched base model and a prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from advisor.errors import PlanError
from advisor.vocabulary import CAUTION, Example
from experiments.arms.answering import Answering, answer
from experiments.arms.job import ArmJob, CellOutcome, Report
from experiments.arms.resources import settle
from experiments.models import load_causal
from experiments.models.loading import LoadedModel
from experiments.prompts import Prompter, instruction_for

ShotsFor = Callable[[Example], Sequence[Example]]
FITTING_SHARE = 0.95  # assumption: of the training rows must fit beside the demonstrations; a few long ones may not


def run_prompted(
    job: ArmJob, report: Report, shots: ShotsFor | Sequence[Example], used: dict[str, Any], notes: Sequence[str] = ()
) -> CellOutcome:
    """Answer with the base as it is. `used` are the settings as they came out (None resolved).

    `shots` are each row's own, or the same for every row: then as many as fit into the prompt.
    """
    settle(job)
    if job.base_folder is None:
        raise PlanError(f"The arm {job.arm} needs a base model and the plan names none.", "Choose one with --model.")
    report.step("load", 0, 1)
    loaded = load_causal(job.base_folder, job.dtype, job.accelerator)
    if callable(shots):
        prompter, shots_for = _prompter(job, loaded, listed=bool(used["list_labels"])), shots
    else:
        prompter, same = _same_for_all(job, loaded, shots, used)
        notes = [*notes, *_said(len(same), len(shots), used["max_prompt_tokens"])]
        used = {**used, "shots": len(same), "list_labels": prompter.list_labels}

        def shots_for(_: Example) -> Sequence[Example]:
            return same

    how = Answering.by(used, loaded, prompter, shots=shots_for, calibrate=used["calibration"] == "batch")
    answered = answer(job, report, how)
    return CellOutcome(
        settings={**used, **answered.came_out()},
        evaluate_seconds=answered.seconds,
        prompt=answered.prompt,
        chat=answered.chat,
        guards=tuple(answered.guards),
        notes=(*loaded.notes, *notes, *answered.notes),
    )


def _prompter(job: ArmJob, loaded: LoadedModel, *, listed: bool) -> Prompter:
    told = instruction_for(job.task_type, job.instruction, job.train or job.validation)
    return Prompter(loaded.tokenizer, job.task_type, told, job.labels, listed)


def _same_for_all(
    job: ArmJob, loaded: LoadedModel, shots: Sequence[Example], used: dict[str, Any]
) -> tuple[Prompter, Sequence[Example]]:
    """The demonstrations that fit; unless it is set, labels are listed where these do not show every one."""
    wish, limit = used["list_labels"], used["max_prompt_tokens"]
    for listed in (False, True) if wish is None else (bool(wish),):
        prompter = _prompter(job, loaded, listed=listed)
        same = fitting(prompter, job, shots, limit)
        if {example.output for example in same}.issuperset(job.labels):
            break
    return prompter, same


def fitting(prompter: Prompter, job: ArmJob, shots: Sequence[Example], limit: int) -> Sequence[Example]:
    """The most demonstrations that leave room for an input; decided by the training rows, never by the test's."""
    if not shots:
        return shots
    known = sorted(job.train, key=lambda example: len(example.input))
    long = known[min(len(known) - 1, int(FITTING_SHARE * len(known)))]
    least, most = 0, len(shots)
    while least < most:
        middle = (least + most + 1) // 2
        if len(prompter.ids(long, shots[:middle])) <= limit:
            least = middle
        else:
            most = middle - 1
    return shots[:least]


def _said(kept: int, wanted: int, limit: int) -> list[str]:
    return (
        [f"{CAUTION}{kept} of {wanted} demonstrations fit into {limit:,} tokens beside an input."]
        if kept < wanted
        else []
    )

"""What the tuned arms share: base, trainable part, training, proofs, answers. They differ in `attach` alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from advisor.errors import PlanError
from experiments.arms import proofs
from experiments.arms.answering import Answering, answer
from experiments.arms.job import ArmJob, CellOutcome, Report
from experiments.arms.resources import program_mib, settle
from experiments.arms.training import Trained, Training, train, training_rows
from experiments.instructions import instruction_when_tuned
from experiments.models import load_causal
from experiments.models.loading import LoadedModel
from experiments.prompts import Prompter

DONE_FILE = "trained.json"


@dataclass(frozen=True)
class Tuning:
    """A trainable part on a base model.

    `model` is trained; `save(folder)` and `load(folder)` keep and restore what was trained. `without` is a context
    in which the base answers alone (None where the base itself is trained). `past` and `writes`: see `Answering`.
    `ready` is called between training and answering; `autocast` trains fp32 weights with bf16 arithmetic;
    `program_mib` is what the process held before anything was loaded.
    """

    model: Any
    save: Callable[[Path], None]
    load: Callable[[Path], None]
    without: Callable[[], Any] | None
    past: Callable[[], Any] = lambda: None
    writes: Any = None
    ready: Callable[[], Any] = lambda: None
    autocast: bool = False
    program_mib: float = 0.0


Attach = Callable[[LoadedModel, dict[str, Any]], Tuning]


def run_tuned(
    job: ArmJob, report: Report, used: dict[str, Any], attach: Attach, *, quantised: bool = False
) -> CellOutcome:
    """Train (or take up what an interrupted cell had trained), prove, answer."""
    settle(job)
    if job.base_folder is None:
        raise PlanError(f"The arm {job.arm} needs a base model and the plan names none.", "Choose one with --model.")
    if not job.train:
        raise PlanError(f"The arm {job.arm} needs training rows.", "Give it a size above 0.")
    folder, job = job.base_folder, replace(job, settings=used)
    report.step("load", 0, 1)
    program = program_mib(job.accelerator)
    loaded = load_causal(folder, job.dtype, job.accelerator, quantised=quantised)
    told = instruction_when_tuned(job.task_type, job.instruction, job.labels, job.train)
    prompter = Prompter(loaded.tokenizer, job.task_type, told, job.labels, list_labels=False)
    tuning = replace(attach(loaded, used), program_mib=program)
    before = proofs.fingerprint(tuning.model)
    trained, notes = trained_or_kept(job, report, loaded, prompter, tuning)
    guards = proofs.after_training(job, loaded, prompter, tuning, before)
    how = Answering.by(used, loaded, prompter, past=tuning.past, writes=tuning.writes, tuned=True)
    answered = answer(job, report, how)
    if tuning.without is not None:
        guards.append(proofs.base_unchanged(tuning, before))
    return CellOutcome(
        settings={**used, **answered.came_out()},
        train_seconds=trained.seconds,
        evaluate_seconds=answered.seconds,
        training_memory_mib=trained.memory_mib,
        prompt=answered.prompt,
        chat=answered.chat,
        guards=(*guards, *answered.guards),
        notes=(*loaded.notes, *notes, *answered.notes),
        artefact=kept_folder(job),
        curve=trained.curve,
    )


def trained_or_kept(
    job: ArmJob, report: Report, loaded: LoadedModel, prompter: Prompter, tuning: Tuning
) -> tuple[Trained, list[str]]:
    """Train and keep the result; a resumed cell whose training was finished takes it up unchanged."""
    rows, cut = training_rows(prompter, job.train, job.settings["max_prompt_tokens"])
    notes = []
    if cut:
        notes.append(f"{cut} of {len(rows)} training rows were cut at {job.settings['max_prompt_tokens']} tokens.")
    folder, key = kept_folder(job), training_key(job, rows)
    kept = read_kept(folder, key)
    if kept is not None:
        tuning.ready()
        tuning.load(folder)
        tuning.model.eval()
        return kept, [*notes, "Training was finished before an interruption and was taken up from disk."]
    trained = train(Training(tuning.model, loaded.tokenizer, rows, tuning.autocast, tuning.program_mib), job, report)
    if trained.micro_batch < min(job.settings["batch_size"], len(rows)):
        notes.append(f"Memory was short: {trained.micro_batch} rows at a time, the same number per step.")
    tuning.ready()
    keep(folder, key, trained, tuning)
    return trained, notes


def kept_folder(job: ArmJob) -> Path:
    """Where what was trained stands."""
    return job.folder / "trained"


def training_key(job: ArmJob, rows: list[dict[str, Any]]) -> str:
    """A hash of everything the training depends on."""
    what = [job.arm, job.seed, job.dtype, job.accelerator, str(job.base_folder), job.settings, rows]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def keep(folder: Path, key: str, trained: Trained, tuning: Tuning) -> None:
    """Written aside and renamed, the description last: a half-written folder is never taken up."""
    aside = folder.with_name(f"{folder.name}.writing")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    tuning.save(aside)
    document = {
        "key": key,
        "seconds": trained.seconds,
        "memory_mib": trained.memory_mib,
        "curve": trained.curve,
        "micro_batch": trained.micro_batch,
    }
    (aside / DONE_FILE).write_text(json.dumps(document), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(aside, folder)


def read_kept(folder: Path, key: str) -> Trained | None:
    """What an earlier try of this cell had trained, if it was the same training."""
    try:
        document = json.loads((folder / DONE_FILE).read_text(encoding="utf-8"))
        if document["key"] != key:
            return None
        curve = tuple((float(epoch), float(loss)) for epoch, loss in document["curve"])
        return Trained(float(document["seconds"]), document["memory_mib"], curve, int(document["micro_batch"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None

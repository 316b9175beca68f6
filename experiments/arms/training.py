"""Training with transformers' `Trainer`: only the answer carries loss, and only there the head is computed.

Rows are padded at the left, so all answers end at the right edge and the head runs over the last few positions of
a batch (measured on the starter: 1.5 times the steps per second of full logits; eager attention another 1.24).
"""

from __future__ import annotations

import math
import os
import shutil
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from advisor.errors import RunError
from advisor.vocabulary import Example
from experiments.arms.job import ArmJob, Report, Stopped
from experiments.arms.resources import peak_memory_mib, start_measuring_memory
from experiments.prompts import Prompter

NO_LOSS = -100
WARMUP_SHARE = 0.1  # assumption: a tenth of the steps, the usual choice for adapters
MAX_GRADIENT_NORM = 1.0
HALVINGS = 3
SCRATCH = "trainer"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run took and how its loss went: `curve` is (epoch, loss) per step."""

    seconds: float
    memory_mib: float | None
    curve: tuple[tuple[float, float], ...]
    micro_batch: int


def training_rows(
    prompter: Prompter, train: Sequence[Example], max_prompt_tokens: int
) -> tuple[list[dict[str, Any]], int]:
    """Token ids of each training row and how many of them are answer; and how many rows were shortened."""
    rows, cut = [], 0
    for example in train:
        prompt, _, less = prompter.fitted(example, (), max_prompt_tokens)
        answer = prompter.answer_ids(example.output)
        cut += less
        rows.append({"input_ids": [*prompt, *answer], "answer_tokens": len(answer)})
    return rows, cut


def collate(rows: Sequence[dict[str, Any]], pad_id: int) -> dict[str, Any]:
    """One batch: padded at the left; labels (and the head) only for the last positions of the longest answer."""
    longest = max(len(row["input_ids"]) for row in rows)
    kept = max(row["answer_tokens"] for row in rows) + 1  # the position before the answer predicts its first token
    ids = torch.full((len(rows), longest), pad_id, dtype=torch.long)
    seen = torch.zeros(len(rows), longest, dtype=torch.long)
    labels = torch.full((len(rows), kept), NO_LOSS, dtype=torch.long)
    for index, row in enumerate(rows):
        tokens, answer = torch.tensor(row["input_ids"]), row["answer_tokens"]
        ids[index, longest - len(tokens) :] = tokens
        seen[index, longest - len(tokens) :] = 1
        labels[index, kept - answer :] = tokens[-answer:]
    positions = (seen.cumsum(-1) - 1).clamp(min=0)
    return {
        "input_ids": ids,
        "attention_mask": seen,
        "position_ids": positions,
        "labels": labels,
        "logits_to_keep": kept,
    }


class Watch(TrainerCallback):  # type: ignore[misc]
    """Says how far training is, stops it when asked to or when the loss is no number."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.curve: list[tuple[float, float]] = []
        self.stopped = False

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """After every step."""
        loss = (logs or {}).get("loss")
        if loss is None:
            return
        if not math.isfinite(loss):
            raise RunError(
                f"Training broke at step {state.global_step}: the loss is {loss}.",
                "Lower the learning rate (a tenth is a good first try), or train in fp32.",
            )
        self.curve.append((round(float(state.epoch), 3), float(loss)))
        self.report.step("train", state.global_step, state.max_steps, loss=float(loss))

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> Any:
        """Leave at the end of this step when the person cancelled."""
        if self.report.should_stop():
            self.stopped = True
            control.should_training_stop = True
        return control


@dataclass(frozen=True, slots=True)
class Training:
    """What is trained (everything in `model` that requires gradients) and on what."""

    model: Any
    tokenizer: Any
    rows: list[dict[str, Any]]
    autocast: bool = False
    program_mib: float = 0.0  # held before anything was loaded, and no part of what training takes


def train(work: Training, job: ArmJob, report: Report) -> Trained:
    """Train by the settings of the job (all of them resolved).

    Where memory runs out, the micro-batch is halved, up to three times, and gradients are added up instead: the
    same number of rows per step. The longest rows come first, so this is known at the first step.
    """
    batch = micro = min(job.settings["batch_size"], len(work.rows))
    for halving in range(HALVINGS + 1):
        watch = Watch(report)
        start_measuring_memory(job.accelerator)
        began = time.perf_counter()
        try:
            run_trainer(work, arguments(job, work, micro, math.ceil(batch / micro)), watch)
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error):
                raise
            if watch.curve or micro == 1 or halving == HALVINGS:
                raise does_not_fit(job, work, micro) from error
            micro //= 2
            continue
        seconds, peak = time.perf_counter() - began, peak_memory_mib(job.accelerator)
        memory = None if peak is None else peak - work.program_mib
        shutil.rmtree(job.folder / SCRATCH, ignore_errors=True)
        if watch.stopped:
            raise Stopped
        return Trained(seconds, memory, tuple(watch.curve), micro)
    raise AssertionError("the last try either returned or raised")


def run_trainer(work: Training, arguments: Any, watch: Watch) -> None:
    """One training run; the model is left ready to answer."""
    model, pad_id = work.model, work.tokenizer.pad_token_id
    model.config.use_cache = False
    if arguments.use_cpu:
        model.set_attn_implementation("eager")  # a fifth faster than sdpa's backward at these lengths on a CPU
    model.train()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            trainer = Trainer(
                model=model,
                args=arguments,
                train_dataset=work.rows,
                data_collator=lambda rows: collate(rows, pad_id),
                callbacks=[watch],
            )
            trainer.remove_callback(PrinterCallback)  # it prints every log line; ours go through the report
            trainer.train()
    finally:
        model.zero_grad(set_to_none=True)
        model.eval()
        model.set_attn_implementation("sdpa")
        model.config.use_cache = True


def out_of_memory(error: BaseException) -> bool:
    """True for CUDA's own error and for the CPU allocator's, which has no class of its own."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def does_not_fit(job: ArmJob, work: Training, micro: int) -> RunError:
    """The sentence for a model that cannot be trained here."""
    longest = max(len(row["input_ids"]) for row in work.rows)
    return RunError(
        f"Training {job.arm} does not fit into the memory of this machine, even with {micro} row(s) at a time "
        f"(longest row: {longest} tokens).",
        "Lower max_prompt_tokens, turn on gradient_checkpointing, choose `qlora`, or take a smaller model.",
    )


def arguments(job: ArmJob, work: Training, micro: int, accumulation: int) -> Any:
    """Everything chance and speed depend on, said once."""
    settings = job.settings
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    made = TrainingArguments(
        output_dir=str(job.folder / SCRATCH),
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=accumulation,
        bf16=work.autocast,
        num_train_epochs=settings["epochs"],
        learning_rate=settings["learning_rate"],
        lr_scheduler_type="linear",
        warmup_steps=WARMUP_SHARE,
        weight_decay=0.0,
        max_grad_norm=MAX_GRADIENT_NORM,
        optim="adamw_torch",
        train_sampling_strategy="group_by_length",
        activation_checkpointing=settings["gradient_checkpointing"],
        seed=job.seed,
        data_seed=job.seed,
        use_cpu=job.accelerator == "cpu",
        dataloader_pin_memory=False,
        remove_unused_columns=False,
        logging_strategy="steps",
        logging_steps=1,
        logging_nan_inf_filter=False,  # its default turns a NaN into 0.0
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
    )
    made._n_gpu = min(made.n_gpu, 1)  # several GPUs would be split behind our back, and the head with them
    return made

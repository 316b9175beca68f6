"""The parent: starts the child that may import torch, limits it, and turns what it says into a result or an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from advisor import errors
from advisor.dry_run.result import ExactMemory
from advisor.vocabulary.estimates import GIB
from advisor.vocabulary.methods import TrainingSettings

ROOT = Path(__file__).resolve().parents[2]
CHILD_MEMORY_BYTES = 6 * GIB  # a 65B traces in under 1 GiB, torch's libraries take most of it; measured
TIMEOUT_S = 600.0  # a 65B takes 20 s on two idle cores, minutes on a busy machine; measured
GRACE_S = 5
ONE_GPU = ("none", "ddp")
FOUR_BIT = ("nf4", "fp4")
STORED = ("bf16", "fp16", "fp32", *FOUR_BIT)
TRAINED = ("adapter", "all")
RUNTIME = ("workspace", "in_kernel", "inputs", "rounding", "setup")


class Card(Protocol):
    """What the dry run reads from a method's card."""

    @property
    def name(self) -> str: ...
    @property
    def trained(self) -> str: ...
    @property
    def base_weight_dtype(self) -> str: ...


def exact_training_memory(
    config: dict[str, Any], card: Card, settings: TrainingSettings, *, gpus: int = 1, timeout_s: float = TIMEOUT_S
) -> ExactMemory:
    """Trace one real training step without weights or GPU and say what it takes on each of `gpus` GPUs.

    `config` is the model's config.json. Steady state is traced: the optimizer's states exist before the step, rows
    are full, and where rows lie side by side (no packing) they carry a mask. Raises PlanError for settings that no
    single process can trace, ModelError for a model the libraries cannot build or trace, SituationError when the
    child takes too long, too much memory, or dies.
    """
    request = request_of(config, card, settings, gpus)
    started = time.monotonic()
    document = _run(request | {"time_limit_s": int(timeout_s) + GRACE_S}, timeout_s)
    if "error" in document:
        raise getattr(errors, document["error"])(document["what"], document["mend"])
    return _result(document, time.monotonic() - started, buckets=gpus > 1)


def request_of(config: dict[str, Any], card: Card, settings: TrainingSettings, gpus: int = 1) -> dict[str, Any]:
    """What the child is asked; PlanError where it could not answer."""
    stored = _stored(card, settings)
    _check(card, settings, stored, gpus)
    return {
        "config": config,
        "card": {"name": card.name, "trained": card.trained},
        "settings": asdict(settings),
        "stored": stored,
        "memory_limit_bytes": CHILD_MEMORY_BYTES,
    }


def _stored(card: Card, settings: TrainingSettings) -> str:
    """How the base is held: as asked; 4-bit where the method is; fp32 under mixed precision where it is trained."""
    if settings.weight_dtype is not None:
        return settings.weight_dtype
    if card.base_weight_dtype in FOUR_BIT:
        return card.base_weight_dtype
    return "fp32" if settings.amp and card.trained == "all" else settings.dtype


def _check(card: Card, settings: TrainingSettings, stored: str, gpus: int) -> None:
    closed_form = "Use the closed form instead: leave out --exact."
    if card.trained not in TRAINED:
        raise errors.PlanError(f"'{card.name}' trains no part of a language model's layers.", closed_form)
    if settings.sharding not in ONE_GPU:
        what = f"The exact dry run follows one process; it cannot divide a model over GPUs ({settings.sharding})."
        raise errors.PlanError(what, "Use --sharding none or ddp, or leave out --exact.")
    if gpus > 1 and settings.sharding == "none":
        raise errors.PlanError(f"{gpus} GPUs need a way to share the work.", "Add --sharding ddp, or use one GPU.")
    if stored not in STORED:
        raise errors.PlanError(
            f"The exact dry run knows no weights of type '{stored}'.", f"It knows {', '.join(STORED)}."
        )
    if stored in FOUR_BIT and card.trained == "all":
        raise errors.PlanError(f"Weights held as {stored} cannot all be trained.", "Use bf16, fp16 or fp32 weights.")
    for name in ("batch_size", "seq_len", "gradient_accumulation", "rank", "virtual_tokens"):
        if getattr(settings, name) < 1:
            raise errors.PlanError(f"{name} is {getattr(settings, name)}.", "It must be at least 1.")


def _run(request: dict[str, Any], timeout_s: float) -> dict[str, Any]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    command = [sys.executable, "-m", "advisor.dry_run.trace"]
    try:
        done = subprocess.run(
            command, input=json.dumps(request), capture_output=True, text=True, timeout=timeout_s, env=environment
        )
    except subprocess.TimeoutExpired:
        what = f"The exact dry run took longer than {timeout_s:.0f} s and was stopped."
        raise errors.SituationError(what, "Try a shorter sequence, or leave out --exact.") from None
    try:
        document = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise errors.SituationError(_died(done), "Try a smaller model, or leave out --exact.") from None
    return dict(document)


def _died(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    said = f": {lines[-1][:200]}" if lines else "."
    how = f"was killed by signal {-done.returncode}" if done.returncode < 0 else f"ended with code {done.returncode}"
    return f"The exact dry run {how}{said}"


def _result(document: dict[str, Any], seconds: float, *, buckets: bool) -> ExactMemory:
    peak, most, notes = document["peak"], document["peak"]["most"], list(document["notes"])
    held = {name: size / GIB for name, size in peak["held"].items()}
    extra = most.get("gradients", 0) / GIB if buckets else 0.0
    if buckets:
        held["buckets"] = extra
        notes.append("DDP keeps the gradients a second time in its buckets; they are added, not traced.")
    return ExactMemory(
        weights_gib=most.get("weights", 0) / GIB,
        adapters_gib=most.get("adapters", 0) / GIB,
        gradients_gib=most.get("gradients", 0) / GIB,
        optimizer_gib=most.get("optimizer", 0) / GIB,
        activations_gib=most.get("activations", 0) / GIB,
        logits_gib=most.get("logits", 0) / GIB,
        runtime_gib=sum(most.get(name, 0) for name in RUNTIME) / GIB + extra,
        peak_gib=peak["allocated"] / GIB + extra,
        reserved_gib=peak["reserved"] / GIB + extra,
        paged_gib=document["paged"] / GIB,
        at_peak=tuple(sorted(held.items(), key=lambda part: -part[1])),
        moment=peak["moment"],
        trainable_parameters=document["trainable"],
        seconds=seconds,
        versions=tuple(document["versions"].items()),
        notes=tuple(notes),
    )

"""Estimates against published measurements: `python benchmarks/estimates.py REFERENCE` (holds memory/ and latency/).

Prints, per quantity, source and split, how many runs there are, the median relative error, and measured over
estimated at the 10th, 50th and 90th percentile. Constants are chosen on the rows with split "dev" alone; the rows with
another split are only reported. A run of a model or card the catalog does not know is left out and counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from advisor.catalog import find_gpu, find_model
from advisor.errors import TuneOrPromptError
from advisor.estimators.latency import latency, served, tpot_ms
from advisor.estimators.memory import training_memory
from advisor.estimators.serving_memory import serving_memory
from advisor.estimators.storage import dtype_name
from advisor.estimators.training_time import step
from advisor.methods import card
from advisor.vocabulary import ServingSettings, TrainingSettings

METHODS = {"full": "full_fine_tuning", "lora": "lora", "prefix": "prefix_tuning", "prefix_tuning": "prefix_tuning"}
MEASURED = {"max_allocated": "peak", "max_reserved": "reserved", "nvidia-smi": "device"}
LOSSES = {"liger": "fused"}
HELD = {"q4_k_m": "int4", "int4_wo": "int4", "fp8_block": "fp8", "nvfp4": "fp4", "mxfp4": "fp4", "nf4-dq": "nf4"}
PEFT_MEAN_TOKENS = 210  # PEFT's comparison: length-bucketed batches, about 210 tokens a sample

Row = Any
Figures = tuple[str, str, float, float]  # group, split, measured, estimated


def main(folder: Path) -> None:
    memory = read(folder / "memory" / "measured.csv")
    training = read(folder / "latency" / "measured_training.csv")
    inference = read(folder / "latency" / "measured_inference.csv")
    inference = inference[(inference.core == 1) & (inference.suspect != 1)]
    serving = memory[memory.method == "inference"]
    report("Peak memory of training, GiB", memory[memory.method != "inference"], training_memory_of)
    report("Peak memory of serving, GiB", serving, serving_memory_of)
    report("Time of a training step, s", training, step_of)
    report("Time of a further token, ms", inference, token_of)


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, low_memory=False)


def report(title: str, rows: pd.DataFrame, figures_of: Callable[[Row], Figures | None]) -> None:
    found, unknown = [], 0
    for row in rows.itertuples():
        try:
            figures = figures_of(row)
        except (TuneOrPromptError, KeyError):
            unknown += 1
            continue
        if figures is not None:
            found.append(figures)
    table = pd.DataFrame(found, columns=["group", "split", "measured", "estimated"])
    table["error"] = (table.estimated / table.measured - 1).abs()
    table["ratio"] = table.measured / table.estimated
    print(f"\n{title} ({unknown} rows of models, cards or methods not covered)")
    line = "{:58s} {:9s} {:>5d} runs   median error {:>6.1%}   measured/estimated {:.2f} {:.2f} {:.2f}"
    everything = table.assign(group="all")
    for (group, split), part in pd.concat([table, everything]).groupby(["group", "split"]):
        low, middle, high = part.ratio.quantile([0.1, 0.5, 0.9])
        print(line.format(group, split, len(part), part.error.median(), low, middle, high))


def method_of(row: Row) -> Any:
    name = "qlora" if str(row.method).startswith("qlora") else METHODS[row.method]
    return card(name)


def given(value: Any, otherwise: Any) -> Any:
    return otherwise if value != value or value in ("", None) else value


def targets_of(row: Row) -> tuple[str, ...]:
    names = str(given(row.lora_targets, "all-linear")).replace(",", " ").replace("+", " ").split()
    return ("all-linear",) if "all-linear" in names or "c_attn" in names or not names else tuple(names)


def training_memory_of(row: Row) -> Figures | None:
    kind = next((name for key, name in MEASURED.items() if row.what_is_measured.startswith(key)), None)
    if kind is None or row.seq_kind == "mean_padded_len":  # the longest batch of such runs is not known
        return None
    method = method_of(row)
    a = find_model(row.model).architecture
    assert a is not None
    dtype, held = dtype_name(row.compute_dtype), dtype_name(row.weight_dtype)
    settings = TrainingSettings(
        batch_size=int(row.micro_batch),
        seq_len=int(row.seq_len),
        rank=int(given(row.lora_rank, 16)),
        target_modules=targets_of(row),
        gradient_checkpointing=str(row.grad_checkpointing) == "True",
        dtype=dtype,  # type: ignore[arg-type]
        weight_dtype=held if held != dtype else None,
        double_quant=str(row.double_quant) == "True",
        attention="eager" if row.attention_impl == "eager" else "sdpa",
        loss=LOSSES.get(row.loss_impl, "full"),  # type: ignore[arg-type]
        sharding=row.sharding if row.sharding in ("fsdp", "zero2", "zero3") else "none",
        framework=row.framework,
    )
    value = getattr(training_memory(method, a, settings, int(row.num_gpus)), kind).value
    spread = "1 GPU" if row.num_gpus == 1 else "sharded"
    return f"{row.source_key} · {row.method} · {kind} · {spread}", row.split, float(row.peak_gib), value


def serving_memory_of(row: Row) -> Figures:
    a = find_model(row.model).architecture
    assert a is not None
    settings = ServingSettings(
        engine="transformers",
        input_tokens=int(given(row.seq_len, 1)),
        output_tokens=int(given(row.gen_len, 2048)),
        weight_dtype=dtype_name(row.weight_dtype),
    )
    value = serving_memory(a, settings).peak.value
    assert value is not None
    return f"{row.source_key} · {row.weight_dtype}", row.split, float(row.peak_gib), value


def step_of(row: Row) -> Figures | None:
    if given(row.seq_len, None) is None or given(row.tokens_per_s, None) is None or "moe" in str(row.framework):
        return None
    method = method_of(row)
    a = find_model(row.model).architecture
    assert a is not None
    peft = row.source_family.startswith("hf-peft")
    settings = TrainingSettings(
        batch_size=int(row.micro_batch),
        gradient_accumulation=max(1, int(given(row.grad_accum, 1))),
        seq_len=PEFT_MEAN_TOKENS if peft else int(row.seq_len),
        rank=int(given(row.lora_rank, 16)),
        gradient_checkpointing=str(row.grad_ckpt).startswith("True"),
        sharding="none" if row.num_gpus == 1 else "fsdp",
    )
    tokens = settings.batch_size * settings.gradient_accumulation * settings.seq_len * int(row.num_gpus)
    value = step(method, a, settings, find_gpu(row.gpu), int(row.num_gpus)).step_ms.value
    assert value is not None
    return f"{row.source_family} · {row.method} · {row.gpu}", row.split, tokens / row.tokens_per_s, value / 1000


def token_of(row: Row) -> Figures | None:
    per_token = given(row.tpot_ms, None)
    alone = str(row.scenario).startswith("single_stream")
    if per_token is None or not row.output_len > 1:
        return None
    a = find_model(row.model).architecture
    assert a is not None
    held = str(row.weight_dtype).casefold()
    settings = ServingSettings(
        engine=str(row.engine),
        concurrency=1 if alone else int(given(row.batch_or_concurrency, 1)),
        input_tokens=max(1, int(given(row.input_len, 1))),
        output_tokens=int(row.output_len),
        weight_dtype=dtype_name(HELD.get(held, held)),
        kv_dtype="fp8" if "8" in str(row.kv_dtype) else "bf16",
    )
    gpu, gpus = find_gpu(row.gpu), int(row.num_gpus)
    value = latency(a, settings, gpu, gpus).tpot_ms.value
    if row.scenario == "static_batch":  # all prompts are read first: nobody waits for another's
        context = settings.input_tokens + settings.output_tokens / 2
        value = float(tpot_ms(served(a, settings, gpu, gpus), context, settings.concurrency))
    assert value is not None
    return f"{row.source_family} · {str(row.engine).split()[0]}", row.split, float(per_token), value


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The exact dry run against measured runs: predicted beside measured, for every published row it can trace.

    python -m benchmarks.dry_run FOLDER [--source fitcheck|fms|peft] [--most N]

FOLDER holds measured.csv (public measurements, each with its source) and, beside it, model_configs/. Only runs on one
GPU that report the allocator's most allocated or most reserved bytes are compared, each distinct setting once. The
libraries differ: what was measured ran on the versions of its day, what is traced is what is installed here.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from advisor.dry_run import ExactMemory, exact_training_memory
from advisor.errors import TuneOrPromptError
from advisor.vocabulary.methods import TrainingSettings

DTYPES = {"bfloat16": "bf16", "float16": "fp16", "fp16": "fp16", "fp32": "fp32", "nf4": "nf4"}
METHODS = {"full": "full_fine_tuning", "lora": "lora", "qlora": "qlora", "prefix": "prefix_tuning"}
LOSSES = {"hf": "full", "liger": "fused"}
MEASURED = ("max_allocated", "max_reserved")


@dataclass(frozen=True)
class Card:
    """The fields of a method's card that the dry run reads."""

    name: str
    trained: str
    base_weight_dtype: str


@dataclass(frozen=True)
class Case:
    """One measured setting."""

    id: str
    model: str
    what: str
    measured_gib: float
    card: Card
    settings: TrainingSettings


def case_of(row: dict[str, str]) -> Case | None:
    """The row as settings, or None where the dry run has no word for what was run."""
    traceable = (
        row["num_gpus"] == "1"
        and row["what_is_measured"] in MEASURED
        and row["method"] in METHODS
        and row["loss_impl"] in LOSSES
        and row["weight_dtype"] in DTYPES
        and row["seq_len"]
        and "AdamW" in row["optimizer"]
        and not any(word in row["id"] for word in ("bdlora", "loraplus", "lorafa", "mica", "eva"))
    )
    if not traceable:
        return None
    stored = DTYPES[row["weight_dtype"]]
    extra = json.loads(row["notes"].split("extra=", 1)[1]) if "extra={" in row["notes"] else {}
    settings = TrainingSettings(
        batch_size=int(float(row["micro_batch"])),
        seq_len=int(float(row["seq_len"])),
        packing=row["seq_kind"] in ("packed", "fixed"),
        rank=int(float(row["lora_rank"] or 16)),
        virtual_tokens=int(extra.get("num_virtual_tokens", 20)),
        target_modules=tuple(row["lora_targets"].split()) or ("all-linear",),
        gradient_checkpointing=row["grad_checkpointing"] == "True",
        dtype=DTYPES.get(row["compute_dtype"], stored if stored != "nf4" else "bf16"),  # type: ignore[arg-type]
        amp="amp=TRUE" in row["notes"] or "amp=True" in row["notes"],
        weight_dtype=stored,
        double_quant=row["double_quant"] == "True",
        attention="eager" if row["attention_impl"] == "eager" else "sdpa",
        loss=LOSSES[row["loss_impl"]],  # type: ignore[arg-type]
        framework=_framework(row),
    )
    trained = "all" if row["method"] == "full" else "adapter"
    card = Card(METHODS[row["method"]], trained, stored)
    return Case(row["id"], row["arch_key"], row["what_is_measured"], float(row["peak_gib"]), card, settings)


def _framework(row: dict[str, str]) -> str:
    """Who trained: fms' own loader does not upcast, its other runs are transformers' trainer, the rest peft's loops."""
    if "accelerated-peft" in row["notes"]:
        return "trl"
    return "transformers" if row["id"].startswith("fms") else "peft"


def cases(folder: Path, source: str) -> list[Case]:
    """Every traceable row of a source, each setting once (repeated runs keep the first)."""
    seen: dict[tuple[object, ...], Case] = {}
    with (folder / "measured.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            case = case_of(row) if source in row["id"] else None
            if case is not None:
                seen.setdefault((case.model, case.what, case.card, case.settings), case)
    return list(seen.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--source", default="")
    parser.add_argument("--most", type=int, default=10_000)
    args = parser.parse_args()
    known: dict[tuple[object, ...], ExactMemory] = {}
    errors: dict[str, list[float]] = {what: [] for what in MEASURED}
    print(f"{'measured':>9} {'traced':>9} {'ratio':>6}  what           run")
    for case in cases(args.folder, args.source)[: args.most]:
        key = (case.model, case.card, case.settings)
        try:
            if key not in known:
                config = json.loads((args.folder.parent / "model_configs" / f"{case.model}.json").read_text("utf-8"))
                known[key] = exact_training_memory(config, case.card, case.settings)
        except (TuneOrPromptError, OSError) as error:
            print(f"{case.measured_gib:9.3f} {'–':>9} {'–':>6}  {case.what:14} {case.id}: {error}")
            continue
        traced = known[key].peak_gib if case.what == "max_allocated" else known[key].reserved_gib
        errors[case.what].append(abs(traced / case.measured_gib - 1))
        print(f"{case.measured_gib:9.3f} {traced:9.3f} {traced / case.measured_gib:6.3f}  {case.what:14} {case.id}")
        sys.stdout.flush()
    for what, off in errors.items():
        if off:
            off.sort()
            p90 = off[int(0.9 * (len(off) - 1))]
            print(f"{what}: {len(off)} runs, off by {statistics.median(off):.1%} (median), {p90:.1%} (p90)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

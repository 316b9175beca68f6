"""What an arm of a run needs to live elsewhere: prompt, adapter, training settings and rows, how to serve it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from advisor.catalog import find_model
from advisor.errors import InputError, NoPermission, RunError, TuneOrPromptError, UnknownName
from advisor.vocabulary import Cell, Example, PilotPlan, PilotRecord
from experiments.dataset.export import json_lines_of
from experiments.export_texts import again, model_card, serving
from experiments.pilot import examples
from experiments.pilot.records import record_of
from experiments.pilot.representative import cell_of
from experiments.runners.merge import merged
from workspace import Store

ADAPTER_CONFIG = "adapter_config.json"
LEFT_BEHIND = ("trained.json", "README.md")  # our own note beside an adapter, and peft's empty card


def export(store: Store, run: str, arm: str, to: Path, *, merge: bool = False) -> tuple[Path, ...]:
    """Write the folder, whole or not at all; returns the files in it.

    `merge` adds the base with the adapter merged into it in 16 bits, measured again on the run's test rows.
    """
    record = record_of(store, run)
    cell = finished_cell(record, arm)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"{to} is there already and is not empty.", "Name a new folder with --to.")
    payload = _payload(store, run, record, cell)
    if merge and not _can_merge(payload["artefact"]):
        raise InputError(f"What {arm} trained cannot be merged into its base.", "Leave out --merge: only LoRA can.")
    aside = to.with_name(f".{to.name}.writing")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        measured = merged(store, run, cell.key, aside / "merged") if merge else None
        _write(record, cell, payload, aside, measured, examples.of_run(store, run))
        if to.exists():
            to.rmdir()
        aside.replace(to)
    except TuneOrPromptError:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise NoPermission(f"{to} cannot be written ({error.strerror}).", "Name another folder with --to.") from error
    return tuple(sorted(path for path in to.rglob("*") if path.is_file()))


def finished_cell(record: PilotRecord, arm: str) -> Cell:
    """The arm's cell to export: the one that stands for it."""
    found = cell_of(record, arm)
    if found is None:
        there = ", ".join(dict.fromkeys(c.arm for c in record.cells)) or "none"
        raise UnknownName(f"Run {record.run} has no finished arm '{arm}'.", f"Finished arms: {there}.")
    return next(c for c in record.plan.cells if (c.arm, c.size, c.seed) == (arm, found.size, found.seed))


def _can_merge(artefact: str | None) -> bool:
    """Low-rank matrices add up with the base's weights; nothing else that arms train does."""
    try:
        config = json.loads((Path(artefact or "") / ADAPTER_CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(config.get("peft_type") == "LORA")


def base_model(model: str) -> str:
    """The name under which anybody finds the base; a folder of this machine keeps only its name."""
    try:
        return find_model(model).id
    except TuneOrPromptError:
        return Path(model).name


def _payload(store: Store, run: str, record: PilotRecord, cell: Cell) -> dict[str, Any]:
    """What the cell left behind; of a loaded run only what its record holds, which is all for a prompt."""
    for event in reversed(store.events.all(run, kind="cell")):
        if event.payload["cell"] == cell.key:
            return event.payload
    (done,) = [c for c in record.cells if (c.arm, c.size, c.seed) == (cell.arm, cell.size, cell.seed)]
    if done.train_seconds is not None:
        raise RunError(
            f"Run {run} was loaded from a record: what {cell.arm} trained stayed on the machine it ran on.",
            "Export it there.",
        )
    line = next(arm for arm in record.results["arms"] if arm["arm"] == cell.arm)
    return {"artefact": None, "result": {"settings": done.settings}, "prompt": line["prompt"]}


def _write(
    record: PilotRecord,
    cell: Cell,
    payload: dict[str, Any],
    to: Path,
    measured: dict[str, Any] | None,
    kept: dict[int, Example],
) -> None:
    plan = record.plan
    arm = next(a for a in plan.arms if a.arm == cell.arm)
    base = base_model(arm.model)
    settings = {
        "arm": arm.arm,
        "method": arm.method,
        "base_model": base,
        "settings": payload["result"]["settings"],
        "seed": cell.seed,
        "training_rows": cell.size,
        "dtype": plan.dtype,
        "accelerator": plan.accelerator,
        "threads": plan.threads,
        "task_type": plan.task_type,
        "labels": list(plan.labels),
        "instruction": plan.instruction,
        "metric": plan.metric,
        "versions": record.versions,
        "run": record.run,
        "dataset_fingerprint": plan.dataset_fingerprint,
    }
    adapter = _copy_trained(payload["artefact"], base, to / "adapter")
    line = next(a for a in record.results["arms"] if a["arm"] == cell.arm)
    if measured is not None:
        settings["merged"] = measured
    _text(to / "settings.json", json.dumps(settings, ensure_ascii=False, indent=2))
    _text(to / "rows.jsonl", json_lines_of(_rows(plan, cell, kept), plan.task_type, plan.instruction or None))
    _text(to / "prompt.txt", payload["prompt"])
    rank = payload["result"]["settings"].get("rank")
    _text(to / "SERVING.md", serving(base, cell.arm, adapter=adapter, rank=rank, merged=measured is not None))
    card = model_card(record, line, base, adapter=adapter, merged=measured)
    _text(to / "README.md", card + again(plan, cell, arm, base_model(plan.model)))


def _rows(plan: PilotPlan, cell: Cell, kept: dict[int, Example]) -> list[tuple[str | None, Example]]:
    """What the arm learnt from, was chosen on and was tested on."""
    of_part = {
        "train": plan.train_rows[: cell.size], "validation": plan.validation_rows, "test": plan.test_rows,
    }  # fmt: skip
    return [(part, kept[row]) for part, rows in of_part.items() for row in rows]


def _copy_trained(artefact: str | None, base: str, to: Path) -> bool:
    """What was trained, without a path of this machine in it; False when the arm trains nothing that is kept."""
    if artefact is None or not Path(artefact).is_dir():
        return False
    shutil.copytree(artefact, to, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    config = to / ADAPTER_CONFIG
    if config.exists():
        document = json.loads(config.read_text(encoding="utf-8"))
        config.write_text(json.dumps({**document, "base_model_name_or_path": base}, indent=2), encoding="utf-8")
    return True


def _text(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")

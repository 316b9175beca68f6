"""What an arm of a run needs to live elsewhere: prompt, adapter, training settings and rows, how to serve it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from advisor.errors import InputError, NoPermission, RunError, TuneOrPromptError, UnknownName
from advisor.vocabulary import Cell, Example, PilotPlan, PilotRecord
from experiments.dataset.export import json_lines_of
from experiments.export.card import WITHOUT_TRAINING_ROWS, again, model_card
from experiments.export.left import Kind, Left
from experiments.export.libraries import needed, used
from experiments.export.request import RETRIEVED, chosen, request, turns_for, words_of_labels
from experiments.export.serving import serving
from experiments.models.plain_template import PLAIN_TEMPLATE
from experiments.pilot import examples
from experiments.pilot.chosen import EMBEDDER
from experiments.pilot.records import record_of
from experiments.pilot.representative import cell_of
from experiments.runners.merge import merged
from workspace import Store

SCRIPT, CLASSIFY, SENTENCES = (
    Path(__file__).with_name(name) for name in ("answer.py", "classify.py", "sentences.py")
)  # go along as they are


def export(store: Store, run: str, arm: str, to: Path, *, merge: bool = False) -> tuple[Path, ...]:
    """Write the folder, whole or not at all; returns the files in it.

    `merge` adds the base with the adapter merged into it in 16 bits, measured again on the run's test rows.
    """
    record = record_of(store, run)
    cell = finished_cell(record, arm)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"{to} is there already and is not empty.", "Name a new folder with --to.")
    payload = _payload(store, run, record, cell)
    left = Left.of(next(a for a in record.plan.arms if a.arm == arm), payload["result"], payload["artefact"])
    if merge and left.kind is not Kind.LORA:
        raise InputError(f"What {arm} trained cannot be merged into its base.", "Leave out --merge: only LoRA can.")
    kept = examples.of_run(store, run)
    if not _whole(record.plan, cell, kept) and (left.kind is Kind.CLASSIFIER or left.arm == RETRIEVED):
        raise RunError(
            f"Run {run} was loaded from a record: the rows that {arm} needs stayed on the machine it ran on.",
            "Export it there.",
        )
    aside = to.with_name(f".{to.name}.writing")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        measured = merged(store, run, cell.key, aside / "merged") if merge else None
        _write(record, cell, left, payload, aside, measured, kept)
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
    return next(c for c in record.plan.all_cells if (c.arm, c.size, c.seed) == (arm, found.size, found.seed))


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
    result = {"settings": done.settings, "notes": done.notes}
    return {"artefact": None, "result": result, "prompt": line["prompt"], "chat": line.get("chat", [])}


def _write(
    record: PilotRecord,
    cell: Cell,
    left: Left,
    payload: dict[str, Any],
    to: Path,
    measured: dict[str, Any] | None,
    kept: dict[int, Example],
) -> None:
    plan = record.plan
    arm = next(a for a in plan.arms if a.arm == cell.arm)
    learnt = [kept[row] for row in plan.train_rows[: cell.size]]
    words = words_of_labels(plan, left, learnt)
    chat = payload.get("chat", [])
    turns = turns_for(left, chat, kept[plan.test_rows[0]], learnt)
    script = bool(turns) and chosen(plan, left) and left.kind is not Kind.BOTTLENECK
    settings = _settings(record, cell, left, words, turns)
    needs = needed(left, record.versions)
    if needs:
        settings["needs"] = needs
        shutil.copyfile(CLASSIFY, to / CLASSIFY.name)
    left.copy(to)
    line = next(a for a in record.results["arms"] if a["arm"] == cell.arm)
    if measured is not None:
        settings["merged"] = measured
    _json(to / "settings.json", settings)
    rows = [(part, example) for part, example in _rows(plan, cell, kept) if example.input]
    _text(to / "rows.jsonl", json_lines_of(rows, plan.task_type, plan.instruction or None))
    _text(to / "prompt.txt", payload["prompt"])
    if chat:
        _json(to / "request.json", request(plan, left, chat, words))
    if script:
        shutil.copyfile(SCRIPT, to / SCRIPT.name)
    if left.embeds and (script or needs):
        shutil.copyfile(SENTENCES, to / SENTENCES.name)
    if chat and not left.templated:
        _text(to / "chat_template.jinja", PLAIN_TEMPLATE)
    held = chosen(plan, left)
    own = any((example.instruction or "") not in ("", plan.instruction) for _, example in rows)
    there = {"asked": bool(chat), "script": script, "own": own, "merged": measured is not None}
    page = serving(left, words, chosen=held, needs=needs, **there)
    _text(to / "SERVING.md", page)
    end = again(plan, arm, cell, left.settings) if _whole(plan, cell, kept) else WITHOUT_TRAINING_ROWS
    _text(to / "README.md", model_card(record, cell, left, line, measured) + end)


def _settings(
    record: PilotRecord, cell: Cell, left: Left, words: dict[str, str], turns: list[dict[str, str]]
) -> dict[str, Any]:
    """What settings.json says of every arm; the scripts read it."""
    plan = record.plan
    arm = next(a for a in plan.arms if a.arm == cell.arm)
    return {
        "arm": arm.arm,
        "method": arm.method,
        "base_model": left.base,
        "trained_folder": left.folder,
        "embedder": EMBEDDER if left.arm == RETRIEVED else None,
        "quantised": left.quantised,
        "settings": left.settings,
        "seed": cell.seed,
        "training_rows": cell.size,
        "dtype": plan.dtype,
        "accelerator": plan.accelerator,
        "threads": plan.threads,
        "task_type": plan.task_type,
        "labels": list(plan.labels),
        "answers": words,
        "instruction": plan.instruction,
        "chat": turns,
        "metric": plan.metric,
        "versions": used(left, plan.metric, record.versions),
        "run": record.run,
        "dataset_fingerprint": plan.dataset_fingerprint,
    }


def _whole(plan: PilotPlan, cell: Cell, kept: dict[int, Example]) -> bool:
    """Whether the rows that the cell learnt from are here; a record that was loaded holds none of their inputs."""
    return all(kept[row].input for row in plan.train_rows[: cell.size])


def _rows(plan: PilotPlan, cell: Cell, kept: dict[int, Example]) -> list[tuple[str | None, Example]]:
    """What the arm learnt from, was chosen on and was tested on."""
    of_part = {
        "train": plan.train_rows[: cell.size], "validation": plan.validation_rows, "test": plan.test_rows,
    }  # fmt: skip
    return [(part, kept[row]) for part, rows in of_part.items() for row in rows]


def _text(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _json(path: Path, document: dict[str, Any]) -> None:
    _text(path, json.dumps(document, ensure_ascii=False, indent=2))

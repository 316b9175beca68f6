"""PilotRecord → Evidence: the only thing about a pilot that the advice ever sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from advisor.catalog import find_gpu, find_model
from advisor.errors import DataError, RunError, TuneOrPromptError
from advisor.vocabulary import Evidence, Measurement, PilotRecord
from experiments.pilot.documents import record_from_json, sealed
from experiments.pilot.records import record_of
from workspace import Store

MIB_PER_GIB = 1024.0
SECONDS_PER_HOUR = 3600.0


def evidence(record: PilotRecord) -> Evidence:
    """What was measured, per arm at its largest size; arms that failed on too many rows stay out."""
    found = record.results
    curve = found.get("learning_curve") or {}
    points = curve.get("points", [])
    labelled = "classification" in record.plan.task_type
    return Evidence(
        run=record.run,
        task_type=record.plan.task_type,
        n_classes=len(record.plan.labels) if labelled and record.plan.labels else None,
        metric=record.plan.metric,
        floor=float(found.get("floor") or 0.0),
        measurements=tuple(_measurement(arm, record) for arm in found["arms"] if _usable(arm)),
        curve=tuple((int(p["n"]), float(p["score"]), _sd(p)) for p in points if p["score"] is not None),
        curve_method=curve.get("method"),
        rows_available=record.plan.rows_available,
        input_tokens=record.plan.input_tokens or None,
        output_tokens=record.plan.output_tokens or None,
        verdict=str(found["verdict"]["text"]),
    )


def evidence_of_run(run: str, store: Store | None = None) -> Evidence:
    """The evidence of a run in this workspace."""
    found = record_of(store or Store(), run)
    if not found.cells:
        raise RunError(f"Run {run} has measured nothing yet.", "Wait for its first arm, or choose another run.")
    return evidence(found)


def evidence_from_file(path: Path) -> Evidence:
    """The evidence of a record file that `run --record` wrote, here or on another machine."""
    return evidence(read_record(path))


def read_record(path: Path) -> PilotRecord:
    """A record from its file, unchanged since it was written."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}).", "Name a record that `run --record` wrote."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not a pilot record ({error}).", "Name a file that `run --record` wrote.") from error
    if isinstance(document, dict) and "sha256" in document and document["sha256"] != sealed(document):
        raise DataError(f"{path} was changed after it was written: its hash does not match.", "Copy it again.")
    return record_from_json(document)


def _usable(arm: dict[str, Any]) -> bool:
    enough = arm["failed_rows"] <= 0.02 * (arm["n_test"] + arm["failed_rows"])
    return arm["score"] is not None and arm["n_test"] > 0 and enough


def _measurement(arm: dict[str, Any], record: PilotRecord) -> Measurement:
    seconds = arm["train_seconds"]
    memory = arm["peak_memory_mib"] if seconds is None else arm.get("training_memory_mib")
    return Measurement(
        method=arm["method"],
        arm=arm["arm"],
        model=_catalog_id(arm["model"]),
        place=arm.get("place") or place(record),
        metric=record.plan.metric,
        n_train=int(arm["n_train"]),
        n_test=int(arm["n_test"]),
        value=float(arm["score"]),
        low=float(arm["low"]),
        high=float(arm["high"]),
        sd=float(arm["sd"] or 0.0),
        latency_p50_ms=arm["latency_ms"]["p50"],
        latency_p95_ms=arm["latency_ms"]["p95"],
        peak_memory_gib=None if memory is None else memory / MIB_PER_GIB,
        train_hours=None if seconds is None else seconds / SECONDS_PER_HOUR,
    )


def place(record: PilotRecord) -> str:
    """Where it was measured, in the words of an option's place: a CPU's figures change no GPU option."""
    if record.plan.accelerator == "cpu":
        return "cpu"
    name = str(record.machine.get("accelerator_name") or record.plan.accelerator)
    try:
        return f"own:{find_gpu(name).id}×1"
    except TuneOrPromptError:
        return f"own:{name}×1"


def _catalog_id(model: str) -> str:
    try:
        return find_model(model).id
    except TuneOrPromptError:
        return model


def _sd(point: dict[str, Any]) -> float:
    return float(point.get("sd") or max(0.0, (point["high"] - point["low"]) / 3.92))

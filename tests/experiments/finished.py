"""An arm's real cell as a finished run of a store, without a worker."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from advisor.vocabulary import ArmPlan, Cell, CellResult, RowResult
from experiments.arms import CellOutcome, card, run
from experiments.arms.job import ArmJob
from experiments.pilot import examples as kept
from experiments.pilot.documents import plan_json
from experiments.runners import children
from tests.experiments import tiny
from tests.experiments.arm_jobs import KeptReport
from workspace import Store


def finished(store: Store, made: ArmJob, model: str) -> tuple[str, list[str | None]]:
    """Do the job; the run's id and what the arm said to the test rows, in their order."""
    report = KeptReport()
    outcome = run(made, report)
    size = len(made.train)
    plan = replace(
        tiny.plan((Cell(made.arm, size, 1, 1.0),)),
        task_type=made.task_type,
        metric=made.metric,
        labels=made.labels,
        instruction=made.instruction,
        arms=(ArmPlan(made.arm, card(made.arm).method, model, {}),),
        model=model,
        train_rows=tuple(e.row for e in made.train),
        validation_rows=tuple(e.row for e in made.validation),
        test_rows=tuple(e.row for e in made.test),
    )
    here = store.runs.create(store.projects.default().id, plan.dataset_sha256, plan_json(plan), "k")
    kept.keep(store, here.id, (*made.train, *made.validation, *made.test), plan)
    for part, row, said, score, *_ in report.rows:
        store.rows.add(here.id, RowResult(made.arm, size, 1, part, row, said, score, 5.0))
    store.events.append(here.id, "ready", {"seconds": 1.0, "versions": children.versions(), "accelerator_name": None})
    store.events.append(here.id, "cell", payload(made, outcome))
    store.runs.set_state(here.id, "done")
    answers = report.answers()
    return here.id, [answers["test", e.row] for e in made.test]


def payload(made: ArmJob, outcome: CellOutcome) -> dict[str, object]:
    """What a cell's process writes at its end."""
    size = len(made.train)
    result = CellResult(made.arm, size, 1, outcome.train_seconds, 1.0, 100.0, None, outcome.settings, outcome.notes)
    return {
        "cell": Cell(made.arm, size, 1, 1.0).key,
        "result": asdict(result),
        "seconds": 1.0,
        "prompt": outcome.prompt,
        "chat": list(outcome.chat),
        "guards": [],
        "artefact": None if outcome.artefact is None else str(outcome.artefact),
        "curve": [],
    }


def files_of(folder: Path) -> set[str]:
    """Every file in a folder, by its path in it."""
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}

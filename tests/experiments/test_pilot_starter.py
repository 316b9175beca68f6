"""One true pilot on the starter model: prompted, trained, killed in between, and the same in the end."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.vocabulary import Dataset, PilotPlan
from experiments import calibration
from experiments import dataset as datasets
from experiments.evidence import evidence_of_run
from experiments.models import starters
from experiments.pilot.choices import PilotChoices
from experiments.pilot.records import record_of
from experiments.pilot.starting import plan_here
from experiments.runners import local, watch
from experiments.split import split
from workspace import Store, home

PATIENCE_S = 1500.0
EXAMPLE = Path(__file__).parents[2] / "examples" / "voice_assistant" / "intents.tsv"

pytestmark = pytest.mark.starter


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A home of its own that borrows the starter models of the real one."""
    if not all(model.here for model in starters()):
        pytest.skip("the starter models are not in the data home: python -m experiments models --fetch")
    models = home() / "models"
    own = tmp_path / "home"
    own.mkdir()
    (own / "models").symlink_to(models)
    monkeypatch.setenv("TUNE_OR_PROMPT_HOME", str(own))
    store = Store()
    for quantity in ("cpu/fp32/read", "cpu/fp32/train"):
        store.calibrations.save(calibration.machine_name(), quantity, 1.0)
    yield store
    store.close()


def tiny_plan(store: Store, data: Path) -> tuple[PilotPlan, Dataset]:
    dataset = datasets.read(data)
    choices = PilotChoices(
        arms=("few_shot", "lora"), size=16, test_rows=8, minutes=60, settings={"lora": {"epochs": 1}}
    )
    plan = plan_here(store, dataset, split(dataset, 1), choices)
    cells = tuple(cell for cell in plan.cells if cell.size == 16 and cell.seed == 1)
    return replace(plan, cells=cells, minutes=0.0), dataset


def ended(store: Store, run: str) -> str:
    end = time.monotonic() + PATIENCE_S
    while watch.observed(store, run).state in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.2)
    return watch.observed(store, run).state


def answers(store: Store, run: str) -> dict[tuple[str, str, int], tuple[str | None, float | None]]:
    return {(r.arm, r.part, r.row): (r.prediction, r.score) for r in store.rows.all(run)}


def test_killed_in_training_and_in_answering_it_ends_as_if_undisturbed(store: Store) -> None:
    plan, dataset = tiny_plan(store, EXAMPLE)
    project = store.projects.default().id
    calm = local.start(store, project, plan, dataset.examples, start_key="calm")
    assert ended(store, calm.id) == "done", store.runs.get(calm.id).reason

    killed = local.start(store, project, plan, dataset.examples, start_key="killed")
    for phase in ("evaluate", "train", "evaluate"):
        seen = len(store.events.all(killed.id))
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            steps = [e for e in store.events.all(killed.id, after=seen, kind="step") if e.payload["phase"] == phase]
            if steps or store.runs.get(killed.id).state == "done":
                break
            time.sleep(0.05)
        acknowledged = set(store.rows.all(killed.id))
        now = store.runs.get(killed.id)
        if now.state == "done":
            break
        assert now.pid is not None
        os.kill(now.pid, signal.SIGKILL)
        assert ended(store, killed.id) == "lost"
        assert acknowledged <= set(store.rows.all(killed.id))
        local.resume(store, killed.id)
    assert ended(store, killed.id) == "done", store.runs.get(killed.id).reason

    assert answers(store, killed.id) == answers(store, calm.id)

    record = record_of(store, calm.id)
    assert [arm["arm"] for arm in record.results["arms"]] == ["few_shot", "lora"]
    assert all(guard.ok for guard in record.guards), [g for g in record.guards if not g.ok]
    assert record.results["comparisons"][0]["primary"]
    assert {m.method for m in evidence_of_run(calm.id, store).measurements} == {"few_shot", "lora"}


def phases_of(store: Store, run: str) -> list[str]:
    return [arm["phase"] for arm in watch.status(store, run)["arms"] if arm["state"] == "running"]


def until_phase(store: Store, run: str, phase: str, seconds: float = 120.0) -> None:
    """Until the run is seen in this phase, has ended, or the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and watch.observed(store, run).state in ("queued", "running"):
        if phase in phases_of(store, run):
            return
        time.sleep(0.02)


@pytest.mark.slow
def test_forty_kills_at_random_instants_change_nothing(store: Store) -> None:
    """Training and answering are both struck: a run that ends between two kills is followed by another."""
    plan, dataset = tiny_plan(store, EXAMPLE)
    project = store.projects.default().id
    calm = local.start(store, project, plan, dataset.examples, start_key="calm")
    assert ended(store, calm.id) == "done", store.runs.get(calm.id).reason
    undisturbed = answers(store, calm.id)
    instant, phases = random.Random(40), Counter[str]()
    run = local.start(store, project, plan, dataset.examples, start_key="0").id
    for kill in range(40):
        time.sleep(instant.uniform(0.2, 18.0))
        now = watch.observed(store, run)
        if now.state == "done":
            assert answers(store, run) == undisturbed
            run = local.start(store, project, plan, dataset.examples, start_key=str(kill + 1)).id
            time.sleep(instant.uniform(0.2, 18.0))
            now = watch.observed(store, run)
        if kill % 4 == 0:  # a machine with other work is mostly loading: some kills wait for training, or for answers
            until_phase(store, run, "evaluate" if kill % 8 == 0 else "train")
            now = watch.observed(store, run)
        acknowledged = store.rows.all(run)
        phases.update(phases_of(store, run) or ["start"])
        if now.pid is not None and now.state in ("queued", "running"):
            os.kill(now.pid, signal.SIGKILL)
            assert ended(store, run) == "lost"
            kept = store.rows.all(run)
            assert set(acknowledged) <= set(kept)
            assert len({(r.arm, r.size, r.seed, r.part, r.row) for r in kept}) == len(kept)
            local.resume(store, run)
    assert ended(store, run) == "done", store.runs.get(run).reason
    assert answers(store, run) == undisturbed
    assert {"train", "evaluate"} <= set(phases), phases

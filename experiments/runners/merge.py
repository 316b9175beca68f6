"""Merges what an arm of a run trained, and measures the result: `python -m experiments.runners.merge RUN CELL TO`.

A process of its own: who exports never imports torch. It prints one JSON document.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import experiments
from advisor.errors import RunError
from experiments.pilot import examples
from experiments.pilot.documents import plan_from_json
from experiments.runners.cell import CellWork, cell_folder, job_of
from experiments.runners.files import cancel_file
from experiments.runners.processes import environment
from workspace import Store

PATIENCE_S = 3_600.0


def merged(store: Store, run: str, cell_key: str, to: Path) -> dict[str, Any]:
    """The merged folder at `to`, and what it scored: {score, n_test, same_answers, weights}.

    Raises:
        RunError: the base is not here any more, or the machine cannot hold it.
    """
    root = os.path.dirname(os.path.dirname(os.path.abspath(experiments.__file__)))
    done = subprocess.run(
        [sys.executable, "-m", "experiments.runners.merge", run, cell_key, str(to.resolve())],
        cwd=root,
        env=environment(str(store.folder.resolve())),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
        raise RunError(f"The adapter could not be merged ({last}).", "Export without --merge; nothing was written.")
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


def main(run: str, cell_key: str, to: str) -> int:
    """Inside that process."""
    from experiments.arms import card, merging
    from experiments.pilot.needs import models_of

    store = Store()
    plan = plan_from_json(store.runs.get(run).plan)
    cell = next(c for c in plan.all_cells if c.key == cell_key)
    models = models_of(plan)
    work = CellWork(store.folder, run, plan, cell, examples.of_run(store, run), models, cancel_file(store, run))
    job = job_of(work, store)
    if models.base is None:
        raise SystemExit("the plan has no base model")
    merging.merge(models.base, cell_folder(store, run, cell) / "trained", Path(to))
    heard = merging.measure(job, Path(to), {**card(cell.arm).settings, **job.settings})
    mine = (cell.arm, cell.size, cell.seed)
    before = {r.row: r.prediction for r in store.rows.all(run) if r.part == "test" and (r.arm, r.size, r.seed) == mine}
    print(json.dumps(merging.compared(job, before, heard)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))

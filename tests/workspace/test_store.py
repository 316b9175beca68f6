"""What was acknowledged is there again, once, and as it was."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import workspace
from advisor.errors import Damaged, InputError, NoPermission, RunError
from advisor.vocabulary import RowResult
from workspace import Store

ROOT = Path(workspace.__file__).parents[1]


@pytest.fixture
def store(tmp_path: Path):
    store = Store(tmp_path)
    yield store
    store.close()


def a_row(row: int, prediction: str = "yes") -> RowResult:
    return RowResult("zero_shot", 0, 1, "test", row, prediction, 1.0, 12.5)


def a_run(store: Store, key: str = "key"):
    return store.runs.create(store.projects.default().id, "ab" * 32, {"cells": []}, key)


def test_projects_are_kept_renamed_and_put_away(store: Store) -> None:
    first = store.projects.create("Support tickets")
    assert store.projects.rename(first.id, " Tickets ").name == "Tickets"
    assert [p.name for p in store.projects.all()] == ["Tickets"]
    store.projects.archive(first.id)
    assert store.projects.all() == ()
    assert [p.id for p in store.projects.all(archived=True)] == [first.id]
    assert store.projects.archive(first.id, archived=False).archived_at is None
    assert store.projects.default() == store.projects.default()


def test_a_project_nobody_made_is_named(store: Store) -> None:
    with pytest.raises(InputError, match="no project 'nowhere'"):
        store.projects.get("nowhere")
    with pytest.raises(InputError, match="needs a name"):
        store.projects.create("  ")


def test_answers_are_only_added_to(store: Store) -> None:
    project = store.projects.default().id
    assert store.answers.latest(project) is None
    assert store.answers.save(project, "a: 1") == 1
    assert store.answers.save(project, "a: 2") == 2
    assert store.answers.save(project, "a: 2") == 2  # nothing new was said
    assert store.answers.save(project, "a: 1") == 3
    assert [a.yaml for a in store.answers.history(project)] == ["a: 1", "a: 2", "a: 1"]
    latest = store.answers.latest(project)
    assert latest is not None
    assert latest.revision == 3


def test_advice_is_found_by_revision_and_run(store: Store) -> None:
    project, run = store.projects.default().id, a_run(store).id
    store.advice.save(project, 1, {"v": "é"}, catalog_date="2026-11-01")
    store.advice.save(project, 1, {"v": 2}, catalog_date="2026-11-01", run=run)
    assert [a.document for a in store.advice.all(project, revision=1)] == [{"v": "é"}, {"v": 2}]
    assert [a.document for a in store.advice.all(project, run=run)] == [{"v": 2}]
    assert store.advice.all(project, revision=2) == ()
    newest = store.advice.newest(project)
    assert newest is not None
    assert newest.document == {"v": 2}
    assert store.advice.rests_on(project) == {None, run}
    assert store.advice.newest("none") is None


def test_a_file_is_kept_once_and_privately(store: Store, tmp_path: Path) -> None:
    one, two = store.projects.create("one").id, store.projects.create("two").id
    saved = store.datasets.save(one, "a.csv", b"text,label\n", mapping={"output": "label"})
    store.datasets.save(two, "b.csv", b"text,label\n")
    assert [p.name for p in (tmp_path / "datasets").iterdir()] == [saved.sha256]
    assert (tmp_path / "datasets" / saved.sha256).stat().st_mode & 0o777 == 0o600
    assert store.datasets.read(saved.sha256) == b"text,label\n"
    changed = store.datasets.update(one, saved.sha256, split={"seed": 3})
    assert (changed.mapping, changed.split) == ({"output": "label"}, {"seed": 3})
    again = store.datasets.save(one, "same.csv", b"text,label\n")
    assert (again.name, again.mapping, again.split) == ("same.csv", {"output": "label"}, {"seed": 3})
    assert store.datasets.get(two, saved.sha256).mapping == {}
    with pytest.raises(InputError, match="no file"):
        store.datasets.get(one, "00" * 32)


def test_a_file_that_changed_on_disk_is_refused(store: Store) -> None:
    saved = store.datasets.save(store.projects.default().id, "a.csv", b"1234")
    store.datasets.path(saved.sha256).write_bytes(b"1235")
    with pytest.raises(Damaged, match="no longer holds"):
        store.datasets.read(saved.sha256)


def test_two_clicks_make_one_run(store: Store, tmp_path: Path) -> None:
    store.projects.default()
    found: list[str] = []

    def click() -> None:
        mine = Store(tmp_path)
        found.append(a_run(mine, "the same start").id)
        mine.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert len(store.runs.all()) == 1


def test_a_state_changes_only_from_where_it_may(store: Store) -> None:
    run = a_run(store).id
    assert store.runs.set_state(run, "running", only_from=("queued",))
    assert not store.runs.set_state(run, "lost", "signal 9", only_from=("queued",))
    assert store.runs.set_state(run, "done")
    assert store.runs.get(run).state == "done"
    assert [e.payload["state"] for e in store.events.all(run, kind="state")] == ["queued", "running", "done"]
    with pytest.raises(RunError, match="no run 'x'"):
        store.runs.get("x")


def test_events_are_numbered_without_gaps_whoever_writes(store: Store, tmp_path: Path) -> None:
    run = a_run(store).id

    def write() -> None:
        mine = Store(tmp_path)
        for n in range(20):
            mine.events.append(run, "step", {"n": n})
        mine.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    events = store.events.all(run)
    assert [e.sequence for e in events] == list(range(1, 82))  # "queued" and 4 × 20
    assert [e.sequence for e in store.events.all(run, after=79)] == [80, 81]


def test_the_first_answer_to_a_row_stays(store: Store) -> None:
    run = a_run(store).id
    assert store.rows.add(run, a_row(4))
    assert not store.rows.add(run, a_row(4, "no"))
    assert store.rows.add_many(run, (a_row(4), a_row(5))) == 1
    assert [(r.row, r.prediction) for r in store.rows.all(run)] == [(4, "yes"), (5, "yes")]
    assert store.rows.counts(run) == {("zero_shot", 0, 1): 2}


@pytest.mark.parametrize("column", ["prediction = 'no'", "score = 0.0", "latency_ms = 1", "part = 'validation'"])
def test_a_row_that_changed_on_disk_is_refused(store: Store, tmp_path: Path, column: str) -> None:
    run = a_run(store).id
    store.rows.add(run, a_row(4))
    connection = sqlite3.connect(tmp_path / "workspace.sqlite3")
    connection.execute(f"UPDATE row_result SET {column}")
    connection.commit()
    connection.close()
    with pytest.raises(Damaged, match="Row 4 of arm zero_shot"):
        store.rows.all(run)


def test_money_is_reserved_before_it_is_spent(store: Store) -> None:
    run = a_run(store).id
    assert store.spend.reserve(run, "row 1", 0.6, limit_usd=1.0)
    assert not store.spend.reserve(run, "row 2", 0.6, limit_usd=1.0)
    store.spend.settle(run, "row 1", 0.3)
    assert store.spend.reserve(run, "row 2", 0.6, limit_usd=1.0)
    assert store.spend.total_usd(run) == pytest.approx(0.9)  # 0.3 settled + 0.6 reserved


def test_the_newest_correction_and_calibration_count(store: Store) -> None:
    store.corrections.save("price", "gpu/h100", "2.10")
    store.corrections.save("price", "gpu/h100", "1.90", "our contract")
    assert [(c.value, c.note) for c in store.corrections.all("price")] == [("1.90", "our contract")]
    store.calibrations.save("here", "matmul", 0.5)
    store.calibrations.save("here", "matmul", 0.7, 3)
    assert store.calibrations.all("here")["matmul"].ratio == 0.7
    assert store.calibrations.all("elsewhere") == {}


WRITER = """
import sys
from pathlib import Path
from advisor.vocabulary import RowResult
from workspace import Store
store = Store(Path(sys.argv[1]))
for n in range(10_000):
    store.rows.add(sys.argv[2], RowResult("a", 1, 1, "test", n, "x", 1.0, 1.0))
    print(n, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 7, 60])
def test_an_acknowledged_row_survives_kill_9(store: Store, tmp_path: Path, acknowledged: int) -> None:
    run = a_run(store).id
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), run], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert writer.stdout is not None
    seen = [int(writer.stdout.readline()) for _ in range(acknowledged)]
    writer.kill()
    seen += [int(line) for line in writer.stdout if line.strip().isdigit() and line.endswith("\n")]
    writer.wait()
    writer.stdout.close()
    kept = [r.row for r in store.rows.all(run)]
    assert set(seen) <= set(kept)
    assert kept == list(range(len(kept)))


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TUNE_OR_PROMPT_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(NoPermission, match="TUNE_OR_PROMPT_HOME"):
        workspace.home()


def test_the_home_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNE_OR_PROMPT_HOME", str(tmp_path / "new"))
    assert workspace.home().stat().st_mode & 0o777 == 0o700

"""The commands as a person uses them, with the arms that need no model."""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.errors import RunError
from advisor.vocabulary import PilotRecord
from experiments import calibration
from experiments.__main__ import main
from experiments.commands import ending, tables
from experiments.pilot import examples
from experiments.pilot.documents import plan_json, record_json
from experiments.pilot.records import record_of
from experiments.pilot.saving import save_record
from tests.experiments import made, tiny
from workspace import Store

ROOT = Path(__file__).resolve().parents[2]
FAST = ("cpu/fp32/read", "cpu/fp32/train")


@pytest.fixture
def data(home: Path, tmp_path: Path) -> Path:
    """200 rows about fruit and tools; the machine's speed is known, so nothing is measured."""
    home.mkdir()
    store = Store(home)
    for quantity in FAST:
        store.calibrations.save(calibration.machine_name(), quantity, 1.0)
    store.close()
    rng = random.Random(5)
    words = {"fruit": ["apple", "pear", "plum", "cherry", "grape"], "tool": ["saw", "drill", "file", "plane", "vice"]}
    fill = [f"w{i}" for i in range(400)]
    path = tmp_path / "goods.csv"
    lines = ["text,label"]
    for n in range(200):
        label = ("fruit", "tool")[n % 2]
        lines.append(f"{' '.join(rng.sample(fill, 7))} {rng.choice(words[label])},{label}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def call(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(list(args))
    out = capsys.readouterr()
    return code, out.out, out.err


def done_run(home: Path) -> tuple[Store, str]:
    """A store with a run of this machine that is done and left nothing out."""
    home.mkdir()
    store = Store(home)
    plan = tiny.plan(minutes=2.0)
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan_json(plan), "key").id
    examples.keep(store, run, tiny.examples(), plan)
    store.runs.set_state(run, "done", "")
    return store, run


def document(capsys: pytest.CaptureFixture[str], *args: str) -> dict:
    code, out, err = call(capsys, *args, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.mark.slow
def test_a_pilot_from_file_to_paper_and_back(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record.json"
    code, out, err = call(capsys, "run", str(data), "--arms", "classical", "--minutes", "5", "--record", str(record))
    assert code == 0, err
    run = out.splitlines()[0]
    assert run == run.strip()
    assert "No verdict: no way of prompting and no tuned model was part of this pilot" in out

    found = document(capsys, "results", run)
    assert (found["run"], found["state"], found["arms"][0]["arm"]) == (run, "done", "classical")
    assert found["arms"][0]["score"] > 0.8
    assert all(g["ok"] for g in found["guards"])
    status = document(capsys, "status", run)
    assert (status["state"], status["done_share"], status["stalled"]) == ("done", 1.0, False)
    assert [r["run"] for r in json.loads(call(capsys, "list", "--json")[1])] == [run]

    code, out, err = call(capsys, "run", str(data), "--plan", str(record), "--json")
    assert code == 0, err
    again = json.loads(out)
    assert err.splitlines()[0] == again["run"] != run
    assert again["arms"][0]["score"] == found["arms"][0]["score"]
    rows = [
        {(r.arm, r.size, r.seed, r.part, r.row): (r.prediction, r.score) for r in Store().rows.all(name)}
        for name in (run, again["run"])
    ]
    assert rows[0] == rows[1]

    monkeypatch.setenv("TUNE_OR_PROMPT_HOME", str(tmp_path / "elsewhere"))
    code, out, err = call(capsys, "load", str(record))
    assert code == 0, err
    loaded = out.splitlines()[0]
    assert call(capsys, "load", str(record))[1].splitlines()[0] == loaded
    there = document(capsys, "results", loaded)
    assert {**there, "run": run} == found
    code, out, err = call(capsys, "report", loaded, "--pdf", str(tmp_path / "pilot.pdf"))
    assert code == 0, err
    assert (tmp_path / "pilot.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("wish", [(), ("--json",)])
def test_which_files_are_used_is_said_before_the_start(
    wish: tuple[str, ...], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    head, *rows = data.read_text(encoding="utf-8").splitlines()
    for name, part in (("train", rows[:150]), ("test", rows[150:]), ("notes", rows[:3])):
        (folder / f"{name}.csv").write_text("\n".join([head, *part]) + "\n", encoding="utf-8")
    # nothing starts: the metric is refused after the file was read
    code, out, err = call(capsys, "run", str(folder), "--arms", "classical", "--metric", "nonsense", *wish)
    assert code == 1
    assert "Data: 'test.csv', 'train.csv' were read together, as parts of one set. Not read: 'notes.csv'." in err
    assert "Data:" not in out


@pytest.mark.slow
@pytest.mark.parametrize("model", ["", "=gpt-6-luna"])
def test_the_present_systems_answers_are_an_arm_with_the_model_behind_them(
    model: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *rows = data.read_text(encoding="utf-8").splitlines()
    wrong = {"fruit": "tool", "tool": "fruit"}
    answers = [wrong[row.split(",")[1]] if n % 4 == 0 else row.split(",")[1] for n, row in enumerate(rows)]
    data.write_text("\n".join([f"{head},now", *(f"{r},{a}" for r, a in zip(rows, answers, strict=True))]) + "\n")
    found = document(capsys, "run", str(data), "--arms", "classical", "--minutes", "5", "--given", f"now{model}")
    arm = next(arm for arm in found["arms"] if arm["arm"] == "given")
    assert arm["model"] == (model[1:] or "not named")
    assert arm["score"] == pytest.approx(0.75, abs=0.12)  # every fourth answer is wrong, in the order of the file
    assert {(c["a"], c["b"]) for c in found["comparisons"]} == {("given", "classical")}


@pytest.mark.slow
def test_ctrl_c_leaves_the_run_running_and_says_how_to_stop_it(data: Path) -> None:
    args = [sys.executable, "-m", "experiments", "run", str(data), "--arms", "classical", "--minutes", "5"]
    begun = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores Ctrl-C
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(args, cwd=ROOT, text=True, preexec_fn=begun, **pipes)
    assert process.stdout is not None
    run = process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert f"experiments cancel {run}" in out + err
    store, end = Store(), time.monotonic() + 60
    while store.runs.get(run).state in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.1)
    assert store.runs.get(run).state == "done"
    store.close()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["status", "nothing"], "There is no run 'nothing' here. See `python -m experiments list`"),
        (["results", "nothing"], "There is no run 'nothing' here."),
        (["cancel", "nothing"], "There is no run 'nothing' here."),
        (["resume", "nothing"], "There is no run 'nothing' here."),
        (["load", "missing.json"], "missing.json cannot be read"),
        (["run", "missing.csv"], "missing.csv"),
    ],
)
def test_what_is_not_there_is_named(home: Path, capsys: pytest.CaptureFixture[str], args: list[str], says: str) -> None:
    code, out, err = call(capsys, *args)
    assert code == 1
    assert says in err
    assert out == ""
    code, out, _ = call(capsys, *args, "--json")
    assert code == 1
    assert json.loads(out)["error"]


@pytest.mark.parametrize(
    ("marked", "wish", "says"),
    [
        (False, "4", "A test of 4 rows says next to nothing."),
        (True, "60", "The file's own test part has 50 rows, fewer than --test-rows 60."),
    ],
)
def test_test_rows_that_cannot_be_are_refused(
    marked: bool, wish: str, says: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if marked:
        head, *rows = data.read_text(encoding="utf-8").splitlines()
        parted = [f"{row},{'test' if n < 50 else 'train'}" for n, row in enumerate(rows)]
        data.write_text("\n".join([f"{head},split", *parted]) + "\n", encoding="utf-8")
    code, _, err = call(capsys, "run", str(data), "--arms", "classical", "--test-rows", wish)
    assert code == 1
    assert says in err


@pytest.mark.slow
def test_a_test_may_be_larger_than_usual(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # 40 of 200 rows are the usual test
    found = document(capsys, "run", str(data), "--arms", "classical", "--minutes", "5", "--test-rows", "70")
    assert found["n_test"] == 70
    assert found["test_rows_available"] == 70


@pytest.mark.slow
def test_a_cancelled_run_is_resumed_and_its_record_written_anew(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = tmp_path / "record.json"
    code, out, err = call(capsys, "run", str(data), "--arms", "classical", "--minutes", "5", "--record", str(record))
    assert code == 0, err
    run = out.splitlines()[0]
    before = json.loads(record.read_text(encoding="utf-8"))
    store = Store()
    store.runs.set_state(run, "cancelled", "as if it had been stopped")
    store.close()
    code, out, err = call(capsys, "resume", run, "--record", "/nowhere/at/all.json")
    assert (code, out) == (1, "")
    assert "does not exist" in err
    assert Store().runs.get(run).state == "cancelled"
    record.unlink()
    code, out, err = call(capsys, "resume", run, "--record", str(record))
    assert code == 0, err
    after = json.loads(record.read_text(encoding="utf-8"))
    assert (after["state"], after["run"]) == ("done", before["run"])
    assert f"Wrote {record}." in " ".join(out.split())


@pytest.mark.parametrize("minutes", ["0", "-5", "nan", "abc", "1e9"])
@pytest.mark.parametrize("command", [["run", "missing.csv"], ["resume", "nothing"]])
def test_minutes_that_cannot_be_are_one_sentence_before_anything_else(
    command: list[str], minutes: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = call(capsys, *command, "--minutes", minutes)
    assert (code, out) == (1, "")
    mend = "Give --minutes a number above 0 and at most 10,080 (a week)."
    assert f"'{minutes}' cannot be the minutes of a pilot. {mend}" in err
    code, out, _ = call(capsys, *command, "--minutes", minutes, "--json")
    assert "minutes" in json.loads(out)["error"]


def test_a_finished_run_with_nothing_left_says_so_and_shows_its_comparison(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, run = done_run(home)
    store.close()
    for more in ([], ["--minutes", "5"]):
        code, out, err = call(capsys, "resume", run, *more, "--record", str(tmp_path / "record.json"))
        assert code == 0, err
        assert f"Run {run} is done and left nothing out; there is nothing to resume." in " ".join(out.split())
        assert "on tiny.csv: accuracy on 14 test rows" in " ".join(out.split())
        assert (tmp_path / "record.json").exists()
    code, out, _ = call(capsys, "resume", run, "--json")
    assert (code, json.loads(out)["run"]) == (0, run)


@pytest.mark.parametrize(("state", "code"), [("done", 0), ("cancelled", 130), ("failed", 1)])
def test_run_and_resume_end_with_one_exit_code(
    state: str, code: int, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.mkdir()
    store = Store(home)
    plan = plan_json(tiny.plan())
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan, "key").id
    examples.keep(store, run, tiny.examples(), tiny.plan())
    store.runs.set_state(run, state, "for a reason")
    args = argparse.Namespace(record=None, json=False)
    if code == 1:
        with pytest.raises(RunError, match="is failed: for a reason"):
            ending.finish(store, run, args, tables.console())
    else:
        assert ending.finish(store, run, args, tables.console()) == code
    store.close()


def test_choices_that_cannot_be_are_refused_before_a_run_exists(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for args, says in (
        (["--arms", "lorra"], "Did you mean lora"),
        (["--arms", "classical", "--minutes", "0"], "'0' cannot be the minutes"),
        (["--arms", "classical", "--metric", "nonsense"], "No metric 'nonsense'"),
        (["--arms", "classical", "--record", "/nowhere/at/all.json"], "does not exist"),
        (["--arms", "lora", "--model", "/nowhere"], "/nowhere"),
    ):
        code, out, err = call(capsys, "run", str(data), *args)
        assert (code, out) == (1, ""), args
        assert says in err
    assert json.loads(call(capsys, "list", "--json")[1]) == []


def test_a_record_that_was_changed_or_is_none_is_refused(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = record_json(made.record({("lora", 256, 1): made.first(45)}))
    for changed, says in (
        ({**whole, "seconds": 1.0}, "its hash does not match"),
        ({"format": "something else"}, "not a pilot record"),
        ({"format": whole["format"]}, "not complete"),
        ([1, 2], "not a pilot record"),
    ):
        path = tmp_path / "record.json"
        path.write_text(json.dumps(changed), encoding="utf-8")
        code, _, err = call(capsys, "load", str(path))
        assert code == 1
        assert says in err


def test_a_record_that_is_here_is_not_copied_and_one_that_differs_is_taken_in_beside(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(record: PilotRecord) -> tuple[str, str]:
        path = tmp_path / "record.json"
        path.write_text(json.dumps(record_json(record)), encoding="utf-8")
        code, out, err = call(capsys, "load", str(path))
        assert code == 0, err
        return out.splitlines()[0], " ".join(out.split())

    first = made.record({("lora", 256, 1): made.first(45)})
    run, said = load(first)
    assert "Loaded: 60 rows of run made." in said
    again, said = load(first)
    assert again == run
    assert f"This record is here already, as run {run}; nothing was copied." in said
    resumed = made.record({("lora", 256, 1): made.first(45), ("zero_shot", 256, 1): made.first(10)})
    other, said = load(resumed)
    assert other != run
    assert f"Loaded: 120 rows of run made. What is here of that run already ({run}) has other content" in said
    assert load(resumed)[0] == other
    judged = replace(first, results={"preference": {"judged": 3}})
    assert load(judged)[0] not in (run, other)
    assert load(first)[0] == run
    assert len(json.loads(call(capsys, "list", "--json")[1])) == 3


def test_the_record_of_a_run_of_this_machine_is_here_already(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store, run = done_run(home)
    save_record(record_of(store, run), tmp_path / "record.json")
    store.close()
    code, out, err = call(capsys, "load", str(tmp_path / "record.json"))
    assert code == 0, err
    assert out.splitlines()[0] == run
    assert "nothing was copied" in out


def test_the_list_is_empty_at_first(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "list") == (0, "There are no runs yet. Start one: python -m experiments run DATA\n", "")
    assert os.stat(home).st_mode & 0o777 == 0o700

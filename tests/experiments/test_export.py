"""What leaves the house: complete, without a path of this machine, whole or not at all."""

import argparse
import json
import shlex
import shutil
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from advisor.errors import InputError, RunError, UnknownName
from advisor.vocabulary import ArmPlan, Cell, CellResult, GuardResult, RowResult
from experiments import dataset as datasets
from experiments.arms import ARMS, card
from experiments.commands import run as run_command
from experiments.export import export, libraries
from experiments.export.left import Kind, Left
from experiments.pilot import examples
from experiments.pilot.choices import PilotChoices
from experiments.pilot.documents import plan_json, record_from_json, record_json
from experiments.pilot.here import Here
from experiments.pilot.planning import plan
from experiments.pilot.records import record_of, take_in
from experiments.pilot.settings import assigned
from experiments.runners import children, local, watch
from experiments.split import split
from tests.experiments import tiny
from workspace import Store


@pytest.fixture
def run(store: Store, tmp_path: Path) -> str:
    """A finished run with one tuned arm whose adapter names a folder of this machine."""
    trained = tmp_path / "secret-place" / "trained"
    trained.mkdir(parents=True)
    config = {"peft_type": "LORA", "base_model_name_or_path": str(tmp_path / "secret-place" / "base"), "r": 16}
    (trained / "adapter_config.json").write_text(json.dumps(config))
    (trained / "adapter_model.safetensors").write_bytes(b"weights")
    (trained / "trained.json").write_text("{}")
    cells = (Cell("lora", 10, 1, 1.0), Cell("lora", 20, 1, 1.0))
    arm = ArmPlan("lora", "lora", "starter", {"rank": 16})
    plan = replace(tiny.plan(cells), arms=(arm,), model="starter")
    made = store.runs.create(store.projects.default().id, plan.dataset_sha256, plan_json(plan), "k")
    examples.keep(store, made.id, tiny.examples(), plan)
    for cell in cells:
        for part, rows in (("validation", plan.validation_rows), ("test", plan.test_rows)):
            for row in rows:
                store.rows.add(made.id, RowResult("lora", cell.size, 1, part, row, "no", float(row % 3 > 0), 5.0))
        result = CellResult("lora", cell.size, 1, 9.0, 1.0, 100.0, 200.0, {"rank": 16, "epochs": 3})
        payload = {
            "cell": cell.key,
            "result": asdict(result),
            "seconds": 10.0,
            "prompt": "Say yes or no.\ntext 26",
            "chat": [{"role": "system", "content": "Say yes or no."}, {"role": "user", "content": "text 26"}],
            "guards": [asdict(GuardResult("finite_loss", True, "yes"))],
            "artefact": str(trained),
            "curve": [],
        }
        store.events.append(made.id, "cell", payload)
    store.runs.set_state(made.id, "done")
    return made.id


def test_everything_is_there_and_no_path_of_this_machine(store: Store, run: str, tmp_path: Path) -> None:
    to = tmp_path / "out"
    files = {str(f.relative_to(to)) for f in export(store, run, "lora", to)}
    assert files == {
        "README.md", "SERVING.md", "settings.json", "rows.jsonl", "prompt.txt", "request.json", "answer.py",
        "adapter/adapter_config.json", "adapter/adapter_model.safetensors",
    }  # fmt: skip
    for file in to.rglob("*"):
        if file.is_file():
            assert "secret-place" not in file.read_text(), file
    settings = json.loads((to / "settings.json").read_text())
    assert settings["base_model"] == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert (settings["training_rows"], settings["seed"], settings["settings"]["epochs"]) == (20, 1, 3)
    page = (to / "SERVING.md").read_text()
    assert "vllm serve HuggingFaceTB/SmolLM2-135M-Instruct --enable-lora --max-lora-rank 16" in page
    assert "-d @request.json" in page
    assert "structured_outputs" in page
    assert "rounded to 4 bits" in page  # the starter's weights are not the hub's
    request = json.loads((to / "request.json").read_text())
    assert request["structured_outputs"] == {"choice": ["no", "yes"]}
    assert (request["model"], request["messages"][-1]["content"]) == ("lora", "text 26")
    assert settings["chat"][-1]["content"] == "{input}"
    score = record_of(store, run).results["arms"][0]["score"]
    card = (to / "README.md").read_text()
    assert f"accuracy: {score} " in card
    assert "chosen among the labels" in card


@pytest.mark.parametrize(
    ("arm", "trained", "there"),
    [
        ("lora", {"adapter_config.json": '{"peft_type": "LORA"}'}, {"torch", "transformers", "peft"}),
        ("qlora", {"adapter_config.json": '{"peft_type": "LORA"}'}, {"torch", "transformers", "peft", "bitsandbytes"}),
        ("full_fine_tuning", {"config.json": "{}"}, {"torch", "transformers"}),
        ("retrieved_few_shot", None, {"torch", "transformers"}),
        ("few_shot:api", None, {"openai"}),
        ("classical", {"fitted.skops": ""}, {"scikit-learn", "skops"}),
        ("feature_extraction", {"fitted.skops": ""}, {"torch", "transformers", "scikit-learn", "skops"}),
    ],
)
def test_only_the_libraries_that_an_arm_used_are_named(
    tmp_path: Path, arm: str, trained: dict[str, str] | None, there: set[str]
) -> None:
    for name, text in (trained or {}).items():
        (tmp_path / name).write_text(text)
    plan = ArmPlan(arm, card(arm).method, "starter", {})
    left = Left.of(plan, {"settings": {}}, None if trained is None else str(tmp_path))
    versions = dict.fromkeys((*children.versions(), "sacrebleu"), "1.0+cpu")
    assert set(libraries.used(left, "accuracy", versions)) == {*there, "numpy"}
    assert set(libraries.used(left, "chrf", versions)) == {*there, "numpy", "sacrebleu"}
    script = there if left.kind is Kind.CLASSIFIER else set()
    assert set(libraries.needed(left, versions)) == {f"{name}==1.0" for name in script}
    assert set(libraries.needed(left, {})) == script


def test_it_can_be_trained_again_from_what_was_written(store: Store, run: str, tmp_path: Path) -> None:
    to = tmp_path / "out"
    export(store, run, "lora", to)
    rows = [json.loads(line) for line in (to / "rows.jsonl").read_text().splitlines()]
    assert Counter(row["split"] for row in rows) == {"train": 20, "validation": 6, "test": 14}
    again = datasets.read(to / "rows.jsonl")
    assert (again.columns.split, again.columns.output, again.task_type) == ("split", "label", "classification")
    found = split(again, 1)
    assert [again.examples[place].input for place in found.test] == [f"text {row}" for row in range(26, 40)]
    text = (to / "README.md").read_text().replace("\\\n", " ")
    words = shlex.split(text.partition("python -m experiments run ")[2].partition("\n")[0])
    parser = argparse.ArgumentParser(exit_on_error=False)
    run_command.add(parser)
    parsed = parser.parse_args(words)
    assert (parsed.arms, parsed.seed, parsed.model) == ("lora", 1, "starter")
    assert assigned(parsed.set, ARMS) == {"lora": {"rank": 16}}
    before = record_of(store, run).plan
    choices = PilotChoices(arms=("lora",), seed=1, size=20, in_order=parsed.in_order)
    then = plan(again, found, choices, Here(ARMS, "cpu", "bf16", {}, 134.5e6, 2))
    (cell,) = [cell for cell in before.cells if cell.size == 20]
    for part, first in (("train_rows", before.train_rows[: cell.size]), ("test_rows", before.test_rows)):
        inputs = [again.examples[row].input for row in getattr(then, part)][: len(first)]
        assert inputs == [f"text {row}" for row in first], part


@pytest.mark.parametrize(
    ("folder", "there", "not_there"),
    [
        ({"adapter_config.json": '{"peft_type": "PREFIX_TUNING"}'}, ["AutoPeftModelForCausalLM"], ["vllm serve"]),
        (
            {"config.json": "{}", "model.safetensors": ""},
            ["vllm serve ./model", "transformers serve ./model"],
            ["lora"],
        ),
        ({"adapters.safetensors": ""}, ["add_bottlenecks"], ["vllm serve"]),
    ],
)
def test_what_is_no_low_rank_adapter_is_not_served_as_one(
    store: Store, run: str, tmp_path: Path, folder: dict[str, str], there: list[str], not_there: list[str]
) -> None:
    trained = tmp_path / "secret-place" / "trained"
    for old in trained.iterdir():
        old.unlink()
    for name, text in folder.items():
        (trained / name).write_text(text)
    export(store, run, "lora", tmp_path / "out")
    page = (tmp_path / "out" / "SERVING.md").read_text()
    assert all(text in page for text in there)
    assert not any(text in page.replace("--served-model-name lora", "") for text in not_there)
    with pytest.raises(InputError, match="cannot be merged"):
        export(store, run, "lora", tmp_path / "merged", merge=True)
    assert not list(tmp_path.glob("*merged*"))


def test_a_full_folder_is_left_alone(store: Store, run: str, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        export(store, run, "lora", tmp_path / "mine")
    assert [f.name for f in (tmp_path / "mine").iterdir()] == ["file"]


def test_an_arm_that_is_not_there_is_named(store: Store, run: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Finished arms: lora"):
        export(store, run, "qlora", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_trained_folder_that_was_deleted_is_said(store: Store, run: str, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "secret-place")
    with pytest.raises(RunError, match="not on this machine any more"):
        export(store, run, "lora", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_loaded_run_says_where_its_adapter_is(store: Store, run: str, tmp_path: Path) -> None:
    record = record_from_json(json.loads(json.dumps(record_json(record_of(store, run)))))
    loaded = take_in(store, store.projects.default().id, record)
    assert record_of(store, loaded.id) == record
    with pytest.raises(RunError, match="stayed on the machine it ran on"):
        export(store, loaded.id, "lora", tmp_path / "out")


def test_a_prompt_of_a_loaded_run_is_exported_here(store: Store, run: str, tmp_path: Path) -> None:
    document = json.loads(json.dumps(record_json(record_of(store, run))))
    record = record_from_json(document)
    arm = "few_shot"
    plan = replace(
        record.plan,
        arms=(ArmPlan(arm, arm, "starter", {}),),
        cells=tuple(replace(cell, arm=arm) for cell in record.plan.cells),
    )
    prompted = replace(
        record,
        plan=plan,
        cells=tuple(replace(cell, arm=arm, train_seconds=None) for cell in record.cells),
        rows=tuple(replace(row, arm=arm) for row in record.rows),
        results={**record.results, "arms": [{**line, "arm": arm} for line in record.results["arms"]]},
    )
    prompted = replace(prompted, inputs={row: prompted.inputs[row] for row in (*plan.validation_rows, *plan.test_rows)})
    elsewhere = Store(tmp_path / "elsewhere")
    loaded = take_in(elsewhere, elsewhere.projects.default().id, prompted)
    with pytest.raises(RunError, match="goes on only where it ran"):
        local.resume(elsewhere, loaded.id, more_minutes=3)
    assert {arm["state"] for arm in watch.status(elsewhere, loaded.id)["arms"]} == {"done"}
    files = export(elsewhere, loaded.id, arm, tmp_path / "out")
    elsewhere.close()
    assert {file.name for file in files} == {
        "README.md", "SERVING.md", "settings.json", "rows.jsonl", "prompt.txt", "request.json", "answer.py",
    }  # fmt: skip
    assert json.loads((tmp_path / "out" / "request.json").read_text())["messages"][-1]["content"] == "text 26"
    rows = [json.loads(line) for line in (tmp_path / "out" / "rows.jsonl").read_text().splitlines()]
    assert {row["split"] for row in rows} == {"validation", "test"}  # a record holds no training inputs
    assert all(row["input"] for row in rows)
    assert "no training inputs" in (tmp_path / "out" / "README.md").read_text()

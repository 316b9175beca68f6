"""What every arm promises: all rows once, none that is done, the same answers for the same seed, resumed or not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import experiments.arms
from advisor.errors import MissingStarter, PlanError, UnknownName
from advisor.methods import METHODS
from advisor.report import names
from advisor.vocabulary import MethodName
from experiments.arms import ARMS, CellOutcome, Stopped, card, name_of, run
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job, json_examples

NAMES = [arm.arm for arm in ARMS]
HERE = [arm.arm for arm in ARMS if "service" not in arm.needs]  # the others: tests/experiments/api
TRAINED = [arm.arm for arm in ARMS if "training" in arm.needs]
QUICK = {"epochs": 1, "latency_rows": 2, "batch_size": 4}
JSON_TASK: dict[str, Any] = {
    "task_type": "extraction",
    "labels": (),
    "instruction": "Find the slots.",
    "metric": "field_f1",
    "train": json_examples(8),
    "validation": json_examples(3, 100),
    "test": json_examples(4, 200),
}


def quick(arm: str, **settings: Any) -> dict[str, Any]:
    return {k: v for k, v in {**QUICK, **settings}.items() if k in card(arm).settings}


def given_answers(arm: str, made: Any) -> Any:
    if arm != "given":
        return made
    parts = {p: tuple(replace(e, given=e.output) for e in getattr(made, p)) for p in ("validation", "test")}
    return replace(made, **parts)


def test_every_arm_file_is_in_the_tuple() -> None:
    folder = Path(experiments.arms.__file__).parent
    files = {p.stem for p in folder.glob("*.py") if "\nARM = " in p.read_text(encoding="utf-8")}
    assert files == {name.replace(":", "_") for name in NAMES}


def test_arms_try_methods_of_the_vocabulary_and_variants_bear_their_name() -> None:
    for arm in ARMS:
        assert arm.method in (*get_args(MethodName), "given")
        assert arm.arm == arm.method or arm.arm.startswith(f"{arm.method}:")


def test_pilots_and_reports_call_an_arm_by_the_same_words() -> None:
    assert {arm: name_of(arm) for arm in NAMES} == {arm: names.method(arm) for arm in NAMES}
    assert {card.name: card.label for card in METHODS} == {card.name: names.method(card.name) for card in METHODS}


def test_an_unknown_arm_lists_what_there_is() -> None:
    with pytest.raises(UnknownName, match="zero_shot"):
        card("one_shot")


@pytest.mark.slow
@pytest.mark.parametrize("arm", HERE)
def test_an_arm_answers_every_row_once_and_again_the_same(
    arm: str, tiny_base: Path, tiny_embedder: Path, tmp_path: Path
) -> None:
    kept: list[KeptReport] = []
    outcomes: list[CellOutcome] = []
    for turn in range(2):
        made = given_answers(arm, job(arm, tmp_path / str(turn), tiny_base, tiny_embedder, settings=quick(arm)))
        kept.append(KeptReport())
        outcomes.append(run(made, kept[-1]))
    rows = [(row[0], row[1]) for row in kept[0].rows]
    assert sorted(rows) == sorted(
        [("validation", e.row) for e in made.validation] + [("test", e.row) for e in made.test]
    )
    assert kept[0].answers() == kept[1].answers()
    assert set(kept[0].answers().values()) <= set(LABELS)
    assert all(row[3] == float(row[2] == made_label(row[1])) for row in kept[0].rows)
    assert all(guard.ok for guard in outcomes[0].guards), outcomes[0].guards
    assert outcomes[0].prompt
    assert kept[0].steps[-1] == ("evaluate", 12, 12)
    if arm in TRAINED:
        assert outcomes[0].curve == outcomes[1].curve


def made_label(row: int) -> str:
    return LABELS[row % len(LABELS)]


@pytest.mark.slow
@pytest.mark.parametrize("arm", HERE)
def test_a_resumed_arm_ends_as_an_undisturbed_one(
    arm: str, tiny_base: Path, tiny_embedder: Path, tmp_path: Path
) -> None:
    def made(folder: str, **changes: Any) -> Any:
        return given_answers(arm, job(arm, tmp_path / folder, tiny_base, tiny_embedder, settings=quick(arm), **changes))

    whole = KeptReport()
    run(made("whole"), whole)
    first = KeptReport(stop_when=lambda report: len(report.rows) >= 7)
    with pytest.raises(Stopped):
        run(made("cut"), first)
    assert 7 <= len(first.rows) < 12
    second = KeptReport()
    outcome = run(made("cut", done=frozenset(first.answers())), second)
    assert not set(first.answers()) & set(second.answers())
    assert {**first.answers(), **second.answers()} == whole.answers()
    if arm in TRAINED:
        assert any("taken up from disk" in note for note in outcome.notes)


@pytest.mark.slow
@pytest.mark.parametrize("arm", [a.arm for a in ARMS if a.tasks is None and a.arm in HERE and a.arm != "given"])
def test_an_arm_writes_where_there_are_no_labels(
    arm: str, tiny_base: Path, tiny_embedder: Path, tmp_path: Path
) -> None:
    report = KeptReport()
    outcome = run(job(arm, tmp_path / "a", tiny_base, tiny_embedder, settings=quick(arm), **JSON_TASK), report)
    assert len(report.rows) == 7
    by_row = {row[1]: row for row in report.rows}
    if arm.startswith("classical"):
        assert by_row[203][2] == '{"people": "3"}' or by_row[203][2] in {e.output for e in JSON_TASK["train"]}
        return
    # the longest of the answers '{"people": "n"}' and its end token, and a quarter more
    assert outcome.settings["max_new_tokens"] > 4
    assert any(f"cut at {outcome.settings['max_new_tokens']} new tokens" in note for note in outcome.notes)
    if "validation" in {row[0] for row in report.rows}:
        again = KeptReport()
        done = frozenset(report.answers()) - {("test", 203)}
        resumed = run(
            job(arm, tmp_path / "a", tiny_base, tiny_embedder, settings=quick(arm), **JSON_TASK, done=done), again
        )
        assert [n for n in resumed.notes if "cut at" in n] == [n for n in outcome.notes if "cut at" in n]
    invalid = [row[5] for row in report.rows]
    assert any(invalid), "a random model writes no JSON"
    assert all(row[3] == 0.0 for row in report.rows if row[5])
    timed = [row for row in report.rows if row[4] is not None]
    assert [row[1] for row in timed if row[0] == "test"] == [200, 201]


@pytest.mark.parametrize("arm", [a.arm for a in ARMS if "training" in a.needs or a.arm.startswith("classical")])
def test_an_arm_that_learns_asks_for_rows(arm: str, tiny_base: Path, tiny_embedder: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="needs training rows"):
        run(job(arm, tmp_path / "a", tiny_base, tiny_embedder, train=()), KeptReport())


@pytest.mark.parametrize("arm", [a.arm for a in ARMS if "base" in a.needs and "embedder" not in a.needs])
def test_an_arm_without_its_model_says_so(arm: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="needs a base model"):
        run(job(arm, tmp_path / "a", None, None), KeptReport())


@pytest.mark.parametrize("arm", [a.arm for a in ARMS if "embedder" in a.needs])
def test_an_arm_without_the_embedder_says_how_to_get_it(arm: str, tiny_base: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingStarter, match="models --fetch"):
        run(job(arm, tmp_path / "a", tiny_base, None), KeptReport())


def test_given_answers_that_are_missing_fail_and_are_not_scored(tmp_path: Path) -> None:
    report = KeptReport()
    rows = (replace(examples(1)[0], given="BookTable"), replace(examples(1, 1)[0], given=None))
    run(job("given", tmp_path / "a", None, None, test=rows, validation=()), report)
    assert report.rows[0][2:4] == ("BookTable", 1.0)
    assert report.rows[1][2:4] == (None, None)
    assert "no given answer" in report.rows[1][6]


def test_classical_learns_a_separable_task_and_never_looks_at_the_test_answers(tmp_path: Path) -> None:
    made = job("classical", tmp_path / "a", None, None)
    report, blind = KeptReport(), KeptReport()
    run(made, report)
    assert [row[3] for row in report.rows] == [1.0] * 12
    hidden = tuple(replace(e, output="BookTable") for e in made.test)
    run(replace(made, test=hidden), blind)
    assert blind.answers() == report.answers()


def test_classical_takes_rows_with_one_label_and_without_words(tmp_path: Path) -> None:
    rows = tuple(replace(e, input="😀!?", output="x") for e in examples(4))
    report = KeptReport()
    run(job("classical", tmp_path / "a", None, None, train=rows, validation=rows, test=rows, labels=("x",)), report)
    assert {row[2] for row in report.rows} == {"x"}


def test_classical_gives_several_labels_where_rows_have_several(tmp_path: Path) -> None:
    both = [replace(e, output='["music", "loud"]' if "music" in e.input else '["calm"]') for e in examples(30)]
    made = job(
        "classical",
        tmp_path / "a",
        None,
        None,
        task_type="multi_label_classification",
        metric="micro_f1",
        labels=("music", "loud", "calm"),
        train=tuple(both),
        validation=tuple(both[:3]),
        test=tuple(both[3:6]),
    )
    report = KeptReport()
    run(made, report)
    assert [set(json.loads(row[2])) for row in report.rows][:3] == [{"calm"}, {"calm"}, {"loud", "music"}]


def test_votes_are_weighed_by_cosine() -> None:
    from experiments.arms.classical_neighbours import vote

    a, b = examples(2)
    # one near neighbour says BookTable (0.9), two far ones GetWeather (0.4 + 0.4)
    assert vote([(a, 0.9), (b, 0.4), (b, 0.4)]) == "BookTable"
    assert vote([(a, 0.9), (b, 0.5), (b, 0.5)]) == "GetWeather"
    assert vote([(a, 0.5), (b, 0.5)]) == "BookTable"


def test_a_row_is_never_its_own_neighbour(tiny_embedder: Path) -> None:
    from experiments.arms.neighbours import Neighbours
    from experiments.models import load_embedder

    train = examples(6)
    near = Neighbours(load_embedder(tiny_embedder), train)
    (own,), (other,) = near.nearest_all(train[:1], 3), near.nearest_all([replace(train[0], row=99)], 3)
    assert train[0].row not in [e.row for e, _ in own]
    assert other[0][0].row == train[0].row
    assert len(own) == len(other) == 3
    assert [c for _, c in own] == sorted((c for _, c in own), reverse=True)


@pytest.mark.slow
def test_few_shot_shows_balanced_training_rows_alone(tiny_base: Path, tmp_path: Path) -> None:
    made = job("few_shot", tmp_path / "a", tiny_base, None)
    outcome = run(made, KeptReport())
    assert outcome.settings["shots"] == 8
    assert outcome.settings["list_labels"] is False
    assert outcome.prompt.count("<|im_start|>user") == 9
    assert sum(outcome.prompt.count(e.input) for e in made.test) == 1
    assert not any(e.input in outcome.prompt for e in made.validation)
    few = run(replace(made, settings={**made.settings, "shots": 2}, folder=tmp_path), KeptReport())
    assert few.settings["list_labels"] is True
    assert "book table, get weather, play music" in few.prompt

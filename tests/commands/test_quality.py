"""`quality --batch`: every line answered in its place, in the evidence's own words, with what lies nearest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.__main__ import main
from advisor.commands.quality import answer, case_from
from advisor.errors import InputError

EVIDENCE_METHODS = {
    "lora": "lora",
    "qlora": "qlora",
    "full": "full_fine_tuning",
    "full-distilled": "full_fine_tuning",
    "full-contrastive": "feature_extraction",
    "feature-extraction": "feature_extraction",
    "ia3": "adapters",
    "adapter-llama-adapter": "adapters",
    "p-tuning": "prefix_tuning",
    "tfidf-logreg": "classical",
    "waveft": "lora",
}


def batch(tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: str) -> list[dict[str, Any]]:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["quality", "--batch", str(path)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_line_is_answered_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = json.dumps({"task_type": "qa", "metric": "accuracy", "n_train": 3_000, "prompted_score": 0.8})
    first, broken, unknown, last = batch(tmp_path, capsys, good, "{", '{"tsak": 1}', good)
    assert first == last
    assert "error" in broken
    assert "tsak" in unknown["error"]
    assert 0 < first["chance_tuning_wins"] < 1
    for name in ("lift", "tuned_score"):
        assert first[name]["low"] < first[name]["value"] < first[name]["high"]
    assert 2 <= len(first["nearest"]) <= 4
    assert set(first["nearest"][0]) == {"task", "source", "prompted", "tuned", "n_train"}
    assert first["next_measurement"]["measurement"] == "pilot"


@pytest.mark.parametrize(("published", "card"), EVIDENCE_METHODS.items())
def test_methods_as_published_are_understood(published: str, card: str) -> None:
    assert case_from({"method": published}).method == card


def test_what_is_missing_or_not_a_number_is_unknown() -> None:
    case = case_from({"task_type": "NER", "n_classes": float("nan"), "n_train": None, "id": "row 7", "domain": "legal"})
    assert (case.task_type, case.n_classes, case.n_train, case.domain) == ("extraction", None, None, "legal")
    assert case_from({"n_classes": 1}).n_classes is None
    with pytest.raises(InputError, match=r"'n_classes' is 12.5. It must be a whole number"):
        case_from({"n_classes": 12.5})
    assert answer(case_from({}))["next_measurement"]["measurement"] == "prompted_score"


def test_queries_are_not_programs_and_overlap_is_not_judgement() -> None:
    query, program = ({"task_type": "code", "metric": m, "n_train": 20_000} for m in ("exec_correct", "humaneval"))
    chances = [answer(case_from(line))["chance_tuning_wins"] for line in (query, program)]
    assert chances[0] > 0.6 > 0.5 > chances[1]
    overlap, judged = ({"task_type": "generation", "metric": m} for m in ("rouge", "preference"))
    assert answer(case_from(overlap))["tuned_score"]["value"] < 0.7 < answer(case_from(judged))["tuned_score"]["value"]


@pytest.mark.parametrize(
    "line", [{"prompted_score": 1.2}, {"pilot": [{"n": 0, "score": 0.5}]}, {"task_type": "poetry"}, [1]]
)
def test_impossible_lines_are_refused(line: Any) -> None:
    with pytest.raises(InputError):
        case_from(line)


def test_what_a_line_leaves_out_is_said() -> None:
    line = {"task_type": "classification", "n_classes": 2, "prompted_score": 0.0}
    endless, broken = answer(case_from(line))["warnings"]
    assert "'n_test' is not given" in endless
    assert "below guessing among 2 classes" in broken
    sound = {**line, "prompted_score": 0.7, "n_test": 200}
    assert answer(case_from(sound))["warnings"] == []
    assert answer(case_from({"task_type": "classification"}))["warnings"] == []


@pytest.mark.parametrize("line", [{"method": "zero_shot"}, {"method": "retrieved_few_shot"}, {"n_train": 0}])
def test_what_trains_nothing_is_no_way_of_training(line: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"trains nothing|from 1 to"):
        case_from(line)

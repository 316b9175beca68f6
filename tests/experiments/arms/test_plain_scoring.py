"""The fast way of scoring is used only where it agrees with the plain one; else the next fastest that does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from experiments.arms import plain_scoring
from experiments.arms.label_scoring import LabelScorer, common_prefix
from experiments.arms.plain_scoring import proved, score_after_prompt, score_plainly
from experiments.models import load_causal
from tests.experiments.arms.test_label_scoring import END, prompts_of

LONG = [7, 8, 9, 10, 11, 12, 13, 14, END]


@pytest.fixture(scope="module")
def loaded(tiny_base: Path) -> Any:
    return load_causal(tiny_base, "fp32", "cpu")


def asked(loaded: Any) -> tuple[list[list[int]], list[list[int]], LabelScorer]:
    prompts, labels = prompts_of(loaded, 2)
    labels = [*labels, [END], LONG]
    return prompts, labels, LabelScorer(loaded.model, common_prefix(prompts), labels)


def test_labels_after_a_kept_prompt_score_as_one_by_one(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts, labels, _ = asked(loaded)
    plain = score_plainly(loaded.model, prompts, labels)
    assert np.abs(score_after_prompt(loaded.model, prompts, labels) - plain).max() < 1e-3
    monkeypatch.setattr(plain_scoring, "PASS_TOKENS", 10)  # a label or two at a time
    assert np.abs(score_after_prompt(loaded.model, prompts, labels) - plain).max() < 1e-3
    ends = [[END], [7]]  # nothing follows the first token
    assert (
        np.abs(score_after_prompt(loaded.model, prompts, ends) - score_plainly(loaded.model, prompts, ends)).max()
        < 1e-3
    )


def test_the_tree_is_taken_where_it_agrees(loaded: Any) -> None:
    prompts, labels, scorer = asked(loaded)
    score, proof, given_up = proved(scorer, loaded.model, "fp32", prompts[0], labels)
    assert score == scorer.score
    assert (proof is not None and proof.ok and "token tree" in proof.detail, given_up) == (True, [])


@pytest.mark.parametrize("how", ["raises", "wrong"])
def test_a_tree_that_fails_or_errs_gives_way_to_a_kept_prompt(
    loaded: Any, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, labels, scorer = asked(loaded)
    right = scorer.score

    def broken(_: Any, asked_for: Any) -> np.ndarray:
        if how == "raises":
            raise TypeError("no such mask")
        return right(asked_for) + 0.1

    monkeypatch.setattr(LabelScorer, "score", broken)
    score, proof, given_up = proved(scorer, loaded.model, "fp32", prompts[0], labels)
    assert proof is not None
    assert "labels after a kept prompt" in proof.detail
    assert len(given_up) == 1
    assert np.abs(score(prompts) - score_plainly(loaded.model, prompts, labels)).max() < 1e-3


def test_one_by_one_is_left_where_nothing_else_agrees(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts, labels, scorer = asked(loaded)
    monkeypatch.setitem(plain_scoring.TOLERANCE, "fp32", -1.0)
    score, proof, given_up = proved(scorer, loaded.model, "fp32", prompts[0], labels)
    assert proof is None
    assert "one by one" in given_up[-1]
    assert np.array_equal(score(prompts[:1]), score_plainly(loaded.model, prompts[:1], labels))


@pytest.mark.parametrize("fault", ["position", "sees_too_much"])
def test_in_bf16_a_wrong_tree_is_still_caught(tiny_base: Path, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding is allowed for; a label that stands elsewhere, or sees its neighbours, is not."""
    model = load_causal(tiny_base, "bf16", "cpu")
    prompts, labels, scorer = asked(model)
    assert proved(scorer, model.model, "bf16", prompts[0], labels)[2] == []
    if fault == "position":
        scorer._depth = scorer._depth + 7
    else:
        scorer._ancestors = scorer._ancestors | True
    assert "differed" in proved(scorer, model.model, "bf16", prompts[0], labels)[2][0]

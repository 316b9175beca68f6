from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from experiments.arms import label_scoring
from experiments.arms.encoded import Encoded, shared_prefix
from experiments.arms.label_scoring import LabelScorer, LabelTree, batches_by_length, common_prefix
from experiments.arms.plain_scoring import score_plainly
from experiments.models import load_causal
from experiments.prompts import Prompter, balanced_shots
from tests.experiments.arm_jobs import LABELS, examples

END = 2


@pytest.fixture(scope="module")
def loaded(tiny_base: Path) -> Any:
    return load_causal(tiny_base, "fp32", "cpu")


def test_a_tree_shares_beginnings_and_feeds_no_end_token() -> None:
    # labels "5 6 E", "5 7 E", "5 E": nodes root, 5, 5-6, 5-7; every end token is scored at its parent
    tree = LabelTree.build([[5, 6, END], [5, 7, END], [5, END]])
    assert tree.tokens == (-1, 5, 6, 7)
    assert tree.parents == (-1, 0, 1, 1)
    assert tree.depth == (0, 1, 2, 2)
    assert tree.paths == (((0, 5), (1, 6), (2, END)), ((0, 5), (1, 7), (3, END)), ((0, 5), (1, END)))
    assert tree.ancestors().int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 1]]


def prompts_of(loaded: Any, shots: int, rows: int = 5) -> tuple[list[list[int]], list[list[int]]]:
    prompter = Prompter(loaded.tokenizer, "classification", "Decide.", LABELS)
    demonstrations = balanced_shots(examples(12), shots, LABELS)
    prompts = [prompter.ids(e, demonstrations) for e in examples(rows, 300)]
    prompts[0] = prompter.ids(examples(1, 5)[0], demonstrations)
    return prompts, [prompter.answer_ids(label) for label in LABELS]


@pytest.mark.parametrize("shots", [0, 6])
def test_tree_scores_equal_plain_scores(loaded: Any, shots: int) -> None:
    prompts, labels = prompts_of(loaded, shots)
    labels = [*labels, [*labels[0][:2], END], [7, END], [7, 8, 9, END]]  # one label begins another
    scorer = LabelScorer(loaded.model, common_prefix(prompts), labels)
    assert scorer.past_length > 20
    plain = score_plainly(loaded.model, prompts, labels)
    assert np.abs(scorer.score(prompts) - plain).max() < 1e-3
    one_by_one = np.vstack([scorer.score([p]) for p in prompts])
    assert np.abs(one_by_one - plain).max() < 1e-3


def test_scores_without_a_shared_prefix_are_the_same(loaded: Any) -> None:
    prompts, labels = prompts_of(loaded, 2)
    with_prefix = LabelScorer(loaded.model, common_prefix(prompts), labels).score(prompts)
    without = LabelScorer(loaded.model, [], labels).score(prompts)
    assert np.abs(with_prefix - without).max() < 1e-3


def test_many_labels_go_in_one_pass_and_stay_exact(loaded: Any) -> None:
    rng = np.random.default_rng(0)
    labels = [[*rng.integers(10, 60, size=rng.integers(1, 6)).tolist(), END] for _ in range(77)]
    prompts, _ = prompts_of(loaded, 4, rows=2)
    scorer = LabelScorer(loaded.model, common_prefix(prompts), labels)
    plain = score_plainly(loaded.model, prompts, labels)
    assert np.abs(scorer.score(prompts) - plain).max() < 1e-3


def test_probabilities_of_all_one_token_labels_add_up_to_one(loaded: Any) -> None:
    vocabulary = len(loaded.tokenizer)
    prompts, _ = prompts_of(loaded, 0, rows=1)
    scores = LabelScorer(loaded.model, [], [[token] for token in range(vocabulary)]).score(prompts)
    assert np.exp(scores).sum() == pytest.approx(1.0, abs=1e-4)


def test_a_prompt_with_another_beginning_is_read_whole(loaded: Any) -> None:
    prompts, labels = prompts_of(loaded, 2)
    prefix = common_prefix(prompts)
    scorer = LabelScorer(loaded.model, prefix, labels)
    mixed = [[9, *prompts[0]], *prompts[:2], prompts[1][3:]]
    assert np.abs(scorer.score(mixed) - score_plainly(loaded.model, mixed, labels)).max() < 1e-3
    assert scorer.query_length(mixed[0]) == len(mixed[0])
    assert scorer.query_length(mixed[1]) == len(mixed[1]) - len(prefix)
    with pytest.raises(ValueError, match="nothing beyond the prefix"):
        scorer.score([prefix])


def test_a_batch_is_bounded_by_positions_and_by_memory(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prompts, labels = prompts_of(loaded, 2)
    scorer = LabelScorer(loaded.model, common_prefix(prompts), labels)
    fed = scorer.tree.fed
    assert scorer.batch_size(100 - fed) == 5  # 512 positions // 100
    assert scorer.batch_size(10_000) == 1
    per_row = sum(k.nbytes + v.nbytes for k, v in scorer._layers)
    monkeypatch.setattr(label_scoring, "CACHE_BYTES", 2 * per_row)
    assert scorer.batch_size(100 - fed) == 2


def test_calibration_takes_out_what_every_input_prefers() -> None:
    # label 0 is ahead by 2 nats everywhere; without that, row 0 is label 0's and row 1 is label 1's
    scores = np.array([[3.0, 0.0], [1.0, 0.0]])
    calibrated = scores - label_scoring.batch_prior(scores)
    assert calibrated.argmax(axis=1).tolist() == [0, 1]
    assert label_scoring.batch_prior(np.zeros((0, 3))).tolist() == [0, 0, 0]


def test_shares_are_probabilities_among_the_labels() -> None:
    # e^-1000 underflows; differences of ln 3 give shares 3/4 and 1/4
    shares = label_scoring.label_shares(np.array([[-1000.0, -1000.0 - np.log(3)]]))
    assert np.exp(shares)[0].tolist() == pytest.approx([0.75, 0.25])


@given(st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=8), min_size=1, max_size=6))
def test_a_common_prefix_begins_every_prompt_and_leaves_a_token(prompts: list[list[int]]) -> None:
    prefix = common_prefix(prompts)
    assert all(p[: len(prefix)] == prefix and len(p) > len(prefix) for p in prompts)
    longer = len(prefix) + 1
    assert any(len(p) == longer for p in prompts) or len({tuple(p[:longer]) for p in prompts}) > 1


@given(st.lists(st.integers(1, 90), max_size=40), st.integers(1, 200))
def test_batches_hold_every_row_once_and_no_more_than_fits(lengths: list[int], room: int) -> None:
    batches = batches_by_length(lengths, lambda longest: max(1, room // longest))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[i] for i in batch)
        assert len(batch) <= max(1, room // longest)


def test_a_prompt_that_is_too_long_does_not_cost_the_others_their_shared_beginning() -> None:
    row = examples(1)[0]
    fitting = [Encoded(part="test", example=row, ids=[1, 2, 3, 4, last]) for last in (7, 8)]
    long = Encoded(part="test", example=row, ids=[1, 9, 9], shortened=True)
    assert shared_prefix([*fitting, long]) == [1, 2, 3, 4]
    assert shared_prefix([long]) == [1, 9]

"""Who wins: the published win table comes out, and every measurement sharpens it."""

from __future__ import annotations

import pytest

from advisor.catalog.quality import quality_priors
from advisor.estimators.chance import Chance
from advisor.estimators.learning_curve import Point
from advisor.estimators.versus import Case, Versus, versus


def who(**case: object) -> Versus:
    return versus(Case(**case), quality_priors(), Chance(3, 4000))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("prompted", "published"),
    # predictability.md, 96 pairs: share in which tuning won by best prompted score (middle of the band)
    [(0.30, 0.95), (0.50, 0.88), (0.67, 0.60), (0.80, 0.76), (0.90, 0.36)],
)
def test_the_published_win_table(prompted: float, published: float) -> None:
    assert who(prompted_score=prompted).chance_tuning_wins == pytest.approx(published, abs=0.21)


def test_the_chance_falls_as_the_prompted_score_rises() -> None:
    chances = [who(prompted_score=s / 20, task_type="classification").chance_tuning_wins for s in range(1, 20)]
    assert chances == sorted(chances, reverse=True)


def test_the_lift_is_tuned_minus_prompted() -> None:
    found = who(prompted_score=0.5, task_type="extraction", n_train=5_000)
    assert found.lift.value is not None
    assert found.tuned_score.value == pytest.approx(0.5 + found.lift.value, abs=1e-9)


def test_a_pilot_sharpens_and_is_not_read_naively() -> None:
    traits = who(task_type="classification", n_classes=6, n_train=5_000, prompted_score=0.8)
    points = (Point(32, 0.66, runs=3), Point(64, 0.73, runs=3), Point(128, 0.82, runs=3), Point(256, 0.88, runs=3))
    pilot = who(task_type="classification", n_classes=6, n_train=5_000, prompted_score=0.8, pilot=points)
    # LoRA on TREC (arXiv 2405.00200) went on to 0.97 at 5,452 rows
    assert pilot.chance_tuning_wins > max(0.9, traits.chance_tuning_wins)
    early = who(task_type="classification", n_classes=6, n_train=5_000, prompted_score=0.8, pilot=points[:2])
    assert early.chance_tuning_wins > 0.5, "at 64 rows training is still behind, and that decides nothing"
    for a, b in ((traits, pilot),):
        assert a.tuned_score.low is not None
        assert a.tuned_score.high is not None
        assert b.tuned_score.low is not None
        assert b.tuned_score.high is not None
        assert b.tuned_score.high - b.tuned_score.low < a.tuned_score.high - a.tuned_score.low


def test_the_same_case_has_the_same_answer() -> None:
    assert who(task_type="code", n_train=100) == who(task_type="code", n_train=100)

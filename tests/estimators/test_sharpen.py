"""The one measurement that sharpens most: computed from the spread before and after, never worse than nothing."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.catalog.quality import quality_priors
from advisor.estimators.chance import Chance
from advisor.estimators.learning_curve import Point
from advisor.estimators.sharpen import Sharpening, _worth, sharpenings, sharpest
from advisor.estimators.versus import Case, Reached

PRIORS = quality_priors()


def best(**case: object) -> Sharpening | None:
    return sharpest(Case(**case), PRIORS, Chance(3, 4000))  # type: ignore[arg-type]


def normal_world(n: int = 200_000) -> Reached:
    rng = np.random.default_rng(1)
    prompted = rng.standard_normal(n)
    return Reached(prompted, 0.5 * prompted + rng.standard_normal(n))


def test_worth_by_hand() -> None:
    # ahead = tuned - prompted = -0.5 prompted + noise: variance 0.25 + 1 = 1.25, of it 0.25 by the prompted level.
    # An exact measurement leaves sd 1: chances from Φ(-0.5 × 1.2816) = 0.261 to 0.739, and nothing of that is left.
    exact = _worth(normal_world(), normal_world().prompted, 0.0, ("prompted_score", 100))
    assert (exact.chance_low, exact.chance_high) == pytest.approx((0.261, 0.739), abs=0.005)
    assert exact.chance_within == pytest.approx(0.0, abs=1e-6)
    # the lift narrows by √(1 / 1.25) = 0.894
    assert exact.lift_width_after == pytest.approx(0.894 * exact.lift_width_before, rel=0.01)
    # an error as large as the spread leaves half of the 0.25: left sd √1.125, ± Φ(0.354 × 1.2816 / 1) - 0.5 = 0.175
    noisy = _worth(normal_world(), normal_world().prompted, 1.0, ("prompted_score", 100))
    assert noisy.chance_within == pytest.approx(0.175, abs=0.005)
    assert noisy.settles < exact.settles


def test_the_first_measurement_is_a_prompted_score_then_a_pilot_then_none() -> None:
    first = best(task_type="classification", n_classes=6, n_train=5_000)
    assert first is not None
    assert first.measurement == "prompted_score"
    second = best(task_type="classification", n_classes=6, n_train=5_000, prompted_score=0.85)
    assert second is not None
    assert second.measurement == "pilot"
    seen = tuple(Point(n, s, runs=3) for n, s in ((64, 0.6), (128, 0.7), (256, 0.78)))
    assert best(task_type="classification", n_train=5_000, prompted_score=0.85, pilot=seen) is None


@pytest.mark.parametrize("task_type", ["classification", "generation", "reasoning", None])
def test_every_measurement_narrows_and_says_by_how_much(task_type: str | None) -> None:
    for found in sharpenings(Case(task_type=task_type, n_train=2_000), PRIORS, Chance(3, 4000)):
        assert found.lift_width_after < found.lift_width_before
        assert found.wrong_after <= found.wrong_before
        assert found.chance_low < found.chance < found.chance_high
        assert 0 < found.settles < 1
        if found.chance_within is not None:
            assert found.chance_within < (found.chance_high - found.chance_low) / 2
        assert f"{found.chance:.2f} now" in found.sentence
        assert f"from {found.lift_width_before:.2f} to {found.lift_width_after:.2f}" in found.sentence


def test_few_rows_make_a_small_pilot() -> None:
    found = best(task_type="classification", n_classes=3, n_train=40, prompted_score=0.7)
    assert found is not None
    assert found.rows == 40

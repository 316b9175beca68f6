"""Extrapolation: exact curves are continued, published ones within their known error, bad points are refused."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.errors import InputError
from advisor.estimators.learning_curve import Point, _columns, _rectified, extrapolate

# LoRA on Llama-2-7B (Bertsch et al., arXiv 2405.00200): size → accuracy
TREC = {32: 0.66, 64: 0.73, 128: 0.82, 256: 0.88, 512: 0.91, 1024: 0.95, 2048: 0.96, 4096: 0.97, 5452: 0.97}
NLU = {32: 0.25, 64: 0.36, 128: 0.46, 256: 0.60, 512: 0.66, 1024: 0.73, 2048: 0.79, 4096: 0.83, 8192: 0.85, 16384: 0.87}


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def seen(curve: dict[int, float], up_to: int) -> list[Point]:
    return [Point(n, score, runs=3) for n, score in curve.items() if n <= up_to]


def law(n: float) -> float:
    # err = 0.1 + 0.7 / (1 + n / 100): at 900 rows 0.1 + 0.7 / 10 = 0.17
    return 1 - (0.1 + 0.7 / (1 + n / 100))


def test_points_of_the_law_itself_are_continued() -> None:
    assert law(900) == pytest.approx(0.83)
    points = [Point(n, law(n), sd=0.003) for n in (10, 25, 50, 100, 200, 400)]
    found = extrapolate(points, 900, 0.2, rng()).estimate
    assert found.value == pytest.approx(0.83, abs=0.035)


@pytest.mark.parametrize(
    ("curve", "up_to", "floor", "error"),
    # published mean errors: 0.10 from ≤ 64, 0.07 from 256, 0.05 from 1,024; these two curves, up to twice that
    [(TREC, 256, 1 / 6, 0.08), (TREC, 1024, 1 / 6, 0.04), (NLU, 256, 1 / 68, 0.14), (NLU, 1024, 1 / 68, 0.06)],
)
def test_published_curves(curve: dict[int, float], up_to: int, floor: float, error: float) -> None:
    target = max(curve)
    found = extrapolate(seen(curve, up_to), target, floor, rng()).estimate
    assert found.value == pytest.approx(curve[target], abs=error)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= curve[target] <= found.high + 0.02


def test_farther_is_wider_and_more_points_are_narrower() -> None:
    def width(up_to: int, target: int) -> float:
        found = extrapolate(seen(NLU, up_to), target, 1 / 68, rng()).estimate
        assert found.low is not None
        assert found.high is not None
        return found.high - found.low

    assert width(256, 16384) > width(256, 512)
    assert width(64, 4096) > width(1024, 4096)


def test_one_noisy_seed_is_trusted_less_than_the_mean_of_five() -> None:
    def spread(runs: int) -> float:
        points = [Point(n, s, runs=runs) for n, s in NLU.items() if n <= 256]
        return float(np.std(extrapolate(points, 4096, 1 / 68, rng()).draws))

    assert spread(1) > spread(5)


def test_far_targets_and_few_sizes_are_said() -> None:
    assert any("very wide" in w for w in extrapolate(seen(TREC, 256), 100_000, 0.1, rng()).warnings)
    assert any("three sizes" in w for w in extrapolate([Point(64, 0.7)], 128, 0.1, rng()).warnings)
    assert extrapolate(seen(TREC, 256), 1_000, 0.1, rng()).warnings == ()
    falling = [Point(64, 0.8, runs=3), Point(256, 0.82, runs=3), Point(1_000, 0.5, runs=3)]
    (said,) = extrapolate(falling, 4_000, 0.1, rng()).warnings
    assert said.startswith("The score fell from 0.82 with 256 examples to 0.50 with 1,000")
    nearly = [Point(64, 0.8, runs=1), Point(256, 0.82, runs=1), Point(1_000, 0.80, runs=1)]
    assert extrapolate(nearly, 4_000, 0.1, rng()).warnings == ()


def test_the_seed_fixes_it() -> None:
    one, other = (extrapolate(seen(TREC, 128), 1_000, 0.1, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(one.draws, other.draws)


@pytest.mark.parametrize("points", [[], [Point(0, 0.5)], [Point(10, 1.5)]])
def test_unusable_points_are_refused(points: list[Point]) -> None:
    with pytest.raises(InputError):
        extrapolate(points, 100, 0.1, rng())


def test_a_single_point_already_gives_a_range() -> None:
    found = extrapolate([Point(100, 0.6, runs=1)], 1_000, 0.1, rng()).estimate
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0.5 < found.value < 0.95
    assert found.high - found.low > 0.1


def test_few_test_rows_widen_and_an_expected_end_pulls() -> None:
    def found(n_test: float | None, end: tuple[float, float] | None = None) -> tuple[float, float]:
        points = [Point(n, s, runs=5, n_test=n_test) for n, s in NLU.items() if n <= 128]
        draws = extrapolate(points, 16384, 1 / 68, rng(), end).draws
        return float(np.median(draws)), float(np.std(draws))

    assert found(40)[1] > found(None)[1]
    # logit 3.5 is 0.97, logit 0.4 is 0.60
    assert found(None, (3.5, 0.3))[0] > found(None, (0.4, 0.3))[0] + 0.02


def test_scores_near_one_are_known_more_closely_than_scores_near_one_half() -> None:
    def spread(score: float) -> float:
        return float(np.std(extrapolate([Point(n, score) for n in (100, 200, 400)], 800, 0.1, rng()).draws))

    assert spread(0.97) < spread(0.5)


@pytest.mark.parametrize("seed", range(3))
def test_one_stray_size_does_not_drag_the_law(seed: int) -> None:
    # the law reaches 0.83 at 900 rows; one size of six, where every run failed, is outvoted by the other five
    sizes = (10, 25, 50, 100, 200, 400)
    points = [Point(n, 0.30 if n == 100 else law(n), sd=0.003) for n in sizes]
    drawn = _rectified(_columns(points), 0.2, (np.random.default_rng(seed), None))(900)
    assert np.median(drawn) == pytest.approx(0.83, abs=0.012)


def test_at_a_size_that_was_seen_the_score_is_what_was_seen() -> None:
    """What remains is the luck of seeds and test rows, not how far curves stray from any law."""
    at_end = [Point(n, score, runs=5, n_test=20_000) for n, score in ((500, 0.78), (1_000, 0.80), (2_000, 0.85))]
    seen_there, beyond = (extrapolate(at_end, target, 0.1, rng()).estimate for target in (2_000, 8_000))
    assert seen_there.value == pytest.approx(0.85, abs=0.01)
    assert (seen_there.high or 1) - (seen_there.low or 0) < 0.05 < (beyond.high or 1) - (beyond.low or 0)
    (alone,) = (extrapolate([Point(2_000, 0.85, runs=5, n_test=20_000)], 2_000, 0.1, rng()).estimate,)
    assert alone.value == pytest.approx(0.85, abs=0.015)


def test_seeds_differ_less_with_more_rows_as_published_runs_did() -> None:
    # mean sds of published runs near one half: 0.069 with 8 rows, 0.034 with 160, 0.012 with 8,000
    spreads = _columns([Point(n, 0.5) for n in (8, 160, 8_000)]).spread
    assert spreads == pytest.approx([0.069, 0.034, 0.012], rel=0.1)
    assert _columns([Point(160, 0.5, runs=4)]).spread[0] == pytest.approx(spreads[1] / 2)


def test_two_runs_of_one_size_are_no_fall() -> None:
    twice = extrapolate([Point(64, 0.7), Point(64, 0.4)], 500, 0.1, rng())
    assert not any("fell" in warning for warning in twice.warnings)

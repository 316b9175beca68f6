"""How forecasts are scored, by hand; and that fits left without a source do not see it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import scoring


def rows(**columns: list[float]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.assign(weight=1.0, lab=["a", "b", "a", "b"][: len(frame)], kind="classification")


FOUR = rows(chance=[0.9, 0.8, 0.3, 0.6], won=[1, 0, 0, 1], prompted=[0.5, 0.9, 0.8, 0.6], tuned=[0.7, 0.6, 0.7, 0.9])


def test_brier_auc_accuracy_by_hand() -> None:
    # (0.01 + 0.64 + 0.09 + 0.16) / 4 = 0.225; wins 0.9, 0.6 against losses 0.8, 0.3: 3 of 4 pairs in order
    assert scoring.brier(FOUR) == pytest.approx(0.225)
    assert scoring.auc(FOUR) == pytest.approx(0.75)
    assert scoring.accuracy(FOUR) == pytest.approx(0.75)
    # each source answered with the other's share of wins, 1 of 2: 0.25
    assert scoring.base_rate_brier(FOUR) == pytest.approx(0.25)


def test_calibration_error_by_hand() -> None:
    # bins: 0.9 and 0.8 together (|1.7 - 1| = 0.7), 0.3 (0.3), 0.6 in the fourth (|0.6 - 1| = 0.4): 1.4 / 4
    chance, won = FOUR.chance.to_numpy(), FOUR.won.to_numpy()
    assert scoring.calibration_error(chance, won) == pytest.approx(0.35)


def test_a_perfect_forecaster_stays_below_its_own_95th_percentile_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(5)
    chance = rng.random(60)
    limit = scoring.calibration_by_chance(chance, np.arange(60), rng)
    errors = [scoring.calibration_error(chance, (rng.random(60) < chance).astype(float)) for _ in range(1000)]
    assert np.mean(np.array(errors) < limit) == pytest.approx(0.95, abs=0.025)


def test_rows_of_one_curve_share_their_luck() -> None:
    """Sixty rows of one curve at 0.5 all win or all lose: off by one half, whoever says 0.5."""
    chance = np.full(60, 0.5)
    limit = scoring.calibration_by_chance(chance, np.zeros(60, dtype=int), np.random.default_rng(5))
    assert limit == pytest.approx(0.5)
    assert scoring.calibration_by_chance(chance, np.arange(60), np.random.default_rng(5)) < 0.15


def test_what_would_be_measured_of_a_perfectly_calibrated_forecaster() -> None:
    """Bands from 0 to 1, chances at the rivals' places in them: accuracy is known by hand, as is coverage."""
    many = rows(chance=[0.9, 0.9, 0.9, 0.9], won=[0, 0, 0, 0], prompted=[0.1] * 4, tuned=[0.0] * 4)
    many = pd.concat([many] * 100, ignore_index=True).assign(**{f"q{share}": share for share in scoring.SHARES})
    apart, together = many.assign(curve=range(400)), many.assign(curve=0, chance=0.7)
    low, high = scoring.among_the_calibrated(apart, scoring.accuracy)
    assert 0.86 < low < 0.9 < high < 0.94
    assert scoring.among_the_calibrated(together, scoring.accuracy) == (0.0, 1.0)  # all right, or in 3 of 10 all wrong
    low, high = scoring.among_the_calibrated(apart, scoring.covered)
    assert 0.75 < low < 0.8 < high < 0.85


def test_regret_by_hand() -> None:
    found = scoring.regrets(FOUR)
    # advice tunes 1, 2, 4 and prompts 3: loses 0.3 in the second
    assert found["advice"] == pytest.approx(0.3 / 4)
    assert found["always tune"] == pytest.approx((0.3 + 0.1) / 4)
    assert found["always prompt"] == pytest.approx((0.2 + 0.3) / 4)
    # the two lines prompt only the second (0.9 is above 0.85): lose 0.1 in the third
    assert found["two-line rule"] == pytest.approx(0.1 / 4)


def test_tasks_count_alike_however_many_rows_they_have() -> None:
    found = scoring.weighted_by_task(pd.DataFrame({"task": ["a", "a", "b"]}))
    assert found.weight.tolist() == [0.5, 0.5, 1.0]


def test_how_far_few_tasks_could_move_a_figure() -> None:
    """Rows of a task come together: two tasks, one all right and one all wrong, leave anything from 0 to 1 open."""
    two = FOUR.assign(task=["a", "b", "b", "a"], chance=[0.9, 0.9, 0.9, 0.9], won=[1, 0, 0, 1])
    assert scoring.among_tasks(two, scoring.accuracy) == pytest.approx((0.0, 1.0))
    one = two.assign(task="a")
    assert scoring.among_tasks(one, scoring.accuracy) == pytest.approx((0.5, 0.5))


@pytest.mark.slow
def test_leave_one_source_out_reaches_what_was_promised(shared_data: Path) -> None:
    from benchmarks.advice import Bench

    folder = shared_data.parent / "reference" / "quality"
    if not folder.is_dir():
        pytest.skip("the published evidence is not here")
    bench = Bench(folder)
    traits, prompted = bench.on_pairs(False), bench.on_pairs(True)
    assert scoring.brier(traits) <= scoring.base_rate_brier(traits)
    assert scoring.brier(prompted) <= 0.180
    assert scoring.brier(bench.on_pilots(512)) <= 0.090
    for known in (traits, prompted, *(bench.on_pilots(size) for size in (64, 256, 512))):
        assert scoring.calibration_of(known) < scoring.most_by_chance(known)
    for seen, most in ((64, 0.085), (256, 0.050), (1024, 0.035)):
        ends = bench.on_curves(seen)
        assert np.average((ends["q0.5"] - ends.tuned).abs(), weights=ends.weight) <= most
    # no leak: the fit without a source does not change when that source is altered
    before = bench.priors_without(("loraland2024",))
    altered = Bench(folder)
    altered.evidence.loc[altered.evidence.lab == "loraland2024", "score"] = 0.5
    assert altered.priors_without(("loraland2024",)) == before

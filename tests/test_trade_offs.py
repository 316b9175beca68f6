"""Weights as amounts and back; the front of quality, cost and speed; what a rule did; what a pilot is worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.decision.currency import Currency
from advisor.decision.explain import _trust
from advisor.decision.pareto import pareto
from advisor.decision.pilot import Question, pilot_worth
from advisor.decision.trade_offs import UNITS, Scale, amount_worth, priorities_from, scale_from, scale_of, trade_offs
from advisor.decision.worth import Worth, worth_of_pilot
from advisor.estimators.chance import Chance
from advisor.questionnaire import task_draws
from advisor.vocabulary import Kind, PilotWorth, Priorities, TaskProfile
from tests.test_decision import YARDSTICK, N, decide, option

REFERENCE = {"cost": 10_000.0, "latency": 15_000.0, "time_to_launch": 100.0, "maintenance": 100.0}
NOTHING_SPENT = Scale(dict.fromkeys(UNITS, 0.0), REFERENCE, 0.0)


def test_two_points_in_money_by_hand() -> None:
    # equal weights: 0.02 of utility lost from 1 is 1/(1 + x/10,000) = 0.98, so x = 10,000 × (1/0.98 - 1) = 204
    found = {t.concern: t for t in trade_offs(None, NOTHING_SPENT, Currency())}
    assert found["cost"].amount == pytest.approx(204, abs=0.5)
    assert found["cost"].text == "2 points of quality (0.02 of the score) weigh as much as 200 USD a month."
    assert found["time_to_launch"].amount == pytest.approx(2.04, abs=0.01)
    assert "or 200 USD a month less" in found["cost"].question


def test_money_that_weighs_twice_buys_half() -> None:
    # weights 1 : 2, so 0.01 of its utility: 10,000 × (1/0.99 - 1) = 101
    (cost, *_) = trade_offs(Priorities(1, 2, 1, 1, 1), NOTHING_SPENT, Currency("EUR", 2.0))
    assert cost.amount == pytest.approx(101, abs=0.5)
    assert "51 EUR a month" in cost.text


def test_what_weighs_nothing_is_said_to() -> None:
    found = {t.concern: t for t in trade_offs(Priorities(1, 1, 0, 1, 1), NOTHING_SPENT, Currency())}
    assert found["latency"].amount is None
    assert "never tips the balance" in found["latency"].text
    assert all(t.amount is None for t in trade_offs(Priorities(0, 1, 1, 1, 1), NOTHING_SPENT, Currency()))


@pytest.mark.parametrize("weights", [(1, 1, 1, 1, 1), (8, 1, 0.5, 0.5, 2), (2, 3, 4, 5, 6)])
def test_amounts_lead_back_to_the_weights(weights: tuple[float, ...]) -> None:
    given = Priorities(*weights)
    scale = Scale({"cost": 500.0, "latency": 2_000.0, "time_to_launch": 5.0, "maintenance": 3.0}, REFERENCE, 0.2)
    said = trade_offs(given, scale, Currency())
    assert scale_from(said) == scale
    amounts = {t.concern: t.amount for t in said if t.amount is not None}
    back = priorities_from(amounts, scale)
    for key in ("cost", *amounts):
        assert getattr(back, key) / back.quality == pytest.approx(getattr(given, key) / given.quality, rel=0.01)


def test_a_time_limit_of_the_teams_own_leads_back_too() -> None:
    scale = Scale({**NOTHING_SPENT.now, "latency": 20.0}, {**REFERENCE, "latency": 800.0}, 0.0, {"latency": 8.0})
    said = trade_offs(None, scale, Currency())
    speed = next(t for t in said if t.concern == "latency")
    # equal weights: 1 / (1 + (x / 800)^8) = 0.98, so x = 800 × 0.0204^(1/8) = 492, of which 20 are there already
    assert speed.amount == pytest.approx(472, abs=1)
    assert scale_from(said) == scale
    back = priorities_from({t.concern: t.amount for t in said if t.amount is not None}, scale)
    assert back.latency / back.quality == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(
    ("reference_ms", "said"), [(800.0, "490 ms"), (600_000.0, "6.1 minutes"), (8.64e7, "15 hours")]
)
def test_long_times_are_said_in_units_people_think_in(reference_ms: float, said: str) -> None:
    scale = Scale(NOTHING_SPENT.now, {**REFERENCE, "latency": reference_ms}, 0.0, {"latency": 8.0})
    speed = next(t for t in trade_offs(None, scale, Currency()) if t.concern == "latency")
    assert f"weigh as much as {said} for an answer." in speed.text


def test_more_quality_is_worth_more() -> None:
    weights = {"quality": 0.2, **dict.fromkeys(UNITS, 0.2)}
    amounts = [amount_worth(gain, "cost", weights, NOTHING_SPENT) or 0.0 for gain in (0.001, 0.01, 0.1)]
    assert amounts == sorted(amounts)
    assert amount_worth(0.5, "cost", weights, NOTHING_SPENT) is None, "no saving makes up for everything"


def test_the_front_holds_what_nothing_beats() -> None:
    rows = [
        option("few_shot", 0.8, monthly_cost_usd=100.0, latency_p95_ms=500.0),
        option("zero_shot", 0.7, monthly_cost_usd=200.0, latency_p95_ms=600.0),  # worse in all three
        option("lora", 0.9, monthly_cost_usd=900.0, latency_p95_ms=900.0),  # the best score
        option("classical", 0.6, monthly_cost_usd=150.0, latency_p95_ms=5.0),  # the fastest
        option("qlora", 0.99, monthly_cost_usd=10.0, latency_p95_ms=1.0, days_to_launch=90.0),  # does not fit
    ]
    assert pareto(decide(*rows, days_to_launch=30)) == (True, False, True, True, False)
    assert pareto(decide()) == ()


def test_a_duplicate_stays_on_the_front_with_its_original() -> None:
    one = option("few_shot", 0.8)
    assert pareto(decide(one, one)) == (True, True)


def asked(
    labelled: int | None, worth: Worth, kind: Kind = "option", spent: float = 100.0, **answers: object
) -> PilotWorth:
    given = {"task_type": "classification", "n_classes": 77, "labelled_examples": labelled, **answers}
    profile = TaskProfile(**given)  # type: ignore[arg-type]
    outcome = decide(*(option(method, 0.8, monthly_cost_usd=spent) for method in ("lora", "few_shot")))
    draws = task_draws(profile, Chance(1, 500).rng("answers"), 500)
    scale = replace(scale_of(outcome, profile, YARDSTICK), floor=0.0)
    return pilot_worth(outcome, Question(profile, draws, worth, scale, kind, False))


def test_what_is_at_stake_is_said_in_points_and_money() -> None:
    # a gain of 0.004 at equal weights is 0.004 / 0.2 = 2 points
    found = asked(3_000, Worth(0.3, 0.004), spent=300.0)
    assert found.stake is not None
    assert found.stake.score_points == pytest.approx(2.0)
    # what 300 USD a month are spent already: 10,000 × (1 / (1 / 1.03 - 0.02) - 1) - 300 = 217
    assert found.stake.usd_per_month == pytest.approx(217, rel=0.05)
    assert found.worth_it
    assert "2 points of score" in found.why
    assert "USD a month" in found.why
    # 8 rows for each of 77 labels
    assert found.stake.training_rows == 616
    assert found.stake.rows_per_label == pytest.approx(8)
    assert found.stake.test_rows == 200
    assert {"zero_shot", "few_shot", "classical", "lora"} <= set(found.stake.arms)
    assert any("larger model" in thing for thing in found.stake.unknown_after)
    assert "2,184 rows" in found.plan  # of 3,000: 616 to train and 200 to test on are used


def test_a_pilot_that_costs_more_than_it_gains_is_not_worth_it() -> None:
    # 0.00002 of utility is a hundredth of a point, 1 USD a month: less than somebody's hour
    assert not asked(3_000, Worth(0.3, 0.00002)).worth_it
    assert not asked(3_000, Worth(0.02, 0.004)).worth_it
    assert not asked(20, Worth(0.3, 0.004)).worth_it
    never = asked(3_000, Worth(0.0, 0.0), "nothing_fits")
    assert not never.worth_it
    assert never.why == "Nothing fits the limits, whatever a pilot would show."
    assert "would show that something fits in about 30 % of" in asked(3_000, Worth(0.3, 0.004), "nothing_fits").why


def test_a_pilot_that_writes_takes_as_long_as_it_writes() -> None:
    sizes = {"n_classes": None, "input_tokens": 100, "output_tokens": 20}
    for task_type in ("classification", "extraction"):
        stake = asked(3_000, Worth(0.3, 0.004), task_type=task_type, **sizes).stake
        assert stake is not None
        trained = stake.training_rows * 120 * 3 * 4 / 400 / 60
        # 200 rows to test on and 100 to choose on, 3 ways of prompting and 4 trainings, 40 tokens each, 100 a second
        written = 0.0 if task_type == "classification" else 300 * 7 * 40 / 100 / 60
        assert stake.minutes == pytest.approx(6 + trained + written)


def test_missing_rows_are_paid_for() -> None:
    rich, poor = asked(3_000, Worth(0.3, 0.01)), asked(50, Worth(0.3, 0.01), labelling_cost_usd_per_example=2.0)
    assert rich.stake is not None
    assert poor.stake is not None
    # 616 rows and 13 to 200 test rows are wanted; of 50 rows a third is tested on and the rest trained on
    assert poor.stake.training_rows + poor.stake.test_rows <= 50
    assert poor.stake.cost_usd >= rich.stake.cost_usd


def test_without_a_weight_on_money_the_stake_is_in_points_only() -> None:
    found = asked(3_000, Worth(0.3, 0.01), priorities=Priorities(1, 0, 1, 1, 1))
    assert found.stake is not None
    assert found.stake.usd_per_month is None
    assert found.worth_it
    assert np.isfinite(found.stake.score_points)


def test_a_gain_is_never_more_than_the_score_or_the_spending_has_left() -> None:
    # a gain of 0.1 is 50 points at equal weights; a score of 0.8 has 20 left, and 100 USD a month are spent
    found = asked(3_000, Worth(0.3, 0.1))
    assert found.stake is not None
    assert found.stake.score_points == pytest.approx(20)
    assert found.stake.usd_per_month is None
    assert "USD a month" not in found.why


def test_a_gain_from_staying_within_the_limits_is_said_as_that() -> None:
    found = asked(3_000, Worth(0.3, 0.16, fits=0.18, better=0.0))
    assert "stays within your limits in 18 % more of the cases." in found.why
    assert "points" not in found.why
    assert found.worth_it


def test_the_parts_of_a_gain_by_hand() -> None:
    # two options alike but for the score, which a pilot sees: each breaks the target in the draws the other keeps
    sure = np.random.default_rng(3).permutation(np.repeat([0.95, 0.5], N // 2))
    outcome = decide(option("lora", sure), option("few_shot", 1.45 - sure), quality_target=0.9)
    worth = worth_of_pilot(outcome, (np.zeros(N), np.zeros(N)))
    # half of the draws more within the limits, and nothing to gain where both would be: there is no such draw
    assert worth.fits == pytest.approx(0.5, abs=0.07)
    assert worth.better == 0.0
    assert worth.gain > 0.4


def test_falling_short_counts_only_where_the_limits_are_kept() -> None:
    # two in ten draws of the classifier miss the target, the slower training never does: 1 part in 5 is a broken limit
    score = np.where(np.arange(N) % 10 < 2, 0.5, 0.97)
    outcome = decide(option("classical", score), option("lora", 0.96, days_to_launch=40.0), quality_target=0.95)
    said = _trust(outcome, 0, 0)
    assert "where it stays within the limits this choice is on average under 1 point of 100 worse than the best" in said
    assert "in 20 % it breaks a limit that another option keeps" in said
    safe = _trust(decide(option("classical", 0.97), option("lora", 0.96)), 0, 0)
    assert "limit" not in safe

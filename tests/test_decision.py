"""The laws of the decision, on options whose numbers are given."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from advisor.catalog import find_model
from advisor.decision.basis import Basis
from advisor.decision.candidate import Candidate, limits_of
from advisor.decision.chances import chance_tuning_wins
from advisor.decision.simulate import Outcome, simulate
from advisor.decision.steps import ENTER_THE_TIME
from advisor.decision.utility import Yardstick, monthly_total, weights_of
from advisor.decision.verdict import recommend
from advisor.decision.worth import worth_of_pilot
from advisor.methods import card
from advisor.vocabulary import (
    ESTIMATED,
    Blocked,
    Draws,
    Option,
    OptionPlan,
    Priorities,
    Recommendation,
    TaskProfile,
)

N = 2_000
HORIZON = np.full(N, 10.0)
YARDSTICK = Yardstick(HORIZON, guessed=np.zeros(N), reachable=np.full(N, 0.9))


def option(method: str, quality: object = 0.8, blocked: tuple[Blocked, ...] = (), **numbers: object) -> Candidate:
    """An option with quality 0.8, costs 100 a month, no building cost, 1,000 ms, 10 days, 4 hours of upkeep."""
    method_card = card(method)  # type: ignore[arg-type]
    hosted = method_card.family == "prompting"
    model = find_model("openai/gpt-6-luna" if hosted else "Qwen/Qwen3-4B")
    place = str(numbers.pop("place", "api:openai" if hosted else "rented:L4×1"))
    values = {
        "quality": quality,
        "one_off_cost_usd": 0.0,
        "monthly_cost_usd": 100.0,
        "latency_p95_ms": 1_000.0,
        "days_to_launch": 10.0,
        "upkeep_hours_per_month": 4.0,
        "upkeep_usd_per_month": 300.0,
        **numbers,
    }
    values = {"waiting_p95_ms": values["latency_p95_ms"], **values}
    draws = {
        key: np.broadcast_to(np.asarray(values.get(key, np.nan), dtype=float), (N,))
        for key in (*ESTIMATED, "waiting_p95_ms")
    }
    chosen = Option(method_card.name, method_card.family, model.id, place, None)
    return Candidate(OptionPlan(chosen, method_card, model, None, None), draws, blocked)


def decide(*candidates: Candidate, **answers: object) -> Outcome:
    profile = TaskProfile(**answers)  # type: ignore[arg-type]
    return simulate(candidates, profile, limits_of(profile), YARDSTICK)


def noisy(mean: float, sd: float, seed: int) -> Draws:
    return np.clip(mean + sd * np.random.default_rng(seed).standard_normal(N), 0, 1)


def best(outcome: Outcome) -> str:
    assert outcome.best is not None
    return outcome.candidates[outcome.best].plan.option.method


def test_utility_by_hand() -> None:
    # equal weights of 0.2: quality 0.8; cost 100/10,000 → 1/1.01 = 0.990; 1,000/15,000 ms → 0.938; 10/100 days →
    # 0.909; 4/100 hours → 0.962: (0.8 + 0.990 + 0.938 + 0.909 + 0.962) / 5 = 0.920
    assert decide(option("lora")).utility.mean() == pytest.approx(0.920, abs=0.001)
    # an unknown time counts as what is assumed of it, 2 s: 1 / (1 + 2/15) = 0.882 instead of 0.938
    unknown = decide(option("lora", latency_p95_ms=np.nan, waiting_p95_ms=2_000.0))
    assert unknown.utility.mean() == pytest.approx(0.920 - (0.938 - 0.882) / 5, abs=0.001)
    # an answer of 100 tokens is read for 10 s while it is written: 1 / (1 + 1/25) = 0.962 instead of 0.938
    long = decide(option("lora"), output_tokens=100)
    assert long.utility.mean() == pytest.approx(0.920 + (0.962 - 0.938) / 5, abs=0.001)


def test_the_teams_own_limits_are_the_references() -> None:
    # 100 of a budget of 100 a month, 1,000 of 1,000 ms, 10 of 10 days: half the worth each;
    # (0.8 + 0.5 + 0.5 + 0.5 + 0.962) / 5 = 0.652
    limits = {"budget_monthly_usd": 100, "latency_p95_ms": 1_000, "days_to_launch": 10}
    assert decide(option("lora"), **limits).utility.mean() == pytest.approx(0.652, abs=0.001)
    # an hour to wait: 1,000 of 3,600,000 ms is next to nothing
    waits = decide(option("lora"), may_wait_hours=1)
    assert waits.utility.mean() == pytest.approx(0.920 + (1.0 - 0.938) / 5, abs=0.001)


def test_well_within_a_time_limit_hardly_anything_is_gained_by_being_quicker() -> None:
    # 750 of 1,000 ms leave 1 / (1 + 0.75^8) = 0.909 of the worth, 500 ms 0.996, and where no limit was named 0.968
    at = {ms: decide(option("lora", latency_p95_ms=ms), latency_p95_ms=1_000).utility.mean() for ms in (1, 500, 750)}
    assert at[1] - at[500] == pytest.approx((1 - 0.996) / 5, abs=0.001)
    assert at[1] - at[750] == pytest.approx((1 - 0.909) / 5, abs=0.001)
    free = {ms: decide(option("lora", latency_p95_ms=ms)).utility.mean() for ms in (1, 500)}
    assert free[1] - free[500] == pytest.approx((1 - 0.968) / 5, abs=0.001)


def test_an_assumed_time_that_does_not_count_as_too_long_does_not_count_as_slow() -> None:
    waits = np.where(np.arange(N) % 10 < 6, 400.0, 5_000.0)
    hosted = option("few_shot", 0.80, latency_p95_ms=np.nan, waiting_p95_ms=waits)
    local = option("lora", 0.79, latency_p95_ms=1.0)
    outcome = decide(hosted, local, latency_p95_ms=1_000)
    assert best(outcome) == "few_shot"
    assert outcome.weighed[0].draws["waiting_p95_ms"].max() == 400.0  # what the derivation shows, too


def test_the_building_cost_is_spread_over_the_horizon() -> None:
    # 100 a month and 5,000 once over 10 months: 600 a month
    draws = option("lora", one_off_cost_usd=5_000.0).draws
    assert monthly_total(draws, HORIZON).mean() == pytest.approx(600)


def test_quality_counts_from_the_floor() -> None:
    # 0.75 of an accuracy whose guess is 0.5 is half of what can be gained
    profile = TaskProfile(priorities=Priorities(1, 0, 0, 0, 0))
    found = simulate([option("lora", 0.75)], profile, (), replace(YARDSTICK, guessed=np.full(N, 0.5)))
    assert found.utility.mean() == pytest.approx(0.5)


def test_chances_add_up_to_one_and_family_chances_are_their_sums() -> None:
    found = decide(option("lora", noisy(0.8, 0.1, 1)), option("few_shot", noisy(0.8, 0.1, 2)), option("classical", 0.7))
    assert sum(found.chance_best) == pytest.approx(1)
    assert sum(found.chance_by("family").values()) == pytest.approx(1)
    assert found.chance_by("family")["prompting"] == pytest.approx(found.chance_by("method")["few_shot"])


def test_duplicating_an_option_changes_nothing() -> None:
    options = [option("lora", noisy(0.8, 0.1, 1)), option("few_shot", noisy(0.79, 0.1, 2))]
    once, twice = decide(*options), decide(*options, options[0], options[0])
    assert best(once) == best(twice)
    assert once.regret[:2] == twice.regret[:2]
    assert once.chance_by("family") == pytest.approx(twice.chance_by("family"))


def test_an_option_worse_everywhere_is_never_ranked_above() -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        quality, month = rng.random(N) * 0.9, rng.random(N) * 500
        good = option("full_fine_tuning", quality + 0.004, monthly_cost_usd=month)
        # the worse one is of the simpler method, which decides among equals only
        bad = option("lora", quality, monthly_cost_usd=month + 0.5)
        found = decide(bad, good, option("few_shot", noisy(0.3, 0.2, 3)))
        assert found.regret[1] <= found.regret[0]
        assert best(found) != "lora"


def test_a_weight_of_zero_removes_a_concern() -> None:
    dear = option("lora", 0.8, monthly_cost_usd=1e6)
    assert best(decide(dear, option("few_shot", 0.7), priorities=Priorities(1, 0, 0, 0, 0))) == "lora"
    assert best(decide(dear, option("few_shot", 0.7), priorities=Priorities(1, 1, 0, 0, 0))) == "few_shot"
    assert weights_of(Priorities(3, 1, 0, 0, 0))["quality"] == 0.75


def test_nearly_equal_regret_goes_to_the_cheaper_then_to_the_simpler() -> None:
    close = [option("zero_shot", 0.82, monthly_cost_usd=110.0), option("few_shot", 0.81, monthly_cost_usd=60.0)]
    assert best(decide(*close)) == "few_shot"
    same = [option("full_fine_tuning", noisy(0.81, 0.01, 1)), option("qlora", noisy(0.80, 0.01, 2))]
    assert best(decide(*same)) == "qlora"


def test_nearly_equal_regret_goes_to_no_family_that_is_less_often_best() -> None:
    quality = np.where(np.arange(N) % 10 < 6, 0.84, 0.80)  # ahead in 6 of 10 draws
    close = [option("lora", quality), option("few_shot", 0.82, monthly_cost_usd=60.0)]
    assert best(decide(*close)) == "lora"
    turned = [option("lora", 0.82), option("few_shot", quality, monthly_cost_usd=60.0)]
    assert best(decide(*turned)) == "few_shot"


def test_facts_remove_an_option_everywhere() -> None:
    found = decide(
        option("few_shot", 0.99, (Blocked("data_may_leave", 1.0, "no data may leave"),)), option("lora", 0.5)
    )
    assert best(found) == "lora"
    assert found.feasible == (False, True)
    assert found.chance_best == (0.0, 1.0)


def test_an_uncertain_limit_removes_only_the_draws_that_break_it() -> None:
    month = np.where(np.arange(N) % 10 < 3, 900.0, 100.0)
    found = decide(option("lora", 0.9, monthly_cost_usd=month), option("few_shot", 0.7), budget_monthly_usd=500)
    assert found.feasible[0]
    assert [(b.limit, b.share) for b in found.blocked[0]] == [("budget_monthly_usd", pytest.approx(0.3))]
    # in the 30 % where it breaks the limit its utility is 0
    assert np.mean(found.utility[0] == 0) == pytest.approx(0.3)
    assert found.chance_best[0] == pytest.approx(0.7)


def test_a_limit_broken_in_more_than_half_blocks() -> None:
    month = np.where(np.arange(N) % 10 < 6, 900.0, 100.0)
    found = decide(option("lora", 0.9, monthly_cost_usd=month), budget_monthly_usd=500)
    assert not found.feasible[0]
    assert found.best is None
    assert found.chance_nothing_fits == pytest.approx(0.6)


def test_a_limit_held_against_an_assumption_weighs_nothing_while_it_is_likely_kept() -> None:
    """A few calls tell how fast a hosted model answers before anything is built: nobody takes a far worse one for it.

    The chances count the limit all the same.
    """
    local = option("lora", 0.4, latency_p95_ms=50.0)
    for kept, named, kind in ((7, "few_shot", "option"), (4, "lora", "cannot_tell")):
        waits = np.where(np.arange(N) % 10 < kept, 50.0, 900.0)
        hosted = option("few_shot", 0.9, latency_p95_ms=np.nan, waiting_p95_ms=waits)
        outcome = decide(hosted, local, latency_p95_ms=100)
        assert best(outcome) == named
        assert outcome.chance_by("family")["prompting"] == pytest.approx(kept / 10, abs=0.01)
        said = recommend(
            outcome, Basis(TaskProfile(task_type="extraction", latency_p95_ms=100), (), (), 0.0, False, ())
        )
        (step,) = (step for step in said.then if step.startswith("Time some calls of GPT-6 Luna"))
        assert f"with a chance of {kept}0 %" in step
        assert step.endswith(f"; if not, LoRA on Qwen3-4B is next. {ENTER_THE_TIME}")
        # where it likely is too slow and far better, it is what to time before anything is said
        assert (said.kind, said.method) == (kind, "few_shot")


def test_the_time_that_answers_may_wait_is_the_limit_that_calls_are_timed_for() -> None:
    answers = {"task_type": "extraction", "latency_p95_ms": 100.0, "may_wait_hours": 0.001}
    waits = np.where(np.arange(N) % 10 < 7, 2_000.0, 9_000.0)
    hosted = option("few_shot", 0.9, latency_p95_ms=np.nan, waiting_p95_ms=waits)
    said = recommend(decide(hosted, **answers), Basis(TaskProfile(**answers), (), (), 0.0, False, ()))  # type: ignore[arg-type]
    assert any("keeps your limit of 3,600 ms with a chance of 70 %" in step for step in said.then)


def test_what_is_surely_fast_enough_needs_no_timing() -> None:
    hosted = option("few_shot", 0.9, latency_p95_ms=np.nan, waiting_p95_ms=50.0)
    said = recommend(
        decide(hosted, latency_p95_ms=100),
        Basis(TaskProfile(task_type="extraction", latency_p95_ms=100), (), (), 0.0, False, ()),
    )
    assert not any("Time some calls" in step for step in said.then)


def test_where_nothing_fits_the_options_still_stand_in_order() -> None:
    far, near = option("lora", 0.3), option("few_shot", 0.9)
    outcome = decide(far, near, latency_p95_ms=1)
    assert outcome.best is None
    assert outcome.ranking() == [1, 0]


def test_what_is_not_known_blocks_nothing_and_what_is_assumed_says_so() -> None:
    found = decide(option("few_shot", 0.8, latency_p95_ms=np.nan), latency_p95_ms=100)
    assert found.feasible[0]
    assert found.blocked[0] == ()
    assumed = np.where(np.arange(N) % 10 < 7, 900.0, 50.0)
    slow = decide(option("few_shot", 0.8, latency_p95_ms=np.nan, waiting_p95_ms=assumed), latency_p95_ms=100)
    assert [(b.limit, b.share) for b in slow.blocked[0]] == [("latency_p95_ms", pytest.approx(0.7))]
    assert "is assumed" in slow.blocked[0][0].text
    # an assumption costs the draws that break the limit; it rules out only what it leaves next to nothing
    assert slow.feasible[0]
    assert slow.utility[0].mean() < 0.4 * found.utility[0].mean()
    hopeless = np.where(np.arange(N) % 20 < 19, 900.0, 50.0)
    never = decide(option("few_shot", 0.8, latency_p95_ms=np.nan, waiting_p95_ms=hopeless), latency_p95_ms=100)
    assert not never.feasible[0]


def test_a_target_is_a_limit_and_a_batch_may_wait() -> None:
    assert not decide(option("lora", 0.6), quality_target=0.7).feasible[0]
    assert not decide(option("lora", latency_p95_ms=5_000.0), latency_p95_ms=1_000).feasible[0]
    assert decide(option("lora", latency_p95_ms=5_000.0), latency_p95_ms=1_000, may_wait_hours=1).feasible[0]


def test_small_changes_of_a_limit_move_chances_a_little() -> None:
    month = np.linspace(50, 1_000, N)
    rows = [option("lora", 0.9, monthly_cost_usd=month), option("few_shot", 0.7)]
    chances = [decide(*rows, budget_monthly_usd=limit).chance_best[0] for limit in (500, 510, 520, 530)]
    assert max(abs(a - b) for a, b in itertools.pairwise(chances)) < 0.05


def test_tuning_wins_is_about_quality_only() -> None:
    dear_but_better = option("lora", noisy(0.9, 0.02, 1), monthly_cost_usd=1e5)
    assert chance_tuning_wins(decide(dear_but_better, option("few_shot", noisy(0.7, 0.02, 2)))) > 0.99
    assert chance_tuning_wins(decide(option("lora", 0.6), option("few_shot", 0.7))) == 0.0


def said(outcome: Outcome, **answers: object) -> Recommendation:
    profile = TaskProfile(**answers)  # type: ignore[arg-type]
    return recommend(outcome, Basis(profile, (), limits_of(profile), 0.0, False))


def test_nothing_fits_names_the_nearest_and_what_would_have_to_give() -> None:
    near = option("few_shot", monthly_cost_usd=900.0)
    far = option("lora", monthly_cost_usd=90_000.0, days_to_launch=90.0)
    answers = {"budget_monthly_usd": 500, "days_to_launch": 20, "task_type": "chat"}
    found = said(decide(far, near, **answers), **answers)
    assert found.kind == "nothing_fits"
    assert found.nearest == near.id
    assert found.chance_nothing_fits == 1.0
    assert "could be 900 USD a month instead of 500" in found.sentence


@pytest.mark.parametrize("target", [0.97, 0.79, 0.775, 0.77])
def test_what_is_said_to_fit_fits(target: float) -> None:
    """Two limits that break in different draws: each alone is kept by half of them, both together by fewer."""
    rng = np.random.default_rng(4)
    cost = 500 * np.exp(0.5 * rng.standard_normal(N))
    near = option("classical", noisy(0.766, 0.05, 3), monthly_cost_usd=cost)
    answers = {"quality_target": target, "budget_monthly_usd": 600, "task_type": "classification"}
    found = said(decide(near, **answers), **answers)
    assert found.kind == "nothing_fits"
    quality = re.search(r"quality were only (0[.][0-9]+) instead of (0[.][0-9]+)", found.sentence)
    money = re.search(r"cost could be ([0-9,]+) USD", found.sentence)
    assert quality or money
    eased = dict(answers)
    if quality:
        assert float(quality[1]) < float(quality[2])
        eased["quality_target"] = float(quality[1])
    if money:
        eased["budget_monthly_usd"] = float(money[1].replace(",", ""))
    assert said(decide(near, **eased), **eased).kind != "nothing_fits"


def test_a_pilot_may_show_that_something_fits_after_all() -> None:
    rng = np.random.default_rng(9)
    noise = (rng.standard_normal(N), rng.standard_normal(N))
    maybe = decide(option("classical", noisy(0.8, 0.1, 1)), option("few_shot", noisy(0.6, 0.1, 2)), quality_target=0.85)
    assert maybe.best is None
    found = worth_of_pilot(maybe, noise)
    assert 0.1 < found.changes < 0.5
    assert found.fits <= found.changes
    never = decide(
        option("classical", noisy(0.3, 0.02, 1)), option("few_shot", noisy(0.3, 0.02, 2)), quality_target=0.9
    )
    assert worth_of_pilot(never, noise).changes == 0.0


def test_no_option_at_all_is_still_an_answer() -> None:
    found = recommend(decide(), Basis(TaskProfile(), (), (), 0.0, False))
    assert found.kind == "nothing_fits"
    assert found.then


def test_a_sentence_quotes_the_chance_of_the_family() -> None:
    one, two = option("few_shot", noisy(0.9, 0.05, 1)), option("zero_shot", noisy(0.9, 0.05, 2))
    found = said(decide(one, two, option("lora", 0.5)), task_type="chat", evaluation_set="yes", prompted_score=0.8)
    assert "over 99 %" in found.sentence
    assert found.chance_best < 0.9, "the option itself is best in about half the draws"


def test_a_pilot_is_worth_something_only_where_it_can_change_the_decision() -> None:
    rng = np.random.default_rng(9)
    noise = (rng.standard_normal(N), rng.standard_normal(N))
    open_race = decide(
        option("lora", noisy(0.75, 0.15, 1)),
        option("few_shot", noisy(0.75, 0.1, 2)),
        priorities=Priorities(1, 0, 0, 0, 0),
    )
    settled = decide(option("lora", noisy(0.3, 0.05, 1)), option("few_shot", noisy(0.9, 0.02, 2)))
    assert worth_of_pilot(open_race, noise).changes > 0.2
    assert worth_of_pilot(open_race, noise).gain > 0.01
    assert worth_of_pilot(settled, noise).changes == 0.0


def test_a_small_pilot_sees_nothing_of_a_hosted_prompt() -> None:
    # the training is known, the prompt is not: only who sees the prompt can tell which of the two to take
    rng = np.random.default_rng(9)
    noise = (rng.standard_normal(N), rng.standard_normal(N))
    race = decide(
        option("lora", 0.73), option("few_shot", noisy(0.76, 0.1, 2)), priorities=Priorities(1, 0, 0, 0, 0)
    )  # fmt: skip
    assert worth_of_pilot(race, noise).changes == 0.0
    assert worth_of_pilot(race, noise, pilot_b=1_000.0).changes > 0.2

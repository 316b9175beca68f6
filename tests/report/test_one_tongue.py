"""What one advice says in several places it says alike: the same formatter of chances, the same list of options."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from advisor.report import Contents, advice_report, as_json, section_blocks
from advisor.report.answers import said
from advisor.report.shortlist import blocked, one_of_each_family, shortlist
from advisor.vocabulary import Advice, Blocked, Table
from tests.report.made_up import EVIDENCE, MOVED, advice, advice_after, results


def test_a_chance_of_no_future_at_all_is_written_alike_everywhere() -> None:
    never = tuple(replace(o, chance_best=0.0, chance_meets_target=1.0) for o in advice().options)
    families = {"tuning": 1.0, "prompting": 0.0}
    found = replace(advice(), options=never, chance_best_by_family=families, chance_tuning_wins=1.0)
    after = replace(advice_after(), options=never, chance_best_by_family=families, chance_tuning_wins=1.0)
    text = json.dumps(as_json(advice_report(after, EVIDENCE, results(), found, MOVED)), ensure_ascii=False)
    table = next(b for b in section_blocks("options", Contents(found)) if isinstance(b, Table))
    assert {row[1] for row in table.rows} == {"under 1\u00a0%"}
    assert {row[3] for row in table.rows} == {"over 99\u00a0%"}
    chances = json.dumps(as_json(section_blocks("before_after", Contents(after, before=found))), ensure_ascii=False)
    assert not re.search(r"\b(0|100)\u00a0%", chances)
    assert "under 1\u00a0%" in text


def test_answers_are_shown_as_they_were_typed() -> None:
    assert [said(v) for v in (2_000_000, 1234.5, 0.85, 727.27, 3)] == ["2,000,000", "1,234.5", "0.85", "727.27", "3"]


def test_every_option_of_a_chart_stands_in_a_table() -> None:
    # the recommended option of a family need not be its least regretted one: within a hundredth the cheaper is taken
    first, *others = advice().options
    rival = replace(first, option=replace(first.option, model="another"), regret=0.01)
    close = (replace(first, regret=0.02), rival, *others)
    for found in (replace(advice(), options=close), _nothing_fits()):
        contents = Contents(found)
        listed = {o.option.id for o in (*shortlist(contents), *blocked(found))}
        drawn = {o.option.id for o in one_of_each_family(contents)}
        assert drawn <= listed
        assert {o.option.family for o in one_of_each_family(contents)} == {o.option.family for o in found.options}
    fact = Blocked("task_type", 1.0, "it cannot do this kind of task")
    impossible = tuple(replace(o, feasible=False, blocked_by=(fact,)) for o in advice().options)
    assert one_of_each_family(Contents(replace(_nothing_fits(), options=impossible))) == ()


def test_the_nearest_option_is_the_first_that_is_ruled_out() -> None:
    assert blocked(_nothing_fits())[0].option.id == _nothing_fits().recommendation.nearest


def _nothing_fits() -> Advice:
    """Every option breaks the monthly budget, each in its own share of the futures."""
    over = tuple(
        replace(o, feasible=False, blocked_by=(*o.blocked_by, Blocked(BUDGET, 0.6 + i / 50, OVER, simulated=True)))
        for i, o in enumerate(advice().options)
    )
    said = replace(advice().recommendation, kind="nothing_fits", option=None, nearest=over[3].option.id)
    return replace(advice(), options=over, recommendation=said)


BUDGET, OVER = "budget_monthly_usd", "monthly cost must be at most 15 USD a month"


def test_where_money_is_the_obstacle_its_figures_stand_beside_the_budget() -> None:
    broke = replace(
        _nothing_fits(), profile=replace(advice().profile, budget_monthly_usd=15.0, budget_one_off_usd=None)
    )
    broke = replace(broke, break_even=None, no_break_even="")
    table = next(b for b in section_blocks("cost", Contents(broke)) if isinstance(b, Table))
    assert table.columns == ("Option", "USD a month", "of it people's hours", "USD once", "Over the budget a month")
    row = next(row for row in table.rows if "gpt-5-mini" in row[0])
    # 610 USD a month with 0.7 to 1.5 times; the fourth option is over in 60 + 3 × 2 = 66 of 100 futures
    assert row[1:] == ("610 (430–920)", "450 (220–900)", "600 (360–1,100)", "in 66\u00a0%")
    assert "Your budget: 15 USD a month." in table.note


def test_the_closest_option_of_a_method_is_the_one_least_over_its_limits() -> None:
    found = _nothing_fits()
    cheap = next(o for o in found.options if o.option.model == "openai/gpt-5-mini" and o.option.method == "few_shot")
    monthly = cheap.estimates["monthly_cost_usd"].scaled(100)
    estimates, less_often = (
        {**cheap.estimates, "monthly_cost_usd": monthly},
        (replace(cheap.blocked_by[0], share=0.55),),
    )
    named = replace(cheap.option, model="dear")
    dear = replace(cheap, option=named, estimates=estimates, blocked_by=less_often)
    both = replace(found, options=(dear, *found.options), profile=replace(found.profile, budget_monthly_usd=15.0))
    assert "dear" not in {o.option.model for o in blocked(both)}


def test_no_verdict_beside_a_high_chance_is_explained() -> None:
    said = replace(advice().recommendation, kind="cannot_tell", undecided="Why not.", chance_nothing_fits=0.36)
    verdict = section_blocks("verdict", Contents(replace(advice(), recommendation=said)))
    text = json.dumps(as_json(verdict), ensure_ascii=False)
    assert "Why not." in text
    assert "Where to start" in text
    assert "that the best way is training, among the 64\u00a0% of futures in which something fits" in text
    none = {**results(), "verdict": {"text": "No verdict yet: no tuned model has finished.", "winner": None}}
    pilot = json.dumps(as_json(section_blocks("comparison", Contents(advice_after(), EVIDENCE, none))))
    assert "Alone it compared nothing, so it has no verdict" in pilot

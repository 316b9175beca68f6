"""What a report says: all of it, with ranges, and 'not known' where nobody knows."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest

import advisor.report
from advisor.errors import ReportError
from advisor.report import SECTIONS, Contents, advice_report, as_json, pilot_report, section_blocks
from advisor.report.answers import WORDS
from advisor.report.citations import cite, sources
from advisor.report.firm_answer import firm_answer
from advisor.report.names import FAMILIES, FAMILY_OF, METHODS
from advisor.report.sections import glossary
from advisor.report.shortlist import blocked, shortlist
from advisor.vocabulary import Block, Chart, Family, Heading, MethodName, Stake, Table, TaskProfile
from tests.report.made_up import EVIDENCE, LATENCY_WHY, MOVED, advice, advice_after, options, record, results


def words(blocks: tuple[Block, ...]) -> str:
    return json.dumps(as_json(blocks), ensure_ascii=False)


def headings(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]


def full_report() -> tuple[Block, ...]:
    return advice_report(advice_after(), EVIDENCE, results(), advice(), MOVED)


def test_the_labels_that_go_wrong_stand_with_what_they_are_taken_for() -> None:
    table = next(b for b in section_blocks("errors_by_label", Contents(results=results())) if isinstance(b, Table))
    assert table.rows[0] == ("cancel order", "14", "3 of 13", "6 of 14", "–", "change order")
    assert table.rows[1][2:4] == ("0 of 6", "1 of 6")
    right = {**results(), "errors_by_label": [{"label": "a", "n_test": 3, "arms": [
        {"arm": "lora", "answered": 3, "wrong": 0, "taken_for": None}]}]}  # fmt: skip
    assert section_blocks("errors_by_label", Contents(results=right)) == ()


def test_each_file_of_the_folder_is_a_section() -> None:
    folder = Path(advisor.report.__file__).parent / "sections"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {function.__module__.rsplit(".", 1)[-1] for _, function in SECTIONS} == files


@pytest.mark.parametrize("name", [name for name, _ in SECTIONS if name != "glossary"])
def test_a_section_with_nothing_to_say_says_nothing(name: str) -> None:
    assert section_blocks(name, Contents()) == ()


def test_an_unknown_section_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ReportError, match="verdict"):
        section_blocks("verdikt", Contents())


def test_every_name_has_words() -> None:
    assert set(get_args(MethodName)) <= set(METHODS)
    assert set(get_args(MethodName)) == set(FAMILY_OF)
    assert set(get_args(Family)) == set(FAMILIES)
    assert set(WORDS) == {f.name for f in fields(TaskProfile)}


def test_a_manager_finds_everything_in_order() -> None:
    assert headings(full_report()) == [
        "The answer", "What to do next", "The options", "What it costs", "Why", "What would change the answer",
        "What the pilot found", "More examples", "Was the comparison real?", "Before and after the evidence",
        "Is another pilot worth it?", "What this rests on", "Sources", "Words used here",
    ]  # fmt: skip


def test_before_a_pilot_the_report_speaks_of_none() -> None:
    shown = headings(advice_report(advice()))
    assert "Is a pilot worth it?" in shown
    assert not {"What the pilot found", "More examples", "Before and after the evidence"} & set(shown)


def test_the_title_names_project_dates_and_basis() -> None:
    text = words(section_blocks("title", Contents(advice_after(), EVIDENCE, made="2026-10-06")))
    for part in ("Sort customer mail", "2026-10-06", "2026-10-02", "r-7f3a"):
        assert part in text


def test_figures_are_ranges_rounded_for_people() -> None:
    text = words(section_blocks("verdict", Contents(advice())))
    # 520 USD a month with 0.7 to 1.5 times: 364 to 780
    for part in ("57\u00a0%", "0.79–0.91", "USD 520", "360–780, a month", "11 days"):
        assert part in text


def test_unknown_is_written_with_its_reason_and_never_as_zero() -> None:
    blocks = section_blocks("options", Contents(advice()))
    table = next(block for block in blocks if isinstance(block, Table))
    row = next(row for row in table.rows if "gpt-5-mini" in row[0])
    assert row[table.columns.index("Slow answers (p95)")] == "not known"
    assert LATENCY_WHY in table.note


def test_the_table_holds_the_best_option_of_each_method_the_recommended_first() -> None:
    shown = shortlist(Contents(advice()))
    assert shown[0].option.method == "lora"
    assert len({option.option.method for option in shown}) == len(shown) == 6
    assert {option.option.family for option in shown} == {"tuning", "prompting", "classical"}
    assert all(option.feasible for option in shown)


def test_of_two_options_of_a_method_the_less_regretted_is_shown() -> None:
    first, *others = options()
    worse = replace(others[0], option=replace(others[0].option, model="worse"), regret=0.9)
    shown = shortlist(Contents(replace(advice(), options=(first, worse, *others))))
    models = [option.option.model for option in shown]
    assert "worse" not in models
    regrets = [option.regret for option in shown[1:]]
    assert regrets == sorted(regrets)


def test_reasons_and_flips_stand_in_order_of_weight() -> None:
    (reasons,) = (b for b in section_blocks("reasons", Contents(advice())) if isinstance(b, Table))
    given = sorted(advice().reasons[:4], key=lambda r: -r.weight)
    assert [row[0] for row in reasons.rows[:4]] == [reason.text for reason in given]
    assert reasons.rows[0][0].startswith("Your labels follow house rules")
    (flips,) = (b for b in section_blocks("flips", Contents(advice())) if isinstance(b, Table))
    assert [row[0] for row in flips.rows] == ["Requests a month", "Labelled examples", "Requirements change"]


def test_a_budget_typed_in_usd_is_not_headed_by_another_currency() -> None:
    profile = replace(advice().profile, currency="EUR", usd_per_currency_unit=1.3)
    flip = replace(advice().flips[0], trait="budget_monthly_usd")
    (table,) = (
        b for b in section_blocks("flips", Contents(advice(profile=profile, flips=(flip,)))) if isinstance(b, Table)
    )
    assert table.rows[0][0] == "Budget a month"


def test_blocked_methods_say_what_stands_in_their_way() -> None:
    assert [option.option.method for option in blocked(advice())] == ["pretraining", "full_fine_tuning"] or [
        option.option.method for option in blocked(advice())
    ] == ["full_fine_tuning", "pretraining"]
    text = words(section_blocks("options", Contents(advice())))
    assert "needs 14 million USD; the limit is 5,000 USD" in text
    assert "days to launch must be at most 30 days, missed in 71\u00a0% of the futures" in text


def test_no_option_at_all_is_still_a_report() -> None:
    nothing = replace(
        advice(),
        options=options()[-2:],
        recommendation=replace(advice().recommendation, kind="nothing_fits", option=None, then=()),
        break_even=None, flips=(), reasons=(), assumed=(),
    )  # fmt: skip
    text = words(advice_report(nothing))
    assert "No option stays within the limits" in text


def test_the_currency_and_its_rate_are_stated() -> None:
    profile = replace(advice().profile, currency="EUR", usd_per_currency_unit=1.3)
    blocks = advice_report(replace(advice(), profile=profile))
    # 520 USD / 1.3 = 400 EUR
    assert "EUR 400" in words(blocks)
    assert "1 EUR = 1.3 USD" in words(blocks)
    assert "EUR a month" in words(blocks)


def test_every_reason_says_how_sure_it_is_and_where_it_comes_from() -> None:
    contents = Contents(advice())
    (table,) = (block for block in section_blocks("reasons", contents) if isinstance(block, Table))
    assert len(table.rows) == len(advice().reasons)
    rests = " ".join(row[-1] for row in table.rows)
    for strength in ("measured over several tasks", "one study", "vendor guidance", "practitioners' opinion", "a fact"):
        assert strength in rests
    for reason in advice().reasons:
        number = int(cite(contents, reason.source).strip("[]"))
        assert sources(contents)[number - 1].startswith(reason.source), "with its address, where it has one"


def test_sources_joined_in_one_estimate_are_listed_apart() -> None:
    reason = replace(advice().reasons[0], source="First, 2024; Second, 2025")
    contents = Contents(replace(advice(), reasons=(reason,)))
    assert sources(contents)[:2] == ("First, 2024", "Second, 2025")
    assert cite(contents, reason.source) == "[1, 2]"


def test_the_primary_comparison_is_told_in_words() -> None:
    text = words(section_blocks("comparison", Contents(results=results())))
    assert "On the same 400 held-out rows they reached 0.84 and 0.72 macro F1, a difference of +0.12" in text
    assert "95 % interval +0.07 to +0.16; p < 0.001" in text


def test_an_arm_without_score_has_none() -> None:
    table = next(b for b in section_blocks("comparison", Contents(results=results())) if isinstance(b, Table))
    assert next(row for row in table.rows if row[0] == "QLoRA fine-tuning")[1] == "no score"


def test_the_score_that_chose_the_two_sides_stands_beside_the_test() -> None:
    def scores_of(document: dict[str, Any]) -> Table:
        blocks = section_blocks("comparison", Contents(results=document))
        return next(b for b in blocks if isinstance(b, Table) and b.title.startswith("Scores"))

    assert "On validation" not in scores_of(results()).columns  # a record of an earlier version
    arms = [{**arm, "validation_score": 0.806 if arm["arm"] == "lora" else None} for arm in results()["arms"]]
    table = scores_of({**results(), "arms": arms})
    assert table.columns[2] == "On validation"
    assert {row[0]: row[2] for row in table.rows}["LoRA fine-tuning"] == "0.81"
    assert {row[2] for row in table.rows} == {"0.81", "–"}
    assert "were chosen" in table.note


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        # 250 of 400 used; the data has them
        ({"test_rows_available": 1200}, "they are there: start a new pilot with more minutes"),
        # a fifth of 3,000 rows is 600: 900 test rows take 4,500 rows
        ({"test_rows_available": 600}, "about 4,500 labelled rows give a test of 900. Label 1,500 more"),
        ({"n_test": 1000}, "it is not rows that are missing"),
        ({"rows_labelled": 0}, "this pilot used 400."),
        ({"n_test": None}, "about 900 test rows would be needed."),
        (
            {"judged_by": "preference", "preference": {"judged": 30, "offered": 60, "winner": None}},
            "A firm answer needs about 900 pairs with a preference; 30 of 60 were judged.",
        ),
    ],
)
def test_a_firm_answer_says_how_to_get_it(changed: dict[str, Any], says: str) -> None:
    pair = {**results()["comparisons"][1], "low": -0.02}
    there = {"test_rows_available": 600, "rows_labelled": 3000, "n_test": 400}
    verdict = {**results()["verdict"], "rows_needed": 900}
    document = {**results(), "comparisons": [pair], "verdict": verdict, **there, **changed}
    assert says in firm_answer(document)
    assert firm_answer(document) in words(section_blocks("comparison", Contents(results=document)))
    assert firm_answer({**document, "judged_by": "metric", "comparisons": [{**pair, "low": 0.01}]}) == ""


def test_measured_stands_beside_estimated() -> None:
    (table,) = section_blocks("measured", Contents(results=results()))
    assert isinstance(table, Table)
    row = next(row for row in table.rows if row[0] == "LoRA fine-tuning")
    # 402 s = 6.7 min measured; 300 s (180 to 520) = 5.0 (3.0–8.7) min estimated; 1,480 MiB = 1.4 GiB
    assert row[1] == "6.7 min, est. 5.0 (3.0–8.7) min"
    # 402 s × 1.5 = 603 s = 10 min for all of it
    assert row[2] == "10 min, est. 5.0 (3.0–8.7) min"
    assert row[3] == "1.4 GiB, est. 1.3 GiB"
    assert next(row for row in table.rows if row[0] == "Prompting with examples")[1] == "–"


def test_the_curve_is_in_order_of_size_and_reaches_all_examples() -> None:
    text = words(section_blocks("curve", Contents(evidence=EVIDENCE, results=results())))
    assert "100, 300 and 800 training examples" in text
    assert "all 2,400 of the team's examples it is expected to reach 0.88 (0.84–0.91), 80 % range." in text
    assert "by the number of examples in the prompt, 4: 0.66, 8: 0.72." in text


def test_one_training_size_is_no_curve_and_every_range_says_its_level() -> None:
    whole = results()
    one = {**whole["learning_curve"], "points": [{"n": 800, "score": 0.837, "low": 0.8, "high": 0.874}]}
    blocks = section_blocks("curve", Contents(evidence=EVIDENCE, results={**whole, "learning_curve": one}))
    text = words(blocks)
    assert "No learning curve: one training size was measured." in text
    assert "800 training examples and reached 0.84 (0.80–0.87), 95 % interval." in text
    assert "0.88 (0.84–0.91), 80 % range; this is estimated from that one size." in text
    assert not any(isinstance(block, Chart) for block in blocks)
    drawn = next(b for b in section_blocks("curve", Contents(evidence=EVIDENCE, results=whole)) if isinstance(b, Chart))
    assert "with 95 % intervals; the hollow point is expected, not measured, with its 80 % range" in drawn.title
    assert "0.84 (0.80–0.87) with 800 (measured, 95 % interval)" in drawn.alt
    assert "(expected with all your examples, 80 % range)" in drawn.alt


def test_a_failed_guard_is_said_aloud_and_comes_first() -> None:
    broken = {**results(), "guards": [*results()["guards"], {"guard": "no_leak", "ok": False, "detail": "3 rows"}]}
    blocks = section_blocks("guards", Contents(results=broken))
    assert "Do not rely on this comparison" in words(blocks)
    table = next(block for block in blocks if isinstance(block, Table))
    assert table.rows[0] == ("No leak", "FAILED", "3 rows")


def test_an_unfinished_run_says_so() -> None:
    blocks = section_blocks("comparison", Contents(results={**results(), "state": "cancelled"}))
    assert "This run is cancelled" in words(blocks)


def test_before_and_after_stand_side_by_side() -> None:
    blocks = section_blocks("before_after", Contents(advice_after(), before=advice(), moved=MOVED))
    tables = [block for block in blocks if isinstance(block, Table)]
    assert ("Best choice is: training", "57\u00a0%", "71\u00a0%") in tables[0].rows
    assert tables[1].rows[0][:3] == ("Chance that a tuned model wins on quality", "78 %", "88 %")


def test_the_pilot_report_says_how_to_repeat_it() -> None:
    text = words(pilot_report(results(), record()))
    for part in (
        "Pilot on mail_2026.csv",
        "SmolLM2-135M-Instruct",
        "torch 2.13.0",
        "learning rate 0.0002",
        "full_fine_tuning",
    ):
        assert part in text


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"run": "x", "state": "done"},
        {
            "arms": [{}],
            "comparisons": [{}],
            "guards": [{}],
            "learning_curve": {"points": [{}]},
            "verdict": None,
            "shots_curve": {"points": [{}]},
        },
        {"arms": [{"arm": "lora", "score": "0.9", "latency_ms": 3, "n_test": True, "estimated": [1]}]},
        {"arms": [{"arm": "lora", "score": float("nan"), "low": 1e400}], "verdict": {"rows_needed": -3, "text": None}},
        {"arms": None, "comparisons": None, "learning_curve": None, "guards": None},
    ],
)
def test_half_a_results_document_is_read_as_far_as_it_goes(document: dict[str, Any]) -> None:
    json.dumps(as_json(pilot_report(document)), allow_nan=False)


def test_a_results_document_of_another_shape_is_refused() -> None:
    with pytest.raises(ReportError, match="'arms' should be a list"):
        pilot_report({"run": "x", "arms": "lora"})


@pytest.mark.parametrize("blocks", [pilot_report(results(), record()), full_report(), advice_report(advice())])
def test_a_glossary_explains_only_words_of_its_report(blocks: tuple[Any, ...]) -> None:
    assert blocks[-2].text == "Words used here"
    said = words(blocks[:-2]).casefold().replace("-", " ")
    for term, _ in blocks[-1].rows:
        first = term.split(" (")[0].split(",")[0].casefold().replace("-", " ")
        assert any(first.removesuffix(end) in said for end in ("ing", " rows", "s")), term


def test_the_pilots_report_does_not_speak_of_breaking_even() -> None:
    terms = {row[0] for row in pilot_report(results(), record())[-1].rows}
    assert "Break-even" not in terms
    assert {"Prompting", "95 % interval", "80 % range", "Held-out rows"} <= terms
    chart = Chart("Scores", {"mark": "break-even"}, "a chart of scores over sizes")
    assert glossary.used_in((chart,)) == ()


def test_json_holds_every_block_with_its_kind() -> None:
    document = as_json(full_report())
    assert {block["block"] for block in document} == {
        "heading", "text", "notice", "bullets", "figures", "table", "chart",
    }  # fmt: skip
    assert json.loads(json.dumps(document, allow_nan=False))[0]["text"].startswith("Fine-tune or prompt?")


def test_every_table_is_rectangular_and_every_chart_can_be_read_aloud() -> None:
    for block in (*full_report(), *pilot_report(results(), record())):
        if isinstance(block, Table):
            assert all(len(row) == len(block.columns) for row in block.rows), block.title
        if isinstance(block, Chart):
            assert len(block.alt) > 40


def test_a_semicolon_inside_brackets_parts_no_source() -> None:
    from advisor.vocabulary.saying import parts

    assert parts("one (a; b), 2024; two; three;") == ["one (a; b), 2024", "two", "three;".rstrip(";")]


def test_why_no_volume_is_named_stands_above_the_costs() -> None:
    why = "At every volume considered training is the cheaper way, building included."
    found = words(section_blocks("cost", Contents(advice(break_even=None, no_break_even=why))))
    assert why in found
    assert "never" not in found


def test_keeping_the_limits_is_shown_before_points_and_money() -> None:
    stake = Stake(0.0, None, 76.0, 8.0, ("lora",), None, 256, 200, (), more_often_within_limits=0.12)
    before = advice()
    told = words(section_blocks("pilot_worth", Contents(replace(before, pilot=replace(before.pilot, stake=stake)))))
    assert "12\u00a0% more" in told
    assert "points of score" not in told
    more = replace(stake, score_points=2.0, usd_per_month=40.0, more_often_within_limits=0.0)
    told = words(section_blocks("pilot_worth", Contents(replace(before, pilot=replace(before.pilot, stake=more)))))
    assert "2.0 points of score" in told or "2 points of score" in told
    assert "within your limits" not in told

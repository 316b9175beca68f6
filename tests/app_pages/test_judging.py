"""Preference and house style on the pages: blind until done, kept at once, and then the verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from advisor.vocabulary import ArmPlan, PilotRecord
from experiments.pilot.records import take_in
from experiments.pilot.results import results
from tests.app_pages.asking import fine, said
from tests.experiments import made
from workspace import Project, Run, Store

OpenPage = Callable[..., AppTest]
WAYS = ("LoRA", "Prompting with examples", "lora", "few_shot")


def written() -> PilotRecord:
    """LoRA writes `no`, few-shot `yes`; the person shall prefer what says `no`."""
    found = made.record({("lora", 256, 1): set(range(26, 60)), ("few_shot", 256, 1): made.first(50)}, metric="chrf")
    plan = replace(found.plan, task_type="generation", labels=(), judged_by="preference")
    plan = replace(plan, arms=tuple(ArmPlan(a.arm, a.method, a.model, a.settings) for a in plan.arms))
    found = replace(found, plan=plan)
    return replace(found, results=results(found))


@pytest.fixture
def run(kept: Store, project: Project) -> Run:
    return take_in(kept, project.id, written())


def answers(app: AppTest) -> list[str]:
    return [code.value for code in app.code[1:3]]


def test_pairs_are_judged_blind_and_then_decide(open_page: OpenPage, kept: Store, project: Project, run: Run) -> None:
    app = open_page("results", project.id)
    assert "preference decides" in said(app)
    assert not [table for table in app.dataframe if "Right answer" in table.value.columns]
    fine(app.button(key="judge_start").click().run())
    for number in range(26):
        assert sorted(answers(app)) == ["no", "yes"]
        assert not [way for way in WAYS if way in said(app)]
        assert [b for b in app.button if b.key == "judge_reveal"] or number < 20
        side = "left" if answers(app)[0] == "no" else "right"
        fine(app.button(key=f"judge_{side}").click().run())
        assert len(kept.events.all(run.id, kind="preferred")) == number + 1
    fine(app.button(key="judge_reveal").click().run())
    text = said(app)
    assert "in 26 of 26 pairs" in text
    assert "without knowing whose" in text
    assert {metric.value for metric in app.metric} >= {"26", "0"}
    assert not [b for b in app.button if str(b.key).startswith("judge_")]


def test_a_stopped_judging_goes_on_where_it_was(open_page: OpenPage, kept: Store, project: Project, run: Run) -> None:
    app = open_page("results", project.id)
    fine(app.button(key="judge_start").click().run())
    fine(app.button(key="judge_neither").click().run())
    fine(app.button(key="judge_stop").click().run())
    again = open_page("results", project.id)
    assert "1 is judged" in said(again)
    fine(again.button(key="judge_start").click().run())
    assert "1 of 26 judged" in str(again.get("progress")[0].proto)


@pytest.mark.slow
def test_the_checks_of_a_house_reach_the_plan(open_page: OpenPage, kept: Store, project: Project) -> None:
    rows = [
        {"mail": f"where is parcel {n} of {n * 7}", "reply": f"Dear customer, parcel {n} is near you."}
        for n in range(120)
    ]
    kept.datasets.save(
        project.id, "mails.jsonl", "\n".join(json.dumps(row) for row in rows).encode(),
        mapping={"inputs": ["mail"], "output": "reply", "task_type": "generation"},
    )  # fmt: skip
    app = open_page("pilot", project.id)
    app.session_state["pilot_arms"] = ["classical"]
    app.session_state["pilot_metric"] = "format_checks"
    fine(app.run())
    assert "nothing to check" in said(app)
    app.session_state["check_words_high"] = 9
    app.session_state["check_required"] = "Dear\nparcel"
    fine(app.run())
    planned, _ = app.session_state["planned"]
    assert planned.metric_settings == {"words": {"at_most": 9}, "required": ["Dear", "parcel"]}
    assert planned.instruction.endswith("Use at most 9 words. The answer must contain: Dear; parcel.")

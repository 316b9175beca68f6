"""Situations and the advice they must get: tests/cases/*.yaml, one sentence, the answers, what is expected and why.

`expect` holds `kind` (acceptable kinds), and perhaps `family`, `method` (acceptable ones of the option named),
`reasons` (rules that must speak), `tuning_wins` (a range of the chance), `step` (words in a next step),
`contradiction` (answers that must be named as contradicting each other), `source` (why this is right).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from advisor.advise import DRAWS, SEED, advise, asked_for
from advisor.again import basis_of
from advisor.catalog import facts
from advisor.decision.chances import chance_tuning_wins
from advisor.decision.next_measurement import next_measurement
from advisor.decision.pilot_step import with_pilot
from advisor.decision.verdict import recommend
from advisor.estimators.chance import Chance
from advisor.questionnaire import profile_from_yaml
from advisor.questionnaire.reading import WordsLoader
from advisor.study import Study, study
from advisor.vocabulary import Advice, Kind, Recommendation, TaskProfile

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def situation(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=WordsLoader)
    return read


# the whole advice, flips and all, takes seconds: these cover every kind of verdict and every kind of answer
IN_FULL = (
    *("contract_extraction", "everything_unanswered", "facts_and_form", "extraction_at_five_million", "no_test_set"),
    *("hosted_named_but_private", "phone_yet_hosted_only", "nothing_fits_the_budget", "multilingual_moderation"),
    *("policy_desk_citations", "seed_tune_latency", "seed_prompt_rapid_prototype", "support_triage_house_queues"),
    *("financial_figures", "score_without_test_set", "do_not_train_target_met"),
)


def profile_of(name: str) -> TaskProfile:
    return profile_from_yaml(yaml.dump(situation(name)["answers"], sort_keys=False))


@cache
def advice_for(name: str) -> Advice:
    return advise(profile_of(name), facts())


@cache
def verdict_on(name: str) -> tuple[Study, Recommendation]:
    """The verdict alone: the first half of `advise`, with the same draws."""
    profile = profile_of(name)
    found = study(profile, facts(), None, Chance(SEED, DRAWS))
    following = next_measurement(found.outcome, found.profile, found.draws, found.measured)
    return found, recommend(found.outcome, basis_of(found, following))


@pytest.mark.parametrize("name", IN_FULL)
def test_the_verdict_alone_is_that_of_the_whole_advice(name: str) -> None:
    whole = advice_for(name)
    found, said = verdict_on(name)
    # the whole advice knows besides whether a measurement could change the verdict, and what a pilot is worth
    steps = recommend(found.outcome, basis_of(found, whole.next_measurement)).then
    assert with_pilot(replace(said, then=steps), whole.pilot) == whole.recommendation


def test_a_measurement_that_changes_nothing_is_no_next_step() -> None:
    whole = [advice_for(name) for name in IN_FULL]
    idle = [
        a
        for a in whole
        if a.next_measurement and "so measuring it first would decide nothing" in a.next_measurement.sentence
    ]
    assert idle
    for advice in idle:
        assert not any("enter the score" in step for step in advice.recommendation.then)
        assert "prompted_score" in {unmoved.trait for unmoved in advice.matters_not}


def test_there_are_situations() -> None:
    assert len(CASES) >= 60


def test_every_kind_of_verdict_is_demanded_by_a_situation() -> None:
    demanded = [situation(name)["expect"]["kind"] for name in CASES]
    for kind in get_args(Kind):
        assert [kind] in demanded, kind


def test_the_usual_advice_is_there_line_by_line() -> None:
    # when to fine-tune: domain knowledge, consistent format or style, large volume, latency with a smaller model,
    # specialised behaviour; when to prompt: general tasks, few examples, rapid prototyping, no training
    # infrastructure, well specified in instructions
    tune = ("domain_knowledge", "consistent_format", "consistent_style", "large_volume", "latency")
    prompt = ("general_task", "few_examples", "rapid_prototype", "no_training_infrastructure", "well_specified")
    assert {*(f"seed_tune_{x}" for x in (*tune, "specialised_behaviour")), *(f"seed_prompt_{x}" for x in prompt)} <= {
        *CASES
    }
    for name in CASES:
        if name.startswith("seed_"):
            families = {"tuning", "classical"} if name.startswith("seed_tune") else {"prompting"}
            assert set(situation(name)["expect"]["family"]) <= families, name


@pytest.mark.parametrize("name", CASES)
def test_a_situation_gets_the_advice_it_must(name: str) -> None:
    expect = situation(name)["expect"]
    found, said = verdict_on(name)
    outcome = found.outcome
    context = f"{situation(name)['sentence']} → {said.kind}: {said.sentence} {outcome.chance_by('family')}"
    assert said.kind in expect["kind"], context
    if "method" in expect:
        assert said.method in expect["method"], context
    if "family" in expect:
        family = next(c.family for c in outcome.candidates if c.id == said.option)
        assert family in expect["family"], context
    if "tuning_wins" in expect:
        low, high = expect["tuning_wins"]
        assert low <= chance_tuning_wins(outcome) <= high, context
    if "step" in expect:
        assert any(expect["step"] in step for step in said.then), said.then
    if "contradiction" in expect:
        named = [set(c.between) for c in basis_of(found).contradictions]
        assert any(set(expect["contradiction"]) <= between for between in named), context
    missing = set(expect["reasons"]) - {reason.rule for reason in found.reasons}
    assert not missing, (missing, context)
    assert expect["source"]


@pytest.mark.parametrize("name", CASES)
def test_every_verdict_can_be_read_aloud(name: str) -> None:
    _, said = verdict_on(name)
    assert said.sentence.endswith(".")
    assert 40 <= len(said.sentence) <= 420, said.sentence
    assert 1 <= len(said.then) <= 4
    for jargon in ("logit", "utility", "regret", "posterior", "nan", "None"):
        assert jargon not in said.sentence, said.sentence


@pytest.mark.parametrize("name", IN_FULL)
def test_every_advice_adds_up(name: str) -> None:
    advice = advice_for(name)
    fits = any(option.chance_best > 0 for option in advice.options)
    assert sum(option.chance_best for option in advice.options) == pytest.approx(1.0 if fits else 0.0)
    assert all(0 <= option.regret <= 1 for option in advice.options)
    if advice.recommendation.option:
        chosen = next(o for o in advice.options if o.option.id == advice.recommendation.option)
        assert chosen.feasible


@pytest.mark.parametrize("name", IN_FULL)
def test_every_answer_flips_or_is_said_not_to_matter(name: str) -> None:
    advice, answered = advice_for(name), set(situation(name)["answers"]) - {"name", "description"}
    flips, unmoved = {f.trait for f in advice.flips}, {u.trait for u in advice.matters_not}
    asked = asked_for(advice.next_measurement, advice.recommendation)
    assert answered <= flips | unmoved | asked, "what a next step asks for may be said in neither list"
    assert not flips & unmoved
    assert [f.distance for f in advice.flips] == sorted(f.distance for f in advice.flips)
    assert all(f.before != f.after and f.then and not f.then.startswith("option") for f in advice.flips)
    assert all(u.tried for u in advice.matters_not)


@pytest.mark.parametrize("name", IN_FULL)
def test_every_verdict_is_explained_and_every_weighty_rule_says_what_it_did(name: str) -> None:
    advice = advice_for(name)
    explained = advice.explanation
    assert explained is not None
    assert explained.product_manager == advice.recommendation.sentence
    assert len(explained.engineer) == 3 or not advice.options
    for reason in advice.reasons:
        assert reason.did is not None or not reason.weight, reason.rule
    for said in (*explained.engineer, *(r.did.text for r in advice.reasons if r.did), advice.pilot.why):
        assert said[0].isupper()
        assert said.endswith("."), said
        assert "nan" not in said.split(), said

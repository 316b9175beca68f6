"""Situations and the advice they must get: tests/cases/*.yaml, one sentence, the answers, what is expected and why.

`expect` holds `kind` (acceptable kinds), and perhaps `family`, `method` (acceptable ones of the option named),
`reasons` (rules that must speak), `tuning_wins` (a range of the chance), `step` (words in a next step), `source`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.advise import advise
from advisor.catalog import facts
from advisor.questionnaire import profile_from_yaml
from advisor.questionnaire.reading import WordsLoader
from advisor.vocabulary import Advice

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def situation(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=WordsLoader)
    return read


@cache
def advice_for(name: str) -> Advice:
    text = yaml.dump(situation(name)["answers"], sort_keys=False)
    return advise(profile_from_yaml(text), facts())


def test_there_are_situations() -> None:
    assert len(CASES) >= 15


@pytest.mark.parametrize("name", CASES)
def test_a_situation_gets_the_advice_it_must(name: str) -> None:
    expect, advice = situation(name)["expect"], advice_for(name)
    said = advice.recommendation
    context = f"{situation(name)['sentence']} → {said.kind}: {said.sentence} {advice.chance_best_by_family}"
    assert said.kind in expect["kind"], context
    if "method" in expect:
        assert said.method in expect["method"], context
    if "family" in expect:
        family = next(o.option.family for o in advice.options if o.option.id == said.option)
        assert family in expect["family"], context
    if "tuning_wins" in expect:
        low, high = expect["tuning_wins"]
        assert low <= advice.chance_tuning_wins <= high, context
    if "step" in expect:
        assert any(expect["step"] in step for step in said.then), said.then
    missing = set(expect["reasons"]) - {reason.rule for reason in advice.reasons}
    assert not missing, context
    assert expect["source"]


@pytest.mark.parametrize("name", CASES)
def test_every_verdict_can_be_read_aloud(name: str) -> None:
    said = advice_for(name).recommendation
    assert said.sentence.endswith(".")
    assert 40 <= len(said.sentence) <= 420, said.sentence
    assert 1 <= len(said.then) <= 4
    for jargon in ("logit", "utility", "regret", "posterior", "nan", "None"):
        assert jargon not in said.sentence, said.sentence


@pytest.mark.parametrize("name", CASES)
def test_every_advice_adds_up(name: str) -> None:
    advice = advice_for(name)
    fits = any(option.chance_best > 0 for option in advice.options)
    assert sum(option.chance_best for option in advice.options) == pytest.approx(1.0 if fits else 0.0)
    assert all(0 <= option.regret <= 1 for option in advice.options)
    if advice.recommendation.option:
        chosen = next(o for o in advice.options if o.option.id == advice.recommendation.option)
        assert chosen.feasible

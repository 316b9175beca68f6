"""Settings that a person changes: every one can be, none beyond what it can bear, and all of them reach the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.errors import PlanError, TuneOrPromptError, UnknownName
from experiments.arms import ARMS, card
from experiments.pilot.planning import plan
from experiments.pilot.settings import ALLOWED, assigned, changeable, shown, value_of
from tests.experiments.test_planning import HERE, USUAL, dataset, split

EVERY = [(arm.arm, name) for arm in ARMS for name in changeable(arm)]


@pytest.mark.parametrize(("arm", "name"), EVERY)
def test_every_setting_is_known_and_its_default_is_allowed(arm: str, name: str) -> None:
    default = card(arm).settings[name]
    made = value_of(card(arm), name, shown(default))
    assert made == default
    assert ALLOWED[name].about


@pytest.mark.parametrize(
    ("text", "arm", "name", "value"),
    [
        ("lora.epochs=5", "lora", "epochs", 5),
        ("lora.epochs = 0.5", "lora", "epochs", 0.5),
        ("lora.learning_rate=2e-4", "lora", "learning_rate", 2e-4),
        ("lora.target_modules=q_proj, v_proj", "lora", "target_modules", ["q_proj", "v_proj"]),
        ("lora.gradient_checkpointing=yes", "lora", "gradient_checkpointing", True),
        ("few_shot.calibration=none", "few_shot", "calibration", "none"),
        ("classical:neighbours.neighbours=3", "classical:neighbours", "neighbours", 3),
    ],
)
def test_a_setting_as_a_person_writes_it(text: str, arm: str, name: str, value: Any) -> None:
    assert assigned([text], ARMS) == {arm: {name: value}}


def test_usual_leaves_it_as_it_is() -> None:
    assert assigned(["lora.epochs=usual", "zero_shot.max_new_tokens="], ARMS) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lora.epochs=many", "a number from 0.01 to 100"),
        ("lora.epochs=-1", "a number from 0.01 to 100"),
        ("lora.epochs=nan", "a number from 0.01 to 100"),
        ("lora.rank=1.5", "a whole number from 1 to 1024"),
        ("lora.gradient_checkpointing=maybe", "yes or no"),
        ("few_shot.calibration=mine", "batch, none"),
        ("lora.epoch=3", "Did you mean epochs"),
        ("few_shot:api.base_url=http://x", "It has: "),
        ("lora=3", "ARM.SETTING=VALUE"),
        ("lora.epochs", "ARM.SETTING=VALUE"),
    ],
)
def test_what_cannot_be_says_what_can(text: str, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        assigned([text], ARMS)
    assert said in f"{caught.value.what} {caught.value.mend}"
    with pytest.raises(UnknownName, match="lora"):
        assigned(["loora.epochs=3"], ARMS)


def test_changed_settings_are_in_the_plan_and_cost_their_time() -> None:
    usual, longer = (
        plan(dataset(), split(), replace(USUAL, size=64, minutes=60, settings=settings), HERE)
        for settings in ({}, assigned(["lora.epochs=6"], ARMS))
    )
    assert next(a for a in longer.arms if a.arm == "lora").settings["epochs"] == 6
    one, other = (next(c for c in p.cells if c.arm == "lora").train_seconds for p in (usual, longer))
    assert other == pytest.approx(2 * one, rel=0.01)


def test_settings_of_a_way_that_is_not_tried_are_refused() -> None:
    with pytest.raises(TuneOrPromptError, match="no part in this pilot"):
        plan(dataset(), split(), replace(USUAL, arms=("lora",), settings={"few_shot": {"shots": 4}}), HERE)

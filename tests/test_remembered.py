"""Deciding again in the same world computes no prediction twice, and in another world none of the old ones is used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.catalog import facts
from advisor.decision import build
from advisor.decision.build import Remembered
from advisor.estimators.chance import Chance
from advisor.options import plans
from advisor.questionnaire import task_draws
from advisor.vocabulary import TaskProfile

ANSWERS = TaskProfile(task_type="classification", n_classes=5, labelled_examples=500)


def test_a_world_is_predicted_once_and_another_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    predict = build.predict
    monkeypatch.setattr(build, "predict", lambda plan, draws: asked.append(plan.option.id) or predict(plan, draws))
    found = plans(ANSWERS, facts())[:6]
    draws = task_draws(ANSWERS, Chance(1, 100).rng("answers"), 100)
    remembered = Remembered()
    first = remembered.predictions(found, draws)
    again = remembered.predictions(found, task_draws(ANSWERS, Chance(1, 100).rng("answers"), 100))
    assert len(asked) == len(found)
    assert all(a is b for a, b in zip(first, again, strict=True))
    more = replace(draws, requests_per_month=draws.requests_per_month * 2)
    other = remembered.predictions(found, more)
    assert len(asked) == 2 * len(found)
    for plan, one in zip(found, other, strict=True):
        for key, values in predict(plan, more).items():
            assert np.array_equal(one[key], values, equal_nan=True), key

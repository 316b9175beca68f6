"""The words of the decision: flips, chances, amounts, places, contradictions."""

from __future__ import annotations

import pytest

from advisor.decision.contradictions import contradiction
from advisor.decision.flips import Axis, Trial, Verdict, ladder, search
from advisor.decision.words import amount, percent, place_words
from advisor.vocabulary import TaskProfile


def test_flips_find_the_nearest_change_in_the_questions_unit() -> None:
    axis = Axis("requests_per_month", "", "requests a month", 10_000.0, ladder(10_000, 0, 1e12), number=True)
    other = Axis("data_may_leave", "", "", "yes", (Trial("no", 0.5),))

    def decide_again(key: str, value: object) -> Verdict:
        if key == "requests_per_month":
            return Verdict(("tuning",), "LoRA") if float(str(value)) > 210_000 else Verdict(("prompting",), "prompt")
        return Verdict(("prompting",), "prompt")

    flips = search(Verdict(("prompting",), "prompt"), (axis, other), decide_again)
    assert [f.trait for f in flips] == ["requests_per_month"]
    assert flips[0].before == "10,000 requests a month"
    assert 200_000 < float(flips[0].after.split()[0].replace(",", "")) <= 270_000
    assert flips[0].then == "LoRA"


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "under 1 %"), (0.004, "under 1 %"), (0.783, "78 %"), (0.996, "over 99 %")]
)
def test_chances_have_two_digits(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.04567, "0.046"), (9.96, "10"), (123_456, "120,000"), (0.5, "0.5")]
)
def test_amounts_have_two_digits(value: float, words: str) -> None:
    assert amount(value) == words


def test_places_in_words() -> None:
    assert place_words("rented:L4×1") == "on a rented L4"
    assert place_words("own:A100-80GB×2") == "on your own 2 A100-80GB"
    assert place_words("api:openai") == "through openai"


def test_contradictions_are_named_with_the_way_out() -> None:
    stays = TaskProfile(data_may_leave="no", hosted_models=("openai/gpt-6-luna",), open_models=())
    assert "allow open models" in contradiction(stays)
    assert contradiction(TaskProfile()) == ""

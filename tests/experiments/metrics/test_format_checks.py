"""House style, check by check."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.errors import PlanError
from experiments.metrics import metric
from experiments.metrics.format_checks import checks, in_words

STYLE: dict[str, Any] = {
    "words": {"at_least": 3, "at_most": 8},
    "characters": {"at_most": 60},
    "required": ["kind regards", "ref:"],
    "forbidden": ["cheap", "as an AI"],
    "pattern": r"^Dear \w+",
}


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ("Dear Ann, paid. Ref: 7. Kind regards", set()),
        ("Dear Ann, Ref: 7. KIND REGARDS", set()),
        ("Dear Ann", {"words", "has 'kind regards'", "has 'ref:'"}),
        ("Hello Ann, ref: 7. Kind regards", {"pattern"}),
        ("Dear Ann, cheap. Ref: 7. Kind regards", {"forbidden words"}),
        ("Dear Ann, cheaper. Ref: 7. Kind regards", set()),  # a word is a whole word
        ("Dear Ann, one two three four five six seven. Ref: 7. Kind regards", {"words", "characters"}),
        ("", {"words", "has 'kind regards'", "has 'ref:'", "pattern"}),
    ],
)
def test_every_check_is_a_share_of_the_score(answer: str, failed: set[str]) -> None:
    passed = checks(STYLE).passed(answer)
    assert len(passed) == 6  # words, characters, two required parts, forbidden words, pattern
    assert {name for name, ok in passed.items() if not ok} == failed
    assert metric("format_checks", STYLE).row(answer, ("whatever",)) == pytest.approx((6 - len(failed)) / 6)


def test_what_is_checked_is_told_in_words() -> None:
    assert in_words(checks(STYLE)) == (
        "Use 3 to 8 words and at most 60 characters. The answer must contain: kind regards; ref:. "
        "Never write: cheap; as an AI. The answer must match the regular expression ^Dear \\w+"
    )


def test_scripts_without_spaces_are_counted_and_searched_by_characters() -> None:
    made = checks({"words": {"at_most": 4}, "forbidden": ["便宜"]})
    assert made.passed("很好的货") == {"words": True, "forbidden words": True}
    assert made.passed("很便宜的货") == {"words": False, "forbidden words": False}


def test_guessing_reaches_nothing_and_the_number_is_the_mean() -> None:
    made = metric("format_checks", {"required": ["a", "b"]})
    assert made.floor(["a b", "a b"]) == 0.0
    # 1, ½ and 0 of the checks
    assert made.score([("ab", ("",)), ("a", ("",)), ("x", ("",))]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "nothing to check"),
        ({"words": None}, "nothing to check"),
        ([], "no list of settings"),
        ({"length": {"at_most": 3}}, "Unknown check 'length'"),
        ({"words": 5}, "at_least: 5"),
        ({"words": {"at_least": 9, "at_most": 3}}, "Swap"),
        ({"words": {"at_least": -1}}, "bound -1"),
        ({"words": {"at_least": True}}, "bound True"),
        ({"required": [""]}, "required"),
        ({"required": [3]}, "required"),
        ({"pattern": "("}, "no regular expression"),
        ({"pattern": "a" * 501}, "too long"),
    ],
)
def test_checks_that_cannot_be_are_named(wrong: Any, says: str) -> None:
    with pytest.raises(PlanError, match=says):
        checks(wrong)


def test_the_metric_without_checks_says_how_to_give_them() -> None:
    with pytest.raises(PlanError, match="--format-checks FILE"):
        metric("format_checks")

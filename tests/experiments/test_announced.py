"""What is said before a pilot starts, and that counted words are right for one as for many."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.vocabulary import ArmPlan, Cell, PilotPlan
from experiments.dataset.wording import many
from experiments.pilot.announced import announced, examples_shown, rows_learnt
from tests.experiments import tiny

ROOT = Path(__file__).resolve().parents[2]
COUNTED = ("rows", "parts", "minutes", "pairs", "labels", "examples", "calls", "files", "seeds", "ways", "sheets",
           "columns", "answers", "training rows", "test rows", "answered rows", "more minutes", "pilots")  # fmt: skip
SAID = ("experiments/commands", "experiments/pilot", "experiments/runners", "app_pages")
# their counts are a training size, never one
ELSEWHERE = ("cells.py", "seconds.py")
DECIMALS = (".1f", ".2f")


def of(arms: dict[str, dict[str, object]], size: int = 12, minutes: float = 4.0) -> PilotPlan:
    plans = tuple(ArmPlan(arm, arm.partition(":")[0], "starter", settings) for arm, settings in arms.items())
    cells = tuple(Cell(arm, size, 1, 72.0) for arm in arms)
    return replace(tiny.plan(cells, minutes=minutes), arms=plans, rows_available=12770)


@pytest.mark.parametrize(
    ("arms", "says"),
    [
        ({"lora": {}, "few_shot": {"shots": 8}}, "; 12 of 12,770 rows to learn from, 14 test rows; 2 parts, about 2.4"),
        ({"zero_shot": {}, "few_shot": {"shots": 8}}, "; nothing is trained, at most 8 examples in the prompt,"),
        (
            {"few_shot:api": {"shots": 1}},
            "; nothing is trained, at most 1 example in the prompt, 14 test rows; 1 part,",
        ),
        ({"zero_shot": {}}, "; nothing is trained, and no example is shown,"),
        # it looks its examples up among all rows it is given
        ({"retrieved_few_shot": {"shots": 8}}, "; 12 of 12,770 rows to learn from"),
    ],
)
def test_what_the_arms_can_use_is_said(arms: dict[str, dict[str, object]], says: str) -> None:
    assert says in announced(of(arms))[0]


def test_the_examples_shown_are_those_the_arm_would_choose() -> None:
    # a label each, eight at least
    assert examples_shown(of({"few_shot": {"shots": None}})) == 8
    assert examples_shown(of({"few_shot": {"shots": 16}})) == 12
    assert rows_learnt(of({"few_shot": {}, "given": {}})) == 0


def test_the_planned_time_says_what_is_kept_in_reserve() -> None:
    assert "1 part, about 72 s of 4 minutes given (10 % are kept in reserve) on cpu" in announced(of({"lora": {}}))[0]
    assert "about 72 s of 1.25 minutes given on cpu" in announced(of({"lora": {}}, minutes=1.25))[0]
    assert "about 72 s of work for 1 minute given on cpu" in announced(of({"lora": {}}, minutes=1.0))[0]
    assert "given" not in announced(of({"lora": {}}, minutes=0.0))[0]


def test_where_not_all_fits_the_minutes_that_would_do_are_said() -> None:
    plan = replace(of({"lora": {}, "few_shot": {}}, minutes=2.0), late="LoRA")
    assert "May be left out: LoRA. Give --minutes 3 for all." in announced(plan)  # 144 s are 90 % of 160


def test_one_is_one_and_decimals_stay() -> None:
    assert [many(n, "row") for n in (0, 1, 1.0, 2.5, 10.0, 1234)] == [
        "0 rows", "1 row", "1 row", "2.5 rows", "10 rows", "1,234 rows",
    ]  # fmt: skip


def counted_by_hand(path: Path) -> Iterator[str]:
    """F-strings in which a number that may be one stands before a plural, or that add an s themselves."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, [*node.values[1:], None], strict=True):
            if not isinstance(value, ast.FormattedValue):
                continue
            shown = ast.unparse(value.value)
            spec = ast.unparse(value.format_spec) if value.format_spec else ""
            fixed = shown.split(" ")[0].isupper() or any(decimal in spec for decimal in DECIMALS)
            said = str(after.value) if isinstance(after, ast.Constant) else ""
            words = said.removeprefix(" ") if said.startswith(" ") else ""
            if not fixed and any(words == word or words.startswith((f"{word} ", f"{word},", f"{word}.", f"{word};"))
                                 for word in COUNTED):  # fmt: skip
                yield f"{path.name}:{node.lineno} {{{shown}}}{said[:20]}"
            if "'s' *" in shown or said.startswith("(s)"):
                yield f"{path.name}:{node.lineno} {shown}{said[:20]}"


def test_every_counted_word_is_right_for_one() -> None:
    files = [path for folder in SAID for path in (ROOT / folder).rglob("*.py")] + [ROOT / "experiments" / "guards.py"]
    looked_at = sorted(path for path in files if path.name not in ELSEWHERE)
    assert [found for path in looked_at for found in counted_by_hand(path)] == []

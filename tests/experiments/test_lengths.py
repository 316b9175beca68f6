"""Tokens of a plan's rows: everything a prompt shows is counted, and it decides what a plan takes."""

from dataclasses import replace

import pytest

from advisor.vocabulary import Dataset, Example, Message
from experiments.pilot.lengths import TURN_TOKENS, row_tokens
from experiments.pilot.planning import plan
from tests.experiments.test_planning import HERE, USUAL, dataset, split

TOLD = "Say who comes, and when."


def words(texts: object) -> list[float]:
    return [float(len(text.split())) for text in texts]  # type: ignore[attr-defined]


def written(*examples: Example, n: int = 1) -> Dataset:
    return replace(dataset(n, "generation"), examples=examples)


def test_every_part_by_hand() -> None:
    turns = (Message("user", "a table please"), Message("assistant", "for when"))
    one = Example(0, 1, "at six", "today at six", instruction=f"{TOLD} The agent asked: when.", turns=turns)
    two = Example(1, 2, "for two people", "two", instruction=f"{TOLD} The agent asked: who.")
    found = row_tokens(written(one, two), "", (0, 1), words)
    assert found.instruction == 8.0, "both rows share the sentence and what was asked begins alike"
    # hints "when." and "who." (1 word each): 3 + 2 + 1 + 2 and 1 + 3 words, and two earlier turns in one of two rows
    assert found.input == pytest.approx((8 + 4) / 2 + TURN_TOKENS * 2 / 2)
    assert (found.output, found.longest_output) == (2.0, 3.0)


def test_a_label_is_learned_without_a_drafted_instruction() -> None:
    assert row_tokens(dataset(60), "", range(60), words).instruction == len(
        ["Answer", "with", "the", "label", "alone."]
    )
    assert row_tokens(dataset(60), "Buy or sell?", range(60), words).instruction == 8.0


def test_rows_that_bring_long_instructions_are_planned_longer() -> None:
    plain = replace(dataset(task_type="generation"), instruction="")
    long = tuple(replace(e, instruction=f"{'be brief ' * 60}{e.row}") for e in plain.examples)
    told = replace(plain, examples=long)
    short, longer = (
        next(c for c in plan(d, split(), replace(USUAL, size=64, minutes=60), HERE).cells if c.arm == "lora")
        for d in (plain, told)
    )
    assert longer.train_seconds > 2 * short.train_seconds

"""The laws of the split: nothing that belongs together is parted, labels are spread, the same in gives the same out."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from advisor.errors import DataError
from advisor.vocabulary import Columns, Dataset, Example, Split
from experiments.dataset import power
from experiments.split import difference_for_rows, rows_for_difference, split


def data_set(examples: list[Example], task: str = "classification", **more: object) -> Dataset:
    columns = Columns(("text",), "label", group="group" if any(e.group for e in examples) else None)
    columns = dataclasses.replace(columns, time="time" if any(e.time for e in examples) else None)
    plain = Dataset(
        "set", "0", "1", "CSV", "utf-8", ("text", "label"), columns, task, "", (), tuple(examples), (), (), 1.0, 1.0
    )
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


def example(row: int, text: str, label: str = "a", **more: str) -> Example:
    return Example(row, row + 2, text, label, **more)  # type: ignore[arg-type]


def different(count: int, labels: str = "abc") -> list[Example]:
    """Rows with no two words in common."""
    return [example(n, f"w{n} x{n} y{n} z{n}", labels[n % len(labels)]) for n in range(count)]


def whole(parts: Split) -> list[int]:
    return sorted([*parts.train, *parts.validation, *parts.test])


def side(parts: Split) -> dict[int, str]:
    return {place: name for name in ("train", "validation", "test") for place in getattr(parts, name)}


def test_every_row_is_on_one_side_in_the_usual_shares() -> None:
    parts = split(data_set(different(1000)), 0)
    assert whole(parts) == list(range(1000))
    # a fifth of 1,000, then 15 % of the other 800
    assert (len(parts.test), len(parts.validation), len(parts.train)) == (200, 120, 680)


def test_each_label_has_its_share_everywhere() -> None:
    examples = different(1000, "aaaaaaab")
    parts = split(data_set(examples), 3)
    for part in (parts.train, parts.validation, parts.test):
        counts = Counter(examples[place].output for place in part)
        assert counts["b"] == pytest.approx(len(part) / 8, abs=1)


def test_several_labels_are_spread_too() -> None:
    sets = ['["x"]', '["x", "y"]', "[]", '["rare"]', '["y"]']
    examples = [dataclasses.replace(e, output=sets[e.row % 5]) for e in different(500)]
    parts = split(data_set(examples, "multi_label_classification"), 1)
    for label, total in (("x", 200), ("y", 200), ("rare", 100)):
        in_test = sum(f'"{label}"' in examples[place].output for place in parts.test)
        assert in_test == pytest.approx(0.2 * total, abs=3)


def test_a_label_with_one_row_trains() -> None:
    examples = [*different(99, "ab"), example(99, "w99 x99 y99", "single")]
    assert all(99 in split(data_set(examples), seed).train for seed in range(10))


def test_equal_and_near_inputs_stay_together() -> None:
    words = [f"alpha{n} beta{n} gamma{n} delta{n} epsilon{n} zeta{n}" for n in range(60)]
    texts = [text for base in words for text in (base, base.upper(), f"{base}!", f"  {base} thanks")]
    parts = side(split(data_set([example(n, text, "ab"[n // 4 % 2]) for n, text in enumerate(texts)]), 5))
    for first in range(0, 240, 4):
        assert len({parts[first + n] for n in range(4)}) == 1


def test_groups_stay_together() -> None:
    examples = [dataclasses.replace(e, group=f"g{e.row % 40}") for e in different(400)]
    parts = side(split(data_set(examples), 2))
    for group in range(40):
        assert len({parts[place] for place in range(group, 400, 40)}) == 1
    assert Counter(parts.values())["test"] == pytest.approx(80, abs=10)


def test_rows_of_one_template_are_still_split() -> None:
    examples = [
        example(n, f"please tell me where the parcel with the number {n} is right now", "ab"[n % 2]) for n in range(300)
    ]
    parts = split(data_set(examples), 0)
    assert len(parts.test) == 60


@settings(max_examples=40, deadline=None)
@given(some.integers(10, 80), some.integers(0, 10**6), some.randoms(use_true_random=False))
def test_laws_hold_for_any_rows(count: int, seed: int, chance: random.Random) -> None:
    examples = [
        example(
            n,
            f"text {chance.randrange(count)} {chance.randrange(count)} {n % 7}",
            chance.choice("abc"),
            group=chance.choice("pqrstuvwxyz") * 2,
        )
        for n in range(count)
    ]
    dataset = data_set(examples)
    try:
        parts = split(dataset, seed)
    except DataError:
        assume(False)
        return
    assert whole(parts) == list(range(count))
    assert split(dataset, seed) == parts
    sides = side(parts)
    for key in ("group", "input"):
        where: dict[str, set[str]] = {}
        for place, item in enumerate(examples):
            where.setdefault(getattr(item, key), set()).add(sides[place])
        assert all(len(found) == 1 for found in where.values())


def test_another_seed_gives_another_split() -> None:
    dataset = data_set(different(200))
    assert split(dataset, 1) != split(dataset, 2)
    assert split(dataset, 1) == split(dataset, 1)


def test_the_size_of_the_test_can_be_chosen() -> None:
    assert len(split(data_set(different(300)), 0, test_rows=50).test) == 50


def given_split(train: list[str], test: list[str], **more: object) -> Dataset:
    rows = [(text, "train") for text in train] + [(text, "test") for text in test]
    return data_set([example(n, text, "ab"[n % 2], split=part) for n, (text, part) in enumerate(rows)], **more)


def test_a_given_split_is_kept_and_its_copies_leave_training() -> None:
    train = [f"w{n} x{n} y{n}" for n in range(40)]
    test = [*(f"W{n}  x{n} y{n}" for n in range(5)), *(f"q{n} r{n}" for n in range(15))]
    parts = split(given_split(train, test), 0)
    assert parts.test == tuple(range(40, 60))
    assert set(parts.train) | set(parts.validation) == set(range(5, 40))
    assert "5 of 20 test rows also stand in training" in parts.how
    from_test = split(given_split(train, test, leaks="test"), 0)
    assert from_test.test == tuple(range(45, 60))
    assert set(from_test.train) | set(from_test.validation) == set(range(40))
    kept = split(given_split(train, test, leaks="keep"), 0)
    assert (len(kept.test), len(kept.train) + len(kept.validation)) == (20, 40)
    assert "not clean" in kept.how


def test_a_given_validation_part_is_used() -> None:
    rows = [example(n, f"w{n} x{n}", split=("train", "train", "validation", "test")[n % 4]) for n in range(40)]
    parts = split(data_set(rows), 0)
    assert parts.validation == tuple(range(2, 40, 4))
    assert parts.test == tuple(range(3, 40, 4))


def test_by_time_the_newest_rows_are_the_test() -> None:
    days = [f"{n % 28 + 1:02d}.{n // 28 + 1:02d}.2024" for n in range(100)]
    examples = [dataclasses.replace(e, time=day) for e, day in zip(different(100), days, strict=True)]
    parts = split(data_set(examples), 0)
    assert parts.test == tuple(range(80, 100))
    assert parts.validation == tuple(range(68, 80))  # 15 % of the other 80
    assert "by time" in parts.how.lower()
    assert split(data_set(examples), 0, by_time=False).test != parts.test
    with pytest.raises(DataError, match="not a date"):
        split(data_set([dataclasses.replace(e, time="soon") for e in examples]), 0)


def test_too_few_rows_or_one_big_group_cannot_be_split() -> None:
    with pytest.raises(DataError, match="9 rows cannot be split"):
        split(data_set(different(9)), 0)
    with pytest.raises(DataError, match="belong together"):
        split(data_set([dataclasses.replace(e, group="one") for e in different(50)]), 0)


def test_rows_for_a_difference() -> None:
    # base 0.8: two methods disagree on half of 2 · 0.8 · 0.2 = 0.32, that is on 0.16 of the rows; 5 points:
    # (1.95996 · √0.16 + 0.84162 · √(0.16 − 0.0025))² / 0.0025 = (0.78399 + 0.33401)² / 0.0025 = 499.97 → 500
    assert rows_for_difference(5) == 500
    assert rows_for_difference(10) < rows_for_difference(5) < rows_for_difference(2)
    assert difference_for_rows(500) == pytest.approx(5, abs=0.01)
    assert (
        power.sentence(500)
        == "A test of 500 rows shows differences of 5 points and more: enough for a difference of 5 points."
    )
    assert "500 would be needed" in power.sentence(100)
    assert "shows no difference" in power.sentence(1)

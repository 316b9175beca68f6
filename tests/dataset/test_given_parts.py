"""A given split without a test is kept: its validation rows are the test."""

from __future__ import annotations

from advisor.vocabulary import Dataset
from experiments.split import split
from tests.dataset.conftest import Read
from tests.dataset.test_understanding import lines, text


def parted(read: Read, parts: tuple[str, ...]) -> Dataset:
    rows = ({"text": text(n), "label": "ab"[n % 2], "split": parts[n % len(parts)]} for n in range(100))
    return read(lines(*rows))


def test_the_given_validation_part_becomes_the_test(read: Read) -> None:
    found = parted(read, ("train", "train", "train", "dev"))
    (item,) = [item for item in found.findings if item.check == "given_parts"]
    assert "25 validation rows became the test" in item.text
    assert item.flag == "--split-column"
    made = split(found, 0)
    assert {found.examples[place].row for place in made.test} == set(range(3, 100, 4))
    assert made.validation
    assert not set(made.validation) & set(made.test)


def test_a_split_with_a_test_or_without_training_is_left_as_it_is(read: Read) -> None:
    for parts in (("train", "dev", "test"), ("train", "test"), ("dev",)):
        found = parted(read, parts)
        assert not [item for item in found.findings if item.check == "given_parts"]

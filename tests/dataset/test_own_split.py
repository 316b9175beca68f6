"""The split a file brings: a missing part is made up for and said, copies and dates are dealt with in true words."""

from __future__ import annotations

import pytest

from advisor.errors import DataError
from advisor.vocabulary import Dataset
from experiments.split import split
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding, names
from tests.dataset.test_understanding import table, text


def refused(found: Dataset) -> str:
    with pytest.raises(DataError, match="cannot be split") as error:
        split(found, 0)
    return str(error.value)


def parted(parts: list[str], more: str = "", cells: str = "") -> str:
    rows = (f'"{text(n)}",{"abc"[n % 3]},{part}{cells.format(n)}' for n, part in enumerate(parts))
    return table(f"text,label,split{more}", *rows)


@pytest.mark.parametrize("word", ["validation", "dev", "val"])
def test_a_validation_part_without_a_test_is_the_test_and_that_is_said(read: Read, word: str) -> None:
    file = parted(["train"] * 80 + [word] * 20)
    found = read(file)
    parts = split(found, 0)
    assert parts.test == tuple(range(80, 100))
    assert len(parts.validation) == 12
    assert "its validation part is the test" in parts.how
    assert finding(found, "validation_is_test").options == ("none",)
    anew = read(file, split_column="none")
    assert "validation_is_test" not in names(anew)
    assert "By chance" in split(anew, 0).how


@pytest.mark.parametrize(("part", "severity"), [("train", "note"), ("dev", "warn"), ("test", "warn")])
def test_one_part_alone_is_no_split_and_that_is_said(read: Read, part: str, severity: str) -> None:
    found = read(parted([part] * 60))
    said = finding(found, "given_test")
    assert said.severity == severity
    assert "split was made anew" in said.text
    assert "By chance" in split(found, 0).how
    assert "given_test" not in names(read(parted([part] * 60), split_column="none"))


def test_copies_leave_training_and_validation_and_are_named_where_they_stood(read: Read) -> None:
    rows = [f'"{text(n)}",{"abc"[n % 3]},{"train" if n < 60 else "validation"}' for n in range(80)]
    rows += [f'"{text(n)}",{"abc"[n % 3]},validation' for n in range(10)]
    rows += [f'"{text(n)}",{"abc"[n % 3]},test' for n in range(100, 130)]
    found = read(table("text,label,split", *rows))
    parts = split(found, 0)
    assert parts.train == tuple(range(10, 60))
    assert len(parts.validation) == 30
    assert "10 copies of validation rows were taken out of training" in parts.how
    assert "10 of 30 validation rows" in finding(found, "validation_leakage").text
    rows += [f'"{text(n)}",{"abc"[n % 3]},test' for n in range(60, 64)]
    found = read(table("text,label,split", *rows))
    assert (
        "4 of 34 test rows also stand in validation; their copies were taken out of validation" in split(found, 0).how
    )
    assert "taken out of validation, so" in finding(found, "leakage").text


def test_the_files_own_split_goes_before_dates_and_that_is_said(read: Read) -> None:
    file = parted(["train", "test"] * 30, ",created_at", ",2024-01-01T10:{0:02}:00Z")
    offered = finding(read(file), "dates")
    assert "The file's own split is used" in offered.text
    assert "--time created_at --split-column none" in offered.mend
    assert (offered.severity, offered.flag) == ("note", "--split-column")
    wished = read(file, time="created_at")
    assert finding(wished, "dates").severity == "warn"
    assert "file's own split" in split(wished, 0).how
    by_time = read(file, time="created_at", split_column="none")
    assert "dates" not in names(by_time)
    assert "By time" in split(by_time, 0).how


def test_a_test_that_is_all_copies_is_the_reason_that_is_given(read: Read) -> None:
    file = parted(["train"] * 40) + "\n" + "\n".join(f'"{text(n)}",{"abc"[n % 3]},test' for n in range(12)) + "\n"
    assert "Leave out --leaks test" in refused(read(file, leaks="test"))
    assert split(read(file), 0).train
    assert split(read(file, split_column="none"), 0).test
    file = parted(["train"] * 12) + "\n" + "\n".join(f'"{text(n)}",{"abc"[n % 3]},test' for n in range(40)) + "\n"
    assert "too few training rows are left" in refused(read(file))


def test_labels_of_their_own_and_copies_are_not_taken_for_groups(read: Read) -> None:
    file = table("text,label", *(f'"{text(n)}","label of {text(n)}"' for n in range(40)))
    said = refused(read(file, task_type="classification"))
    assert "40 different labels" in said
    assert "--task-type generation" in said
    assert "--group" not in said
    assert split(read(file, task_type="generation"), 0).test
    copies = table("text,label", *(f'"{text(1)}{" " * n}",{"ab"[n % 2]}' for n in range(40)))
    assert "copies or near copies" in refused(read(copies))
    grouped = table("text,label,customer", *(f'"{text(n)}",{"ab"[n % 2]},one' for n in range(40)))
    assert "--group none" in refused(read(grouped, group="customer"))
    assert split(read(grouped, group="none"), 0).test

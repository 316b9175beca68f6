"""The split a file brings: a missing part is made up for and said, copies and dates are dealt with in true words."""

from __future__ import annotations

import pytest

from experiments.split import split
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding, names
from tests.dataset.test_understanding import table, text


def parted(parts: list[str], more: str = "", cells: str = "") -> str:
    rows = (f'"{text(n)}",{"abc"[n % 3]},{part}{cells}' for n, part in enumerate(parts))
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

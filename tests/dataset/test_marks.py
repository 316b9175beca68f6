"""One column per label, marked with a sign where the label holds."""

from __future__ import annotations

import json

import pytest

from advisor.errors import DataError
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import ROWS
from tests.dataset.test_understanding import table

NAMES = ("access", "billing", "shipping")


def marked(yes: str, no: str = "", head: str = "text") -> str:
    rows = (f'"{given}",{",".join(yes if label == name else no for name in NAMES)}' for given, label in ROWS)
    return table(f"{head},{','.join(NAMES)}", *rows)


@pytest.mark.parametrize(("yes", "no"), [("x", ""), ("✔", ""), ("ja", " "), ("1", ""), ("1", "0"), ("yes", "no")])
@pytest.mark.parametrize("output", [None, ",".join(NAMES)])
def test_a_mark_against_nothing_is_a_label(read: Read, yes: str, no: str, output: str | None) -> None:
    found = read(marked(yes, no), output=output)
    assert found.task_type == "multi_label_classification"
    assert found.columns.output == ",".join(NAMES)
    assert [json.loads(example.output) for example in found.examples] == [[label] for _, label in ROWS]


def test_large_and_small_letters_are_one_mark(read: Read) -> None:
    found = read(marked("x").replace("x,,\n", "X,,\n", 3))
    assert [json.loads(example.output) for example in found.examples] == [[label] for _, label in ROWS]


def test_columns_in_which_no_cell_says_yes_are_refused(read: Read) -> None:
    with pytest.raises(DataError) as refused:
        read(marked("ja", "nein"), output=",".join(NAMES))
    assert "'access', 'billing', 'shipping' hold 'ja', 'nein'" in refused.value.what
    assert "one mark such as x" in refused.value.mend


def test_columns_of_noughts_alone_are_warned_about(read: Read) -> None:
    found = read(marked("0", "0"), output=",".join(NAMES))
    assert len(finding(found, "without_label").rows) == len(ROWS)


def test_marks_are_no_labels_beside_a_likelier_answer(read: Read) -> None:
    rows = (f'"{given}",{label},{"x" if n % 2 else ""},{"" if n % 3 else "x"}' for n, (given, label) in enumerate(ROWS))
    assert read(table("text,queue,seen,late", *rows)).columns.output == "queue"
    unlike = (f'"{given}",{"x" if n % 2 else ""},{"" if n % 3 else "en"}' for n, (given, _) in enumerate(ROWS))
    with pytest.raises(DataError):
        read(table("text,seen,language", *unlike))


def test_levels_of_labels_named_together_are_refused(read: Read) -> None:
    rows = [f'"{given}",Shop,{label}' for given, label in ROWS]
    with pytest.raises(DataError, match="The column 'L2' holds 'access', 'billing', 'shipping': texts, no marks"):
        read(table("text,L1,L2", *rows), output="L1,L2")

"""Labels that are numbers: several of them in a cell are no decimals, and decimals are no labels."""

from __future__ import annotations

import json

import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import severity
from tests.dataset.test_understanding import lines, table, text

SETS = [["0"], ["1", "4"], ["0", "3"], ["2"], ["0", "1", "4"], ["3", "4"]]
PAIRS = [several[:2] for several in SETS]


@pytest.mark.parametrize(
    ("name", "form", "sets"),
    [
        ("label", ",", SETS),
        ("labels", ",", PAIRS),
        ("label_ids", ",", PAIRS),
        ("label", ";", PAIRS),
        ("label", "|", PAIRS),
        ("label", " ", SETS),
        ("label", "[]", PAIRS),
    ],
)
def test_numbers_of_labels_are_several_labels(read: Read, name: str, form: str, sets: list[list[str]]) -> None:
    written = [f"[{', '.join(s)}]" if form == "[]" else form.join(s) for s in sets]
    found = read(table(f"text,{name}", *(f'"{text(n)}","{written[n % 6]}"' for n in range(36))))
    assert found.task_type == "multi_label_classification"
    assert [json.loads(e.output) for e in found.examples[:6]] == sets


def test_numbers_of_labels_in_lists_and_alone(read: Read) -> None:
    plain = [[int(label) for label in several] for several in SETS]
    found = read(lines(*({"text": text(n), "label": plain[n % 6]} for n in range(36))))
    assert json.loads(found.examples[4].output) == ["0", "1", "4"]
    mixed = [several if len(several) > 1 else several[0] for several in plain]
    found = read(lines(*({"text": text(n), "label": mixed[n % 6]} for n in range(36))))
    assert [json.loads(e.output) for e in found.examples[:2]] == [["0"], ["1", "4"]]


@pytest.mark.parametrize("values", [("1,5", "2,5", "3,0"), ("1,250", "2,500", "1,250,000"), ("3", "7", "12")])
def test_decimals_thousands_and_numbers_of_classes_are_one_label(read: Read, values: tuple[str, ...]) -> None:
    found = read(table("text;label", *(f"{text(n)};{values[n % 3]}" for n in range(36))))
    assert found.task_type == "classification"
    assert set(dict(found.labels)) == set(values)
    assert ("--label-separator" in finding(found, "numbered_labels").mend) == ("," in values[0])


def test_the_only_column_of_texts_is_the_input(read: Read) -> None:
    rows = [f"{text(n)}\t{n % 5},{n % 3 + 5}\teb{n:04}" for n in range(40)]
    found = read("\n".join(rows) + "\n", header="no")
    assert (found.columns.inputs, found.columns.output) == (("column 1",), "column 2")
    chosen = read("\n".join(rows) + "\n", header="no", output="column 2", label_separator="comma")
    assert json.loads(chosen.examples[4].output) == ["4", "6"]
    numbered = read(
        table("id,text,queue_id,text_len", *(f'{n},"{text(n)}",{n % 4},{60 + n * 7 % 23}' for n in range(40)))
    )
    assert numbered.columns.output == "queue_id"
    assert severity(numbered, "columns") == "ask"


def test_minus_one_beside_numbers_of_classes_may_mean_no_label(read: Read) -> None:
    rows = [f'"{text(n)}",{(-1, 0, 1, 2)[n % 4]}' for n in range(40)]
    said = finding(read(table("text,label", *rows)), "missing_labels")
    assert (said.severity, said.flag) == ("ask", "--missing-labels")
    assert set(dict(read(table("text,label", *rows), missing_labels="drop").labels)) == {"0", "1", "2"}
    scale = read(table("text,label", *(f'"{text(n)}",{(-1, 0, 1)[n % 3]}' for n in range(40))))
    assert severity(scale, "missing_labels") is None

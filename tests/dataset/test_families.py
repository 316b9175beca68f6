"""Numbered columns: right answers to the same input are references, labels of several people are a question."""

from __future__ import annotations

import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import ROWS, severity
from tests.dataset.test_understanding import table, text

NUMBERED = [("ref1", "ref2", "ref3"), ("reference_1", "reference_2"), ("human_ref_a", "human_ref_b"),
            ("reference", "reference2"), ("summary.1", "summary.2")]  # fmt: skip


@pytest.mark.parametrize("members", NUMBERED)
def test_numbered_references_are_several_right_answers(read: Read, members: tuple[str, ...]) -> None:
    rows = [[f'"{text(n)}"', *(f"{name} says {n} things" for name in members)] for n in range(30)]
    found = read(table(",".join(("source", *members)), *(",".join(row) for row in rows)))
    assert found.examples[4].references == tuple(rows[4][1:])
    assert found.columns.output == "references"
    assert finding(found, "reference_columns").options == members
    alone = read(table(",".join(("source", *members)), *(",".join(row) for row in rows)), output=members[1])
    assert (alone.examples[4].output, alone.examples[4].references) == (rows[4][2], ())


@pytest.mark.parametrize(
    "members",
    [("annotator_a", "annotator_b"), ("label_1", "label_2", "label_3"), ("anna_label", "bob_label"),
     ("label_rater1", "label_rater2")],
)  # fmt: skip
def test_annotators_who_differ_are_asked_about(read: Read, members: tuple[str, ...]) -> None:
    head = ",".join(("text", *members))
    torn = [",".join((f'"{given}"', *[label] * (len(members) - 1), "access" if n < 5 else label))
            for n, (given, label) in enumerate(ROWS)]  # fmt: skip
    said = finding(read(table(head, *torn)), "annotators")
    assert (said.severity, said.flag, said.options) == ("ask", "--output", members)
    assert set(said.rows) == {n for n in range(5) if ROWS[n][1] != "access"}
    chosen = read(table(head, *torn), output=members[-1])
    assert severity(chosen, "annotators") is None
    assert chosen.columns.inputs == ("text",)
    agreed = [",".join((f'"{given}"', *[label] * len(members))) for given, label in ROWS]
    assert finding(read(table(head, *agreed)), "annotators").severity == "note"


def test_an_agreed_label_beside_its_annotators_is_the_answer(read: Read) -> None:
    rows = [f'"{given}",{label},{label},{ROWS[n // 2][1]}' for n, (given, label) in enumerate(ROWS)]
    found = read(table("text,gold_label,label1,label2", *rows))
    assert found.columns.output == "gold_label"
    assert severity(found, "columns") is None


def test_levels_of_a_label_are_no_annotators(read: Read) -> None:
    rows = [f'"{given}",{label},{label} {n % 2}' for n, (given, label) in enumerate(ROWS)]
    assert severity(read(table("text,category_1,category_2", *rows)), "annotators") is None


def test_a_true_label_beside_a_predicted_one_is_no_second_annotator(read: Read) -> None:
    found = read(table("text,true_label,model_label", *(f'"{given}",{label},{label}' for given, label in ROWS)))
    assert severity(found, "annotators") is None

"""What a file means where names alone mislead: summaries of tickets, rejected answers, trees, roles, annotators."""

from __future__ import annotations

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import ROWS, severity
from tests.dataset.test_understanding import table, text


def test_a_summary_beside_columns_of_labels_is_a_question_and_a_key_is_no_input(read: Read) -> None:
    rows = [f'OPS-{n},"{given}",{label},{"High" if n % 4 else "Low"}' for n, (given, label) in enumerate(ROWS)]
    found = read(table("Issue key,Summary,Component,Priority", *rows))
    said = finding(found, "columns")
    assert (said.severity, said.flag, set(said.options)) == ("ask", "--output", {"Component", "Priority", "Summary"})
    assert found.columns.inputs == ("Summary",)
    papers = read(table("article,summary", *(f'"{text(n)} {text(n + 3)}","{text(n)}"' for n in range(30))))
    assert papers.columns.output == "summary"
    assert severity(papers, "columns") is None

"""What a file means where names alone mislead: summaries of tickets, rejected answers, trees, roles, annotators."""

from __future__ import annotations

import json

import pytest

from advisor.errors import DataError
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import ROWS, severity
from tests.dataset.test_understanding import lines, table, text


def test_a_summary_beside_columns_of_labels_is_a_question_and_a_key_is_no_input(read: Read) -> None:
    rows = [f'OPS-{n},"{given}",{label},{"High" if n % 4 else "Low"}' for n, (given, label) in enumerate(ROWS)]
    found = read(table("Issue key,Summary,Component,Priority", *rows))
    said = finding(found, "columns")
    assert (said.severity, said.flag, set(said.options)) == ("ask", "--output", {"Component", "Priority", "Summary"})
    assert found.columns.inputs == ("Summary",)
    papers = read(table("article,summary", *(f'"{text(n)} {text(n + 3)}","{text(n)}"' for n in range(30))))
    assert papers.columns.output == "summary"
    assert severity(papers, "columns") is None


def test_a_query_written_out_goes_before_its_tree(read: Read) -> None:
    tree = {"from": {"conds": []}}
    rows = [{"db_id": f"d{n % 3}", "query": f"SELECT a FROM t{n}", "question": text(n), "sql": tree} for n in range(30)]
    found = read(lines(*rows))
    assert (found.columns.inputs, found.columns.output, found.task_type) == (("question",), "query", "text_to_sql")


def test_who_speaks_is_no_answer(read: Read) -> None:
    said = [{"message_id": f"m{n}", "text": text(n), "role": ("prompter", "assistant")[n % 2]} for n in range(30)]
    with pytest.raises(DataError, match="Each row is one turn of a talk"):
        read(lines(*said))
    jobs = read(lines(*({"text": text(n), "role": ("cook", "nurse")[n % 2]} for n in range(30))))
    assert jobs.columns.output == "role"


def test_a_rejected_answer_is_no_input_and_the_shared_dialogue_is(read: Read) -> None:
    begins = [f"\n\nHuman: {text(n)}\n\nAssistant: Why?\n\nHuman: So.\n\nAssistant:" for n in range(30)]
    pairs = [{"chosen": f"{begin} Yes, {n}.", "rejected": f"{begin} No {n}."} for n, begin in enumerate(begins)]
    found = read(lines(*pairs))
    assert found.examples[3].output == "Yes, 3."
    assert found.examples[3].input == begins[3].removesuffix("Assistant:").strip()
    assert finding(found, "preferences").severity == "note"
    with pytest.raises(DataError, match="no input"):
        read(lines(*({"chosen": text(n), "rejected": text(n + 1)} for n in range(30))))


def argilla(*answers: list[str]) -> str:
    """Rows as Argilla exports them: a list of answers with who gave each."""
    return lines(
        *(
            {"fields": {"text": text(n)}, "responses": {"label": [{"value": v, "user_id": f"u{k}"} for k, v in said]}}
            for n, said in enumerate(map(list, map(enumerate, answers)))
        )
    )


def test_answers_with_who_gave_them_are_their_values(read: Read) -> None:
    alone = read(argilla(*([label] for _, label in ROWS)))
    assert set(dict(alone.labels)) == {label for _, label in ROWS}
    assert finding(alone, "annotators").severity == "note"
    torn = argilla(*([label, "billing"] for _, label in ROWS))
    said = finding(read(torn), "annotators")
    assert (said.severity, said.flag, said.options) == ("ask", "--output", ("annotator1_label", "annotator2_label"))
    chosen = read(torn, output="annotator1_label")
    assert severity(chosen, "annotators") is None
    assert not any("u0" in example.output for example in chosen.examples)


def test_annotators_of_label_studio_who_differ_are_asked_about(read: Read) -> None:
    def task(given: str, *labels: str) -> dict[str, object]:
        said = [
            {"completed_by": n, "result": [{"value": {"choices": [label]}, "type": "choices"}]}
            for n, label in enumerate(labels)
        ]
        return {"data": {"text": given}, "annotations": said}

    torn = read(json.dumps([task(given, label, "access") for given, label in ROWS]))
    assert (finding(torn, "annotators").severity, finding(torn, "annotators").flag) == ("ask", "--output")
    agreed = read(json.dumps([task(given, label, label) for given, label in ROWS]))
    assert finding(agreed, "annotators").severity == "note"
    assert [example.output for example in agreed.examples] == [label for _, label in ROWS]


def test_a_summary_of_a_text_beside_one_column_of_sections_is_the_answer(read: Read) -> None:
    rows = ({"dialogue": text(n) * 5, "summary": text(n), "section": ("plan", "history")[n % 2]} for n in range(40))
    found = read(lines(*rows))
    assert found.columns.output == "summary"
    assert not [item for item in found.findings if item.severity == "ask"]

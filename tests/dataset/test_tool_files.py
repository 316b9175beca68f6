"""Files as tools of annotation, providers of models and ticket systems write them: what is the answer, what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import ROWS, severity
from tests.dataset.test_understanding import lines

OPTIONS = [{"id": label, "text": label.title()} for label in sorted({label for _, label in ROWS})]
VERDICTS = ["accept", "accept", "reject", "accept", "ignore"]


def judged(**more: Any) -> str:
    """Rows as Prodigy keeps them; every fifth rejected, every fifth skipped."""
    rows: list[dict[str, Any]] = []
    for n, (given, label) in enumerate(ROWS):
        own = {key: value(label) for key, value in more.items()}
        rows.append({"text": given, **own, "answer": VERDICTS[n % 5], "_task_hash": n})
    return lines(*rows)


def accepted() -> list[tuple[str, str]]:
    return [row for n, row in enumerate(ROWS) if VERDICTS[n % 5] == "accept"]


@pytest.mark.parametrize(
    "more",
    [
        {"options": lambda _: OPTIONS, "accept": lambda label: [label]},
        {"label": lambda label: label, "meta": lambda _: {"source": "mail"}},
    ],
    ids=["choices", "labels"],
)
def test_only_accepted_annotations_are_answers(read: Read, more: dict[str, Any]) -> None:
    found = read(judged(**more))
    assert [(e.input, e.output) for e in found.examples] == accepted()
    assert found.task_type == "classification"
    assert {item.why for item in found.rejected} == {"the annotator rejected it", "the annotator skipped it"}
    assert f"{len(ROWS) - len(accepted())} rows were left out" in finding(found, "verdicts").text
    assert severity(found, "columns") is None
    assert {e.output for e in read(judged(**more), output="answer").examples} == set(VERDICTS)


def test_several_accepted_options_are_several_labels_and_numbers_of_options_their_texts(read: Read) -> None:
    found = read(judged(options=lambda _: OPTIONS, accept=lambda label: [label, "urgent"]))
    assert found.task_type == "multi_label_classification"
    assert json.loads(found.examples[0].output) == sorted([ROWS[0][1], "urgent"])
    numbered = [{"id": n, "text": option["text"]} for n, option in enumerate(OPTIONS)]
    found = read(judged(options=lambda _: numbered, accept=lambda _: [1]))
    assert {e.output for e in found.examples} == {OPTIONS[1]["text"]}


def test_one_label_asked_of_every_text_keeps_what_was_rejected_as_its_opposite(read: Read) -> None:
    found = read(judged(label=lambda _: "urgent"))
    assert dict(found.labels) == {"urgent": len(accepted()), "not urgent": len(ROWS) // 5}
    assert len(found.rejected) == len(ROWS) // 5


def test_rejected_spans_are_no_answers(read: Read) -> None:
    found = read(judged(spans=lambda _: [{"start": 0, "end": 3, "label": "WORD"}], label=lambda _: "WORD"))
    assert len(found.examples) == len(accepted())
    assert found.task_type == "extraction"

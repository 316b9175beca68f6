"""Files as tools of annotation, providers of models and ticket systems write them: what is the answer, what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from advisor.errors import DataError
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import LABELS, ROWS, rows, severity
from tests.dataset.test_understanding import lines, text

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


def turn(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "content": content}


REQUESTS = [
    {"custom_id": f"r{n}", "method": "POST", "url": "/v1/chat/completions",
     "body": {"messages": [turn("system", "Name the topic."), turn("user", given)]}}
    for n, (given, _) in enumerate(ROWS)
]  # fmt: skip
REPLIES = [
    {"custom_id": f"r{n}", "error": None,
     "response": {"status_code": 200, "body": {"choices": [{"message": turn("assistant", label)}]}}}
    for n, (_, label) in enumerate(ROWS)
]  # fmt: skip


def test_requests_of_a_batch_need_their_answers_and_are_joined_with_them(read: Read) -> None:
    with pytest.raises(DataError, match="hold no answers"):
        read(lines(*REQUESTS))
    with pytest.raises(DataError, match="not what was asked"):
        read(lines(*REPLIES))
    failed = {"custom_id": "r0", "response": {"status_code": 500, "body": {}}}
    found = read(lines(*REQUESTS, *REPLIES[:0:-1], failed))
    assert rows(found) == ROWS[1:]
    assert [(item.line, item.why) for item in found.rejected] == [(1, "the request failed")]
    assert found.instruction == "Name the topic."


def spoken(form: str, given: str, label: str) -> dict[str, Any]:
    asked, told = [turn("user", given)], "Name the topic."
    return {
        "preference": {"input": {"messages": [turn("system", told), *asked]},
                       "preferred_output": [turn("assistant", label)],
                       "non_preferred_output": [turn("assistant", "no")]},
        "eval": {"input": [turn("system", told), *asked], "ideal": label},
        "eval with several": {"input": [turn("system", told), *asked], "ideal": [label, label.upper()]},
        "Bedrock": {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": told}],
                    "messages": [turn("user", [{"text": given}]), turn("assistant", [{"text": label}])]},
        "Anthropic": {"system": told, "messages": [*asked, turn("assistant", [{"type": "text", "text": label}])]},
        "Gemini": {"systemInstruction": {"role": "system", "parts": [{"text": told}]},
                   "contents": [{"role": "user", "parts": [{"text": given}]},
                                {"role": "model", "parts": [{"text": label}]}]},
        "Cohere": {"messages": [turn("System", told), turn("User", given), turn("Chatbot", label)]},
    }[form]  # fmt: skip


PROVIDERS = ("preference", "eval", "eval with several", "Bedrock", "Anthropic", "Gemini", "Cohere")


@pytest.mark.parametrize("form", PROVIDERS)
def test_conversations_as_providers_write_them(read: Read, form: str) -> None:
    found = read(lines(*(spoken(form, *row) for row in ROWS)))
    assert rows(found) == ROWS
    assert found.instruction == "Name the topic."
    assert found.task_type == "classification"
    if form == "eval with several":
        assert found.examples[0].references == (ROWS[0][1], ROWS[0][1].upper())
    if form == "preference":
        assert "'non_preferred_output', another answer, is not used" in finding(found, "json_form").text


def test_rows_of_a_viewer_come_out_of_their_envelopes_with_the_names_of_their_labels(read: Read) -> None:
    names = sorted({label for _, label in ROWS})
    document = {
        "features": [{"name": "text", "type": {}}, {"name": "label", "type": {"_type": "ClassLabel", "names": names}}],
        "rows": [{"row_idx": n, "row": {"text": given, "label": names.index(label)}, "truncated_cells": []}
                 for n, (given, label) in enumerate(ROWS)],
        "num_rows_total": 500,
    }  # fmt: skip
    found = read(json.dumps(document))
    assert rows(found) == ROWS
    assert "30 of 500 rows" in finding(found, "json_form").text


def test_pairs_under_the_names_of_parts(read: Read) -> None:
    parts = {"train": ROWS[:16], "val": ROWS[16:20], "test": ROWS[20:], "oos_train": [["far away", "oos"]]}
    found = read(json.dumps(parts))
    assert rows(found) == [*ROWS, ("far away", "oos")]
    assert [e.split for e in found.examples[15:17]] == ["train", "validation"]
    assert found.examples[-1].split == "train"


TEAMS = ("Logistics", "Billing", "IT")
TICKETS = [
    {"Id": n, "Requester": f"cust{n % 7}", "Description": given, "Group": TEAMS[n % 3],
     "Tags": f"{label} email {('low', 'high')[n % 2]}", "Status": ("solved", "open")[n % 5 == 0],
     "custom_fields": [{"id": 1}]}
    for n, (given, label) in enumerate(ROWS * 4)
]  # fmt: skip


def test_an_export_of_tickets_asks_for_its_answer_and_takes_no_team_for_a_source_of_rows(read: Read) -> None:
    found = read(lines(*TICKETS))
    asked = finding(found, "columns")
    assert (asked.severity, asked.flag) == ("ask", "--output")
    assert {"Tags", "Group", "Status"} <= set(asked.options)
    assert found.task_type == "classification"
    assert found.columns.group is None
    assert "3" in finding(found, "group_unused").text
    team = read(lines(*TICKETS), output="Group")
    assert set(dict(team.labels)) == set(TEAMS)
    assert severity(team, "group_unused") is None
    tags = read(lines(*TICKETS), output="Tags", label_separator="space")
    assert {"email", "low", "high"} <= set(dict(tags.labels))
    assert read(lines(*TICKETS), output="Tags", group="Group").columns.group == "Group"


@pytest.mark.parametrize(("values", "taken"), [(3, False), (6, True), (30, True)])
def test_a_group_has_many_values_with_few_rows_each(read: Read, values: int, taken: bool) -> None:
    found = read(lines(*({"text": text(n), "label": LABELS[n % 3], "company": f"c{n % values}"} for n in range(60))))
    assert found.columns.group == ("company" if taken else None)
    if taken:
        assert f"{values} values" in dict(found.columns.why)["group"]


def test_rows_in_which_turns_stand_beside_other_cells_are_still_read(read: Read) -> None:
    rows_: list[dict[str, Any]] = [{"body": [turn("user", "q"), turn("assistant", label)], "n": n}
                                   for n, (_, label) in enumerate(ROWS)]  # fmt: skip
    rows_[0]["body"] = ["no turn"]
    assert len(read(lines(*rows_)).examples) == len(ROWS) - 1


def test_an_answer_that_begins_with_the_question_is_not_asked_twice(read: Read) -> None:
    found = read(lines(*({"prompt": a, "chosen": [turn("user", a), turn("assistant", b)]} for a, b in ROWS)))
    assert rows(found) == ROWS
    assert found.examples[0].turns == ()

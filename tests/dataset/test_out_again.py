"""Stored and read again, written out and read again: the same data set; CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from advisor.errors import DataError
from experiments import dataset
from experiments.dataset import export
from experiments.split import split
from tests.dataset.conftest import Read
from tests.dataset.test_formats import FORMS
from tests.dataset.test_understanding import conversation, lines, text


@pytest.mark.parametrize("form", ["comma", "OpenAI chat", "Alpaca", "ShareGPT", "Parquet"])
def test_stored_as_json_it_is_the_same_set(read: Read, form: str) -> None:
    found = read(FORMS[form])
    assert dataset.from_json(json.loads(json.dumps(dataset.to_json(found)))) == found
    with pytest.raises(DataError, match="damaged"):
        dataset.from_json({"name": "x"})


def test_the_same_bytes_and_choices_give_the_same_set(read: Read) -> None:
    assert read(FORMS["comma"]) == read(FORMS["comma"])
    assert read(FORMS["comma"]).fingerprint == read(FORMS["JSON Lines"]).fingerprint
    assert read(FORMS["comma"]).fingerprint != read(FORMS["comma"], instruction="Other").fingerprint


@pytest.mark.parametrize("form", FORMS)
def test_json_lines_read_back_to_the_same_fingerprint(read: Read, form: str) -> None:
    found = read(FORMS[form])
    again = read(export.json_lines(found, split(found, 0)))
    assert again.fingerprint == found.fingerprint
    assert again.task_type == found.task_type
    # the split comes back as the given one
    assert split(again, 7).test == split(found, 0).test


def test_talks_with_tools_and_several_labels_come_back(read: Read) -> None:
    call = {"role": "assistant", "tool_calls": [{"function": {"name": "find", "arguments": "{}"}}]}
    talks = [
        {
            "messages": [
                {"role": "user", "content": text(n)},
                call,
                {"role": "tool", "content": f"r{n}"},
                {"role": "assistant", "content": f"a{n}"},
            ]
        }
        for n in range(20)
    ]
    found = read(lines(*talks))
    assert read(export.json_lines(found)).fingerprint == found.fingerprint
    own = read(
        lines(*(conversation(("system", f"Rule {n}"), ("user", text(n)), ("assistant", f"a{n}")) for n in range(20)))
    )
    assert read(export.json_lines(own)).fingerprint == own.fingerprint
    several = read(lines(*({"text": text(n), "tags": [["a", "b"], ["b"], []][n % 3]} for n in range(30))))
    assert read(export.json_lines(several)).fingerprint == several.fingerprint
    answers = read(lines(*({"question": f"Who is {n}?", "answers": [f"a{n}", f"b{n}"]} for n in range(20))))
    again = read(export.json_lines(answers))
    assert again.fingerprint == answers.fingerprint
    assert again.examples[0].references == ("a0", "b0")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "nlupp.jsonl",
        "tatqa_alpaca.jsonl",
        "glaive_tools_chat.jsonl",
        "restaurant8k_chat.jsonl",
        "e2e.csv",
        "mts_dialog.csv",
    ],
)
def test_real_sets_read_back_to_the_same_fingerprint(shared_data: Path, read: Read, name: str) -> None:
    found = dataset.inspect(shared_data / name)
    again = read(export.json_lines(found, split(found, 0)))
    assert again.fingerprint == found.fingerprint
    assert again.task_type == found.task_type


PAYLOADS = [
    "=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "=HYPERLINK(\"http://localhost\")", "=cmd|' /C calc'!A0",
    "＝1+1", "+cmd", "-cmd", "@x",
]  # fmt: skip


def test_no_cell_of_the_csv_is_a_formula_and_numbers_stay_numbers(read: Read) -> None:
    rows = [*PAYLOADS, "-5", "+3.5", "plain", "'quoted"]
    found = read(lines(*({"text": f"{row}", "label": "ab"[n % 2]} for n, row in enumerate(rows))))
    out = export.csv_text(found)
    cells = [row["input"] for row in csv.DictReader(io.StringIO(out.text, newline=""))]
    assert cells[: len(PAYLOADS)] == [f"'{payload}" for payload in PAYLOADS]
    assert cells[len(PAYLOADS) :] == ["-5", "+3.5", "plain", "'quoted"]
    assert out.guarded_cells == export.guarded_cells(found) == len(PAYLOADS)


def test_a_row_outside_the_split_says_so(read: Read) -> None:
    records = [{"text": text(n), "label": "ab"[n % 2], "split": "train"} for n in range(30)]
    records += [{"text": text(n), "label": "ab"[n % 2], "split": "test"} for n in range(25, 40)]
    found = read(lines(*records))
    written = [json.loads(line) for line in export.json_lines(found, split(found, 0)).splitlines()]
    # the training copies of the test rows 25 … 29
    assert [n for n, record in enumerate(written) if record["split"] == "left out"] == [25, 26, 27, 28, 29]


def test_calls_that_come_again_are_calls_when_read_back(read: Read) -> None:
    """Three different calls in twenty rows are no labels, though they repeat."""
    talks = [
        [{"role": "assistant", "tool_calls": [{"function": {"name": f"find{n % 3}", "arguments": "{}"}}]}]
        for n in range(20)
    ]
    found = read(lines(*({"messages": [{"role": "user", "content": text(n)}, *t]} for n, t in enumerate(talks))))
    again = read(export.json_lines(found))
    assert (again.task_type, again.fingerprint) == ("function_calling", found.fingerprint)

"""The cleaned set with its split, out again: JSON Lines for machines, CSV for spreadsheets.

JSON Lines reads back to the same fingerprint. CSV is made safe against formulas, and says how many cells that changed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.vocabulary import Dataset, Example, Split

# what a spreadsheet program may run when a cell begins with it (OWASP ASVS 5, 1.2.10)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")
GUARD = "'"
# the answer's column says what kind of answer it is, so that the task is understood again
OUTPUT_NAMES = {
    "classification": "label",
    "multi_label_classification": "labels",
    "summarisation": "summary",
    "text_to_sql": "sql",
    "code": "code",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """What holds for every row."""

    task_type: str
    instruction: str | None


@dataclass(frozen=True, slots=True)
class CsvExport:
    """The text of a CSV file, and how many of its cells were guarded against being run as formulas."""

    text: str
    guarded_cells: int


def is_formula(text: str) -> bool:
    """Would a spreadsheet take this cell for a formula? A plain number is none."""
    if not text.startswith(FORMULA_SIGNS):
        return False
    return text[0] not in "+-" or not _is_number(text)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def json_lines(dataset: Dataset, split: Split | None = None) -> str:
    """One object per row: input and output, or OpenAI messages where rows have turns or instructions of their own."""
    return _lines(_records(dataset, split))


def json_lines_of(rows: Sequence[tuple[str | None, Example]], task_type: str, instruction: str | None) -> str:
    """The same for some rows of a data set, each with the part it is in."""
    talks = _are_talks([example for _, example in rows])
    return _lines(_record(_Told(task_type, instruction), example, part, talks=talks) for part, example in rows)


def _lines(records: Iterable[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def csv_text(dataset: Dataset, split: Split | None = None) -> CsvExport:
    """A table with a header; several texts in one cell are JSON."""
    records = _records(dataset, split)
    names = list(dict.fromkeys(name for record in records for name in record))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    guarded = 0
    for record in records:
        cells = [_cell(record.get(name)) for name in names]
        guarded += sum(map(is_formula, cells))
        writer.writerow([f"{GUARD}{cell}" if is_formula(cell) else cell for cell in cells])
    return CsvExport(out.getvalue(), guarded)


def guarded_cells(dataset: Dataset) -> int:
    """How many cells `csv_text` guards, without writing it: cells of JSON never begin like a formula."""
    talks = _are_talks(dataset.examples)
    count = 0
    for example in dataset.examples:
        texts = [example.group, example.given, example.time]
        if not talks:
            texts += [example.input, dataset.instruction]
            texts += [] if dataset.task_type == "multi_label_classification" else [example.output]
        count += sum(text is not None and is_formula(text) for text in texts)
    return count


def _are_talks(examples: Sequence[Example]) -> bool:
    return any(example.turns or example.instruction is not None for example in examples)


def _records(dataset: Dataset, split: Split | None) -> list[dict[str, Any]]:
    talks, told = _are_talks(dataset.examples), _Told(dataset.task_type, dataset.instruction)
    parts = _parts(dataset, split)
    return [_record(told, example, part, talks=talks) for example, part in zip(dataset.examples, parts, strict=True)]


def _parts(dataset: Dataset, split: Split | None) -> list[str | None]:
    """The part each row is in; a row that no part has says so."""
    if split is None:
        return [example.split for example in dataset.examples]
    named: list[str | None] = ["left out"] * len(dataset.examples)
    for part in ("train", "validation", "test"):
        for place in getattr(split, part):
            named[place] = part
    return named


def _record(of_all: _Told, example: Example, part: str | None, *, talks: bool) -> dict[str, Any]:
    told = example.instruction or of_all.instruction
    record: dict[str, Any] = {}
    if talks:
        turns = [{"role": turn.role, "content": turn.content} for turn in example.turns]
        asked = {"role": "tool" if _answers_tool(example) else "user", "content": example.input}
        before = [{"role": "system", "content": told}] if told else []
        record["messages"] = [*before, *turns, asked, {"role": "assistant", "content": example.output}]
    else:
        record |= {"instruction": told} if told else {}
        record |= {"input": example.input, OUTPUT_NAMES.get(of_all.task_type, "output"): _output(of_all, example)}
    extra = {"group": example.group, "given": example.given, "time": example.time, "split": part}
    record |= {name: value for name, value in extra.items() if value is not None}
    if example.references:
        record["references"] = list(example.references)
    return record


def _answers_tool(example: Example) -> bool:
    """The input is a tool's result when the turn before it called the tool."""
    return (
        bool(example.turns)
        and example.turns[-1].role == "assistant"
        and example.turns[-1].content.startswith('[{"name"')
    )


def _output(of_all: _Told, example: Example) -> Any:
    return json.loads(example.output) if of_all.task_type == "multi_label_classification" else example.output


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

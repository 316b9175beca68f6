"""Everything a person may choose about a file, each choice with its flag; kept as JSON beside the file's bytes."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from advisor.errors import DataError

TASK_TYPES = (
    "classification",
    "multi_label_classification",
    "extraction",
    "summarisation",
    "generation",
    "question_answering",
    "reasoning",
    "code",
    "text_to_sql",
    "function_calling",
    "chat",
)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose; None or empty means: propose it. The same bytes and choices give the same data set."""

    inputs: tuple[str, ...] = ()
    input_template: str | None = None
    output: str | None = None
    instruction: str | None = None
    group: str | None = None
    split_column: str | None = None
    time: str | None = None
    given: str | None = None
    task_type: str | None = None
    sheet: str | None = None
    header: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    label_separator: str | None = None
    merge_labels: str | None = None
    missing_labels: str | None = None
    bins: int | None = None
    bad_bytes: str | None = None
    merged_cells: str | None = None
    hidden_rows: str | None = None
    total_rows: str | None = None
    leaks: str | None = None
    all_rows: bool = False

    def as_json(self) -> dict[str, Any]:
        """Only what differs from its default, so that a new choice does not change old records."""
        plain = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in plain.items()
            if value is not None and value != () and value is not False
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Choices:
        """The choices of `as_json`; an unknown name or an impossible value is the person's to mend."""
        known = {flag.field: flag for flag in FLAGS}
        values: dict[str, Any] = {}
        for name, value in document.items():
            if name not in known:
                raise DataError(f"Unknown choice '{name}'.", f"Known choices: {', '.join(known)}.")
            values[name] = known[name].read(value)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Flag:
    """One choice: its field, its flag on the command line, what it means, and its allowed words if they are few."""

    field: str
    flag: str
    help: str
    metavar: str = ""
    words: tuple[str, ...] = ()
    default: str = ""

    def read(self, value: Any) -> Any:
        """One value as JSON or the command line gives it → the field's type."""
        if value is None or value == "":
            return () if self.field == "inputs" else False if self.field == "all_rows" else None
        if self.field == "inputs":
            return (value,) if isinstance(value, str) else tuple(str(part) for part in value)
        if self.field == "all_rows":
            return bool(value)
        if self.field == "bins":
            return self._bins(value)
        text = str(value)
        if self.words and text not in self.words:
            raise DataError(f"{self.flag} is '{text}'.", f"Use one of: {', '.join(self.words)}.")
        return text

    def _bins(self, value: Any) -> int:
        text = str(value)
        if not text.isdigit() or not 2 <= int(text) <= 20:
            raise DataError(f"{self.flag} is '{value}'.", "Give a number of classes from 2 to 20.")
        return int(text)


FLAGS: tuple[Flag, ...] = (
    Flag("inputs", "--input", "column or columns (separated by commas) the model is given", "COL[,COL…]"),
    Flag("input_template", "--input-template", "how several columns make one input, e.g. '{title}: {body}'", "TEXT"),
    Flag("output", "--output", "column with the right answer (several 0/1 columns: separated by commas)", "COL"),
    Flag("instruction", "--instruction", "the task in words: a column, a text, or a file with the text", "TEXT|FILE"),
    Flag("group", "--group", "rows with the same value here stay on one side of the split ('none': do not)", "COL"),
    Flag("split_column", "--split-column", "column that says train, validation or test ('none': ignore it)", "COL"),
    Flag("time", "--time", "column with a date: the newest rows become the test", "COL"),
    Flag("given", "--given", "column with the answers of the team's present system", "COL[=MODEL]"),
    Flag("task_type", "--task-type", "what kind of task this is", "T", TASK_TYPES),
    Flag("sheet", "--sheet", "which sheet of a workbook, or which file of an archive", "S"),
    Flag("header", "--header", "is there a header row: yes, no, or the number of its line", "yes|no|LINE"),
    Flag("encoding", "--encoding", "how the text is encoded, e.g. utf-8, cp1252, shift_jis", "E"),
    Flag("delimiter", "--delimiter", "the sign between the cells of a line, or its name: tab, semicolon …", "SIGN"),
    Flag("label_separator", "--label-separator", "what stands between several labels ('none': one label)", "S"),
    Flag("merge_labels", "--merge-labels", "spellings of the same label become one", "", ("yes", "no")),
    Flag(
        "missing_labels", "--missing-labels", "labels such as N/A and None: classes, or no answer", "", ("keep", "drop")
    ),
    Flag("bins", "--bins", "numbers as answers: make this many classes of equal size", "N"),
    Flag("bad_bytes", "--bad-bytes", "rows with bytes that are no text", "", ("skip", "replace"), "skip"),
    Flag("merged_cells", "--merged-cells", "merged cells of a workbook", "", ("fill", "leave"), "fill"),
    Flag("hidden_rows", "--hidden-rows", "hidden rows of a workbook", "", ("keep", "drop"), "keep"),
    Flag("total_rows", "--total-rows", "rows at the end that sum up the table", "", ("keep", "drop"), "keep"),
    Flag(
        "leaks",
        "--leaks",
        "rows of a given test part that also stand in training: take them out of train, of test, or keep them",
        "",
        ("train", "test", "keep"),
        "train",
    ),
    Flag("all_rows", "--all-rows", "run the slow checks on every row, not on a sample"),
)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """The COLUMNS flags of the command line; `from_args` reads them back."""
    group = parser.add_argument_group("columns", "what the file holds, where the proposal is not right")
    for flag in FLAGS:
        if flag.field == "all_rows":
            group.add_argument(flag.flag, dest="choice_all_rows", action="store_true", help=flag.help)
            continue
        words = "|".join(flag.words) if flag.field != "task_type" else ""
        text = f"{flag.help}{f' (default {flag.default})' if flag.default else ''}"
        group.add_argument(flag.flag, dest=f"choice_{flag.field}", metavar=flag.metavar or words, help=text)


def from_args(args: argparse.Namespace) -> Choices:
    """The choices of a parsed command line; an instruction that names a file is read here, and only here."""
    document = {flag.field: getattr(args, f"choice_{flag.field}", None) for flag in FLAGS}
    document = {name: value for name, value in document.items() if value is not None}
    if "given" in document:
        document["given"] = column_and_model(str(document["given"]))[0]
    if "instruction" in document:
        document["instruction"] = _instruction(str(document["instruction"]))
    return Choices.from_json(document)


def column_and_model(text: str) -> tuple[str, str]:
    """`COLUMN=MODEL` in its two parts; the model is "" where none is named. A column's own '=' needs one after it."""
    column, equals, model = text.rpartition("=")
    return (column.strip(), model.strip()) if equals else (text, "")


def _instruction(text: str) -> str:
    try:
        path = Path(text)
        if not path.is_file():
            return text
        return path.read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise DataError(f"The instruction file {text} is not UTF-8 text.", "Save it as UTF-8.") from error
        return text

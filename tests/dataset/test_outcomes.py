"""Every hostile file ends as its expectation says, and every real set is understood."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from advisor.errors import ColumnsUnclear, DataError
from advisor.vocabulary import Dataset
from experiments import dataset

# archives and concatenated objects may be opened with a note instead of being refused
OPENED_WITH_A_NOTE = {"55_concatenated_objects.json", "70_zip_renamed.csv", "75_gzip_renamed.csv"}


def outcome(path: Path) -> tuple[str, Dataset | None]:
    try:
        found = dataset.inspect(path)
    except DataError as error:
        return ("error" if error.what and error.mend else "error without help"), None
    severities = [finding.severity for finding in found.findings]
    return next((word for word in ("error", "ask", "warn") if word in severities), "ok"), found


def test_every_bad_upload_ends_as_expected(bad_uploads: Path) -> None:
    with (bad_uploads / "expected.csv").open(newline="", encoding="utf-8") as file:
        expected = {row["file"]: row["outcome"] for row in csv.DictReader(file)}
    assert len(expected) > 50
    got = {name: outcome(bad_uploads / name) for name in expected}
    wrong = {name: (want, got[name][0]) for name, want in expected.items() if got[name][0] != want}
    assert set(wrong) == OPENED_WITH_A_NOTE, wrong
    for name in OPENED_WITH_A_NOTE:
        found = got[name][1]
        assert found is not None
        assert any(finding.check in ("archive", "json_form") for finding in found.findings)
    for name, (_, found) in got.items():
        _asks_name_their_flag(name, found)


def _asks_name_their_flag(name: str, found: Dataset | None) -> None:
    flags = {flag.flag for flag in dataset.FLAGS}
    for finding in found.findings if found else ():
        if finding.severity == "ask":
            assert finding.flag in flags, (name, finding)
            assert finding.options, (name, finding)
            assert finding.flag in finding.mend, (name, finding)


@pytest.mark.parametrize(
    ("name", "rows", "rejected_lines"),
    [
        ("10_invalid_utf8_bytes.csv", 60, [62]),
        ("13_mixed_line_endings.csv", 60, []),
        ("15_ragged_rows.csv", 62, [3, 4]),
        ("24_newlines_in_cells.csv", 60, []),
        ("52_broken_line.jsonl", 79, [20]),
        ("12_nul_bytes.csv", 61, []),
        ("63_two_sheets_merged.xlsx", 60, []),
        ("64_types_formulas_hidden.xlsx", 25, [7, 13, 19, 25, 31]),
        ("91_dates_and_numbers_locale.csv", 40, []),
    ],
)
def test_bad_rows_are_named_by_line_and_the_others_kept(
    bad_uploads: Path, name: str, rows: int, rejected_lines: list[int]
) -> None:
    found = dataset.inspect(bad_uploads / name)
    assert len(found.examples) == rows
    assert [item.line for item in found.rejected] == rejected_lines


def test_an_open_question_stops_a_run_and_its_flag_lets_it_go_on(bad_uploads: Path) -> None:
    answers = {
        "16_duplicate_columns.csv": {"output": "label.2"},
        "19_many_columns_unclear.csv": {"inputs": ["body"], "output": "queue"},
        "22_comment_and_title_lines.csv": {"header": "4"},
        "36_missing_labels.csv": {"missing_labels": "drop"},
        "39_label_variants.csv": {"merge_labels": "yes"},
        "63_two_sheets_merged.xlsx": {"sheet": "Tickets 2024"},
        "90_regression_scores.csv": {"bins": "3"},
    }
    for name, choice in answers.items():
        with pytest.raises(ColumnsUnclear, match="--"):
            dataset.read(bad_uploads / name)
        assert dataset.read(bad_uploads / name, dataset.Choices.from_json(choice)).examples


def test_merging_label_variants_gives_three_labels(bad_uploads: Path) -> None:
    found = dataset.inspect(bad_uploads / "39_label_variants.csv", dataset.Choices(merge_labels="yes"))
    assert {label for label, _ in found.labels} == {"shipping", "billing", "access"}
    assert sum(count for _, count in found.labels) == 60


def test_text_is_decoded_right(bad_uploads: Path) -> None:
    utf16 = dataset.inspect(bad_uploads / "07_utf16le_bom.csv")
    assert "déjà" in utf16.examples[0].input
    western = dataset.inspect(bad_uploads / "09_cp1252_quotes.csv")
    assert western.encoding == "cp1252"
    assert western.examples[0].input == "The “express” option – it’s late… 0"


def test_unicode_comes_through_unchanged(bad_uploads: Path) -> None:
    found = dataset.inspect(bad_uploads / "30_unicode.csv")
    with (bad_uploads / "30_unicode.csv").open(newline="", encoding="utf-8") as file:
        assert [example.input for example in found.examples] == [row["text"] for row in csv.DictReader(file)]


# file: input, output, task, labels, rows; labels and rows as index.csv counts them
REAL = {
    "banking77_train.csv": ("text", "label", "classification", 77, 10003),
    "banking77_test.csv": ("text", "label", "classification", 77, 3080),
    "snips.tsv": ("utterance", "intent", "classification", 7, 14484),
    "snips_slots_alpaca.json": ("input", "output", "extraction", 0, 3500),
    "wisesight.parquet": ("text", "label", "classification", 4, 5075),
    "cuad_clauses.csv": ("clause", "clause_type", "classification", 36, 2769),
    "nlupp.jsonl": ("text", "labels", "multi_label_classification", 62, 3080),
    "nlupp_pipe.csv": ("text", "labels", "multi_label_classification", 62, 3080),
    "xed.csv": ("text", "emotions", "multi_label_classification", 8, 12000),
    "restaurant8k_chat.jsonl": ("messages", "messages", "extraction", 0, 4400),
    "german_ler.jsonl": ("input", "output", "extraction", 0, 3900),
    "mts_dialog.csv": ("dialogue", "summary", "summarisation", 0, 1701),
    "e2e.csv": ("input", "output", "generation", 0, 7000),
    "tatqa_alpaca.jsonl": ("instruction", "output", "question_answering", 0, 1400),
    "gsm8k_chat.jsonl": ("messages", "messages", "reasoning", 0, 3100),
    "advising_sql.csv": ("question", "sql", "text_to_sql", 0, 3300),
    "glaive_tools_chat.jsonl": ("messages", "messages", "chat", 0, 300),
    "glaive_sharegpt.json": ("conversations", "conversations", "chat", 0, 300),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_every_real_set_is_understood_without_a_question(shared_data: Path, name: str) -> None:
    given, answer, task, labels, rows = REAL[name]
    found = dataset.read(shared_data / name)
    assert found.columns.inputs[0] == given
    assert found.columns.output == answer
    assert found.task_type == task
    assert len(found.labels) == labels
    assert len(found.examples) == rows
    assert found.rejected == ()


@pytest.mark.slow
def test_what_ties_rows_together_is_found(shared_data: Path) -> None:
    assert dataset.inspect(shared_data / "cuad_clauses.csv").columns.group == "source_contract"
    assert dataset.inspect(shared_data / "tatqa_alpaca.jsonl").columns.group == "input"
    e2e = dataset.inspect(shared_data / "e2e.csv")
    assert e2e.examples[0].input == e2e.examples[1].input
    assert e2e.examples[1].output in e2e.examples[0].references
    sql = {finding.check for finding in dataset.inspect(shared_data / "advising_sql.csv").findings}
    assert {"answer_leakage", "split_columns"} <= sql

"""`python -m experiments inspect`: a table for people, one JSON document for programs, exit codes by the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.commands.shell import USAGE
from experiments.__main__ import main
from experiments.dataset import power
from tests.dataset.test_formats import delimited
from tests.dataset.test_understanding import table, text


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(delimited(","), encoding="utf-8")
    return path


def document(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> dict[str, Any]:
    assert main(["inspect", *args, "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_json_has_the_keys_of_the_contract(good: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, str(good))
    keys = {
        "rows",
        "kept",
        "rejected",
        "format",
        "encoding",
        "columns",
        "input",
        "output",
        "task_type",
        "labels",
        "tokens",
        "findings",
        "split",
    }
    assert keys <= set(found)
    assert (found["rows"], found["kept"], found["input"], found["output"]) == (30, 30, "text", "label")
    assert found["labels"] == {"blue": 15, "red": 15}
    assert sum(found["split"][part] for part in ("train", "validation", "test")) == 30
    for item in found["findings"]:
        assert {"check", "severity", "text", "rows"} <= set(item)


def test_an_open_question_ends_well_and_names_its_flag(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "text,label,label\n" + "".join(f"row {n} of {n * 7},{'ab'[n % 2]},{'xy'[n % 2]}\n" for n in range(20))
    )
    asked = document(capsys, str(path))
    assert [item["flag"] for item in asked["findings"] if item["severity"] == "ask"] == ["--output"]
    answered = document(capsys, str(path), "--output", "label.2")
    assert answered["output"] == "label.2"
    assert not [item for item in answered["findings"] if item["severity"] == "ask"]


def test_an_error_is_exit_1_with_one_document_and_one_message(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("text,label\n" + "".join(f"row {n} of {n * 7},same\n" for n in range(20)))
    assert main(["inspect", str(path), "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"].startswith("Every row has the same label")
    assert json.loads(out)["mend"]
    assert "Every row has the same label" in err
    assert main(["inspect", str(tmp_path / "nothing.csv")]) == 1
    assert "no file" in capsys.readouterr().err


def test_the_table_is_readable_and_shows_hostile_text_literally(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    hostile = "[bold red]x[/] \x1b[31m \u202egnp"
    path.write_text(
        "text,label\n" + "".join(f"{hostile} {n} {n * 7},{'ab'[n % 2]}\n" for n in range(20)), encoding="utf-8"
    )
    assert main(["inspect", str(path)]) == 0
    out = capsys.readouterr().out
    for word in ("Rows", "Input", "Answer", "Task", "Labels (2)", "Findings", "Split:"):
        assert word in out
    assert "[bold red]x[/]" in out
    assert "\x1b[31m" not in out
    assert "\u202e" not in out


def test_the_cleaned_set_is_written_and_reads_back(
    good: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "clean.jsonl"
    before = document(capsys, str(good), "--cleaned", str(out))
    again = document(capsys, str(out))
    assert again["fingerprint"] == before["fingerprint"]
    assert {part: again["split"][part] for part in ("train", "validation", "test")} == {
        part: before["split"][part] for part in ("train", "validation", "test")
    }
    assert main(["inspect", str(good), "--cleaned", str(tmp_path / "no" / "folder.csv")]) == 1
    kept = good.read_bytes()
    assert main(["inspect", str(good), "--cleaned", str(good.parent / "." / good.name)]) == 1
    assert main(["inspect", str(good.parent), "--cleaned", str(good)]) == 1
    assert good.read_bytes() == kept
    assert "cannot be written" in capsys.readouterr().err


def test_an_instruction_may_be_a_file(
    good: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "instruction.txt"
    told.write_text("Which colour?\n")
    assert document(capsys, str(good), "--instruction", str(told))["instruction"] == "Which colour?"
    assert document(capsys, str(good), "--instruction", "Say it")["instruction"] == "Say it"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["FILE", "--input", "Ticket", "text"], "--input 'Ticket text'"),
        (["--input", "Ticket", "text", "FILE"], "--input 'Ticket text'"),
        (["FILE", "--instruction", "Say", "the", "topic", "--seed", "1"], "--instruction 'Say the topic'"),
    ],
)
@pytest.mark.parametrize("command", ["inspect", "run"])
def test_a_value_with_blanks_is_said_to_need_quotes(
    good: Path, capsys: pytest.CaptureFixture[str], command: str, typed: list[str], says: str
) -> None:
    assert main([command, *(str(good) if word == "FILE" else word for word in typed)]) == USAGE
    assert f"a value with blanks stands between quotes: {says}" in capsys.readouterr().err


def test_an_unknown_flag_is_not_said_to_need_quotes(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(good), "--bogus", "x"]) == USAGE
    assert "quotes" not in capsys.readouterr().err


@pytest.mark.parametrize("rows", [5, 10])
def test_a_file_too_small_for_a_pilot_is_said_to_be_by_inspect_and_run(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], rows: int
) -> None:
    path = tmp_path / "few.csv"
    path.write_text(table("text,label", *(f'"{text(n)}",{"ab"[n % 2]}' for n in range(rows))))
    said = next(item for item in document(capsys, str(path))["findings"] if item["check"] == "too_few_rows")
    assert "no pilot can be run" in said["text"]
    assert f"{power.fewest_rows()} are needed" in said["mend"]
    assert main(["run", str(path), "--arms", "classical"]) == 1
    refused = capsys.readouterr().err
    assert said["text"] in refused if rows == 5 else "Only 7 rows are left to train on" in refused


def test_suggested_values_with_blanks_are_quoted(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dated.csv"
    rows = [f"thing {n},{'ab'[n % 2]},2024-01-{n + 1:02}\n" for n in range(20)]
    path.write_text("text,label,Created at\n" + "".join(rows))
    said = next(item for item in document(capsys, str(path))["findings"] if item["check"] == "dates")
    assert "--time 'Created at'" in said["mend"]

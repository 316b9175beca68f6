"""What stands in spreadsheets around a table: groups of columns, totals, notes on other sheets, failed formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import CSV, ROWS, rows, severity
from tests.dataset.test_understanding import table

Rows = Sequence[Sequence[object]]
HEAD = ("text", "label")


def book(**sheets: Rows) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, cells in sheets.items():
        sheet = made.create_sheet(name)
        for row in cells:
            sheet.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


GROUPED = [("Customer", None, "Outcome", None), ("Message", "Channel", "Topic", "Priority")]
TWICE = [(None, "Anna", None, "Bob", None), ("text", "label", "note", "label", "note")]


@pytest.mark.parametrize("form", ["workbook", "CSV"])
def test_a_row_of_groups_above_the_header(read: Read, form: str) -> None:
    cells = [*GROUPED, *((given, "web", label, "P1") for given, label in ROWS)]
    as_csv = "\n".join(",".join(f'"{cell or ""}"' for cell in row) for row in cells) + "\n"
    found = read(book(S=cells) if form == "workbook" else as_csv)
    assert rows(found) == ROWS
    assert (found.columns.inputs, found.columns.output) == (("Message",), "Topic")
    assert "Line 1 groups the columns (Customer, Outcome)" in finding(found, "header").text


def test_merged_groups_above_names_of_another_language(read: Read) -> None:
    made = openpyxl.Workbook()
    for row in [("Vorgang", "Ergebnis", None), (None, "Thema", "Stufe"), *((a, b, "1") for a, b in ROWS)]:
        made.active.append(list(row))
    made.active.merge_cells("A1:A2")
    made.active.merge_cells("B1:C1")
    buffer = io.BytesIO()
    made.save(buffer)
    found = read(buffer.getvalue(), output="Thema")
    assert found.column_names == ("Vorgang", "Thema", "Stufe")
    assert rows(found) == ROWS


def test_names_that_stand_under_several_groups_keep_their_group(read: Read) -> None:
    found = read(book(S=[*TWICE, *((given, label, "-", "access", "-") for given, label in ROWS)]))
    assert found.column_names == ("text", "Anna label", "Anna note", "Bob label", "Bob note")


def test_a_total_at_the_end_is_said_and_left_out_when_wished(read: Read) -> None:
    total = [(None, None), ("Total", len(ROWS))]
    for data in (book(S=[HEAD, *ROWS, *total]), f"{CSV}Total rows,{len(ROWS)}\nExported by,me\n"):
        said = finding(read(data), "total_rows")
        assert (said.severity, said.flag, said.options) == ("warn", "--total-rows", ("drop", "keep"))
        assert len(ROWS) in said.rows
        assert rows(read(data, total_rows="drop")) == ROWS
        assert finding(read(data, total_rows="keep"), "total_rows").severity == "note"
    talk = table("text,label", *(f"total {n},x{n % 2}" for n in range(20)))
    assert severity(read(talk), "total_rows") is None


NOTES = [("About",), ("made by me",), ("please read",)]
PARTS = {"train": [HEAD, *ROWS[:20]], "validation": [HEAD, *ROWS[20:24]], "test": [HEAD, *ROWS[24:]]}


def test_a_sheet_of_notes_does_not_part_what_belongs_together(read: Read) -> None:
    found = read(book(**PARTS, README=NOTES))
    assert rows(found) == ROWS
    assert [e.split for e in found.examples].count("test") == 6
    assert "Not read: 'README'" in finding(found, "sheet").text
    other = read(book(**PARTS, more=[HEAD, *ROWS]))
    assert finding(other, "sheet").severity == "ask"
    alone = read(book(Notes=[("key", "meaning"), ("a", "b")], data=[HEAD, *ROWS]))
    assert rows(alone) == ROWS
    assert finding(alone, "sheet").options[0] == "data"


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"])
def test_failed_formulas_are_no_labels_and_no_texts(read: Read, error: str) -> None:
    cells = [*ROWS, ("one more text", error), (error, "access")]
    found = read(book(S=[HEAD, *cells]))
    asked = finding(found, "missing_labels")
    assert (asked.severity, asked.rows) == ("ask", (30,))
    assert "formula failed" in asked.text
    assert finding(found, "error_cells").rows == (31,)
    assert error not in dict(read(book(S=[HEAD, *cells]), missing_labels="drop").labels)


def test_formulas_without_a_value_are_named_with_their_rows(read: Read) -> None:
    cells = [*ROWS, ("one more text", '=IF(A2="","x","y")')]
    found = read(book(S=[HEAD, *cells]))
    assert rows(found) == ROWS
    assert finding(found, "formulas").rows == (30,)


def test_a_sheet_named_for_a_file_without_sheets_is_said_to_be_none(read: Read) -> None:
    assert "has no sheets" in finding(read(CSV, sheet="Data"), "sheet").text
    named = read(book(Data=[HEAD, *ROWS]), sheet="Data")
    assert all("has no sheets" not in item.text for item in named.findings)

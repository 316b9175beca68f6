"""Whatever a file does, the reader ends with one message and this process is unharmed."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.errors import DataError
from experiments import dataset
from experiments.dataset import limits, sandbox
from tests.dataset.conftest import Read
from tests.dataset.test_formats import FORMS

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org"


def workbook(sheet: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {NAMESPACE} xmlns:r="{OFFICE}/officeDocument/2006/relationships">'
            '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{OFFICE}/package/2006/relationships">'
            '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def sheet(rows: str, before: str = "") -> str:
    return f"{before}<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>"


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def parquet(**columns: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out.getvalue()


def lying_zip() -> bytes:
    """A directory that says 1,000 bytes where 40 MB come out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "text,label\n" + "x,y\n" * 10_000_000)
    data = bytearray(out.getvalue())
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = data[22:26] = (1000).to_bytes(4, "little")
    return bytes(data)


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
BOMBS = {
    "gzip": lambda: gzip.compress(b"text,label\n" + b"x" * 60_000_000),
    "zip whose directory lies": lying_zip,
    "parquet of one long word": lambda: parquet(
        text=pa.array(["x" * 2_000_000] * 1000).dictionary_encode(), label=["a"] * 1000
    ),
    "workbook with one huge cell": lambda: workbook(sheet(f'<row r="1">{cell("A1", "x" * 120_000_000)}</row>')),
    "workbook with entities": lambda: workbook(sheet(f'<row r="1">{cell("A1", "&b;&c;")}</row>', ENTITIES)),
    "workbook with a cell at the far end": lambda: workbook(
        sheet(f'<row r="1">{cell("A1", "text")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>')
    ),
    "deep JSON": lambda: b"[" * 200_000 + b"]" * 200_000,
    "deep JSON in a row": lambda: b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"\n",
    "one endless line": lambda: b"text,label\n" + b"x" * 11_000_000 + b",a\n",
    "too many columns": lambda: b",".join(b"c%d" % n for n in range(30_000)) + b"\n",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_with_one_message(through_the_door: Read, bomb: str) -> None:
    with pytest.raises(DataError) as caught:
        through_the_door(BOMBS[bomb]())
    assert caught.value.mend
    assert "made its reader fail" not in caught.value.what


def test_a_deep_row_costs_only_itself(through_the_door: Read) -> None:
    good = [json.dumps({"text": f"row {n} of {n * 7}", "label": "ab"[n % 2]}) for n in range(20)]
    deep = '{"text":' * 20_000 + "1" + "}" * 20_000
    found = through_the_door("\n".join([*good[:5], deep, *good[5:]]) + "\n")
    assert [item.line for item in found.rejected] == [6]
    assert len(found.examples) == 20


def test_memory_and_time_are_limited_in_the_child(through_the_door: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child reads its limits anew, so they are changed where it starts."""
    start = sandbox.START.replace(
        "from experiments.dataset.child",
        "from experiments.dataset import limits; {change}; from experiments.dataset.child",
    )
    for change, said in (("limits.MEMORY_BYTES = 2**26", "memory"), ("limits.CPU_SECONDS = 0", "too long")):
        monkeypatch.setattr(sandbox, "START", start.replace("{change}", change))
        with pytest.raises(DataError, match=said):
            through_the_door("text,label\n" + "some text of a row,a\n" * 200_000)


def test_a_child_that_hangs_is_ended(through_the_door: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "START", "import time; time.sleep(60)  # {root}")
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.3)
    with pytest.raises(DataError, match="too long"):
        through_the_door("text,label\n")


def test_a_child_that_crashes_or_lies_is_one_message(through_the_door: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    for start, said in (
        ("import os; os.abort()  # {root}", "signal 6"),
        ("print('nonsense')  # {root}", "exit code|no sensible answer"),
        ("print('{{\"name\": 1}}')  # {root}", "no sensible answer"),
    ):
        monkeypatch.setattr(sandbox, "START", start)
        with pytest.raises(DataError, match=said):
            through_the_door("text,label\n")


def test_a_pickle_is_never_run(through_the_door: Read, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    program = b"\x80\x04cos\nsystem\n(V" + f"touch {mark}".encode() + b"\ntR."
    for data in (program, b"text,label\n" + program):
        with pytest.raises(DataError):
            through_the_door(data, "table.csv")
    assert not mark.exists()


def test_the_child_sees_no_keys(through_the_door: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    assert "OPENAI_API_KEY" not in sandbox.ENVIRONMENT
    monkeypatch.setattr(sandbox, "START", f"import os; assert 'OPENAI_API_KEY' not in os.environ; {sandbox.START}")
    assert len(through_the_door(FORMS["comma"]).examples) == 30


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "folder").mkdir()
    for path, said in (
        (tmp_path / "nothing.csv", "no file"),
        (tmp_path / "folder", "folder"),
        (pipe, "not a file"),
        (Path("\0"), "opened"),
    ):
        with pytest.raises(DataError, match=said) as caught:
            dataset.inspect(path)
        assert caught.value.mend


def test_a_folder_with_train_and_test_files(tmp_path: Path) -> None:
    for name, start in (("train.csv", 0), ("test.csv", 20)):
        rows = "".join(f"row {n} of {n * 7} here,{'ab'[n % 2]}\n" for n in range(start, start + 20))
        (tmp_path / name).write_text(f"text,label\n{rows}")
    (tmp_path / "README.md").write_text("not data")
    found = dataset.inspect(tmp_path)
    assert len(found.examples) == 40
    assert found.columns.split == "split"


def test_too_large_a_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch, through_the_door: Read) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 100)
    with pytest.raises(DataError, match="at most 0 MB"):
        through_the_door("text,label\n" + "a,b\n" * 100)


def test_progress_and_the_first_rows_at_once(through_the_door: Read) -> None:
    data = ("text,label\n" + "".join(f"row {n} of {n * 7} here,{'ab'[n % 2]}\n" for n in range(50_000))).encode()
    said: list[tuple[str, float]] = []
    dataset.inspect_bytes(data, "x", progress=lambda phase, share: said.append((phase, share)))
    assert {"read", "columns", "check"} <= {phase for phase, _ in said}
    assert all(0 <= share <= 1 for _, share in said)
    first = dataset.preview_bytes(data, "x")
    assert len(first.examples) == limits.PREVIEW_ROWS


def test_reading_imports_no_torch_and_no_page() -> None:
    heavy = ("torch", "transformers", "streamlit", "pandas", "pyarrow", "sklearn", "numpy")
    code = f"import sys, experiments.dataset.child, experiments.dataset.build; print(set({heavy}) & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

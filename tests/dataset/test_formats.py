"""One table in every form people keep it in gives the same examples."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.errors import DataError
from experiments import dataset
from tests.dataset.conftest import Read

ROWS = [
    (f"Where is parcel {n}, the “{'blue' if n % 2 else 'red'}” one?", "blue" if n % 2 else "red") for n in range(30)
]
TEXTS = [text for text, _ in ROWS]
RECORDS = [{"text": text, "label": label} for text, label in ROWS]


def delimited(sign: str) -> str:
    return f"text{sign}label\n" + "".join(f'"{text}"{sign}{label}\n' for text, label in ROWS)


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": TEXTS, "label": [label for _, label in ROWS]}), out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def chat(user: str, assistant: str) -> list[dict[str, str]]:
    return [
        {"role": "system", "content": "Colour?"},
        {"role": "user", "content": user},
        {"role": "assistant", "content": assistant},
    ]


FORMS: dict[str, str | bytes] = {
    "comma": delimited(","),
    "semicolon": delimited(";"),
    "tab": delimited("\t"),
    "bar": delimited("|"),
    "sep line of Excel": "sep=;\r\n" + delimited(";"),
    "space after comma": delimited(",").replace('",', '", '),
    "CR only": delimited(",").replace("\n", "\r"),
    "CRLF": delimited(",").replace("\n", "\r\n"),
    "UTF-8 with mark": b"\xef\xbb\xbf" + delimited(",").encode(),
    "UTF-16 LE": delimited(",").encode("utf-16"),
    "UTF-16 BE without mark": delimited(",").encode("utf-16-be"),
    "UTF-32": delimited(",").encode("utf-32"),
    "cp1252": delimited(",").encode("cp1252"),
    "JSON Lines": "".join(json.dumps(record) + "\n" for record in RECORDS),
    "JSON array": json.dumps(RECORDS),
    "JSON array, indented": json.dumps(RECORDS, indent=1),
    "objects end to end": "".join(json.dumps(record, indent=1) for record in RECORDS),
    "wrapped": json.dumps({"version": 1, "data": RECORDS}),
    "rows of lists": json.dumps([["text", "label"], *ROWS]),
    "columns": json.dumps({"text": TEXTS, "label": [label for _, label in ROWS]}),
    "columns of pandas": json.dumps({"text": dict(enumerate(TEXTS)), "label": dict(enumerate(r[1] for r in ROWS))}),
    "split of pandas": json.dumps({"columns": ["text", "label"], "index": list(range(30)), "data": ROWS}),
    "OpenAI chat": "".join(json.dumps({"messages": chat(*row)}) + "\n" for row in ROWS),
    "ShareGPT": json.dumps(
        [{"conversations": [{"from": "human", "value": t}, {"from": "gpt", "value": label}]} for t, label in ROWS]
    ),
    "Gemini": "".join(
        json.dumps(
            {"contents": [{"role": "user", "parts": [{"text": t}]}, {"role": "model", "parts": [{"text": label}]}]}
        )
        + "\n"
        for t, label in ROWS
    ),
    "Alpaca": json.dumps([{"instruction": "Colour?", "input": t, "output": label} for t, label in ROWS]),
    "prompt and completion": "".join(json.dumps({"prompt": t, "completion": label}) + "\n" for t, label in ROWS),
    "Parquet": parquet(),
    "gzip": gzip.compress(delimited(",").encode()),
    "zip": zipped(rows__csv=delimited(",").encode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_in_every_form(read: Read, form: str) -> None:
    found = read(FORMS[form])
    assert [(example.input, example.output) for example in found.examples] == ROWS
    assert found.task_type == "classification"
    assert dict(found.labels) == {"red": 15, "blue": 15}
    assert not [finding for finding in found.findings if finding.severity in ("ask", "error")]


@pytest.mark.parametrize("form", ["comma", "JSON array", "OpenAI chat", "Parquet", "zip"])
def test_the_child_process_reads_the_same(read: Read, through_the_door: Read, form: str) -> None:
    assert through_the_door(FORMS[form]) == read(FORMS[form])


def test_the_instruction_of_every_row_becomes_the_sets(read: Read) -> None:
    assert read(FORMS["OpenAI chat"]).instruction == "Colour?"
    assert read(FORMS["Alpaca"]).instruction == "Colour?"
    assert read(FORMS["comma"], instruction="Which colour?").instruction == "Which colour?"


@pytest.mark.parametrize(
    "name", ["table.parquet", "../../etc/cron.d/x.csv", "a\u202etxt.exe", "", "CON", "x" * 300, "..%2f..", "\x00"]
)
def test_the_name_of_a_file_decides_nothing_and_is_shown_clean(read: Read, name: str) -> None:
    found = read(FORMS["comma"], name)
    assert len(found.examples) == 30
    assert found.name
    assert len(found.name) <= 80
    assert not set(found.name) & set("/\\\x00\u202e\n")


def test_train_and_test_files_come_together(read: Read) -> None:
    lines = delimited(",").splitlines(keepends=True)
    train = "".join([lines[0], *lines[1:21]]).encode()
    test = "".join([lines[0], *lines[21:]]).encode()
    found = read(dataset.pack([("my_train.csv", train), ("my_test.csv", test)]))
    assert len(found.examples) == 30
    assert {example.split for example in found.examples[:10]} == {"test"}  # packed in the order of their names
    assert sum(example.split == "train" for example in found.examples) == 20
    assert len({example.row for example in found.examples}) == 30


def test_packing_the_same_files_gives_the_same_bytes() -> None:
    files = [("train.csv", b"a,b\n1,2\n"), ("test.csv", b"a,b\n3,4\n")]
    assert dataset.pack(files) == dataset.pack(reversed(files))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\x80\x04\x95)\x00\x00", "pickle"),
        (b"%PDF-1.7 \x00\x01\x02", "PDF"),
        (b"<html><table></table></html>", "HTML"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "Excel"),
        (b"SQLite format 3\x00" + bytes(100), "SQLite"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"text,label\n", "no rows"),
        (b"text\nonly one column\nreally\n", "answers"),
        (b"[1, 2, 3]", "not a JSON object"),
        (b'{"text": "one object"}', "not a list|answers|No column"),
        (b'[{"text": "a", "label": "b"}', "missing"),
        (b'[{"text": "a", "label": "b"},\n{"text": oops}]', "line 2"),
        (b"[" * 100_000, "deep"),
        (b"PAR1" + bytes(100) + b"PAR1", "Parquet"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (zipped(a__csv=b"x,y\n1,2\n", b__csv=b"x,y\n1,2\n"), "2 files"),
        (zipped(a__zip=zipped(b__csv=b"x,y\n")), "another archive"),
        (b"\x1f\x8b\x08\x00broken", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(read: Read, data: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read(data, "table.csv")
    assert caught.value.mend


def test_a_quote_that_never_closes_costs_its_line_only(read: Read) -> None:
    text = "text,label\n" + "".join(f"row {n},{'a' if n % 2 else 'b'}\n" for n in range(10))
    broken = text.replace("row 4,", '"row 4,')
    found = read(broken)
    assert [item.line for item in found.rejected] == [6]
    assert len(found.examples) == 9


def test_quotes_inside_unquoted_tab_separated_texts_stay(read: Read) -> None:
    rows = "".join(f'"Yes" she said {n}\t{"a" if n % 2 else "b"}\n' for n in range(20))
    assert read("text\tlabel\n" + rows).examples[0].input == '"Yes" she said 0'


def test_a_missing_header_is_noticed(read: Read) -> None:
    rows = "".join(f"my parcel {n} is late again,{'late' if n % 2 else 'lost'}\n" for n in range(20))
    found = read(rows)
    assert len(found.examples) == 20
    assert next(finding.flag for finding in found.findings if finding.severity == "ask") == "--header"
    assert len(read(rows, header="no").examples) == 20
    assert len(read(rows, header="yes").examples) == 19


def test_line_numbers_count_lines_not_rows(read: Read) -> None:
    found = read('text,label\n"one\ntwo\nthree",a\n"four",b\nbad row\n"five",a\n')
    assert [example.line for example in found.examples] == [2, 5, 7]
    assert [(item.line, item.why) for item in found.rejected] == [(6, "1 cell where the header has 2")]


def test_numbers_and_missing_words_stay_the_text_they_are(read: Read) -> None:
    rows = ["007,1.10", "1e5,NA", "NaN,0x1F", "1_000,true"]
    found = read("text,answer\n" + "".join(f"{row}\n" for row in rows), task_type="generation")
    assert [f"{example.input},{example.output}" for example in found.examples] == rows


def test_a_chosen_encoding_is_obeyed(read: Read) -> None:
    text = "text,label\n" + "".join(f"посылка {n} где же она,{'где' if n % 2 else 'кто'}\n" for n in range(20))
    assert read(text.encode("koi8_r"), encoding="koi8_r").examples[0].input == "посылка 0 где же она"
    with pytest.raises(DataError, match="Unknown encoding"):
        read(text, encoding="klingon")


@pytest.mark.parametrize("codec", ["cp1251", "shift_jis", "gb18030", "euc_kr"])
def test_other_encodings_are_guessed_with_a_warning(read: Read, codec: str) -> None:
    words = {
        "cp1251": "Где моя посылка она потерялась",
        "shift_jis": "私の荷物はどこですか",
        "gb18030": "我的包裹在哪里请告诉我",
        "euc_kr": "내 소포가 어디에 있나요",
    }
    text = "text,label\n" + "".join(f"{words[codec]} {n},{'a' if n % 2 else 'b'}\n" for n in range(40))
    found = read(text.encode(codec))
    assert found.examples[0].input == f"{words[codec]} 0"
    assert any(finding.check == "encoding" and finding.severity == "warn" for finding in found.findings)

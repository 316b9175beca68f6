"""The kinds of files teams bring beside the plain ones: read for what they are, or refused by name."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from advisor.errors import DataError
from advisor.vocabulary import Dataset
from tests.dataset.conftest import Read
from tests.dataset.test_understanding import lines, table, text

LABELS = ("shipping", "billing", "access")
ROWS = [(text(n), LABELS[n % 3]) for n in range(30)]
RECORDS = [{"text": given, "label": label} for given, label in ROWS]
CSV = table("text,label", *(f'"{given}",{label}' for given, label in ROWS))


def rows(found: Dataset) -> list[tuple[str, str]]:
    return [(example.input, example.output) for example in found.examples]


def severity(found: Dataset, check: str) -> str | None:
    return next((item.severity for item in found.findings if item.check == check), None)


def turns(asked: str, answered: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


TABLES: dict[str, str] = {
    "carets": CSV.replace('",', '"^').replace("text,", "text^"),
    "tildes": CSV.replace('",', '"~').replace("text,", "text~"),
    "single quotes": CSV.replace('"', "'"),
    "Markdown": "| text | label |\n|:--|---|\n" + "".join(f"| {given} | {label} |\n" for given, label in ROWS),
    "fastText": "".join(f"__label__{label} {given}\n" for given, label in ROWS),
    "lists under a header": json.dumps([["text", "label"], *ROWS]),
    "a list per line under a header": "".join(f"{json.dumps(row)}\n" for row in [["text", "label"], *ROWS]),
    "any key": json.dumps({"meta": {"by": "me"}, "tickets": RECORDS}),
    "two keys deep": json.dumps({"response": {"items": RECORDS}}),
    "rows by their id": json.dumps({f"id{n}": record for n, record in enumerate(RECORDS)}),
    "texts and their labels": json.dumps(dict(ROWS)),
    "search hits": json.dumps({"hits": [{"_id": n, "_source": record} for n, record in enumerate(RECORDS)]}),
    "JSON text sequences": "".join(f"\x1e{json.dumps(record)}\n" for record in RECORDS),
    "Label Studio": json.dumps(
        [
            {"id": 1, "data": {"text": given}, "annotations": [{"result": [{"value": {"choices": [label]}}]}]}
            for given, label in ROWS
        ]
    ),
    "a conversation per line": "".join(f"{json.dumps(turns(*row))}\n" for row in ROWS),
    "conversations in a list": json.dumps([turns(*row) for row in ROWS]),
    "conversations as JSON in cells": table("messages", *(quoted(json.dumps(turns(*row))) for row in ROWS)),
    "conversations as Python prints them": table("messages", *(f'"{turns(*row)}"' for row in ROWS)),
    "prompt and completion as turns": lines(
        *({"prompt": turns(*row)[:1], "completion": turns(*row)[1:]} for row in ROWS)
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", TABLES)
def test_the_same_rows_in_every_form(read: Read, form: str) -> None:
    found = read(TABLES[form])
    assert rows(found) == ROWS
    assert found.task_type == "classification"
    assert not found.rejected


ENCODED = {
    "iso8859_2": "Zażółć gęślą jaźń, proszę o zwrot pieniędzy",
    "cp1250": "Příliš žluťoučký kůň, prosím o pomoc",
    "cp1254": "Kargom hâlâ gelmedi, şifremi değiştirmek istiyorum",
    "cp1257": "Mano siuntinys dar neatėjo, prašau patikrinti sąskaitą",
    "cp874": "พัสดุของฉันยังไม่มาถึง กรุณาตรวจสอบ",
    "mac_roman": "Le café est fermé à côté de l’hôtel",
    "cp850": "Die Rechnung über Brötchen ist größer",
    "koi8_r": "Моя посылка ещё не пришла, проверьте пожалуйста счёт",
}


@pytest.mark.parametrize("codec", ENCODED)
def test_older_encodings_are_told_by_the_letters_of_a_language(read: Read, codec: str) -> None:
    said = ENCODED[codec]
    found = read(table("text,label", *(f'"{said} {n}",{LABELS[n % 3]}' for n in range(30))).encode(codec))
    assert found.examples[0].input == f"{said} 0"
    assert severity(found, "encoding") == "warn"


def document(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


NO_TABLES: dict[str, tuple[str | bytes, str]] = {
    "YAML": ("- text: hello there\n  label: a\n" * 30, "YAML"),
    "XML": (f"<data><row><text>{text(1)}</text></row></data>", "XML"),
    "TOML": ('[[rows]]\ntext = "hello"\nlabel = "a"\n' * 9, "TOML"),
    "Python": ("import os\n\n\ndef main(x, y):\n    return x, y\n", "Python program"),
    "SQL": ("INSERT INTO t (a, b) VALUES ('x', 'y');\n" * 20, "SQL"),
    "e-mail": ("From: a@b.c\nTo: d@e.f\nSubject: hi\n\nHello\n", "e-mail"),
    "old pickle": ("(lp0\n(dp1\nVtext\np2\nVhello\np3\nsa.", "pickle"),
    "notebook": (json.dumps({"cells": [], "nbformat": 4, "metadata": {}}), "notebook"),
    "subtitles": ("1\n00:00:01,000 --> 00:00:02,000\nhello\n\n" * 9, "subtitles"),
    "JSON with comments": ("// made by hand\n" + json.dumps(RECORDS, indent=1), "comments"),
    "Word": (document("[Content_Types].xml", "word/document.xml"), "Word"),
    "OpenDocument": (document("mimetype", "content.xml", "META-INF/manifest.xml"), "OpenDocument"),
    "xlsb": (document("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
    "PyTorch": (document("archive/data.pkl"), "PyTorch"),
    "weights": (b"\x40\x00\x00\x00\x00\x00\x00\x00" + b'{"a":{}}' + bytes(40), "weights"),
    "Arrow stream": (b"\xff\xff\xff\xff\x10\x00\x00\x00" + bytes(50), "Arrow stream"),
    "columns of unequal length": (json.dumps({"text": ["a", "b", "c"], "label": ["x"]}), "different numbers"),
    "quoted lines": ('"text,label"\n' + "".join(f'"{given},{label}"\n' for given, label in ROWS), "as a whole"),
    "tags as numbers": (lines(*[{"tokens": ["a", "b"], "ner_tags": [0, 1]}] * 3), "number for each word"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_is_named(read: Read, kind: str) -> None:
    data, said = NO_TABLES[kind]
    with pytest.raises(DataError, match=said) as caught:
        read(data)
    assert caught.value.mend


def test_a_text_that_begins_with_a_bracket_is_no_json(read: Read) -> None:
    found = read(table("text,label", *(f'"{g}",{label}' for g, label in ROWS)).replace("text,", "[text],", 1))
    assert len(found.examples) == 30


def test_lines_of_all_widths_are_no_table(read: Read) -> None:
    said = "".join(f"Dear team{',' * (n % 5 < 3)} number {n} is late\n" for n in range(30))
    item = next(item for item in read(said).findings if item.check == "irregular_lines")
    assert item.severity == "error"
    assert "line " in item.text
    assert "--delimiter" in item.mend


def test_the_delimiter_may_be_named(read: Read) -> None:
    data = "text and label\n" + "".join(f"{given.replace(' ', '_')} {label}\n" for given, label in ROWS)
    found = read(data.replace("text and label", "text label"), delimiter="space")
    assert dict(found.labels) == dict.fromkeys(sorted(LABELS), 10)
    with pytest.raises(DataError, match="--delimiter is 'ab'"):
        read(data, delimiter="ab")


def test_a_header_that_comes_again_is_no_row(read: Read) -> None:
    found = read((CSV + "\ufeff" + CSV).encode())
    assert len(found.examples) == 60
    assert [(item.line, item.why) for item in found.rejected] == [(32, "the header again")]


def test_a_header_below_lines_as_wide_is_found_by_its_names(read: Read) -> None:
    found = read(f"Printed,2024-01-01\nBy,me\n{CSV}")
    assert rows(found) == ROWS
    assert severity(found, "header") == "ask"


def test_lists_without_a_header_lose_no_row(read: Read) -> None:
    for data in (json.dumps(ROWS), "".join(f"{json.dumps(row)}\n" for row in ROWS)):
        found = read(data)
        assert rows(found) == ROWS
        assert severity(found, "header") == "ask"


def test_control_characters_do_not_make_a_text_binary(read: Read) -> None:
    found = read(table("text,label", *(f'"{given}\x08\x1b[31m\x85end",{label}' for given, label in ROWS)))
    assert len(found.examples) == 30

"""Tables and rows that are odd but readable, and files that are none: what is proposed, and what is said."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.errors import DataError
from experiments.dataset.checks import personal_data
from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import CSV, RECORDS, ROWS, rows, severity
from tests.dataset.test_understanding import lines, table

CELLS = [f'"{given}",{label}' for given, label in ROWS]


def test_a_header_that_names_only_the_first_column_is_still_the_header(read: Read) -> None:
    found = read(table("text,,", *(f"{row}," for row in CELLS)))
    assert rows(found) == ROWS
    assert (found.columns.inputs, found.columns.output) == (("text",), "column 2")
    assert severity(found, "header") is None


def test_a_first_row_of_data_does_not_become_the_header_under_a_line_of_another_kind(read: Read) -> None:
    found = read(table("text\tlabel", *CELLS))
    assert rows(found) == ROWS
    said = finding(found, "header")
    assert said.severity == "ask"
    assert "line 2" in said.text


SAID = [f"Open the menu, choose {label}, then press button {n}." for n, (_, label) in enumerate(ROWS)]
ASKED = [f"How do I mend the {label} number {n}?" for n, (_, label) in enumerate(ROWS)]


@pytest.mark.parametrize(
    ("first", "second", "sign"),
    [
        (ASKED, SAID, ","),
        (SAID, [f"Le texte {said}" for said in SAID], "\t"),
        ([f"the {label} is still missing since {n} days" for n, (_, label) in enumerate(ROWS)], SAID, ";"),
        (
            [f"注文{n}番の商品がまだ届きません。" for n in range(30)],
            [f"次の{n}日までお待ちください。" for n in range(30)],
            ",",
        ),
        ([label for _, label in ROWS], SAID, "\t"),
    ],
)
def test_a_first_row_like_the_others_is_asked_about(read: Read, first: list[str], second: list[str], sign: str) -> None:
    pairs = [(f'"{a}"', f'"{b}"') if sign == "," else (a, b) for a, b in zip(first, second, strict=True)]
    found = read("".join(f"{a}{sign}{b}\n" for a, b in pairs))
    said = finding(found, "header")
    assert (said.severity, said.flag, said.options) == ("ask", "--header", ("no", "yes"))
    assert found.column_names == ("column 1", "column 2")
    assert len(found.examples) == len(ROWS)
    assert severity(read("".join(f"{a}{sign}{b}\n" for a, b in pairs), header="no"), "header") is None


@pytest.mark.parametrize(
    "head",
    [
        "question,reply",
        "Betreff,Kategorie",
        "What went wrong?,How was it mended?",
        "what the person said,what was done",
    ],
)
def test_names_of_columns_above_sentences_are_not_asked_about(read: Read, head: str) -> None:
    pairs = zip(SAID, SAID, strict=True)
    found = read(table(head, *(f'"{a} Thanks.","{b}"' for a, b in pairs)))
    assert severity(found, "header") is None
    assert found.column_names == tuple(head.split(","))


def test_a_table_that_begins_far_from_the_corner_of_its_sheet(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, row in enumerate([("text", "label"), *ROWS]):
        for column, cell in enumerate(row):
            sheet.cell(3 + place, 6 + column, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    found = read(buffer.getvalue())
    assert rows(found) == ROWS
    assert (found.columns.inputs, found.columns.output) == (("text",), "label")


def sheets(**rows: list[tuple[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for name, held in rows.items():
        sheet = book.create_sheet(name)
        for row in held:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_sheets_called_train_and_test_are_one_set_with_its_split(read: Read) -> None:
    head = ("text", "label")
    found = read(sheets(Train=[head, *ROWS[:20]], Test=[head, *ROWS[20:]]))
    assert rows(found) == ROWS
    assert found.columns.split == "split"
    assert [example.split for example in found.examples] == ["train"] * 20 + ["test"] * (len(ROWS) - 20)
    assert finding(found, "sheet").severity == "note"
    alone = read(sheets(Train=[head, *ROWS[:20]], Test=[head, *ROWS[20:]]), sheet="Test")
    assert rows(alone) == ROWS[20:]


def test_sheets_that_do_not_belong_together_are_asked_about(read: Read) -> None:
    other = read(sheets(train=[("text", "label"), *ROWS[:20]], test=[("question", "topic"), *ROWS[20:]]))
    assert finding(other, "sheet").severity == "ask"
    notes = read(sheets(train=[("text", "label"), *ROWS], notes=[("who", "what"), ("me", "typed it")]))
    assert finding(notes, "sheet").severity == "ask"


def several(join: Callable[[list[str]], Any]) -> tuple[str, list[list[str]]]:
    """Rows with one to three labels, the second in every second row, the third in every seventh."""
    wanted = [
        sorted([label, *(["urgent"] if n % 2 else []), *([] if n % 7 else ["vip"])])
        for n, (_, label) in enumerate(ROWS)
    ]
    return lines(*({"text": row[0], "labels": join(labels)} for row, labels in zip(ROWS, wanted, strict=True))), wanted


@pytest.mark.parametrize(
    "join",
    [
        "\n".join,
        " / ".join,
        "/".join,
        " ".join,
        lambda labels: {name: name in labels for name in ("access", "billing", "shipping", "urgent", "vip")},
        lambda labels: {name: float(name in labels) for name in ("access", "billing", "shipping", "urgent", "vip")},
    ],
)
def test_several_labels_in_further_spellings(read: Read, join: Callable[[list[str]], Any]) -> None:
    data, wanted = several(join)
    found = read(data)
    assert found.task_type == "multi_label_classification"
    assert [json.loads(example.output) for example in found.examples] == wanted


def test_a_blank_or_a_slash_in_a_single_label_separates_nothing(read: Read) -> None:
    data, _ = several("/".join)
    found = read(data.replace('"labels"', '"queue"'))
    assert found.task_type == "classification"
    answers = [{"text": given, "output": {"total": n, "paid": 1}} for n, (given, _) in enumerate(ROWS)]
    assert read(lines(*answers)).task_type == "extraction"  # numbers, not yes and no


def label_studio(labels: list[str]) -> dict[str, Any]:
    return {"annotations": [{"result": [{"value": {"choices": labels}}]}]}


@pytest.mark.parametrize("every", [2, 7])
@pytest.mark.parametrize(
    ("one", "more"),
    [
        (lambda labels: {"topic": labels[0]}, lambda labels: {"topic": labels}),
        (lambda labels: {"topic": labels[0]}, lambda labels: {"topic": {"choices": labels}}),
        (label_studio, label_studio),
    ],
)
def test_a_list_in_some_rows_and_one_label_in_the_others(
    read: Read, one: Callable[[list[str]], Any], more: Callable[[list[str]], Any], every: int
) -> None:
    wanted = [[label] if n % every else sorted([label, "urgent"]) for n, (_, label) in enumerate(ROWS)]
    records = [
        {"data": {"text": given}, **label} if "annotations" in label else {"text": given, **label}
        for (given, _), label in zip(ROWS, (more(w) if len(w) > 1 else one(w) for w in wanted), strict=True)
    ]
    found = read(json.dumps(records))
    assert found.task_type == "multi_label_classification"
    assert "different labels" in found.task_why
    assert [json.loads(example.output) for example in found.examples] == wanted


def test_a_list_beside_sentences_is_no_set_of_labels(read: Read) -> None:
    answers: list[Any] = [["one", "two"], *(f"Press button {n} and wait until the light is green." for n in range(29))]
    records = ({"text": given, "note": answer} for (given, _), answer in zip(ROWS, answers, strict=True))
    assert read(lines(*records), output="note").task_type == "generation"
    other = ({"text": given, "label": ["a"] if n % 2 else "b"} for n, (given, _) in enumerate(ROWS))
    assert read(lines(*other)).task_type == "classification"  # nothing stands both in a list and alone


def test_columns_inside_objects_are_taken_out(read: Read) -> None:
    found = read(
        lines(
            *({"ticket": {"subject": "s", "body": given}, "meta": {"label": label, "id": 1}} for given, label in ROWS)
        )
    )
    assert [row[1] for row in rows(found)] == [label for _, label in ROWS]
    assert found.columns.output == "label"
    assert severity(found, "json_form") == "note"
    beside = read(lines(*({**record, "meta": {"text": "other"}} for record in RECORDS)))
    assert beside.column_names == ("text", "label", "meta")  # nothing is missing outside


def test_what_can_be_chosen_belongs_to_the_question(read: Read) -> None:
    asked = [{"question": given, "choices": [f"yes {n}", "no"], "answer": n % 2} for n, (given, _) in enumerate(ROWS)]
    found = read(lines(*asked))
    assert found.examples[0].input == f"{ROWS[0][0]}\n\nA: yes 0\nB: no"
    assert found.examples[1].output == "B"
    free = [{"question": given, "choices": ["yes", "no"], "answer": given} for given, _ in ROWS]
    assert read(lines(*free)).examples[0].input == f"{ROWS[0][0]}\n\n0: yes\n1: no"  # no option is the answer


def test_answers_that_stand_in_the_context_are_no_classes(read: Read) -> None:
    places = ("Bonn", "Rome") * 15
    asked = [{"question": f"Where is {n}?", "context": f"{n} is in {p}.", "answer": p} for n, p in enumerate(places)]
    assert read(lines(*asked)).task_type == "question_answering"
    yes_or_no = [{**row, "answer": ("yes", "no")[n % 2]} for n, row in enumerate(asked)]
    assert read(lines(*yes_or_no)).task_type == "classification"


def test_a_rejected_answer_is_not_the_present_system_s(read: Read) -> None:
    pairs = [{"prompt": given, "chosen": f"good {n}", "rejected": f"bad {n}"} for n, (given, _) in enumerate(ROWS)]
    assert read(lines(*pairs)).columns.given is None


def test_letters_of_another_script_in_a_label_are_a_spelling(read: Read) -> None:
    spelt = [label.replace("a", "\u0430") if n % 2 else label for n, (_, label) in enumerate(ROWS)]
    found = read(lines(*({**record, "label": label} for record, label in zip(RECORDS, spelt, strict=True))))
    assert severity(found, "label_variants") == "ask"
    cyrillic = read(lines(*({**record, "label": ("счет", "вход")[n % 2]} for n, record in enumerate(RECORDS))))
    assert severity(cyrillic, "label_variants") is None


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("https://example.org/{}.png", "pictures"),
        ("shots/{}.jpg", "pictures"),
        ("https://example.org/page/{}", "web addresses"),
        ("iVBORw0KGgo" + "A" * 200 + "{}", "encoded files"),
        ("{}7", "bare numbers"),
    ],
)
def test_inputs_that_are_no_text(read: Read, given: str, what: str) -> None:
    found = read(lines(*({"text": given.format(n), "label": label} for n, (_, label) in enumerate(ROWS))))
    assert what in finding(found, "not_text").text
    assert severity(read(CSV), "not_text") is None


def test_rows_that_all_ask_the_same_leave_no_test(read: Read) -> None:
    found = read(lines(*({"text": "Where is it?", "label": label} for _, label in ROWS)))
    assert "only 1 different input" in finding(found, "one_question").text
    assert severity(read(CSV), "one_question") is None


def test_a_decimal_number_is_no_card() -> None:
    assert "card number" in personal_data.kinds("4111111111111111")
    assert personal_data.kinds("it was 4.111111111111111 that day") == set()


@pytest.mark.parametrize(
    ("data", "what", "mend"),
    [
        ("[]", "holds no rows", "rows in it"),
        ("42", "one line", "rows in it"),
        (json.dumps(RECORDS)[:-9], "never ends, line 1, character", "cut off"),
        (str(RECORDS), "single quotes", "mend that place"),
        ("".join(f"{record}\n" for record in RECORDS), "Python dictionaries", "JSON Lines"),
        (f"callback({json.dumps(RECORDS)});", "JSONP", "JSON Lines"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", "Git LFS", "JSON Lines"),
        ("\\documentclass{article}\n\\begin{document}\nHello\n", "LaTeX", "JSON Lines"),
        (table("text,label", *(f"{given}, thanks, bye,{label}" for given, label in ROWS)), "5 cells", "in quotes"),
        (table("text,label", *(f'"{given}",' for given, _ in ROWS)), "'label' should hold the answers", "Fill it in"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_what_to_do(read: Read, data: str, what: str, mend: str) -> None:
    with pytest.raises(DataError) as refused:
        read(data)
    assert what in refused.value.what
    assert mend in refused.value.mend


def test_numbers_whose_names_the_file_gives(read: Read) -> None:
    description = {"info": {"features": {"label": {"_type": "ClassLabel", "names": ["billing", "access"]}}}}
    numbered = pa.table({"text": [given for given, _ in ROWS], "label": [n % 3 for n in range(len(ROWS))]})
    buffer = io.BytesIO()
    pq.write_table(numbered.replace_schema_metadata({"huggingface": json.dumps(description)}), buffer)
    found = read(buffer.getvalue())
    assert dict(found.labels) == {"billing": 10, "access": 10, "2": 10}
    assert severity(found, "label_names_in_file") == "note"
    pq.write_table(numbered.replace_schema_metadata({"huggingface": "[]"}), buffer := io.BytesIO())
    assert dict(read(buffer.getvalue()).labels) == {"0": 10, "1": 10, "2": 10}


def test_japanese_of_old_mails(read: Read) -> None:
    said = [f"注文{n}番の商品がまだ届きません" for n in range(30)]
    data = table("text,label", *(f"{given},{label}" for given, (_, label) in zip(said, ROWS, strict=True)))
    found = read(data.encode("iso2022_jp"))
    assert (found.encoding, [example.input for example in found.examples]) == ("iso2022_jp", said)


def test_wide_text_that_breaks_off_names_the_line(read: Read) -> None:
    with pytest.raises(DataError) as refused:
        read(CSV.encode("utf-16")[:-1])
    assert "line 31" in refused.value.what  # a header, thirty rows, the last line end cut in half


def test_a_broken_line_is_described_in_whole_words(read: Read) -> None:
    found = read(lines(*RECORDS) + json.dumps(RECORDS[0])[:-5] + "\n")
    assert found.rejected[0].line == len(RECORDS) + 1
    assert "the text between quotes never ends, at character" in found.rejected[0].why


def test_of_very_many_columns_the_ones_with_a_role_are_shown(read: Read) -> None:
    many = [f"c{number}" for number in range(60)]
    found = read(table(",".join([*many, "text", "label"]), *(f"{','.join('0' for _ in many)},{row}" for row in CELLS)))
    assert list(found.preview[0]) == ["text", "label", *many[:48]]


@pytest.mark.parametrize("sign", ["\t", ";", "|"])
def test_commas_of_the_texts_do_not_cut_them_where_another_sign_does(read: Read, sign: str) -> None:
    found = read(
        "".join(f"{given}{sign}{label}\n" for given, label in [("text", "label"), *zip(SAID, ASKED, strict=True)])
    )
    assert [row[0] for row in rows(found)] == SAID
    bare = ((f"It came late {n}, it is broken", label) for n, (_, label) in enumerate(ROWS))
    found = read("".join(f"{given}{sign}{label}\n" for given, label in bare))
    assert [row[1] for row in rows(found)] == [label for _, label in ROWS]

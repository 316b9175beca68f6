"""What stands in the rows of such files: tags, spans, labels, splits and turns in the spellings of other tools."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from advisor.vocabulary import Dataset
from tests.dataset.conftest import Read
from tests.dataset.test_kinds_of_files import ROWS, severity
from tests.dataset.test_understanding import lines, table, text

TEXTS, NAMED = [given for given, _ in ROWS], [label for _, label in ROWS]
TAGGED = [
    (["Anna", "Lee", "in", "Bonn"], ["B-PER", "I-PER", "O", "S-LOC"], {"PER": ["Anna Lee"], "LOC": ["Bonn"]}),
    (["Nobody", "came"], ["O", "O"], {}),
    (["Bonn", "Rome"], ["B-LOC", "B-LOC"], {"LOC": ["Bonn", "Rome"]}),
]  # fmt: skip


def sentences(form: str) -> str:
    twenty = TAGGED * 7
    if form == "lists":
        return lines(*({"tokens": tokens, "tags": tags} for tokens, tags, _ in twenty))
    if form == "CoNLL":
        said = "\n\n".join("\n".join(f"{a} X {b}" for a, b in zip(*row[:2], strict=True)) for row in twenty)
        return f"-DOCSTART- X O\n\n{said}\n"
    named = [
        (n if not k else "", *pair) for n, row in enumerate(twenty) for k, pair in enumerate(zip(*row[:2], strict=True))
    ]
    return table("Sentence #,Word,Tag", *(f"{n},{word},{tag}" for n, word, tag in named))  # fmt: skip


@pytest.mark.parametrize("form", ["lists", "CoNLL", "a word per row"])
def test_tags_per_word_become_entities(read: Read, form: str) -> None:
    found = read(sentences(form))
    assert found.task_type == "extraction"
    assert len(found.examples) == 21
    assert [(e.input, json.loads(e.output)) for e in found.examples[:3]] == [(" ".join(t), e) for t, _, e in TAGGED]
    assert severity(found, "word_tags") == "note"


SPANS: tuple[object, ...] = (
    [[0, 4, "PER"], [14, 18, "LOC"]],
    [["PER", 0, 4], ["LOC", 14, 18]],
    [{"start_offset": 0, "end_offset": 4, "label": "PER"}, {"start_offset": 14, "end_offset": 18, "label": "LOC"}],
    [{"offset": 0, "length": 4, "type": "PER"}, {"offset": 14, "length": 4, "type": "LOC"}],
)


@pytest.mark.parametrize("spans", SPANS)
def test_spans_in_the_spellings_of_annotation_tools(read: Read, spans: object) -> None:
    found = read(lines(*[{"text": "Anna lives in Bonn", "label": spans}] * 12))
    assert json.loads(found.examples[0].output) == {"PER": ["Anna"], "LOC": ["Bonn"]}


@pytest.mark.parametrize(
    "spelled",
    ["[‘{}’, ‘{}’]", "[“{}”, “{}”]", "['{}' '{}']", "{{'{}', '{}'}}", "('{}', '{}')", "[{}, {}]", "#{} #{}"],
)
def test_several_labels_as_they_were_printed(read: Read, spelled: str) -> None:
    pairs = [("new", "card"), ("lost", "card"), ("new", "lost")]
    found = read(lines(*({"text": text(n), "tags": spelled.format(*pairs[n % 3])} for n in range(60))))
    assert found.task_type == "multi_label_classification"
    assert dict(found.labels) == {"card": 40, "lost": 40, "new": 40}


def test_a_sign_at_the_end_of_a_label_means_something(read: Read) -> None:
    grades = ("A", "A-", "A+", "-1", "1")
    found = read(lines(*({"text": text(n), "label": grades[n % 5]} for n in range(50))))
    assert severity(found, "label_variants") is None
    assert len(found.labels) == 5


def test_two_columns_of_answers_are_asked_about(read: Read) -> None:
    found = read(
        table("input,output_1,output_2", *(f'"{text(n)}","yes {n} it is","no {n} it is not"' for n in range(20)))
    )
    assert [item.flag for item in found.findings if item.severity == "ask"] == ["--output"]


def test_columns_of_one_name_in_parquet_are_asked_about(read: Read) -> None:
    columns = [TEXTS, NAMED, NAMED[::-1]]
    data = parquet(pa.Table.from_arrays(list(map(pa.array, columns)), ["text", "label", "label"]))
    assert [item.flag for item in read(data).findings if item.severity == "ask"] == ["--output"]


def test_pictures_in_parquet_are_no_text(read: Read) -> None:
    pictures = [{"bytes": b"\x89PNG\xff" * 9, "path": None}] * 30
    found = read(parquet(pa.table({"image": pictures, "caption": TEXTS, "label": NAMED})))
    assert found.columns.inputs == ("caption",)
    assert severity(found, "binary_cells") == "warn"


def parquet(table: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def splits(column: str, values: Sequence[str]) -> str:
    part = [values[0 if n < 20 else 1 + n % (len(values) - 1)] for n in range(30)]
    return table(f"text,label,{column}", *(f'"{g}",{label},{part[n]}' for n, (g, label) in enumerate(ROWS)))


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("usage", ("Training", "PublicTest", "PrivateTest")),
        ("Split", ("TRAIN", "TEST")),
        ("split", ("Trainingsdaten", "Testdaten")),
        ("subset", ("train set", "test-set", "dev_set")),
        ("is_test", ("0", "1")),
        ("is_train", ("True", "False")),
    ],
)
def test_a_split_in_odd_words(read: Read, column: str, values: Sequence[str]) -> None:
    found = read(splits(column, values))
    assert found.columns.split == column
    assert {e.split for e in found.examples[:20]} == {"train"}
    assert "test" in {e.split for e in found.examples[20:]}
    assert found.columns.output == "label"


def test_labels_that_sound_like_parts_stay_labels(read: Read) -> None:
    found = read(lines(*({"text": text(n), "category": ("Training", "Evaluation")[n % 2]} for n in range(30))))
    assert (found.columns.split, found.columns.output) == (None, "category")


def test_a_split_column_of_other_words_is_said_to_be_unused(read: Read) -> None:
    assert severity(read(splits("split", ("A", "B"))), "split_unused") == "note"


def test_a_given_test_that_cannot_measure_is_warned_about(read: Read) -> None:
    def marked(*parts: str) -> Dataset:
        return read(table("text,label,split", *(f'"{g}",{label},{parts[n]}' for n, (g, label) in enumerate(ROWS))))

    assert severity(marked("test", *["train"] * 29), "given_test") == "warn"
    held = marked(*("test" if label == "access" else "train" for label in NAMED))
    item = next(item for item in held.findings if item.check == "unseen_labels")
    assert "'access'" in item.text
    assert item.rows == tuple(range(2, 30, 3))
    assert severity(marked(*["test"] * 30), "given_test") == "warn"


def test_an_instruction_without_input_is_the_input(read: Read) -> None:
    told = ("Tell a joke", "Say hello", "Name a city")
    records = [{"instruction": told[n % 3], "input": text(n) if n % 4 else "", "output": f"out {n}"} for n in range(24)]
    found = read(json.dumps(records))
    assert len(found.examples) == 24
    assert (found.examples[0].input, found.examples[0].instruction) == ("Tell a joke", None)
    assert (found.examples[1].input, found.examples[1].instruction) == (text(1), "Say hello")
    assert severity(found, "instruction_alone") == "note"


def test_earlier_turns_in_a_column_are_used(read: Read) -> None:
    before = [["hi", "hello"]]
    records = [{"instruction": text(n), "input": "", "output": f"out {n}", "history": before} for n in range(20)]
    first = read(json.dumps(records)).examples[0]
    assert [(turn.role, turn.content) for turn in first.turns] == [("user", "hi"), ("assistant", "hello")]
    assert (first.input, first.output) == (text(0), "out 0")


def test_nested_questions_become_rows(read: Read) -> None:
    parcel = "parcel"

    def asked(n: int) -> dict[str, object]:
        return {"question": f"What of {n}?", "answers": [{"text": parcel, "answer_start": 3}]}

    paragraphs = [{"context": text(n) * 2, "qas": [asked(n), asked(n + 50)]} for n in range(12)]
    articles = [{"title": "t", "paragraphs": [paragraph]} for paragraph in paragraphs]
    found = read(json.dumps({"version": "2.0", "data": articles}))
    assert (found.columns.inputs, found.columns.group) == (("question", "context"), "context")
    assert len(found.examples) == 24
    assert found.examples[0].output == parcel


def test_texts_that_say_nothing_entities_and_control_signs_are_said(read: Read) -> None:
    odd = [("nan", "billing"), ("It&#39;s &amp; was", "access"), ("a bell\x07 rings here", "access")]
    found = read(lines(*({"text": given, "label": label} for given, label in [*ROWS, *odd])))
    by_check = {item.check: item.rows for item in found.findings}
    assert (by_check["no_text"], by_check["html_signs"], by_check["odd_signs"]) == ((30,), (31,), (32,))


def test_numbers_with_thousands_are_a_scale(read: Read) -> None:
    for spelled in ("{:,.2f}", "{:,.0f}"):
        data = lines(*({"text": text(n), "price": spelled.format(n * 1234.5)} for n in range(40)))
        assert [item.flag for item in read(data).findings if item.severity == "ask"] == ["--bins"]
    found = read(lines(*({"text": text(n), "price": f"1.{n:03d},50"} for n in range(40))), bins=2)
    # 1000.50 … 1039.50: cut at the 21st value
    assert dict(found.labels) == {"1020.5 and above": 20, "below 1020.5": 20}

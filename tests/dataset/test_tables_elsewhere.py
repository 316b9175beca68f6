"""Tables as other programs and other languages write them: escaped quotes, numbers of rows, words for the parts."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from advisor.errors import DataError
from tests.dataset.conftest import Read
from tests.dataset.test_kinds_of_files import ROWS, rows
from tests.dataset.test_understanding import table, text


@pytest.mark.parametrize("end", [' he said \\"now, please\\"', ' \\"', " \\\\"])
def test_quotes_after_a_backslash(read: Read, end: str) -> None:
    found = read(table("text,label", *(f'"{given} \\"so\\",{end}",{label}' for given, label in ROWS)))
    said = end.replace('\\"', '"').replace("\\\\", "\\")
    assert rows(found) == [(f'{given} "so",{said}', label) for given, label in ROWS]


def test_backslashes_before_closing_quotes_are_paths(read: Read) -> None:
    found = read(table("text,label", *(f'"C:\\{n}, copy\\",{label}' for n, (_, label) in enumerate(ROWS))))
    assert rows(found) == [(f"C:\\{n}, copy\\", label) for n, (_, label) in enumerate(ROWS)]


@pytest.mark.parametrize("head", ['"text","label"', '"","text","label"'])
@pytest.mark.parametrize("numbers", [range(1, 31), [n * 7 % 31 for n in range(1, 31)]])
def test_numbers_of_rows_as_r_writes_them(read: Read, head: str, numbers: range | list[int]) -> None:
    lines = [f'"{n}","{given}","{label}"' for n, (given, label) in zip(numbers, ROWS, strict=True)]
    found = read(table(head, *lines))
    assert rows(found) == ROWS
    assert found.columns.inputs == ("text",)
    assert not [item for item in found.findings if item.severity == "ask"]


def test_a_header_that_lacks_its_last_name_is_not_shifted(read: Read) -> None:
    with pytest.raises(DataError, match="3 cells where the header has 2"):
        read(table("text,label", *(f'"{given}",{label},-' for given, label in ROWS)))


WORDS = [
    ("entrenamiento", "validación", "prueba"), ("Entrenamiento", "validacion", "Pruebas"),
    ("Training", "Validierung", "Test"), ("entraînement", "validation", "test"),
    ("apprentissage", "validation", "test"),
    ("addestramento", "validazione", "prova"), ("treino", "validação", "teste"), ("training", "validatie", "test"),
    ("训练集", "验证集", "测试集"), ("学習用", "検証用", "テスト用"),
]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_parts_in_other_languages(read: Read, words: tuple[str, str, str]) -> None:
    said = [words[0]] * 20 + [words[1]] * 4 + [words[2]] * 6
    found = read(table("texto,clase,conjunto", *(f'"{a}",{b},{c}' for (a, b), c in zip(ROWS, said, strict=True))))
    assert found.columns.split == "conjunto"
    assert [e.split for e in found.examples] == ["train"] * 20 + ["validation"] * 4 + ["test"] * 6


def test_files_whose_names_say_their_part_in_another_language(read: Read) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("datos_entrenamiento.csv", table("texto,clase", *(f'"{a}",{b}' for a, b in ROWS)))
        archive.writestr("datos_prueba.csv", table("texto,clase", *(f'"{text(n)}",billing' for n in range(30, 40))))
    found = read(buffer.getvalue())
    assert [e.split for e in found.examples].count("test") == 10


def test_json_that_was_encoded_twice(read: Read) -> None:
    found = read("".join(json.dumps(json.dumps({"text": a, "label": b})) + "\n" for a, b in ROWS))
    assert rows(found) == ROWS
    assert found.format == "JSON Lines"

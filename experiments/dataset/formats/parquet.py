"""Parquet, row group by row group, decoded bytes counted as they come: the file's own sizes may lie."""

from __future__ import annotations

import datetime
import decimal
import json
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import limits
from experiments.dataset.formats import header as headers
from experiments.dataset.formats import json_values
from experiments.dataset.source import Source
from experiments.dataset.table import Cell, Rows, Table

NAME = "Parquet"
BATCH_ROWS = 1_000
THRIFT_ENTRIES = 100_000
# stands for bytes that are no text until the whole column has been seen
BINARY = "\x00binary\x00"


def read(source: Source) -> Table:
    """Every row; lists and structs stay lists and objects, everything else becomes text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    source.file.seek(0)
    guards = {"thrift_string_size_limit": limits.MIB, "thrift_container_size_limit": THRIFT_ENTRIES}
    try:
        schema = pq.ParquetFile(source.file, **guards).schema_arrow
        named = _named(schema)
        names, same, changed = headers.unique_names([str(name) for name in schema.names])
        if len(names) > limits.COLUMNS:
            raise DataError(f"The file has more than {limits.COLUMNS:,} columns.", "Keep the columns you need.")
        texts = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
        file = pq.ParquetFile(source.file, read_dictionary=texts, **guards)
        table = _rows(source, file, names)
        table.same_name = same
        table.findings += [*changed, *_without_binary(table), *_with_names(table, named)]
        return table
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise DataError(
            "This is not a valid Parquet file: it is damaged or cut off.", "Write it again and upload that."
        ) from error


def _named(schema: Any) -> dict[str, list[str]]:
    """Columns of numbers whose names the file's own description gives (`ClassLabel`)."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        kinds = {str(name): kind for name, kind in features.items() if kind.get("_type") == "ClassLabel"}
        return {name: [str(label) for label in kind["names"]] for name, kind in kinds.items()}
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return {}


def _with_names(table: Table, named: dict[str, list[str]]) -> list[Finding]:
    """The names of the labels in place of their numbers; a number without a name stays."""
    found: list[Finding] = []
    for name, labels in named.items():
        if name not in table.names:
            continue
        by_number: dict[Cell, Cell] = {str(number): label for number, label in enumerate(labels)}
        place = table.names.index(name)
        cells = table.columns[place]
        if not all(cell is None or isinstance(cell, str) for cell in cells):
            continue
        table.columns[place] = [by_number.get(cell, cell) for cell in cells]
        text = f"'{name}' holds numbers; the file says what they mean, and the {len(labels):,} names were taken."
        found.append(Finding("label_names_in_file", "note", text))
    return found


def _rows(source: Source, file: Any, names: list[str]) -> Table:
    rows = Rows(NAME, most=source.most_rows)
    rows.names = list(names)
    rows.columns = [[] for _ in names]
    decoded = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        columns = [_cells(column) for column in batch.columns]
        decoded += sum(len(value) for column in columns for value in column if isinstance(value, str)) + batch.nbytes
        if decoded > limits.DECODED_BYTES:
            raise DataError(
                f"The file inflates to more than {limits.DECODED_BYTES // limits.MIB} MB; reading was stopped.",
                "Give a sample.",
            )
        for cells in zip(*columns, strict=True):
            rows.add(list(cells), rows.seen + 1)
            if rows.full:
                return rows.table()
        source.progress("read", min(1.0, rows.seen / max(1, file.metadata.num_rows)))
    return rows.table()


def _without_binary(table: Table) -> list[Finding]:
    """Pictures and sounds are no text: their cells are emptied, and that is said."""
    binary = [name for name, column in zip(table.names, table.columns, strict=True) if any(map(_is_binary, column))]
    for name in binary:
        place = table.names.index(name)
        table.columns[place] = [None if _is_binary(cell) else cell for cell in table.columns[place]]
    listed = ", ".join(f"'{name}'" for name in binary[:6])
    text = f"The column {listed} holds binary data (pictures, sound …), which is not supported; its cells are empty."
    return [Finding("binary_cells", "warn", text, mend="Choose columns that hold text.")] if binary else []


def _is_binary(value: Cell) -> bool:
    return value is BINARY or (isinstance(value, dict) and any(item is BINARY for item in value.values()))


def _cells(column: Any) -> list[Cell]:
    """The cells of one column; texts that repeat are one text in memory, however often a bomb repeats them."""
    if hasattr(column, "dictionary"):
        words = [cell(value) for value in column.dictionary.to_pylist()]
        return [None if index is None else words[index] for index in column.indices.to_pylist()]
    return [cell(value) for value in column.to_pylist()]


def cell(value: Any) -> Cell:
    """One value as a cell: dates in ISO form, bytes that are text as text, decimals as written."""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return BINARY
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, list):
        return [inner(item) for item in value]
    if isinstance(value, dict):
        return {str(key): inner(item) for key, item in value.items() if item is not None}
    return json_values.cell(value)


def inner(value: Any) -> Any:
    """A value inside a list or struct: still JSON, keys without a value left out."""
    if isinstance(value, dict | list | bytes | datetime.datetime | datetime.date | datetime.time | decimal.Decimal):
        return cell(value)
    return value

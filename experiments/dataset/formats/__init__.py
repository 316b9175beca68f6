"""One reader per format; which one is decided by the bytes. Adding one: a module here and its line in FORMATS."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import archives, encodings, limits, sniff
from experiments.dataset.choices import Choices
from experiments.dataset.formats import (
    conll,
    delimited,
    fasttext,
    json_document,
    json_lines,
    json_values,
    parquet,
    workbook,
)
from experiments.dataset.source import Source
from experiments.dataset.table import Table
from experiments.dataset.together import together
from experiments.dataset.wording import listed

FORMATS: tuple[Any, ...] = (conll, fasttext, delimited, json_lines, json_document, workbook, parquet)
FIRST_LINES = 20
LOOK_AT_LINES = 400
# what a list in JSON begins with; anything else after a bracket is a text such as `[billing] where is …`
LIST = re.compile(r"\[\s*(?:[\[{\"\]\d-]|true|false|null|NaN|$)")

SECTION = re.compile(r"\[\[[\w.\- ]+\]\]")  # of a settings file


@dataclass(slots=True)
class Opened:
    """The table, and whether some bytes of the text were no text."""

    table: Table
    damaged: bool = False


def read(source: Source) -> Opened:
    """The table in a file, whatever kind of file it is; an archive is opened once, never twice."""
    kind = sniff.kind(source.head(sniff.HEAD_BYTES))
    if kind == "gzip":
        return _unpacked(source, (archives.gunzip(source.file, source.size),), "gzip")
    if kind == "zip" and not archives.is_workbook(source.file):
        inside, left = archives.members(source.file, source.choices.sheet)
        return _unpacked(source, inside, "zip", (*left, *source.beside))
    opened = _plain(source, kind)
    if source.choices.sheet is not None and kind != "zip":
        opened.table.findings.append(_no_sheets(source.choices.sheet))
    return opened


def _plain(source: Source, kind: str) -> Opened:
    if kind == "zip":
        return Opened(workbook.read(source))
    if kind == "parquet":
        return Opened(parquet.read(source))
    encoding = encodings.detect(source)
    with_text = _text_format(source, encoding)
    return Opened(with_text.read(source, encoding), encoding.damaged)


def _no_sheets(wanted: str) -> Finding:
    """The answer to a sheet that was named for a file that has none."""
    text = f"The sheet '{wanted}' was named, and this file has no sheets: all of it was read."
    return Finding("sheet", "note", text, mend="Leave out --sheet, or give the workbook itself.")


def _text_format(source: Source, encoding: encodings.Encoding) -> Any:
    """Words with tags or texts with marks by their lines, JSON by its beginning, else delimited text."""
    text = source.text(encoding.codec, encoding.errors)
    try:
        every = [text.readline(limits.LINE_CHARACTERS) for _ in range(LOOK_AT_LINES)]
    finally:
        text.detach()
    raw = list(itertools.takewhile(bool, every))
    for form in (conll, fasttext):
        if form.fits(raw):
            return form
    lines = [shown for line in raw if (shown := line.strip(json_values.AROUND))][:FIRST_LINES]
    if lines and all(json_values.quoted_object(line) for line in lines):
        return json_lines
    if not lines or lines[0][0] not in "{[":
        return delimited
    if lines[0][0] == "[" and (not LIST.match(lines[0]) or SECTION.fullmatch(lines[0])):
        return delimited
    objects = sum(_is_a(dict, line) for line in lines)
    if objects and (2 * objects >= len(lines) or objects >= 3) and not lines[0].startswith("[{"):
        return json_lines if len(lines) > 1 else json_document
    if len(lines) > 1 and all(_is_a(list, line) for line in lines[:2]):
        return json_lines
    if lines[0][0] == "{" and len(lines) > 2 and not objects and delimited_at_heart(lines):
        return delimited
    return json_document


def _is_a(kind: type, line: str) -> bool:
    """Is the whole line an object, or a list?"""
    if not (line[0] == "{["[kind is list] and line[-1] == "}]"[kind is list]):
        return False
    try:
        return isinstance(json.loads(line), kind)
    except (ValueError, RecursionError):
        return False


def delimited_at_heart(lines: list[str]) -> bool:
    """A text whose first cell begins with a brace, such as a CSV of templates."""
    return not any('":' in line or '" :' in line for line in lines[:3]) and any(
        "," in line or "\t" in line for line in lines
    )


def _unpacked(source: Source, members: tuple[archives.Member, ...], kind: str, left: tuple[str, ...] = ()) -> Opened:
    """The file inside, or several files of one set put together with a column that says where each row came from.

    `left` are files that were given too; that they are not read is said.
    """
    try:
        opened = [_inside(source, member) for member in members]
    finally:
        for member in members:
            member.file.close()
    names = listed([member.name for member in members if member.name]) or "one file"
    verb = "were" if len(members) > 1 else "was"
    text = f"This is a {kind} archive; {names} inside it {verb} read."
    if kind == "zip" and archives.is_packed(source.file):
        text = f"{names} {verb} read together, as parts of one set."
    if left:
        text += f" Not read: {listed(left)}."
    note = Finding("archive", "note", text)
    first = opened[0]
    first.table.findings.insert(0, note)
    if len(members) == 1:
        return first
    parts = [(member.part or "train", item.table) for member, item in zip(members, opened, strict=True)]
    return Opened(together(parts), any(item.damaged for item in opened))


def _inside(source: Source, member: archives.Member) -> Opened:
    inner = Source(member.file, member.size, source.choices, source.progress, source.most_rows)
    kind = sniff.kind(inner.head(sniff.HEAD_BYTES))
    if kind == "gzip" or (kind == "zip" and not archives.is_workbook(member.file)):
        raise DataError("The archive holds another archive.", "Unpack it and upload the file inside.")
    return _plain(inner, kind)


__all__ = ["FORMATS", "Choices", "Opened", "read"]

"""Texts that are no table: named for what they are, so that the person knows what to export instead."""

from __future__ import annotations

import re

from advisor.errors import DataError

LINES = 40
EXPORT = "Save the rows as CSV or JSON Lines, with a column for the input and one for the answer."
# how the text begins: sure enough however its lines could be cut
BEGINNINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:\(lp\d|\(dp\d|c[\w.]+\n\w+\n|ccopy_reg\n)"), "a Python pickle (not opened: it can run programs)"),
    (re.compile(r"(?:#!.*\n)?\s*(?:import \w+|from [\w.]+ import |def \w+\(|class \w+)"), "a Python program"),
    (re.compile(r"(?:--[^\n]*\n\s*)*(?:insert\s+into|create\s+table|drop\s+table|begin transaction)\b", re.I), "SQL"),
    (re.compile(r"BEGIN:V(?:CARD|CALENDAR)"), "a vCard or calendar file"),
    (re.compile(r"WEBVTT|\d+\r?\n\d\d:\d\d:\d\d[,.]\d+ -->"), "a file of subtitles"),
    (re.compile(r"(?:From|Return-Path|Received|Message-ID|MIME-Version): .*\n(?:[\w-]+: |[ \t])"), "an e-mail"),
    (re.compile(r"(?:#[^\n]*\n\s*)*\[\[?[A-Za-z][\w.\- ]*\]\]?\s*\n\s*[\w.\-\"]+\s*="), "a TOML or INI file"),
    (re.compile(r"(?://|/\*).*?[\[{]", re.S), "JSON with comments, which JSON does not have"),
    (re.compile(r"version https://git-lfs"), "a pointer of Git LFS (the file itself was not fetched: git lfs pull)"),
    (re.compile(r"\\(?:documentclass|begin)\b"), "a LaTeX document"),
    (re.compile(r"[A-Za-z_$][\w$.]*\(\s*[\[{]\s*[{\"]"), "JSON inside a call (JSONP)"),
    (re.compile(r"(?:\{'[^'\n]*':.*\n){2}"), "a print of Python dictionaries, not JSON (write it with json.dumps)"),
)  # fmt: skip
# only where the lines have no cells
MARKUP = re.compile(r"<(?:!--|!doctype|[A-Za-z][\w:.\-]*(?:[\s>/]))", re.I)
YAML_LINE = re.compile(r"\s*(?:- )?[\w\"'][\w \"'\-]*:(?:\s|$)|\s*- \S|---\s*$")


def refuse(sample: str, *, one_column: bool) -> None:
    """Raise with the name of a text that is no table; nothing happens for any other text."""
    text = sample.lstrip("\ufeff \t\r\n")
    for pattern, what in BEGINNINGS:
        if pattern.match(text):
            raise DataError(f"This is {what}, not a table of examples.", EXPORT)
    whole = one_column or text.rstrip().endswith(">")
    if whole and MARKUP.match(text) and ("</" in text or "/>" in text):
        raise DataError("This is XML or HTML, not a table of examples.", EXPORT)
    if not one_column:
        return
    lines = [line for line in text.splitlines()[:LINES] if line.strip()]
    if len(lines) >= 3 and all(YAML_LINE.match(line) for line in lines):
        raise DataError("This is YAML, not a table of examples.", EXPORT)

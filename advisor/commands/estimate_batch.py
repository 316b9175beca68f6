"""`estimate --batch`: JSON Lines in, JSON Lines out, one answer or error per line, in order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from advisor.commands.estimate_settings import answer
from advisor.commands.shell import DONE
from advisor.errors import InputError, TuneOrPromptError


def answer_lines(source: str) -> int:
    """Answer every line of the file (or of stdin), blank ones too, so that lines stay side by side."""
    for line in _lines(source):
        json.dump(answer_line(line), sys.stdout, ensure_ascii=False, allow_nan=False)
        sys.stdout.write("\n")
    sys.stdout.flush()
    return DONE


def answer_line(line: str) -> dict[str, Any]:
    """The answer to one line, or its error."""
    try:
        given = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return {"error": f"This line is not JSON ({error})."}
    if not isinstance(given, dict):
        return {"error": "This line holds no JSON object of settings."}
    try:
        return answer(given)
    except TuneOrPromptError as error:
        return {"error": str(error)}


def _lines(source: str) -> Iterator[str]:
    if source == "-":
        yield from sys.stdin
        return
    path = Path(source).expanduser()
    if not path.is_file():
        raise InputError(f"There is no file {source}.", "Give a file with one JSON object per line, or '-'.")
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        yield from file

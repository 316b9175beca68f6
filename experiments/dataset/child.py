"""The process that reads one file: limited in memory, time and files before the first byte is looked at.

Request on stdin (JSON), the file as an inherited descriptor, the result on stdout (JSON Lines), progress on stderr.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from typing import IO, Any

from advisor.errors import ColumnsUnclear, DataError
from experiments.dataset import limits, storage
from experiments.dataset.choices import Choices
from experiments.dataset.source import Source
from experiments.dataset.tokens import Tokenizer

# written as it stands: there may be no memory left to make a line of JSON
OUT_OF_MEMORY = b'{"failed":"memory"}\n'


def main() -> None:
    """Read, answer, end. Every failure is one line of JSON on stdout."""
    request = json.loads(sys.stdin.read())
    out = sys.stdout
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # half characters may stand in messages
    _limit()
    try:
        _answer(request, out)
    except DataError as error:
        _line(out, _failure(error))
    except MemoryError:
        os.write(out.fileno(), OUT_OF_MEMORY)
    except RecursionError:
        _line(
            out,
            {
                "failed": "DataError",
                "what": "The file is nested too deeply.",
                "mend": "Give a flat table.",
                "line": None,
            },
        )
    out.flush()
    os._exit(0)  # nothing to tidy up, and taking a large data set apart takes seconds


def _answer(request: dict[str, Any], out: IO[str]) -> None:
    from experiments.dataset import build

    gc.disable()  # texts and tuples only: no cycles to collect, and scanning them costs a third of the time
    file = os.fdopen(request["file"], "rb")
    choices = Choices.from_json(request["choices"])
    beside = tuple(request["beside"])
    source = Source(file, request["size"], choices, _progress, request["most_rows"], _tokenizer(request), beside)
    dataset = build.dataset(source, request["name"])
    _line(out, storage.head(dataset))
    for piece in storage.pieces(dataset.examples):
        _line(out, piece)


def _failure(error: DataError) -> dict[str, Any]:
    failure = {"failed": "DataError", "what": error.what, "mend": error.mend, "line": error.line}
    if isinstance(error, ColumnsUnclear):
        return failure | {"failed": "ColumnsUnclear", "flag": error.flag, "options": error.options}
    return failure


def _tokenizer(request: dict[str, Any]) -> Tokenizer | None:
    if request["tokenizer"] is None:
        return None
    with os.fdopen(request["tokenizer"], "rb") as file:
        return Tokenizer(file.read(limits.TOKENIZER_BYTES), request["tokenizer_name"])


def _line(out: IO[str], document: dict[str, Any]) -> None:
    out.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")))
    out.write("\n")


def _progress(phase: str, share: float) -> None:
    print(json.dumps({"phase": phase, "share": round(share, 3)}), file=sys.stderr, flush=True)


def _limit() -> None:
    """What this process may take; set here, not by the parent, which may have threads."""
    pairs = (
        ("RLIMIT_AS", limits.MEMORY_BYTES),
        ("RLIMIT_CPU", limits.CPU_SECONDS),
        ("RLIMIT_FSIZE", limits.RESULT_BYTES),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", 64),
    )
    for name, value in pairs:
        kind = getattr(resource, name)
        most = resource.getrlimit(kind)[1]
        wanted = value if most == resource.RLIM_INFINITY else min(value, most)
        try:
            resource.setrlimit(kind, (wanted, wanted))
        except (ValueError, OSError):  # macOS does not know RLIMIT_AS
            continue

"""Blocks → PDF/UA-1. The work is done in a child process: this one never imports typst or vl-convert."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.errors import ReportError
from advisor.report import as_json
from advisor.report.contents import today
from advisor.report.plain import harmless, plain
from advisor.vocabulary import Block

ROOT = Path(__file__).resolve().parents[2]
CHILD = "advisor.report.typesetting"
LIMIT_S = 120  # a report takes about 2 s; the rest is for a machine busy with a pilot
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PdfOutcome:
    """The file that was written; `replaced` are characters no font here has, shown as □ with a note on the page."""

    path: Path
    pages: int
    size_bytes: int
    replaced: tuple[str, ...] = ()


def to_bytes(blocks: tuple[Block, ...], *, title: str, language: str = "en") -> bytes:
    """The PDF as bytes, for a download."""
    return _made(blocks, title, language)[0]


def write(blocks: tuple[Block, ...], path: Path | str, *, title: str, language: str = "en") -> PdfOutcome:
    """Write the PDF aside and move it to its place: a file that was there is replaced whole or not at all."""
    target = Path(path).expanduser().resolve()
    _check_place(target)
    data, answer = _made(blocks, title, language)
    with _clear_errors(target):
        _replace(target, data)
    return PdfOutcome(target, int(answer["pages"]), len(data), tuple(answer["replaced"]))


def _check_place(target: Path) -> None:
    if target.is_dir():
        raise ReportError(f"{target} is a folder.", "Name a file in it, for example report.pdf.")
    if not target.parent.is_dir():
        raise ReportError(f"The folder {target.parent} does not exist.", "Make it, or choose another place.")


def _made(blocks: tuple[Block, ...], title: str, language: str) -> tuple[bytes, dict[str, Any]]:
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise ReportError(f"'{language}' is not the code of a language.", "Give two or three letters, such as en.")
    job = {
        "title": plain(title).replace("\n", " ")[:LONGEST_TITLE].strip() or "Report",
        "language": language,
        "made": today(),
        "blocks": as_json(harmless(blocks)),
    }
    done = _run(json.dumps(job, ensure_ascii=True).encode("ascii"))
    head, _, data = done.partition(b"\n")
    answer = json.loads(head) if head.startswith(b"{") else {"error": "it ended without an answer"}
    if "error" in answer:
        raise ReportError(
            f"The PDF could not be made: {answer['error']}", "The same report is on the page and as JSON."
        )
    return data, answer


def _run(job: bytes) -> bytes:
    """What the child wrote; its stderr is only looked at when it wrote nothing."""
    with tempfile.TemporaryFile() as complaints:
        try:
            done = subprocess.run(
                [sys.executable, "-m", CHILD],
                input=job, stdout=subprocess.PIPE, stderr=complaints, cwd=ROOT, timeout=LIMIT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise ReportError(
                f"The PDF was not ready after {LIMIT_S} seconds.", "Try again when the machine is less busy."
            ) from None
        except OSError as error:
            raise ReportError(f"The PDF could not be made: {error.strerror}.", "Free memory and try again.") from error
        if done.stdout:
            return done.stdout
        complaints.seek(0)
        last = complaints.read().decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    why = f"signal {-done.returncode}" if done.returncode < 0 else last or f"exit code {done.returncode}"
    raise ReportError(f"The PDF could not be made: its process ended with {why}.", "Install requirements.txt anew.")


def _replace(target: Path, data: bytes) -> None:
    aside = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        with aside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _clear_errors(target: Path) -> Iterator[None]:
    """The system's refusals as sentences; the file that was there before is untouched."""
    try:
        yield
    except PermissionError as error:
        raise ReportError(f"{target.parent} cannot be written to.", "Choose a folder of your own.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise ReportError(f"There is no space for {target}.", "Free some space and try again.") from error
        raise ReportError(f"{target} cannot be written: {error.strerror}.", "Choose another place.") from error

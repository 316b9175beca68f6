"""The door to the reading process: bytes go in, a data set or one clear message comes out, whatever the file does."""

from __future__ import annotations

import contextlib
import errno
import gc
import io
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, BinaryIO

from advisor.errors import ColumnsUnclear, DataError, NoSpace
from advisor.vocabulary import Dataset
from experiments.dataset import archives, folders, limits, storage
from experiments.dataset.choices import Choices
from experiments.dataset.source import Progress, silent

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, {root!r}); from experiments.dataset.child import main; main()"
# nothing of the server's environment, and no keys, reach the reading process
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How to read: choices, the name to show, who listens, how many rows (None: all), whose tokenizer counts.

    `beside` are files that were given too and are not read.
    """

    choices: Choices
    name: str | None = None
    progress: Progress = silent
    most_rows: int | None = None
    tokenizer: Path | None = None
    beside: tuple[str, ...] = ()


def from_path(path: Path, wish: Wish) -> Dataset:
    """Read a file, or a folder with train and test files; a path is opened once and its name never used again."""
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            named = replace(wish, name=wish.name or path.name, beside=folders.beside(path))
            return from_bytes(folders.pack(path), named)
        if not stat.S_ISREG(mode):
            raise DataError(f"'{archives.clean_name(path.name)}' is not a file.", "Give a file with examples.")
        with path.open("rb") as file:
            return _read(file, os.fstat(file.fileno()).st_size, replace(wish, name=wish.name or path.name))
    except FileNotFoundError as error:
        raise DataError(f"There is no file '{path}'.", "Look at the spelling and the folder.") from error
    except PermissionError as error:
        raise DataError(f"The file '{path}' may not be read.", "Change its permissions or copy it.") from error
    except (OSError, ValueError) as error:
        raise _no_space(error) or DataError(
            f"The file cannot be opened ({getattr(error, 'strerror', None) or error.__class__.__name__}).",
            "Copy it to this machine.",
        ) from error


def from_bytes(data: bytes, wish: Wish) -> Dataset:
    """Read bytes that are already here, such as an upload."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            return _read(file, len(data), wish)
    except OSError as error:
        if found := _no_space(error):
            raise found from error
        raise


def _no_space(error: Exception) -> NoSpace | None:
    if getattr(error, "errno", None) not in (errno.ENOSPC, errno.EDQUOT):
        return None
    return NoSpace(f"The disk under {tempfile.gettempdir()} is full.", "Free some space and try again.")


def _read(file: BinaryIO, size: int, wish: Wish) -> Dataset:
    if size == 0:
        raise DataError("The file is empty.", "Give a file with rows in it.")
    if size > limits.FILE_BYTES:
        raise DataError(
            f"The file has {size / limits.MIB:,.0f} MB; at most {limits.FILE_BYTES // limits.MIB} MB are read.",
            "Give a sample: a pilot needs a few thousand rows.",
        )
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with contextlib.ExitStack() as stack:
        tokenizer = None if wish.tokenizer is None else stack.enter_context(_tokenizer(wish.tokenizer))
        request = {
            "file": file.fileno(),
            "size": size,
            "name": archives.clean_name(wish.name or ""),
            "choices": wish.choices.as_json(),
            "most_rows": wish.most_rows,
            "beside": [archives.clean_name(name.rstrip("/")) + "/" * name.endswith("/") for name in wish.beside],
            "tokenizer": None if tokenizer is None else tokenizer.fileno(),
            "tokenizer_name": "" if wish.tokenizer is None else wish.tokenizer.name,
        }
        result = stack.enter_context(tempfile.TemporaryFile())
        code = _run(request, result, wish.progress)
        result.seek(0)
        lines = io.TextIOWrapper(result, encoding="utf-8")
        try:
            return _result(lines, code)
        finally:
            lines.detach()


def _tokenizer(model: Path) -> BinaryIO:
    """The tokenizer of a model's folder."""
    try:
        return (model / "tokenizer.json").open("rb")
    except OSError as error:
        raise DataError(
            f"The model folder '{model.name}' has no tokenizer.json that can be read.",
            "Leave --model out to count roughly.",
        ) from error


def _run(request: dict[str, Any], result: IO[bytes], progress: Progress) -> int:
    """Start the process, hand over the request, listen; returns its exit code, negative for a signal."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", START.format(root=str(ROOT))],
        stdin=subprocess.PIPE,
        stdout=result,
        stderr=subprocess.PIPE,
        pass_fds=tuple(fd for fd in (request["file"], request["tokenizer"]) if fd is not None),
        env=ENVIRONMENT,
        cwd="/",
    )
    alarm = threading.Timer(limits.WALL_SECONDS, process.kill)
    alarm.start()
    try:
        assert process.stdin is not None
        assert process.stderr is not None
        with process.stdin as stdin:
            stdin.write(json.dumps(request).encode())
        for line in process.stderr:
            _tell(line, progress)
        return process.wait()
    except BrokenPipeError:
        return process.wait()
    finally:
        alarm.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()


def _tell(line: bytes, progress: Progress) -> None:
    try:
        said = json.loads(line)
        progress(str(said["phase"]), float(said["share"]))
    except (ValueError, KeyError, TypeError):
        return  # the interpreter's own last words, when it is out of memory


def _result(lines: IO[str], code: int) -> Dataset:
    first = lines.readline()
    try:
        head = json.loads(first) if first.endswith("\n") else None
        if isinstance(head, dict) and "failed" in head:
            raise _failure(head)
        if code == 0 and isinstance(head, dict):
            return _assembled(head, lines)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            "The process that reads files gave no sensible answer.", "Save the file as CSV and try again."
        ) from error
    raise _crash(code)


def _assembled(head: dict[str, Any], lines: IO[str]) -> Dataset:
    """Half a million rows make no cycles; collecting garbage meanwhile only costs time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return storage.assemble(head, _pieces(lines))
    finally:
        if collecting:
            gc.enable()


def _pieces(lines: IO[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _failure(head: dict[str, Any]) -> DataError:
    if head["failed"] == "memory":
        return _out_of_memory()
    what, mend, line = str(head["what"]), str(head["mend"]), head["line"]
    if head["failed"] == "ColumnsUnclear":
        return ColumnsUnclear(what, mend, line=line, flag=head["flag"], options=tuple(head["options"]))
    return DataError(what, mend, line=line)


def _out_of_memory() -> DataError:
    return DataError(
        f"Reading this file needed more than {limits.MEMORY_BYTES // limits.GIB} GB of memory; it was stopped.",
        "Give a sample, or save it as CSV or JSON Lines.",
    )


def _crash(code: int) -> DataError:
    """The process ended without an answer."""
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return DataError("Reading this file took too long or too much memory; it was stopped.", "Give a sample.")
    said = f"signal {-code}" if code < 0 else f"exit code {code}"
    return DataError(
        f"The file made its reader fail ({said}); nothing else was harmed.", "Save it as CSV or JSON Lines."
    )

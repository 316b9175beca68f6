"""Bytes → Dataset. The one door to uploaded files; what stands behind it runs in a limited process of its own.

`inspect` never refuses a file that can be read: what is wrong or open stands in its findings.
`read` is for runs: an open question raises `ColumnsUnclear` and names its flag, an error raises `DataError`.
"""

from __future__ import annotations

from pathlib import Path

from advisor.errors import ColumnsUnclear, DataError
from advisor.vocabulary import Dataset, Finding
from experiments.dataset import limits, sandbox
from experiments.dataset.archives import pack
from experiments.dataset.as_answers import as_answers, differing
from experiments.dataset.choices import FLAGS, Choices, Flag, add_flags, column_and_model, from_args
from experiments.dataset.folders import pack as pack_folder
from experiments.dataset.source import Progress, silent
from experiments.dataset.storage import from_json, to_json
from experiments.dataset.taken import taken

# nothing chosen: everything is proposed
PROPOSED = Choices()


def inspect(
    path: Path,
    choices: Choices = PROPOSED,
    *,
    name: str | None = None,
    progress: Progress = silent,
    tokenizer: Path | None = None,
) -> Dataset:
    """What a file holds and what is wrong with it; open questions are findings of severity `ask`.

    `tokenizer` is a model's folder: lengths are then counted with its tokenizer, else characters / 4.
    """
    return sandbox.from_path(path, sandbox.Wish(choices, name, progress, tokenizer=tokenizer))


def inspect_bytes(data: bytes, name: str, choices: Choices = PROPOSED, *, progress: Progress = silent) -> Dataset:
    """`inspect` for bytes that are already here."""
    return sandbox.from_bytes(data, sandbox.Wish(choices, name, progress))


def preview_bytes(data: bytes, name: str, choices: Choices = PROPOSED) -> Dataset:
    """The first rows at once, unchecked."""
    return sandbox.from_bytes(data, sandbox.Wish(choices, name, most_rows=limits.PREVIEW_ROWS))


def preview(path: Path, choices: Choices = PROPOSED, *, name: str | None = None) -> Dataset:
    """The first rows of a file at once, unchecked."""
    return sandbox.from_path(path, sandbox.Wish(choices, name, most_rows=limits.PREVIEW_ROWS))


def read(
    path: Path,
    choices: Choices = PROPOSED,
    *,
    name: str | None = None,
    progress: Progress = silent,
    tokenizer: Path | None = None,
) -> Dataset:
    """A data set fit for a run, or the reason why not."""
    return fit(inspect(path, choices, name=name, progress=progress, tokenizer=tokenizer))


def read_bytes(data: bytes, name: str, choices: Choices = PROPOSED, *, progress: Progress = silent) -> Dataset:
    """`read` for bytes that are already here."""
    return fit(inspect_bytes(data, name, choices, progress=progress))


def fit(dataset: Dataset) -> Dataset:
    """The data set itself if a run may use it; raises for the first error, else for the first open question."""
    if found := first(dataset, "error"):
        raise DataError(found.text, found.mend)
    if found := first(dataset, "ask"):
        raise ColumnsUnclear(found.text, found.mend, flag=found.flag, options=found.options)
    return dataset


def first(dataset: Dataset, severity: str) -> Finding | None:
    """The first finding of a severity."""
    return next((finding for finding in dataset.findings if finding.severity == severity), None)


__all__ = [
    "FLAGS",
    "PROPOSED",
    "Choices",
    "Flag",
    "Progress",
    "add_flags",
    "as_answers",
    "column_and_model",
    "differing",
    "fit",
    "from_args",
    "from_json",
    "inspect",
    "inspect_bytes",
    "pack",
    "pack_folder",
    "preview",
    "preview_bytes",
    "read",
    "read_bytes",
    "silent",
    "taken",
    "to_json",
]

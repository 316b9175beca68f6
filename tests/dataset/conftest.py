from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from advisor.vocabulary import Dataset
from experiments import dataset
from experiments.dataset import archives, build
from experiments.dataset.source import Source

Read = Callable[..., Dataset]


@pytest.fixture
def read() -> Read:
    """Read a text, or bytes, as a file, in this process (the door to the child has tests of its own)."""

    def here(data: str | bytes, name: str = "file", **choices: object) -> Dataset:
        raw = data.encode() if isinstance(data, str) else data
        source = Source(io.BytesIO(raw), len(raw), dataset.Choices(**choices))  # type: ignore[arg-type]
        return build.dataset(source, archives.clean_name(name))

    return here


@pytest.fixture
def through_the_door() -> Read:
    """Read a text, or bytes, as the product does: in the limited child process."""

    def inspect(data: str | bytes, name: str = "file", **choices: object) -> Dataset:
        raw = data.encode() if isinstance(data, str) else data
        return dataset.inspect_bytes(raw, name, dataset.Choices(**choices))  # type: ignore[arg-type]

    return inspect

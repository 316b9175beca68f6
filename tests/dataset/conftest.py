from __future__ import annotations

from collections.abc import Callable

import pytest

from advisor.vocabulary import Dataset
from experiments import dataset

Read = Callable[..., Dataset]


@pytest.fixture
def read() -> Read:
    """Inspect a text, or bytes, as a file; choices by name."""

    def inspect(data: str | bytes, name: str = "file", **choices: object) -> Dataset:
        raw = data.encode() if isinstance(data, str) else data
        return dataset.inspect_bytes(raw, name, dataset.Choices(**choices))  # type: ignore[arg-type]

    return inspect

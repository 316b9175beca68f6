"""Tiny models for the tests of the pilots, made once per session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.experiments import tiny_models
from workspace import Store


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of a data home of this test's own."""
    home.mkdir()
    store = Store(home)
    yield store
    store.close()


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny causal model with a chat template."""
    return tiny_models.save_causal(tmp_path_factory.mktemp("base") / "tiny-llama")


@pytest.fixture(scope="session")
def tiny_plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny causal model without a chat template."""
    return tiny_models.save_causal(tmp_path_factory.mktemp("plain") / "tiny-plain", template=None)


@pytest.fixture(scope="session")
def tiny_embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny sentence embedder."""
    return tiny_models.save_embedder(tmp_path_factory.mktemp("embedder") / "tiny-bert")


@pytest.fixture(scope="session")
def tiny_tokenizer() -> Any:
    """The tokenizer of the tiny models."""
    return tiny_models.tokenizer()

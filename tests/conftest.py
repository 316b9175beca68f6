"""What all tests share: the reference data next to the clone, and a home of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the clone; without it the tests that read it are skipped."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data sets are not beside this clone")
    return folder


@pytest.fixture(scope="session")
def bad_uploads() -> Path:
    """The folder of hostile uploads beside the clone; without it the tests that read it are skipped."""
    folder = ROOT.parent / "shared" / "bad_uploads"
    if not folder.is_dir():
        pytest.skip("the bad uploads are not beside this clone")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data home of this test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TUNE_OR_PROMPT_HOME", str(folder))
    return folder

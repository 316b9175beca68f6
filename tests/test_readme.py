"""The README keeps its word about what is where."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_the_tree_shows_every_file_of_the_product() -> None:
    tree = subprocess.run(
        [sys.executable, "docs/tree.py"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    assert tree in (ROOT / "README.md").read_text(encoding="utf-8"), "run: python docs/tree.py --write"


def test_every_file_says_what_it_is_for() -> None:
    tree = subprocess.run(
        [sys.executable, "docs/tree.py"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout
    assert not [line for line in tree.splitlines() if len(line.split(maxsplit=1)) < 2]

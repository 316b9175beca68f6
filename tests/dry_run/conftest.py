"""One child that answers many requests, so that torch is imported once and never in the process of the tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor.dry_run.ask import request_of
from advisor.methods import card
from advisor.vocabulary import TrainingSettings
from tests.dry_run.shapes import Trace

ROOT = Path(__file__).resolve().parents[2]
LOOP = """
import json, sys, warnings
from advisor.dry_run.trace import answer
warnings.simplefilter("ignore")
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
"""


@pytest.fixture(scope="session")
def trace() -> Iterator[Trace]:
    """`trace(method, config, **settings)` → what the child answers, sizes in bytes."""
    with subprocess.Popen(
        [sys.executable, "-c", LOOP], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def ask(method: str, config: dict[str, Any], **settings: Any) -> dict[str, Any]:
            request = request_of(config, card(method), TrainingSettings(**settings))
            child.stdin.write(json.dumps(request) + "\n")
            child.stdin.flush()
            return dict(json.loads(child.stdout.readline()))

        yield ask
        child.stdin.close()

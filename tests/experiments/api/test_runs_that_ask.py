"""Whole pilots that ask a service: consent, the key, the cap through kills, and what comes out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from advisor.errors import PlanError, RunError
from experiments import calibration
from experiments.api.secret import Secret
from experiments.evidence import evidence
from experiments.pilot.hosted import agreed_again
from experiments.pilot.records import record_of
from experiments.runners import local, watch
from tests.experiments.stand_in import StandIn
from workspace import Store

ROOT = Path(__file__).resolve().parents[3]
KEY = "sk-canary-fedcba9876543210"
CAP = "0.95"
FREE = ("--usd-per-1m-input", "0", "--usd-per-1m-output", "0")
PRICES = ("--usd-per-1m-input", "100", "--usd-per-1m-output", "200")

pytestmark = pytest.mark.slow


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(answer=lambda turns: "Fruit" if "apple" in turns[-1]["content"] else "tool.") as server:
        yield server


@pytest.fixture
def data(home: Path, tmp_path: Path) -> Path:
    """120 rows; the machine's speed is known, so nothing is measured."""
    home.mkdir()
    store = Store(home)
    for quantity in ("cpu/fp32/read", "cpu/fp32/train"):
        store.calibrations.save(calibration.machine_name(), quantity, 1.0)
    store.close()
    words = [f"{a}{b}{c}" for a in "aeiou" for b in "ktr" for c in ("lo", "mi", "na", "su")]
    lines = [
        f"{words[n % 60]} {words[n * 7 % 59]} {words[n * 11 % 53]} {('apple', 'hammer')[n % 2]} n{n},"
        f"{('fruit', 'tool')[n % 2]}"
        for n in range(120)
    ]
    path = tmp_path / "goods.csv"
    path.write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")
    return path


def command(*args: str, key: str | None = KEY) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    environment |= {"OPENAI_API_KEY": key} if key else {}
    return subprocess.Popen(
        [sys.executable, "-m", "experiments", *args],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def asking(data: Path, server: StandIn, *more: str) -> tuple[str, ...]:
    usual = ("run", str(data), "--arms", "zero_shot:api,few_shot:api", "--base-url", server.url, "--api-model", "m-1")
    return (*usual, *PRICES, *more)


def ended(store: Store, run: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        state = watch.observed(store, run).state
        if state not in ("queued", "running"):
            return state
        time.sleep(0.05)
    raise AssertionError("the run did not end")


def holding(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_a_pilot_that_asks_and_where_its_key_is_not(data: Path, home: Path, stand_in: StandIn) -> None:
    stand_in.delay_s = 0.05
    process = command(*asking(data, stand_in, "--record", str(data.parent / "record.json"), "--json"))
    lines: set[str] = set()
    while process.poll() is None:
        for child in psutil.Process(os.getpid()).children(recursive=True):
            try:
                lines.add("\0".join(child.cmdline()))
            except psutil.Error:
                continue
        time.sleep(0.05)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert any("experiments.runners.worker" in line for line in lines)
    assert not [line for line in lines if KEY in line]
    assert all(head["authorization"] == f"Bearer {KEY}" for head in stand_in.headers)
    assert not holding(home, KEY)
    assert not holding(data.parent, KEY)
    assert KEY not in out + err

    consent = next(line for line in err.splitlines() if line.startswith("Sent to"))
    assert f"{stand_in.url} (model m-1)" in consent
    assert "with the key; at most 1 USD" in consent
    found = json.loads(out)
    arms = {arm["arm"]: arm for arm in found["arms"]}
    assert [arm["score"] for arm in found["arms"]] == [1.0, 1.0]
    for arm in arms.values():
        assert arm["place"] == f"api:{stand_in.url[7:-3]}"
        assert arm["latency_ms"]["p50"] > 50
        assert 0 < arm["cost_usd"] < 1
        assert arm["peak_memory_mib"] is None
        assert arm["cost_usd"] == pytest.approx((arm["tokens"]["sent"] + 2 * arm["tokens"]["received"]) / 10_000)
    assert arms["few_shot:api"]["n_train"] == 8
    store = Store(home)
    record = record_of(store, found["run"])
    total = store.spend.total_usd(record.run)
    assert total == pytest.approx(sum(arm["cost_usd"] for arm in arms.values()), abs=1e-5)
    measured = evidence(record).measurements
    assert {(m.model, m.place, m.peak_memory_gib) for m in measured} == {("m-1", f"api:{stand_in.url[7:-3]}", None)}
    with pytest.raises(PlanError, match="To agree, add --base-url"):
        agreed_again(record.plan, None)
    store.close()


def test_kills_never_pass_the_cap_and_a_resumed_run_wants_its_key(data: Path, home: Path, stand_in: StandIn) -> None:
    stand_in.delay_s = 0.15
    process = command(*asking(data, stand_in, "--max-usd", CAP))
    assert process.stdout is not None
    run = process.stdout.readline().strip()
    assert run, process.communicate()
    store = Store(home)
    for kills in range(3):
        until = time.monotonic() + 40
        before = len(stand_in.asked)
        while len(stand_in.asked) < before + 6 and time.monotonic() < until:
            time.sleep(0.02)
        pid = store.runs.get(run).pid
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)
        assert ended(store, run) == "lost"
        if kills == 0:
            with pytest.raises(RunError, match="keys are never kept"):
                local.resume(store, run)
            refused = command("resume", run, key=None)
            _, err = refused.communicate(timeout=60)
            assert refused.returncode == 1
            assert "needs its key again" in err
        local.resume(store, run, api_key=Secret(KEY))
    process.kill()
    process.communicate()
    state = ended(store, run)
    rows = store.rows.all(run)
    assert store.spend.total_usd(run) <= float(CAP)
    assert len({(r.arm, r.part, r.row) for r in rows}) == len(rows) > 12
    # what the service really did, at its own prices, is within the cap too
    really = sum(sum(len(t["content"]) for t in b["messages"]) // 4 + 4 * len(b["messages"]) for b in stand_in.asked)
    assert really / 10_000 <= float(CAP)
    if state == "done":
        assert all(e.payload["cell"] for e in store.events.all(run, kind="cell"))
    assert not holding(home, KEY)
    store.close()


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--base-url", "file:///etc/passwd", "--api-model", "m"], "only http and https"),
        (["--base-url", "http://localhost:1/v1"], "both --base-url URL and --api-model"),
        (["--max-usd", "3"], "without a service"),
        (["--arms", "zero_shot:api"], "has no service to ask"),
        (["--base-url", "https://api.openai.com/v1", "--api-model", "gpt-6-luna"], "wants a key"),
        (["--base-url", "https://llm.example.org/v1", "--api-model", "m"], "no cap could be held"),
        (
            ["--base-url", "http://localhost:1/v1", "--api-model", "m", "--max-usd", "0.001", *PRICES],
            "and the cap is 0.001 USD",
        ),
        (
            ["--base-url", "http://localhost:1/v1", "--api-model", "m", "--max-usd", "1"],
            "--max-usd 1 would cap nothing: the address is this machine's own and no price is given",
        ),
        (
            ["--base-url", "http://localhost:1/v1", "--api-model", "m", "--max-usd", "1", *FREE],
            "--max-usd 1 would cap nothing: both prices are 0.",
        ),
    ],
)
def test_flags_that_cannot_be_are_refused_before_anything_is_sent(data: Path, flags: list[str], says: str) -> None:
    process = command("run", str(data), *(["--arms", "classical"] if "--arms" not in flags else []), *flags, key=None)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert says in err

"""A person's preference: blind, on swapped sides, each pair once; exact figures; what it does to the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.errors import RunError
from advisor.vocabulary import PilotRecord
from experiments import statistics
from experiments.pilot.judged import pairs_needed
from experiments.pilot.preference import Judgements, Pair, Preference, judge, pairs, preference, reveal
from experiments.pilot.results import Beside, results
from tests.experiments import made
from workspace import Run, Store

A, B = "lora", "few_shot"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    home.mkdir()
    store = Store(home)
    yield store
    store.close()


@pytest.fixture
def run(store: Store) -> Run:
    return store.runs.create(store.projects.default().id, "ab" * 32, {"accelerator": "cpu"}, "k")


def record(differing: int = 44, judged_by: str = "preference") -> PilotRecord:
    """Few-shot answers everything right, LoRA all but the first `differing` rows."""
    found = made.record({(A, 256, 1): set(range(differing, 60)), (B, 256, 1): made.first(50)})
    return replace(found, plan=replace(found.plan, judged_by=judged_by))


def judged(store: Store, run: Run, found: PilotRecord, for_a: int, for_b: int, neither: int = 0) -> Judgements:
    wishes = [A] * for_a + [B] * for_b + [None] * neither
    for pair, wish in zip(pairs(found, A, B), wishes, strict=False):
        judge(store, run.id, pair, "neither" if wish is None else "left" if pair.left == wish else "right")
    return Judgements.of(store.events.all(run.id))


def test_pairs_differ_are_at_most_forty_and_each_side_as_often() -> None:
    offered = pairs(record(), A, B)
    assert len(offered) == 40
    assert {pair.row for pair in offered} <= set(range(44))  # only rows with different answers
    assert sum(pair.left == A for pair in offered) == 20
    assert all((p.left_answer, p.right_answer) == (("no", "yes") if p.left == A else ("yes", "no")) for p in offered)
    assert offered == pairs(record(), B, A)
    other = record()
    assert pairs(replace(other, plan=replace(other.plan, seed=2)), A, B) != offered


def test_rows_that_failed_are_not_shown() -> None:
    found = made.record({(A, 256, 1): set(), (B, 256, 1): made.first(50)}, failed={(A, 256, 1): frozenset(range(25))})
    assert {pair.row for pair in pairs(found, A, B)} == set(range(25, 50))


def test_judgements_are_kept_once_and_stay(store: Store, run: Run) -> None:
    found = record()
    first = pairs(found, A, B)[0]
    judge(store, run.id, first, "left")
    judge(store, run.id, first, "right")
    judge(store, run.id, pairs(found, A, B)[1], "neither")
    so_far = preference(found, Judgements.of(store.events.all(run.id)), A, B)
    assert (so_far.judged, so_far.neither, so_far.done) == (2, 1, False)
    assert (so_far.for_a if first.left == A else so_far.for_b) == 1
    with pytest.raises(RunError, match="no side"):
        judge(store, run.id, first, "up")  # type: ignore[arg-type]
    reveal(store, run.id, A, B)
    with pytest.raises(RunError, match="no longer blind"):
        judge(store, run.id, pairs(found, A, B)[2], "left")


def test_exact_figures() -> None:
    """18 of 20: two-sided p = 2 (1 + 20 + 190) / 2²⁰ = 0.000402; Clopper-Pearson 68.3 % to 98.8 %."""
    share, p = statistics.preferred(18, 2)
    assert p == pytest.approx(422 / 2**20)
    assert (share.value, share.low, share.high) == pytest.approx((0.9, 0.683, 0.988), abs=5e-4)
    assert statistics.preferred(0, 0)[1] == 1.0
    assert statistics.preferred(0, 20)[0].low == 0.0
    # with a flat prior 1 of 1: the chance that the true share is above one half is 1 − ½² = 3/4
    assert statistics.chance_preferred(1, 0) == pytest.approx(0.75)


def test_nothing_is_decided_or_shown_before_the_judging_is_done(store: Store, run: Run) -> None:
    found = record()
    document = results(found, Beside(judgements=judged(store, run, found, 18, 2)))
    assert document["verdict"]["winner"] is None
    assert "20 are judged" in document["verdict"]["text"]
    assert (document["preference"]["judged"], document["preference"]["for_a"]) == (20, None)
    reveal(store, run.id, A, B)
    document = results(found, Beside(judgements=Judgements.of(store.events.all(run.id))))
    assert document["verdict"]["winner"] == A  # although its answers are scored worse
    assert "LoRA" in document["verdict"]["text"]
    assert "in 18 of 20 pairs" in document["verdict"]["text"]
    assert document["verdict"]["chance"] > 0.99
    assert (document["judged_by"], document["metric"]) == ("preference", "accuracy")
    assert [document["preference"][key] for key in ("for_a", "for_b", "share_a")] == [18, 2, 0.9]


def test_too_few_pairs_decide_nothing(store: Store, run: Run) -> None:
    found = record()
    judged(store, run, found, 19, 0)
    reveal(store, run.id, A, B)
    document = results(found, Beside(judgements=Judgements.of(store.events.all(run.id))))
    assert "only 19 pairs were judged" in document["verdict"]["text"]
    few = record(differing=12)
    document = results(few, Beside(judgements=Judgements()))
    assert "only 12 answers differ" in document["verdict"]["text"]


def test_no_preference_takes_the_cheaper_and_says_how_many_pairs_it_takes(store: Store, run: Run) -> None:
    found = record()
    made_so_far = judged(store, run, found, 17, 15, 8)
    document = results(found, Beside(judgements=made_so_far))
    assert document["preference"]["done"]
    verdict = document["verdict"]
    assert "no difference we can show, so take the cheaper one" in verdict["text"]
    assert verdict["winner"] == B  # LoRA also trained for 40 s
    # 17 against 15 is below 60 to 40; sd = √(1 − 0.2²): 2.8016 sd = 2.745, ((2.745 + √(2.745² + 0.8)) / 0.4)² = 198.2
    assert verdict["rows_needed"] == pairs_needed(Preference(A, B, 17, 15, 8, 40, True)) == 199


def test_beside_a_metric_it_is_said_and_decides_nothing(store: Store, run: Run) -> None:
    found = record(judged_by="metric")
    before = results(found)["verdict"]
    assert results(found)["preference"] is None
    after = results(found, Beside(judgements=judged(store, run, found, 40, 0)))["verdict"]
    assert after["winner"] == before["winner"] == B
    assert after["text"].startswith(before["text"])
    assert "in 40 of 40 pairs" in after["text"]


def test_a_pair_never_says_its_arms_in_what_is_shown() -> None:
    pair = pairs(record(), A, B)[0]
    shown = Pair.__dataclass_fields__.keys() - {"left", "right", "row"}
    assert all(A not in getattr(pair, name) and B not in getattr(pair, name) for name in shown)

"""Rows → one outcome per arm: its score with an interval that knows about rows and seeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from advisor.methods import METHODS
from advisor.vocabulary import CellResult, PilotRecord, RowResult
from experiments import statistics
from experiments.api import address
from experiments.arms import name_of
from experiments.metrics import Metric, metric
from experiments.statistics import Interval, Resampled, Scores

NUMBER_RESAMPLES = 400  # for metrics that are no mean of rows: each resample is a pass over all rows in Python
FAMILIES: dict[str, str] = {card.name: card.family for card in METHODS}


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """One arm at one size, over its seeds. `scores` are per test row, mean over seeds, NaN where a row failed."""

    arm: str
    method: str
    size: int
    seeds: tuple[int, ...]
    value: float
    interval: Interval
    seed_sd: float
    validation: float | None
    rows: tuple[int, ...]
    scores: Scores
    resampled: Resampled | None
    failed_rows: int
    invalid_outputs: int
    latency_ms: tuple[float, ...]
    cells: tuple[CellResult, ...]
    answered: int = 0

    @property
    def family(self) -> str:
        return FAMILIES.get(self.method, "present")

    @property
    def chancy(self) -> bool:
        """Whether another seed would give another result: whatever is trained in steps from a random start."""
        return any("epochs" in cell.settings for cell in self.cells)

    @property
    def shots(self) -> int | None:
        found = self.cells[0].settings.get("shots")
        return int(found) if isinstance(found, int | float) else None

    @property
    def examples_used(self) -> int:
        """Labelled rows the arm learnt from: those it was trained on, those its prompt shows, or none."""
        if self.family == "prompting":
            return self.size if self.method == "retrieved_few_shot" else self.shots or 0
        return 0 if self.family == "present" else self.size

    @property
    def place(self) -> str | None:
        """Where it is asked, for an arm that asks a service; None for what ran on this machine."""
        url = self.cells[0].settings.get("base_url")
        return address.place(str(url)) if url else None

    @property
    def cost_usd(self) -> float | None:
        """What its calls cost, over its seeds; None where nobody knows, or nothing was asked."""
        known = [cell.cost_usd for cell in self.cells if cell.cost_usd is not None]
        return sum(known) if known else None

    @property
    def usd_per_request(self) -> float | None:
        """What a call costs, from all that were answered; None where nobody knows, or nothing was asked."""
        return None if self.cost_usd is None or not self.answered else self.cost_usd / self.answered

    @property
    def tokens(self) -> dict[str, int] | None:
        """Tokens sent and received as the service counted them."""
        if all(cell.tokens_sent is None for cell in self.cells):
            return None
        sent = sum(cell.tokens_sent or 0 for cell in self.cells)
        return {"sent": sent, "received": sum(cell.tokens_received or 0 for cell in self.cells)}

    @property
    def full_share(self) -> float | None:
        """The share of answered rows with a full score: for checks, that passed all of them."""
        known = self.scores[~np.isnan(self.scores)]
        return float(np.mean(known >= 1.0)) if len(known) else None

    @property
    def name(self) -> str:
        """What a person calls it."""
        return name_of(self.arm)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What every outcome of one record shares: metric, references, the resamples that make arms a pair."""

    record: PilotRecord
    metric: Metric
    resamples: Any
    rng: np.random.Generator
    _known: dict[tuple[str, int], ArmOutcome] = field(default_factory=dict)

    @classmethod
    def of(cls, record: PilotRecord) -> Scoring:
        rng = np.random.default_rng([record.plan.seed, len(record.plan.test_rows)])
        n = len(record.plan.test_rows)
        scored_by = metric(record.plan.metric, record.plan.metric_settings)
        return cls(record, scored_by, rng.integers(0, max(1, n), (NUMBER_RESAMPLES, n)), rng)

    def outcomes(self) -> tuple[ArmOutcome, ...]:
        """Every arm at the largest size it finished, in the plan's order."""
        found = []
        for arm in self.record.plan.arms:
            sizes = [cell.size for cell in self.record.cells if cell.arm == arm.arm]
            if sizes:
                found.append(self.outcome(arm.arm, max(sizes)))
        return tuple(found)

    def outcome(self, arm: str, size: int) -> ArmOutcome:
        """One arm at one size, over the seeds that were finished; computed once."""
        if (arm, size) not in self._known:
            self._known[arm, size] = self._outcome(arm, size)
        return self._known[arm, size]

    def _outcome(self, arm: str, size: int) -> ArmOutcome:
        cells = tuple(c for c in self.record.cells if (c.arm, c.size) == (arm, size))
        rows = [r for r in self.record.rows if (r.arm, r.size) == (arm, size)]
        by_seed = {cell.seed: [r for r in rows if r.seed == cell.seed] for cell in cells}
        tests = {seed: [r for r in mine if r.part == "test"] for seed, mine in by_seed.items()}
        values = [self._number([r for r in mine if r.score is not None]) for mine in tests.values()]
        scores = self._row_scores(tests)
        method = next(a.method for a in self.record.plan.arms if a.arm == arm)
        resampled = self._resampled(tests) if self.metric.over_all is not None else None
        outcome = ArmOutcome(
            arm=arm,
            method=method,
            size=size,
            seeds=tuple(by_seed),
            value=float(np.mean(values)),
            interval=self._interval(float(np.mean(values)), scores, resampled),
            seed_sd=0.0,
            validation=self._validation(by_seed),
            rows=self.record.plan.test_rows,
            scores=scores,
            resampled=resampled,
            failed_rows=int(np.isnan(scores).sum()),
            invalid_outputs=sum(r.invalid for mine in tests.values() for r in mine),
            latency_ms=tuple(r.latency_ms for mine in tests.values() for r in mine if r.latency_ms is not None),
            cells=cells,
            answered=sum(r.score is not None for r in rows),
        )
        return self._with_seeds(outcome, values)

    def _with_seeds(self, outcome: ArmOutcome, values: Sequence[float]) -> ArmOutcome:
        if not outcome.chancy:
            return outcome
        sd = statistics.seed_sd(values, outcome.size, len(self.record.plan.labels))
        return replace(outcome, seed_sd=sd, interval=outcome.interval.wider(sd, (0.0, 1.0)))

    def _number(self, rows: Sequence[RowResult]) -> float:
        """The metric over answered rows; not a number when none was answered."""
        if not rows:
            return float("nan")
        if self.metric.over_all is None:
            return float(np.mean([r.score for r in rows]))
        return self.metric.score([(r.prediction or "", (self.record.references[r.row],)) for r in rows])

    def _row_scores(self, tests: dict[int, list[RowResult]]) -> Scores:
        """Per test row the mean over seeds; a row that failed in any of them has none."""
        per_row: dict[int, list[float]] = defaultdict(list)
        for rows in tests.values():
            for r in rows:
                per_row[r.row].append(float("nan") if r.score is None else r.score)
        return np.array([np.mean(per_row[row]) if row in per_row else np.nan for row in self.record.plan.test_rows])

    def _validation(self, by_seed: dict[int, list[RowResult]]) -> float | None:
        answered = [[r for r in rows if r.part == "validation" and r.score is not None] for rows in by_seed.values()]
        return float(np.mean([self._number(rows) for rows in answered])) if all(answered) else None

    def _interval(self, value: float, scores: Scores, resampled: Resampled | None) -> Interval:
        known = scores[~np.isnan(scores)]
        if len(known) == 0:
            return Interval(value, 0.0, 1.0, float("nan"))
        if resampled is not None:
            return statistics.of_resampled(resampled)
        if statistics.binary(known):
            return statistics.wilson(int(known.sum()), len(known))
        return statistics.bootstrap_mean(known, self.rng)

    def _resampled(self, tests: dict[int, list[RowResult]]) -> Resampled | None:
        """The metric on the shared resamples, mean over seeds."""
        place = {row: i for i, row in enumerate(self.record.plan.test_rows)}
        tables = []
        for rows in tests.values():
            pairs: list[Any] = [None] * len(place)
            for r in rows:
                if r.score is not None:
                    pairs[place[r.row]] = (r.prediction or "", (self.record.references[r.row],))
            tables.append(pairs)

        def number(rows: Any) -> float:
            chosen = [[table[i] for i in rows if table[i] is not None] for table in tables]
            return float(np.mean([self.metric.score(pairs) for pairs in chosen if pairs] or [0.0]))

        return statistics.resampled(len(place), number, self.resamples)

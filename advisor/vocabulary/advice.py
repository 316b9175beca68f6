"""The whole answer: recommendation, options with estimates, reasons, flips, worth of a pilot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from advisor.vocabulary.advice_json import document
from advisor.vocabulary.estimates import Estimate
from advisor.vocabulary.explained import (
    Contradiction,
    Explanation,
    NextMeasurement,
    RuleEffect,
    Stake,
    TradeOff,
    Unmoved,
    YourPrompt,
)
from advisor.vocabulary.facts import Family, MethodName, PublishedResult
from advisor.vocabulary.task import TaskProfile

Kind = Literal["option", "evaluate_first", "distil", "combine", "nothing_fits", "cannot_tell"]
ESTIMATED = (
    "quality",
    "one_off_cost_usd",
    "monthly_cost_usd",
    "cost_per_1k_requests_usd",
    "latency_p50_ms",
    "latency_p95_ms",
    "training_memory_gib",
    "serving_memory_gib",
    "training_hours",
    "days_to_launch",
    "upkeep_hours_per_month",
    "upkeep_usd_per_month",
)


@dataclass(frozen=True, slots=True)
class Option:
    """Method × model × place. `place` and `trained_at`: `api:PROVIDER`, `own:GPU×N`, `rented:GPU×N`, `cpu`; or None."""

    method: MethodName
    family: Family
    model: str
    place: str
    trained_at: str | None

    @property
    def id(self) -> str:
        return f"{self.method}/{self.model}@{self.place}"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A limit an option breaks, and the share of the draws (0..1) in which it does; `text` for a person.

    `simulated` marks a limit on an uncertain number; what is not is a fact, and holds in every draw.
    """

    limit: str
    share: float
    text: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class OptionAdvice:
    """One option with everything predicted about it; `estimates` has the keys of ESTIMATED."""

    option: Option
    feasible: bool
    blocked_by: tuple[Blocked, ...]
    chance_best: float
    chance_meets_target: float | None
    regret: float
    estimates: dict[str, Estimate]
    pareto: bool = False  # no option that fits is at least as good, as cheap and as fast, and better in one


@dataclass(frozen=True, slots=True)
class Shift:
    """What a rule does to one named estimate of the methods it names (methods or families).

    `size` ± `sd` in logits for quality, in natural logarithms of a factor for every other estimate.
    """

    estimate: str
    methods: tuple[str, ...]
    size: float
    sd: float


@dataclass(frozen=True, slots=True)
class Reason:
    """What one rule says about this task: it rules out, shifts one named estimate, or only explains.

    `method` is the method or family it speaks about; a rule that rules out removes exactly that, or what `removes`
    names. `did` is what it did to this verdict.
    """

    rule: str
    method: str
    direction: Literal["favours", "against", "rules_out", "explains"]
    effect: str
    text: str
    strength: Literal["A", "B", "C", "D", "fact"]
    source: str
    weight: float = 0.0
    shift: Shift | None = None
    removes: tuple[str, ...] = ()
    did: RuleEffect | None = None


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest change of one answer that alters the verdict; `before` and `after` in the question's unit."""

    trait: str
    before: str
    after: str
    then: str
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Requests a month above which tuning is the cheaper family over the horizon, with its 80 % interval."""

    requests_per_month: float
    low: float
    high: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class PilotWorth:
    """Whether a pilot is worth running, from the chance that it changes the decision."""

    worth_it: bool
    chance_it_changes_the_decision: float
    why: str
    plan: str
    stake: Stake | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The verdict; `sentence` is for a product manager, `then` the next steps in order.

    `undecided` says why there is no verdict although one way may be well ahead; empty where there is one. `given_up`
    names a way that is expected to score far higher, and what stands in its way; empty where there is none. `against`
    names the answers that stand in the way of the `nearest` option, where nothing fits.
    """

    kind: Kind
    option: str | None
    method: str | None
    model: str | None
    place: str | None
    trained_at: str | None
    chance_best: float
    chance_nothing_fits: float
    sentence: str
    then: tuple[str, ...] = ()
    nearest: str | None = None
    undecided: str = ""
    given_up: str = ""
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure before and after evidence, and why it moved; of one option, or of the whole answer."""

    what: str
    before: str
    after: str
    why: str
    option: Option | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """The whole answer for one profile, one set of facts and (perhaps) one pilot."""

    recommendation: Recommendation
    profile: TaskProfile
    options: tuple[OptionAdvice, ...]
    chance_best_by_method: dict[str, float]
    chance_best_by_family: dict[str, float]
    chance_tuning_wins: float
    reasons: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    break_even: BreakEven | None
    pilot: PilotWorth
    catalog_date: str
    assumed: tuple[str, ...] = ()
    evidence_run: str | None = None

    matters_not: tuple[Unmoved, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    trade_offs: tuple[TradeOff, ...] = ()
    explanation: Explanation | None = None
    nearest_cases: tuple[PublishedResult, ...] = ()
    next_measurement: NextMeasurement | None = None
    your_prompt: YourPrompt | None = None
    quality_alone: str = ""  # what `chance_tuning_wins` compares, in a sentence
    quality_metric: str = ""  # what qualities are scores in; where no answer names it, the usual one of such tasks
    no_break_even: str = ""  # why there is no such volume: training is always cheaper, never is, or nobody can tell

    def as_json(self) -> dict[str, Any]:
        """The contract's document of `advise` (design, section 4)."""
        return document(self)

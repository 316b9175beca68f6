"""What makes an answer checkable: what each rule did, what contradicts what, what a point of quality is worth."""

from __future__ import annotations

from dataclasses import dataclass

NOTICED_POINTS = 0.1  # of a hundred; a smaller gain is next to nothing
NOTICED_SHARE = 0.005  # a smaller share of the cases rounds to nothing


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """What one rule did to this verdict: the chance (0..1) of `family` being best with the rule, and without it.

    `points`: what it moved the quality of the best option it speaks about (score, 0..1); None where it moved none.
    `verdict_without`: what would be recommended without the rule, where that is something else.
    """

    family: str
    chance_with: float
    chance_without: float
    text: str
    points: float | None = None
    verdict_without: str | None = None


@dataclass(frozen=True, slots=True)
class Unmoved:
    """An answer that does not matter here: every other answer tried (`tried`, in words) keeps the verdict."""

    trait: str
    now: str
    tried: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two answers, or two rules, that pull against each other; `way_out` is a sentence on what to do about it."""

    between: tuple[str, ...]
    text: str
    way_out: str


@dataclass(frozen=True, slots=True)
class YourPrompt:
    """The prompt the team has measured: its score (0..1), the option nearest to it, whether it meets the target."""

    score: float
    option: str | None
    meets_target: bool | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TradeOff:
    """What `points` hundredths of quality are worth to this team, by its weights, in another concern's unit.

    `question` asks for it as a choice people can judge; `text` says it back. No `amount` where a weight is zero.
    `now`, `reference` (where half the worth of the concern is gone, by `steepness`) and `floor` (what guessing scores)
    lead back from other amounts to weights.
    """

    concern: str
    points: float
    amount: float | None
    unit: str
    text: str
    question: str = ""
    now: float = 0.0
    reference: float = 1.0
    floor: float = 0.0
    steepness: float = 1.0


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the derivation: what a concern contributes to the recommended option and to its rival (0..1)."""

    concern: str
    weight: float
    recommended: str
    recommended_worth: float
    rival: str
    rival_worth: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict in words: one sentence for a product manager, three for an engineer, and the derivation."""

    product_manager: str
    engineer: tuple[str, ...]
    derivation: tuple[Term, ...] = ()
    rival: str | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """What a pilot is for, in the team's units, and what it takes.

    `score_points` and `usd_per_month` are what choosing after the pilot adds on average over choosing now where both
    choices stay within the limits, each as if it came in that unit alone: never more points than the score has left,
    and no money where it would be more than is spent. `more_often_within_limits` is how much more often (share of the
    cases) the choice stays within the limits; `cost_usd` is labels (where it `buys_labels`) and the person's time,
    `minutes` the machine's.
    """

    score_points: float
    usd_per_month: float | None
    cost_usd: float
    minutes: float
    arms: tuple[str, ...]
    rows_per_label: float | None
    training_rows: int
    test_rows: int
    unknown_after: tuple[str, ...]
    more_often_within_limits: float = 0.0
    buys_labels: bool = False


@dataclass(frozen=True, slots=True)
class NextMeasurement:
    """The one measurement that would tell most about who wins on quality, and what it does to the chance (0..1).

    `of`: the option to measure. `chance` that training scores higher stands between `chance_low` and `chance_high`
    (80 %) once it is made; a prompted score leaves it known to ± `chance_within`. `step` is the short form, for the
    list of what to do next.
    """

    measurement: str
    of: str
    rows: int
    chance: float
    chance_low: float
    chance_high: float
    chance_within: float | None
    settles: float
    sentence: str
    step: str

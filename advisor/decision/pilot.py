"""The pilot that would settle it: what is at stake in the team's units, what it takes, what stays unknown after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.trade_offs import Scale, amount_worth
from advisor.decision.utility import weights_of
from advisor.decision.words import amount, percent, roughly
from advisor.decision.worth import Worth, leader
from advisor.vocabulary import CLASSIFYING, Kind, PilotWorth, Stake, TaskDraws, TaskProfile
from advisor.vocabulary.explained import NOTICED_POINTS, NOTICED_SHARE

WORTH_IT_CHANCE = 0.10  # assumption: below one in ten nobody runs it
NEVER = 0.005  # below it a chance is said to be under 1 %, and nothing is expected of a pilot
WORTH_IT_GAIN = 0.002  # where money has no weight, or limits are at stake: a point of quality at equal weights
FEW_ROWS = 40
TEST_ROWS = (100, 200)  # ± 0.05 and ± 0.035 of a score near 0.8 (80 %)
ROWS_PER_LABEL = 8  # many labels need more rows: 64 examples cannot cover 77 labels (tiny-classifiers)
FEWEST_ROWS, MOST_ROWS = 256, 2_000  # 256: right in 82 % of 70 published decisions once extrapolated, 512: 87 %
PERSON_HOURS = 1.0  # assumption: choosing the file, looking at the rows, reading the result
# assumption: a 135M model trains on about 400 tokens a second on two cores, with 3 passes, and 3 repeats of the best
TOKENS_PER_SECOND, PASSES, TRAININGS = 400.0, 3, 4
# assumption: eight rows at a time it writes 187 tokens a second after short prompts (starter_models.md), fewer after
# examples; a batch is written until its longest answer ends, and an untuned model often goes on
WRITTEN_TOKENS_PER_SECOND, WRITTEN_BEYOND = 100.0, 2.0
VALIDATION_ROWS = 0.5  # of the test rows as many again, on which the best of each side is chosen
MINUTES_BESIDE = 6.0  # loading, prompting the test rows, the classifiers
MINUTES_AT_MOST = 120.0  # longer pilots drop cells instead
PROMPTED = ("zero_shot", "few_shot", "retrieved_few_shot")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a pilot: the situation, what it would change, and how a team weighs things."""

    profile: TaskProfile
    draws: TaskDraws
    worth: Worth
    scale: Scale
    kind: Kind
    evidence: bool


def pilot_worth(outcome: Outcome, asked: Question) -> PilotWorth:
    """Whether to run a pilot, why, and which."""
    stake = stake_of(outcome, asked)
    currency = Currency.of(asked.profile)
    rows, chance = asked.profile.labelled_examples, asked.worth.changes
    plan = _plan(stake, asked.profile)
    if rows is not None and rows < FEW_ROWS:
        why = f"A pilot needs at least {FEW_ROWS} examples with right answers; you have {rows:,}."
        return PilotWorth(False, chance, why, f"First collect {FEW_ROWS} to 200 examples. Then: {plan}", stake)
    if asked.kind == "nothing_fits" and chance < NEVER:
        return PilotWorth(False, chance, "Nothing fits the limits, whatever a pilot would show.", plan, stake)
    worth_it = chance >= WORTH_IT_CHANCE and _pays(stake, asked)
    only = "" if worth_it or chance < NEVER else "only "
    again = "another" if asked.evidence else "a"
    change = "show that something fits" if asked.kind == "nothing_fits" else "change the decision"
    why = f"{again.capitalize()} pilot would {change} in {only}{roughly(chance)} of the cases."
    return PilotWorth(worth_it, chance, f"{why} {stake_words(stake, asked.worth, currency)}", plan, stake)


def stake_of(outcome: Outcome, asked: Question) -> Stake:
    """The mean gain in the team's units, and what the pilot takes."""
    weights, gain = weights_of(asked.profile.priorities), asked.worth.on_merit
    points = 100 * gain * (1 - asked.scale.floor) / weights["quality"] if weights["quality"] > 0 else 0.0
    points = min(points, _points_left(outcome))
    usd = amount_worth(gain, "cost", weights, asked.scale) if gain > 0 else 0.0
    if weights["cost"] <= 0 or (usd is not None and usd > asked.scale.now["cost"]):
        usd = None
    rows = planned_rows(asked.profile, asked.draws)
    training, test, per_label = rows.training, rows.test, rows.per_label
    labelled = asked.profile.labelled_examples
    unused = None if labelled is None else labelled - training - test
    return Stake(
        score_points=points,
        usd_per_month=usd,
        cost_usd=_cost_usd(asked, training + test),
        minutes=_minutes(asked, rows),
        arms=_arms(outcome, asked.profile),
        rows_per_label=per_label,
        training_rows=training,
        test_rows=test,
        unknown_after=_unknown_after(unused),
        more_often_within_limits=asked.worth.fits,
        buys_labels=_answered_few(asked, training + test),
    )


def _points_left(outcome: Outcome) -> float:
    """How many points the score of the present choice could still rise."""
    quality = None if outcome.best is None else outcome.candidates[outcome.best].draws["quality"]
    if quality is None or np.isnan(quality).all():
        return 100.0
    return 100 * (1.0 - float(np.nanmean(quality)))


def stake_words(stake: Stake, worth: Worth, currency: Currency) -> str:
    """What is at stake and what finding out costs, in one or two sentences."""
    if worth.gain <= 0:
        gain = "Nothing is at stake: no result we consider likely would be answered differently."
    else:
        gain = _gain_words(stake, currency)
    paid = "labels and of somebody's hour" if stake.buys_labels else "somebody's hour"
    return (
        f"{gain} It costs about {amount(stake.minutes)} minutes of this machine and {currency.say(stake.cost_usd)} "
        f"of {paid}."
    )


def _gain_words(stake: Stake, currency: Currency) -> str:
    """What is gained: staying within the limits, which no point of score is exchanged for, and what is gained there."""
    fits = stake.more_often_within_limits >= NOTICED_SHARE
    limits = (
        f"Choosing after it stays within your limits in {percent(stake.more_often_within_limits)} more of the cases"
    )
    if stake.score_points < NOTICED_POINTS:
        return f"{limits}." if fits else "Choosing after it gains next to nothing on average."
    money = "" if stake.usd_per_month is None else f", or {currency.say(stake.usd_per_month)} a month"
    worth = f"on average as much as {amount(stake.score_points)} points of score{money}"
    return (
        f"{limits}, and where it does so either way it gains {worth}." if fits else f"Choosing after it gains {worth}."
    )


def _pays(stake: Stake, asked: Question) -> bool:
    """What it gains over the time of use, against what it costs; in utility where money does not say it."""
    if stake.usd_per_month is None or stake.more_often_within_limits >= NOTICED_SHARE:
        return asked.worth.gain >= WORTH_IT_GAIN
    return stake.usd_per_month * float(np.median(asked.draws.horizon_months)) > stake.cost_usd


@dataclass(frozen=True, slots=True)
class PlannedRows:
    """What a pilot would train on and test on; `per_label` where there are labels."""

    training: int
    test: int
    per_label: float | None


def planned_rows(profile: TaskProfile, draws: TaskDraws) -> PlannedRows:
    """As many as a pilot needs, or as there are."""
    classes = float(np.median(draws.n_classes)) if classes_matter(profile) else 1.0
    wanted = int(min(max(FEWEST_ROWS, ROWS_PER_LABEL * classes), MOST_ROWS))
    labelled = profile.labelled_examples
    test = TEST_ROWS[1]
    if labelled is not None and labelled >= FEW_ROWS:
        test = int(min(test, max(labelled // 3, 13)))
        wanted = max(min(wanted, labelled - test), 1)
    return PlannedRows(wanted, test, wanted / classes if classes_matter(profile) else None)


def classes_matter(profile: TaskProfile) -> bool:
    """Whether the task sorts into categories, or may."""
    return profile.task_type in (*CLASSIFYING, None)


def _cost_usd(asked: Question, rows: int) -> float:
    """Labels to be bought, and an hour of a person."""
    missing = max(rows - (asked.profile.labelled_examples or 0), 0) if _answered_few(asked, rows) else 0
    labels = missing * float(np.median(asked.draws.labelling_cost_usd_per_example))
    return labels + PERSON_HOURS / 8 * float(np.median(asked.draws.engineer_usd_per_day))


def _answered_few(asked: Question, rows: int) -> bool:
    labelled = asked.profile.labelled_examples
    return labelled is not None and labelled < rows


def _minutes(asked: Question, rows: PlannedRows) -> float:
    """Training, and writing where answers are not labels to choose among."""
    tokens = float(np.median(asked.draws.input_tokens + asked.draws.output_tokens))
    seconds = rows.training * tokens * PASSES * TRAININGS / TOKENS_PER_SECOND
    if not classes_matter(asked.profile):
        answers = rows.test * (1 + VALIDATION_ROWS) * (len(PROMPTED) + TRAININGS)
        written = answers * float(np.median(asked.draws.output_tokens)) * WRITTEN_BEYOND
        seconds += written / WRITTEN_TOKENS_PER_SECOND
    return float(min(MINUTES_BESIDE + seconds / 60, MINUTES_AT_MOST))


def _arms(outcome: Outcome, profile: TaskProfile) -> tuple[str, ...]:
    """Every way of prompting, the two classifiers where the task sorts, and the leading small training."""
    row = leader(outcome, ("tuning",))
    trained = outcome.candidates[row].plan.card if row is not None else None
    tuned = "lora" if trained is None or trained.trained != "adapter" else trained.name
    classifiers = ("classical", "feature_extraction") if profile.task_type in (*CLASSIFYING, None) else ()
    return (*PROMPTED, *classifiers, tuned)


def _plan(stake: Stake, profile: TaskProfile) -> str:
    arms = ", ".join(ARM_WORDS.get(arm, arm.replace("_", " ")) for arm in stake.arms)
    labels = f" ({amount(stake.rows_per_label)} per label)" if stake.rows_per_label and profile.n_classes else ""
    after = "; ".join(stake.unknown_after)
    return (
        f"{arms}; training on up to {stake.training_rows:,} rows{labels}, the same {stake.test_rows:,} test rows for "
        f"all, three repeats of the best trained one; about {amount(stake.minutes)} minutes here with the small "
        f"starter model, which shows the shape of the comparison. Still unknown after it: {after}."
    )


ARM_WORDS = {
    "zero_shot": "Prompting without examples",
    "few_shot": "with examples",
    "retrieved_few_shot": "with looked-up examples",
    "classical": "a simple classifier",
    "feature_extraction": "a classifier on embeddings",
    "lora": "LoRA",
    "qlora": "QLoRA",
    "prefix_tuning": "prefix tuning",
}


def _unknown_after(unused: int | None) -> tuple[str, ...]:
    """What a pilot on this machine does not tell; `unused` rows are neither trained nor tested on."""
    return (
        "how much better a larger model does (the starter has 135 million parameters)",
        *((f"what the other {unused:,} rows add, beyond the learning curve",) if unused and unused > 0 else ()),
        "hosted answer times and real prices",
        "whether next year's inputs look like these",
    )

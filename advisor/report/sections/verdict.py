"""The answer in one sentence, its headline figures, and how likely each kind of method is the best."""

from __future__ import annotations

from advisor.report import charts, names
from advisor.report.contents import Contents
from advisor.report.money import Money
from advisor.report.numbers import chance as say_chance
from advisor.report.numbers import day_count, hundredths, span
from advisor.vocabulary import Advice, Block, Figures, Heading, Notice, OptionAdvice, Text

WORTH_SAYING = 0.02
NAMED = {"cannot_tell": "Where to start", "evaluate_first": "Until there is a test set"}
NOTICES = {
    "nothing_fits": "No option stays within your limits in at least half of the futures. Loosen one of them.",
}  # fmt: skip


def blocks(c: Contents) -> tuple[Block, ...]:
    """Sentence, figures, chart of the families, and what the chances mean."""
    if c.advice is None:
        return ()
    chances = c.advice.chance_best_by_family
    given_up = c.advice.recommendation.given_up
    notice = c.advice.recommendation.undecided or NOTICES.get(c.advice.recommendation.kind)
    return (
        Heading("The answer"),
        Text(c.advice.recommendation.sentence, "lead"),
        *((Notice(notice, "warn"),) if notice else ()),
        *((Notice(given_up, "warn"),) if given_up else ()),
        *_figures(c),
        *((charts.families(chances, _among(c.advice)),) if any(chances.values()) else ()),
        Text(_chances(c.advice)),
    )


def _among(advice: Advice) -> str:
    """Of which futures the chances are shares, where it is not all of them."""
    fits = 1 - advice.recommendation.chance_nothing_fits
    return "" if fits > 1 - WORTH_SAYING else f", among the {say_chance(fits)} of futures in which something fits"


def _figures(c: Contents) -> tuple[Block, ...]:
    chosen = c.recommended
    if c.advice is None or chosen is None:
        return ()
    chance = c.advice.chance_best_by_family.get(chosen.option.family, chosen.chance_best)
    named = NAMED.get(c.advice.recommendation.kind, "What is recommended")
    items = [
        (
            "Chance",
            say_chance(chance),
            f"that the best way is {names.family(chosen.option.family).lower()}{_among(c.advice)}",
        ),
        _card(chosen, "quality", f"Expected {names.metric(c.metric)}", c.money),
        _card(chosen, "monthly_cost_usd", "Running it", c.money),
        _card(chosen, "one_off_cost_usd", "Building it", c.money),
        _card(chosen, "days_to_launch", "Ready in", c.money),
    ]
    return (
        Text(f"{named}: {names.option(chosen.option)}. 80 % ranges below the figures."),
        Figures(tuple(items)),
    )


def _card(option: OptionAdvice, name: str, label: str, money: Money) -> tuple[str, str, str]:
    """(label, value, range) of one estimate."""
    estimate = option.estimates.get(name)
    if estimate is None or estimate.value is None:
        return label, "not known", (estimate.why_unknown or "") if estimate else ""
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    if name == "quality":
        return label, hundredths(estimate.value), span(low, high, hundredths)
    if name == "days_to_launch":
        return label, f"{day_count(estimate.value)} days", span(low, high, day_count)
    ends = span(low, high, lambda usd: money.write(usd).removeprefix(f"{money.currency} "))
    when = "a month" if name == "monthly_cost_usd" else "once"
    return label, money.write(estimate.value), f"{ends}, {when}"


def _chances(advice: Advice) -> str:
    parts = [
        "The chances come from thousands of simulated futures in which everything uncertain varies within its range. "
        f"{advice.quality_alone} Money, speed, time and upkeep are weighed besides, as the team's priorities say."
    ]
    nothing = advice.recommendation.chance_nothing_fits
    if nothing >= WORTH_SAYING:
        parts.append(f"In {say_chance(nothing)} of the futures no option stays within the limits given.")
    return " ".join(parts)

"""From how many requests a month on training is the cheaper way, building cost included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from advisor.decision.words import amount
from advisor.vocabulary import BreakEven, Draws

VOLUMES = (100.0, 1e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 1e8)
MOST_DRAWS_CROSS = 0.5
ALL = f"At every volume considered ({amount(VOLUMES[0])} to {amount(VOLUMES[-1])} requests a month)"
ALWAYS = f"{ALL} training is the cheaper way, building included."
NEVER = f"{ALL} prompting is the cheaper way: training never becomes cheaper."
EITHER = "No volume can be named from which training is the cheaper way: too much about the costs is open."
UNKNOWN = "From which volume on training is the cheaper way is not known: the costs of one side are not."


def break_even(monthly: Callable[[float], tuple[Draws, Draws] | None]) -> BreakEven | str:
    """`monthly(volume)`: total monthly cost of the leading prompting and of the leading trained option, per draw.

    In words why there is no such volume: no option of one side, or most draws never cross from 100 to 100 million.
    """
    found = [(volume, pair) for volume in VOLUMES if (pair := monthly(volume)) is not None]
    if len(found) < 2:
        return UNKNOWN
    volumes = np.log([volume for volume, _ in found])
    gap = np.stack([prompting - tuning for _, (prompting, tuning) in found])
    crossing = _crossings(volumes, gap)
    known = crossing[~np.isnan(crossing)]
    if len(known) < MOST_DRAWS_CROSS * gap.shape[1]:
        return _never_crosses(gap)
    low, value, high = (float(x) for x in np.exp(np.quantile(known, (0.1, 0.5, 0.9))))
    text = (
        f"From about {amount(value)} requests a month on training is the cheaper way, building included "
        f"(between {amount(low)} and {amount(high)})."
    )
    return BreakEven(value, low, high, text)


def _never_crosses(gap: Draws) -> str:
    """Which way is the cheaper one at every volume; gap: what prompting costs more, by volume and draw."""
    if (gap > 0).all(axis=0).mean() > MOST_DRAWS_CROSS:
        return ALWAYS
    return NEVER if (gap <= 0).all(axis=0).mean() > MOST_DRAWS_CROSS else EITHER


def _crossings(volumes: Draws, gap: Draws) -> Draws:
    """Per draw the volume (log) from which tuning stays the cheaper way; nan where that never happens."""
    turns = (gap[:-1] <= 0) & (gap[1:] > 0)
    any_turn = turns.any(axis=0)
    last = gap.shape[0] - 2 - turns[::-1].argmax(axis=0)  # the last turn: after it training stays cheaper
    columns = np.arange(gap.shape[1])
    below, above = gap[last, columns], gap[last + 1, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(above > below, -below / (above - below), 0.0)
    crossing = volumes[last] + part * (volumes[last + 1] - volumes[last])
    return np.asarray(np.where(any_turn, crossing, np.nan))

"""From how many requests a month on training is the cheaper way, building cost included."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from advisor.decision.words import amount
from advisor.vocabulary import BreakEven, Draws

VOLUMES = (100.0, 1e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 1e8)
MOST_DRAWS_CROSS = 0.5


def break_even(monthly: Callable[[float], tuple[Draws, Draws] | None]) -> BreakEven | None:
    """`monthly(volume)`: total monthly cost of the leading prompting and of the leading trained option, per draw.

    None where no option of one side exists, or where in most draws the two never cross between 100 and 100 million.
    """
    found = [(volume, pair) for volume in VOLUMES if (pair := monthly(volume)) is not None]
    if len(found) < 2:
        return None
    volumes = np.log([volume for volume, _ in found])
    gap = np.stack([prompting - tuning for _, (prompting, tuning) in found])
    crossing = _crossings(volumes, gap)
    known = crossing[~np.isnan(crossing)]
    if len(known) < MOST_DRAWS_CROSS * gap.shape[1]:
        return None
    low, value, high = (float(x) for x in np.exp(np.quantile(known, (0.1, 0.5, 0.9))))
    text = (
        f"From about {amount(value)} requests a month on training is the cheaper way, building included "
        f"(between {amount(low)} and {amount(high)})."
    )
    return BreakEven(value, low, high, text)


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

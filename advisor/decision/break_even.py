"""From how many requests a month on training is the cheaper way, building cost included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from advisor.decision.words import amount
from advisor.vocabulary import BreakEven, Draws

VOLUMES = (100.0, 1e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 1e8)
MOST_DRAWS_CROSS = 0.5
ALL = f"At every volume considered ({amount(VOLUMES[0])} to {amount(VOLUMES[-1])} requests a month)"
EACH = (
    "Each is the cheapest of its kind, at the volume you gave, of which a score of about {score} is to be expected; at "
    "another volume another may be."
)
ALWAYS = f"{ALL} {{training}} costs less than {{prompting}}, building included. {EACH}"
NEVER = f"{ALL} {{prompting}} costs less than {{training}}: of these two, training never becomes the cheaper. {EACH}"
EITHER = "No volume can be named from which {training} costs less than {prompting}: too much about the costs is open."
UNKNOWN = "From which volume on training costs less than prompting is not known: the costs of one side are not."
FROM = (
    "From about {volume} requests a month on, {training} costs less than {prompting}, building included (between {low} "
    "and {high})."
)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two ways that are compared, as nouns: the cheapest prompt and the cheapest training that reach the score.

    `recommended`: the way that is recommended, where it is neither of them.
    """

    prompting: str = "prompting"
    training: str = "training"
    score: float = 0.0
    recommended: str = ""

    def say(self, sentence: str, **more: str) -> str:
        """The sentence with both named."""
        score = f"{self.score:.2f}"
        said = sentence.format(prompting=self.prompting, training=self.training, score=score, **more)
        return f"{said} Neither is the way recommended here ({self.recommended})." if self.recommended else said


def break_even(monthly: Callable[[float], tuple[Draws, Draws] | None], sides: Sides = Sides()) -> BreakEven | str:
    """`monthly(volume)`: total monthly cost of the prompt and of the training that are compared, per draw.

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
        return sides.say(_never_crosses(gap))
    low, value, high = (float(x) for x in np.exp(np.quantile(known, (0.1, 0.5, 0.9))))
    text = sides.say(f"{FROM} {EACH}", volume=amount(value), low=amount(low), high=amount(high))
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

"""Cells in words for a person."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.vocabulary import Cell, PilotPlan
from experiments.arms import name_of
from experiments.arms.few_shot import ARM as FEW_SHOT
from experiments.dataset.wording import many


def cell_words(key: str) -> str:
    """A cell's key: `LoRA fine-tuning on 256 rows (seed 1)`."""
    arm, size, seed = key.rsplit("/", 2)
    return f"{name_of(arm)} on {many(int(size), 'row')} (seed {seed})"


def in_groups(cells: Iterable[Cell], plan: PilotPlan) -> str:
    """Cells that come after every way once: repetitions, fewer rows, fewer examples in the prompt."""
    seeds: dict[tuple[str, int], list[int]] = {}
    for cell in cells:
        seeds.setdefault((cell.arm, cell.size), []).append(cell.seed)
    return ", ".join(_group(arm, size, those, plan) for (arm, size), those in seeds.items())


def _group(arm: str, size: int, seeds: list[int], plan: PilotPlan) -> str:
    if arm == FEW_SHOT.arm:
        return f"{name_of(arm)} with {many(size, 'example')} in the prompt"
    if seeds == [plan.seed]:
        return f"{name_of(arm)} on {many(size, 'training row')} (learning curve)"
    with_seeds = f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
    return f"{name_of(arm)} on {many(size, 'training row')} again with {with_seeds}"


def for_more_minutes(cells: Iterable[Cell], plan: PilotPlan) -> tuple[str, ...]:
    """What comes with more minutes, before the start: one sentence, or none."""
    waiting = tuple(cells)
    if not waiting:
        return ()
    minutes = sum(cell.seconds for cell in waiting) / 60
    return (f"{in_groups(waiting, plan)}: would take about {minutes:.1f} minutes more",)

"""How forecasts are scored: Brier, AUC, calibration beside what chance allows, regret, coverage of bands."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

BINS = 5
SIMULATED = 4000
HIGH_PROMPTED = 0.85
PROMPT_KINDS = ("question_answering", "reasoning")


def weighted_by_task(rows: pd.DataFrame) -> pd.DataFrame:
    """Every task counts the same, however many curves it has."""
    return rows.assign(weight=1.0 / rows.groupby("task").task.transform("size"))


def brier(rows: pd.DataFrame) -> float:
    return float(np.average((rows.chance - rows.won) ** 2, weights=rows.weight))


def base_rate_brier(rows: pd.DataFrame) -> float:
    """Of the share of wins in all other sources: what is known of a new source without any model."""
    others = [rows[rows.lab != lab].won.mean() if (rows.lab != lab).any() else 0.5 for lab in rows.lab]
    return brier(rows.assign(chance=others))


def accuracy(rows: pd.DataFrame) -> float:
    """Of the likelier side; ties are left out."""
    kept = rows[rows.won != 0.5]
    return float(np.average((kept.chance > 0.5) == (kept.won > 0.5), weights=kept.weight))


def auc(rows: pd.DataFrame) -> float:
    """The chance that a win was given more than a loss."""
    wins, losses = rows[rows.won == 1].chance.to_numpy(), rows[rows.won == 0].chance.to_numpy()
    if not len(wins) or not len(losses):
        return float("nan")
    apart = wins[:, None] - losses[None]
    return float(np.mean((apart > 0) + 0.5 * (apart == 0)))


def calibration_error(chance: np.ndarray, won: np.ndarray) -> float:
    """Mean distance of stated chance and share of wins over five equal bins, weighted by their size."""
    bins = np.minimum((chance * BINS).astype(int), BINS - 1)
    return float(sum(abs((chance - won)[bins == b].sum()) for b in range(BINS)) / len(chance))


def calibration_by_chance(chance: np.ndarray, rng: np.random.Generator) -> float:
    """The 95th percentile of the error that a perfectly calibrated forecaster shows with these very chances."""
    drawn = (rng.random((SIMULATED, len(chance))) < chance).astype(float)
    return float(np.quantile([calibration_error(chance, won) for won in drawn], 0.95))


def regrets(rows: pd.DataFrame) -> dict[str, float]:
    """Score points lost against the better of the two, by what is followed."""
    best = np.maximum(rows.prompted, rows.tuned)
    two_lines = ~rows.kind.isin(PROMPT_KINDS) & (rows.prompted < HIGH_PROMPTED)
    follow = {"advice": rows.chance > 0.5, "always tune": True, "always prompt": False, "two-line rule": two_lines}
    return {
        name: float(np.average(best - np.where(tune, rows.tuned, rows.prompted), weights=rows.weight))
        for name, tune in follow.items()
    }


def coverage(rows: pd.DataFrame, share: float) -> tuple[float, float]:
    """How often a central band holds the tuned score, and how wide it is."""
    low, high = rows[f"q{round((1 - share) / 2, 2)}"], rows[f"q{round((1 + share) / 2, 2)}"]
    inside = (rows.tuned >= low) & (rows.tuned <= high)
    return float(np.average(inside, weights=rows.weight)), float(np.average(high - low, weights=rows.weight))


def print_who_wins(tables: Mapping[str, pd.DataFrame], title: str) -> None:
    names = ("known", "n", "wins", "Brier", "base rate", "AUC", "accuracy", "calibration", "95 % by chance")
    table = Table(*names, "regret", "always tune", "always prompt", "two lines", title=title)
    for name, rows in tables.items():
        chance, won = rows.chance.to_numpy(), rows.won.to_numpy()
        figures = [np.average(won, weights=rows.weight), brier(rows), base_rate_brier(rows), auc(rows), accuracy(rows)]
        figures += [calibration_error(chance, won), calibration_by_chance(chance, np.random.default_rng(1))]
        figures += list(regrets(rows).values())
        table.add_row(name, str(len(rows)), *(f"{figure:.3f}" for figure in figures))
    _print(table)


def print_bands(tables: Mapping[str, pd.DataFrame]) -> None:
    table = Table("known", "n", "50 %", "width", "80 %", "width", "90 %", "width", title="Bands of the tuned score")
    for name, rows in tables.items():
        cells = [f"{figure:.2f}" for share in (0.5, 0.8, 0.9) for figure in coverage(rows, share)]
        table.add_row(name, str(len(rows)), *cells)
    _print(table)


def print_errors(tables: Mapping[str, pd.DataFrame]) -> None:
    table = Table("seen", "n", "mean error", "bias", "by source", title="Learning curves: error of the end, per task")
    for name, rows in tables.items():
        error = rows["q0.5"] - rows.tuned
        by_lab = error.abs().groupby(rows.lab).mean()
        cells = (
            f"{np.average(error.abs(), weights=rows.weight):.3f}",
            f"{np.average(error, weights=rows.weight):+.3f}",
        )
        table.add_row(name, str(len(rows)), *cells, ", ".join(f"{lab} {e:.3f}" for lab, e in by_lab.items()))
    _print(table)


def _print(table: Table) -> None:
    Console(width=170).print(table)

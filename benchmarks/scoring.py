"""How forecasts are scored: Brier, AUC, calibration beside what chance allows, regret, coverage of bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

BINS = 5
SIMULATED, SIMULATED_ROWS = 4000, 300
TASK_RESAMPLES = 300
# shares of the quantiles that every row has of the tuned score, in columns q0.05 and so on
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
HIGH_PROMPTED = 0.85
PILOT_GOALS = {256: 0.115, 512: 0.075}
END_GOALS = {64: 0.085, 256: 0.050, 1024: 0.035}
Goal = tuple[str, pd.DataFrame, Callable[[pd.DataFrame], float], float, float]
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


def calibration_by_chance(chance: np.ndarray, curve: np.ndarray, rng: np.random.Generator) -> float:
    """The 95th percentile of the error that a perfectly calibrated forecaster shows with these very chances.

    `curve` numbers what each row is about: rows of one learning curve have the same end, so they share their luck.
    """
    luck = rng.random((SIMULATED, int(curve.max()) + 1))[:, curve]
    return float(np.quantile([calibration_error(chance, won) for won in (luck > 1 - chance).astype(float)], 0.95))


def among_the_calibrated(rows: pd.DataFrame, figure: Callable[[pd.DataFrame], float]) -> tuple[float, float]:
    """The 10th and 90th percentile of a figure over ends drawn from the very bands and chances of these rows."""
    rng, curve = np.random.default_rng(1), curve_numbers(rows)
    ends = rows[[f"q{share}" for share in SHARES]].to_numpy()
    drawn = []
    for _ in range(SIMULATED_ROWS):
        luck = rng.random(int(curve.max()) + 1)[curve]
        tuned = np.array([np.interp(at, SHARES, row) for at, row in zip(luck, ends, strict=True)])
        drawn.append(figure(rows.assign(won=(luck > 1 - rows.chance).astype(float), tuned=tuned)))
    low, high = np.nanquantile(drawn, (0.1, 0.9))
    return float(low), float(high)


def curve_numbers(rows: pd.DataFrame) -> np.ndarray:
    """Which rows have one and the same end."""
    return np.asarray(pd.factorize(rows.curve)[0])


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
    table = Table(*names, "with luck by row", "regret", "always tune", "always prompt", "two lines", title=title)
    for name, rows in tables.items():
        chance, won = rows.chance.to_numpy(), rows.won.to_numpy()
        figures = [np.average(won, weights=rows.weight), brier(rows), base_rate_brier(rows), auc(rows), accuracy(rows)]
        figures += [calibration_error(chance, won), most_by_chance(rows), most_by_row(rows)]
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


def mean_error(rows: pd.DataFrame) -> float:
    """Of the middle of the band against the published end."""
    return float(np.average((rows["q0.5"] - rows.tuned).abs(), weights=rows.weight))


def among_tasks(rows: pd.DataFrame, figure: Callable[[pd.DataFrame], float]) -> tuple[float, float]:
    """The 10th and 90th percentile of a figure over sets of tasks drawn anew: how far few tasks could move it."""
    rng = np.random.default_rng(1)
    tasks = [group for _, group in rows.groupby("task")]
    drawn = [
        figure(pd.concat([tasks[i] for i in rng.integers(0, len(tasks), len(tasks))])) for _ in range(TASK_RESAMPLES)
    ]
    low, high = np.nanquantile(drawn, (0.1, 0.9))
    return float(low), float(high)


def print_goals(
    pairs: Mapping[str, pd.DataFrame], pilots: Mapping[str, pd.DataFrame], curves: Mapping[str, pd.DataFrame]
) -> None:
    """Every goal beside what was measured above, and how far chance alone could move it.

    By another draw of the tasks, and by the luck of forecasts that are right about themselves: of so few curves hardly
    any goal is reached or missed for sure.
    """
    heads = ("line", "goal", "measured", "80 % by tasks", "tasks", "80 % if perfectly calibrated", "reached")
    table = Table(*heads, title="Goals")
    for name, rows, figure, low, high in _goals(pairs, pilots, curves):
        measured, (least, most) = figure(rows), among_tasks(rows, figure)
        goal = f"≤ {high:.3f}" if low == 0.0 else f"≥ {low:.2f}" if high == 1.0 else f"{low:.2f} to {high:.2f}"
        reached = "yes" if low <= round(measured, 3) <= high else "no"
        tasks = str(rows.task.nunique())
        by_chance = "{:.3f} to {:.3f}".format(*among_the_calibrated(rows, figure)) if "won" in rows else ""
        table.add_row(name, goal, f"{measured:.3f}", f"{least:.3f} to {most:.3f}", tasks, by_chance, reached)
    _print(table)


def _goals(
    pairs: Mapping[str, pd.DataFrame], pilots: Mapping[str, pd.DataFrame], curves: Mapping[str, pd.DataFrame]
) -> list[Goal]:
    """Name, rows, figure of the rows, and the range it should lie in."""
    traits, scored = pairs["traits only"], pairs["+ prompted score"]
    lines: list[Goal] = [("Brier, traits only", traits, brier, 0.0, base_rate_brier(traits))]
    lines += [("Brier, + prompted score", scored, brier, 0.0, 0.180)]
    lines += [(f"Brier, + pilot ≤ {n}", pilots[f"+ pilot ≤ {n}"], brier, 0.0, goal) for n, goal in PILOT_GOALS.items()]
    lines += [("accuracy, + pilot ≤ 256", pilots["+ pilot ≤ 256"], accuracy, 0.85, 1.0)]
    for name, rows in {**pairs, **pilots}.items():
        lines += [(f"calibration error, {name}", rows, calibration_of, 0.0, most_by_chance(rows))]
        if rows.curve.duplicated().any():
            lines += [(f"… if rows had their own luck, {name}", rows, calibration_of, 0.0, most_by_row(rows))]
    lines += [(f"80 % band covers, {name}", rows, covered, 0.75, 0.87) for name, rows in {**pairs, **pilots}.items()]
    lines += [
        (f"mean error, from ≤ {n}", curves[f"from ≤ {n}"], mean_error, 0.0, goal) for n, goal in END_GOALS.items()
    ]
    return lines


def most_by_chance(rows: pd.DataFrame) -> float:
    """Of these rows, those of one curve together."""
    return calibration_by_chance(rows.chance.to_numpy(), curve_numbers(rows), np.random.default_rng(1))


def most_by_row(rows: pd.DataFrame) -> float:
    """As if every row had an end of its own."""
    return calibration_by_chance(rows.chance.to_numpy(), np.arange(len(rows)), np.random.default_rng(1))


def calibration_of(rows: pd.DataFrame) -> float:
    return calibration_error(rows.chance.to_numpy(), rows.won.to_numpy())


def covered(rows: pd.DataFrame) -> float:
    """How often the 80 % band holds the tuned score."""
    return coverage(rows, 0.8)[0]


def _print(table: Table) -> None:
    Console(width=170).print(table)

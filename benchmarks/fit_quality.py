"""Fit the numbers of advisor/catalog/quality_priors.yaml on the published evidence, and print them.

Usage: python benchmarks/fit_quality.py FOLDER, the folder with evidence.csv and learning_curves.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

# Win rates over 96 published pairs, 17 sources, which hold more than the rows shipped (predictability.md, section 2):
# best prompted score at the middle of its band, share in which tuning won, pairs
WINS_BY_PROMPTED = (
    *((0.30, 0.95, 20), (0.50, 0.88, 16), (0.67, 0.60, 10)),
    *((0.80, 0.76, 25), (0.905, 0.36, 22), (0.965, 0.33, 3)),
)
WINS_BY_TYPE = {
    "classification": (0.74, 54), "generation": (0.97, 10), "code": (0.71, 7),
    "extraction": (0.67, 6), "qa": (0.38, 8), "reasoning": (0.40, 10),
}  # fmt: skip
CLASS_POWER = 0.85  # sizes where LoRA overtakes many-shot prompting grow a little slower than the labels do
HALF_PER_CLASS = 100.0  # the fit is flat from 100 to 1,000; the smaller keeps small data honest


def logit(share: Any) -> Any:
    clipped = np.clip(share, 0.02, 0.98)
    return np.log(clipped / (1 - clipped))


def deficit(per_class: Any, slope: float) -> Any:
    return -slope * np.log1p(HALF_PER_CLASS / per_class)


def fit_slopes(curves: pd.DataFrame) -> None:
    frame = curves[(curves.metric == "accuracy") & (curves.n_classes > 0) & (curves.n >= 16)].copy()
    frame["x"] = np.log1p(HALF_PER_CLASS / (frame.n / frame.n_classes**CLASS_POWER))
    frame["z"] = logit(frame.score)
    groups = {"lora, full": ("lora", "full"), "contrastive": ("full-contrastive",), "features": ("feature-extraction",)}
    for name, methods in groups.items():
        rows = frame[frame.method.isin(methods)]
        rows = rows[rows.groupby("curve_id").n.transform("nunique") >= 2]
        weight = 1 / rows.groupby("curve_id").n.transform("size")
        x = rows.x - rows.groupby("curve_id").x.transform("mean")
        z = rows.z - rows.groupby("curve_id").z.transform("mean")
        print(f"slope of {name}: {-(weight * x * z).sum() / (weight * x * x).sum():.2f}")


def pairs_of(evidence: pd.DataFrame) -> pd.DataFrame:
    """Best prompting beside best tuning, same source, task and metric."""
    rows = []
    for (source, task, _), group in evidence.groupby(["src_key", "task", "metric"]):
        prompting = group.method.str.startswith(("zero-shot", "few-shot"))
        if prompting.any() and (~prompting).any() and task != "customer_support":  # both 1.000 there
            best = group[~prompting].score.idxmax()
            kind = group.task_type.iloc[0].replace("summarisation", "generation")
            classes = group.n_classes.iloc[0] if kind == "classification" else 10.0
            size = group.n_train[best]
            rows.append(
                (source, kind, group[prompting].score.max(), group.score[best], size / (classes or 5.0) ** CLASS_POWER)
            )
    frame = pd.DataFrame(rows, columns=["source", "kind", "prompted", "tuned", "per_class"])
    return frame.fillna({"per_class": frame.per_class.median()})


def fit_pairs(pairs: pd.DataFrame, slope: float) -> None:
    kinds = sorted(WINS_BY_TYPE)
    prompted, tuned = logit(pairs.prompted), logit(pairs.tuned) - deficit(pairs.per_class, slope)
    weight = pairs.groupby("source").source.transform("size") ** -0.5
    column = pairs.kind.map(kinds.index).to_numpy()
    typical = float(np.median(deficit(pairs.per_class, slope)))
    spread = pairs.assign(z=prompted).groupby("kind").z.agg(["mean", "std"])

    def loss(theta: Any) -> float:
        alpha, beta, sd, offsets = theta[0], theta[1], np.exp(theta[2]), theta[3:]
        total = -(weight * norm.logpdf(tuned, alpha + offsets[column] + beta * prompted, sd)).sum()
        total -= norm.logpdf(offsets, 0, 0.5).sum()
        for score, share, count in WINS_BY_PROMPTED:
            p = norm.cdf((alpha + typical + (beta - 1) * logit(score)) / sd)
            total -= 0.5 * count * (share * np.log(p) + (1 - share) * np.log(1 - p))
        for index, kind in enumerate(kinds):
            share, count = WINS_BY_TYPE[kind]
            mean, std = spread.loc[kind]
            p = norm.cdf((alpha + offsets[index] + typical + (beta - 1) * mean) / np.hypot(sd, (1 - beta) * std))
            total -= 0.5 * count * (share * np.log(p) + (1 - share) * np.log(1 - p))
        return float(total)

    best = minimize(loss, [1.0, 0.6, -0.3, *[0.0] * len(kinds)], method="Powell").x
    print(f"intercept {best[0]:.2f}, slope on the prompted score {best[1]:.2f}, sd {np.exp(best[2]):.2f}")
    for kind, offset in zip(kinds, best[3:], strict=True):
        print(
            f"  {kind}: offset {offset:+.2f}, prompted {spread.loc[kind]['mean']:.2f} sd {spread.loc[kind]['std']:.2f}"
        )
    for score, share, count in WINS_BY_PROMPTED:
        p = norm.cdf((best[0] + typical + (best[1] - 1) * logit(score)) / np.exp(best[2]))
        print(f"  prompted {score}: published {share:.2f} of {count}, fitted {p:.2f}")


def fit_models(evidence: pd.DataFrame) -> None:
    """How much tuned scores of one task differ between models, each predicted from the others."""
    rows = evidence[(evidence.src_key == "loraland2024") & (evidence.method == "qlora")]
    table = rows.pivot_table(index="task", columns="model", values="score")
    left_out = pd.DataFrame({m: table[m] - table.drop(columns=m).mean(axis=1) for m in table})
    left_out -= left_out.mean()
    z = logit(table)
    z_left_out = pd.DataFrame({m: z[m] - z.drop(columns=m).mean(axis=1) for m in z})
    z_sd = (z_left_out - z_left_out.mean()).stack().std()
    print(f"model transfer sd: {left_out.stack().std():.3f} of the score, {z_sd:.2f} logit")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    published = pd.read_csv(folder / "evidence.csv")
    fit_slopes(pd.read_csv(folder / "learning_curves.csv"))
    fit_pairs(pairs_of(published), slope=0.8)
    fit_models(published)

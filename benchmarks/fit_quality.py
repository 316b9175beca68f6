"""Fit the catalog's quality_line.yaml on the published evidence: `python -m benchmarks.fit_quality FOLDER [--write]`.

One line joins what prompting and training reach on a task (logits of the score, endless examples):
tuned = intercept + slope × prompted + kind of task + base + year + how small the prompted model is ± sd.
It is a Bayesian regression: few sources stand behind the pairs, so every number starts from a stated prior, and each
source has an offset of its own, whose spread widens the answer for a new one. FOLDER holds evidence.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from advisor.catalog.quality import quality_priors
from advisor.estimators.versus import LATER_BASES_FROM_B
from benchmarks.published import pairs as published_pairs

TABLE = Path(__file__).parents[1] / "advisor" / "catalog" / "tables" / "quality_line.yaml"
MIDDLE = 2.0  # the prompted logit around which the line turns: a score of 0.88
# name: mean and sd before the evidence
PRIOR = {
    # rule of practice (applied-llms.org): where prompting gets about 90 % of the way, training hardly repays
    "one": (2.0, 0.3),
    "prompted": (0.5, 0.10),  # assumption: half of what makes a task hard to prompt makes it hard to learn
    "year": (-0.12, 0.08),  # assumption: what newer models still fail at is harder to learn, too
    "prompted_size": (0.10, 0.08),  # assumption: what a small model can be prompted to do is easy
    # assumption: how many ways a text can be put caps its overlap with one reference, prompted or trained alike
    "overlap_prompted": (0.25, 0.10),
    # form is learned, facts and reasoning are not (arXiv 2312.05934, 2405.05904; Meta's and Anyscale's guides)
    "classification": (0.0, 0.3), "extraction": (0.2, 0.3), "generation": (0.0, 0.3), "question_answering": (-0.3, 0.3),
    "reasoning": (-0.3, 0.3), "code": (-0.3, 0.3), "text_to_sql": (0.2, 0.3),
}  # fmt: skip
COLUMNS = tuple(PRIOR)
KINDS = COLUMNS[5:]
NOISE_SD, NOISE_WEIGHT = 0.65, 8.0  # assumption: spread of tasks around the line, worth 8 pairs
SOURCE_SD = 0.35  # assumption: what one lab's protocol adds to all its pairs
PROMPTED_LEVEL, PROMPTED_KIND_SD, PROMPTED_TASK_SD = 1.25, 0.5, 1.1  # assumption: before the pairs, logit
OVERLAP_LEVEL = -0.5  # assumption: overlap with one reference text rarely passes one half
SQL_METRICS = ("exec", "sql")
ONE_LAB = {"sqlcoder-2024b": "sqlcoder-2024", "setfit-blog-2022": "setfit2022"}  # two tables of the same people
CLASS_POWER, SLOPE, HALF_PER_CLASS = 0.85, 0.85, 100.0  # as LoRA's row of quality_priors.yaml
UNTOLD_CLASSES, UNTOLD_ROWS = 4.0, 3000.0


def logit(share: Any) -> Any:
    clipped = np.clip(share, 0.02, 0.98)
    return np.log(clipped / (1 - clipped))


def lab_of(source: pd.Series) -> pd.Series:
    """The source that is left out together: two tables of the same people count as one."""
    return source.replace(ONE_LAB)


def kind_of(task_type: str, metric: str, task: str) -> str:
    """The evidence's word as ours; code that is a query is text-to-SQL."""
    if task_type == "code" and any(word in f"{metric} {task}".lower() for word in SQL_METRICS):
        return "text_to_sql"
    return {"qa": "question_answering", "summarisation": "generation"}.get(task_type, task_type)


def pairs_of(evidence: pd.DataFrame) -> pd.DataFrame:
    """Best prompting beside best tuning on one task, with what the line needs."""
    found = published_pairs(evidence)
    size = evidence.drop_duplicates("model").set_index("model").model_params_b
    found["lab"] = lab_of(found.id.str.split("/").str[0])
    found["kind"] = [kind_of(*row) for row in found[["task_type", "metric", "task"]].itertuples(index=False)]
    found["tuned_b"] = found.tuned_model.map(size)
    found["prompted_b"] = found.prompted_model.map(size)
    return found


def design(pairs: pd.DataFrame) -> Any:
    """One row of numbers a pair, in the order of COLUMNS."""
    columns = {
        "one": np.ones(len(pairs)),
        "prompted": logit(pairs.prompted_score) - MIDDLE,
        "year": np.clip(pairs.year - 2024.0, -2.0, 2.5),
        "prompted_size": np.log10(1000.0 / pairs.prompted_b.fillna(1000.0).clip(0.1, 1000.0)),
        "overlap_prompted": (pairs.kind == "generation") * (logit(pairs.prompted_score) - OVERLAP_LEVEL),
        **{kind: (pairs.kind == kind).astype(float) for kind in KINDS},
    }
    return np.stack([np.asarray(columns[name], dtype=float) for name in COLUMNS], axis=1)


def of_the_base(pairs: pd.DataFrame) -> Any:
    """What is left, after training, of a larger or later base (the catalog's capability and `base_matters`)."""
    priors = quality_priors()
    matters = pairs.kind.map({kind: priors.tasks[kind].base_matters for kind in KINDS}).to_numpy(dtype=float)
    size_b = pairs.tuned_b.fillna(7.0)
    years = np.clip(pairs.year - 2024.0, -2.0, 2.5) * (size_b >= LATER_BASES_FROM_B)
    gain = priors.open_per_decade_of_size * np.log10(size_b / 7.0) + priors.open_per_year * years
    return matters * np.asarray(gain, dtype=float)


def fit_line(pairs: pd.DataFrame) -> tuple[Any, Any, float]:
    """Coefficients' means and covariance, and the sd of tasks around the line."""
    x, same = design(pairs), pairs.lab.to_numpy()[:, None] == pairs.lab.to_numpy()[None]
    classes = pairs.n_classes.fillna(UNTOLD_CLASSES).astype(float).where(pairs.kind == "classification", 6.0)
    per_class = pairs.n_train.fillna(UNTOLD_ROWS) / classes**CLASS_POWER
    y = np.asarray(logit(pairs.tuned_score) + SLOPE * np.log1p(HALF_PER_CLASS / per_class.clip(1.0)), dtype=float)
    y = y - of_the_base(pairs)
    mean, sd = (np.array(column) for column in zip(*PRIOR.values(), strict=True))
    share = pairs.groupby("lab").id.transform("size").to_numpy() ** -0.5
    share, size = share / share.mean(), pairs.groupby("lab").id.transform("size").to_numpy()
    noise = NOISE_SD
    for _ in range(6):
        inverse = np.linalg.inv(noise**2 * np.eye(len(y)) + SOURCE_SD**2 * same)
        covariance = np.linalg.inv(x.T @ inverse @ x + np.diag(sd**-2.0))
        found = covariance @ (x.T @ inverse @ y + mean / sd**2)
        left = pd.Series(y - x @ found, index=pairs.index)
        own = SOURCE_SD**2 / (SOURCE_SD**2 + noise**2 / size)
        left = left - left.groupby(pairs.lab).transform("mean") * own
        noise = float(np.sqrt((NOISE_WEIGHT * NOISE_SD**2 + (share * left**2).sum()) / (NOISE_WEIGHT + len(y))))
    return found, covariance, noise


def fit_prompted(pairs: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """How far prompting gets on each kind of task: mean and sd of the logit, pulled to the common level."""
    levels = {}
    for kind in KINDS:
        rows = pairs[pairs.kind == kind]
        z = logit(rows.prompted_score)
        weight = rows.groupby("lab").id.transform("size") ** -0.5 if len(rows) else pd.Series(dtype=float)
        own = PROMPTED_TASK_SD**2 / PROMPTED_KIND_SD**2  # what the prior is worth, in pairs
        level = OVERLAP_LEVEL if kind == "generation" else PROMPTED_LEVEL
        mean = (own * level + float((weight * z).sum())) / (own + float(weight.sum()))
        spread = float((weight * (z - mean) ** 2).sum())
        sd = float(np.sqrt((8 * PROMPTED_TASK_SD**2 + spread) / (8 + float(weight.sum()))))
        levels[kind] = (mean, sd)
    return levels


def fit(evidence: pd.DataFrame) -> dict[str, Any]:
    """The table quality_line.yaml as plain words, from this evidence and nothing else."""
    pairs = pairs_of(evidence)
    found, covariance, noise = fit_line(pairs)
    at = dict(zip(COLUMNS, found, strict=True))
    prompted = fit_prompted(pairs)
    slope_shift = {kind: float(at["overlap_prompted"]) if kind == "generation" else 0.0 for kind in KINDS}
    tasks: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        turn = np.array([name in ("one", kind) for name in COLUMNS], dtype=float)
        tasks[kind] = {
            "prompted": prompted[kind][0],
            "prompted_sd": prompted[kind][1],
            "tuned_offset": float(at[kind]) - slope_shift[kind] * OVERLAP_LEVEL,
            "tuned_offset_sd": float(np.sqrt(turn @ covariance @ turn)),
            "slope_shift": slope_shift[kind],
            "pairs": int((pairs.kind == kind).sum()),
        }
    line = {
        "intercept": float(at["one"] - at["prompted"] * MIDDLE),
        "slope_on_prompted": float(at["prompted"]),
        "tuned_sd": float(np.hypot(noise, SOURCE_SD)),
        "tuned_per_year": float(at["year"]),
        "tuned_per_decade_of_prompted_size": float(at["prompted_size"]),
        "model_transfer_sd": model_transfer_sd(evidence),
    }
    return {"line": line, "tasks": tasks, "pairs": len(pairs), "sources": int(pairs.lab.nunique())}


def model_transfer_sd(evidence: pd.DataFrame) -> float:
    """How much tuned scores of one task differ between models, each predicted from the others (logit)."""
    rows = evidence[(evidence.src_key == "loraland2024") & (evidence.method == "qlora")]
    if rows.empty:
        return 0.5  # assumption: without the one source that tuned ten models on the same tasks
    z = logit(rows.pivot_table(index="task", columns="model", values="score"))
    left_out = pd.DataFrame({m: z[m] - z.drop(columns=m).mean(axis=1) for m in z})
    return float((left_out - left_out.mean()).stack().std())


def rounded(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    return round(found, 2) if isinstance(found, float) else found


if __name__ == "__main__":
    fitted = rounded(fit(pd.read_csv(Path(sys.argv[1]) / "evidence.csv", low_memory=False)))
    text = "# Made by benchmarks/fit_quality.py from published pairs; logits of a score from 0 to 1.\n"
    text += yaml.safe_dump({"checked": "2026-11-25", **fitted}, sort_keys=False)
    print(text)
    if "--write" in sys.argv:
        TABLE.write_text(text, encoding="utf-8")

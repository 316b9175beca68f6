"""Fit the capability scale of the catalog on prompted scores: `python benchmarks/capability.py EVIDENCE.csv`.

Per task the scores of one source become logits minus their median over models; a model's capability is its mean
over tasks. The slope over size uses instruction-tuned models only: base models fail such prompts on format.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

SOURCE = "loraland2024"  # the only source that prompts ten open and two hosted models on the same 31 tasks
INSTRUCT = ("gemma-2b-instruct", "gemma-7b-instruct", "llama-2-7b-chat", "mistral-7b-instruct", "zephyr-7b-beta")
HOSTED = ("gpt-3.5-turbo", "gpt-4")
LIKE = (
    ("gpt-4", "gpt-3.5-turbo"),
    ("mistral-7b-instruct", "gemma-7b-instruct"),
    ("llama-2-7b-chat", "zephyr-7b-beta"),
    ("llama-2-7b-chat", "mistral-7b-instruct"),
)
CLIP = 0.02


def main(path: str) -> None:
    rows = pd.read_csv(path, low_memory=False)
    prompted = rows[(rows.src_key == SOURCE) & rows.method.str.match(r"(?:zero|few)-shot", na=False)].copy()
    score = prompted.score.clip(CLIP, 1 - CLIP)
    prompted["logit"] = np.log(score / (1 - score))
    table = prompted.pivot_table(index="task", columns="model", values="logit")
    residual = table.sub(table.median(axis=1), axis=0)
    means = residual.mean()
    size = prompted.groupby("model").model_params_b.first()
    x = np.log10(np.array([size[m] for m in INSTRUCT]) / 7.0)
    y = np.array([means[m] for m in INSTRUCT])
    gpt3 = means["gpt-3.5-turbo"], float(np.log10(175 / 7.0))  # assumption: GPT-3.5 has GPT-3's published 175B
    slope, at_7b = np.polyfit(np.append(x, gpt3[1]), np.append(y, gpt3[0]), 1)
    fitted = at_7b + slope * x
    print(f"tasks {len(table)}; capability at 7B (2023, instruct) {at_7b:.2f}; slope per decade of size {slope:.2f}")
    print(
        f"sd between models of one size {np.std(y - fitted, ddof=2):.2f}; "
        f"sd of model × task {residual.std().mean():.2f}"
    )
    for one, other in LIKE:
        apart = residual[one] - residual[other]
        robust = 1.4826 * (apart - apart.median()).abs().median() / 2**0.5
        print(f"{one} beside {other}: one model on one task, robust sd {robust:.2f}")
    kind = prompted.groupby("task").task_type.first()
    by_kind(residual[[*INSTRUCT, *HOSTED]], residual, kind, "prompted")
    tuned = rows[(rows.src_key == SOURCE) & (rows.method == "qlora")].pivot_table("score", "task", "model")
    tuned = tuned.clip(CLIP, 1 - CLIP)
    by_kind(np.log(tuned / (1 - tuned)), residual, kind, "tuned")
    for model in HOSTED:
        print(f"{model}: {means[model]:.2f} (sd over tasks {residual[model].std():.2f})")


def by_kind(scores: pd.DataFrame, level: pd.DataFrame, kind: pd.Series, how: str) -> None:
    """How much of a model's capability, measured on the prompted scores of all other kinds, shows on one kind."""
    for name, group in scores.groupby(kind):
        others = level.loc[level.index.difference(group.index), scores.columns].mean()
        x = others - others.mean()
        slope = float((group.sub(group.mean(axis=1), axis=0) * x).sum(axis=1).mean() / (x**2).sum())
        print(f"{name}, {how}: {slope:.2f} of the capability shows, over {len(group)} tasks")


if __name__ == "__main__":
    main(sys.argv[1])

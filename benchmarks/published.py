"""Make the catalog's table of published comparisons: `python benchmarks/published.py EVIDENCE.csv OUT.csv`.

One row per source × task × metric that holds both: the best prompted score beside the best tuned one. Scores are on
0..1 as in the evidence (its own note says how each was put there). Students of a teacher's labels are left out.
"""

from __future__ import annotations

import sys

import pandas as pd

PROMPTED = r"(?:zero|few)-shot"
DISTILLED = r".*distil"
METHODS = {"full": "full_fine_tuning", "qlora": "qlora", "lora": "lora", "feature-extraction": "feature_extraction"}
COLUMNS = [
    *("id", "task", "task_type", "domain", "metric", "n_classes", "n_train", "year"),
    *("prompted_score", "prompted_model", "tuned_score", "tuned_model", "tuned_method", "source"),
]


def pairs(rows: pd.DataFrame) -> pd.DataFrame:
    out = []
    for (source, task, metric), group in rows.groupby(["src_key", "task", "metric"], sort=True):
        is_prompted = group.method.str.match(PROMPTED, na=False)
        tuned = group[~is_prompted & ~group.method.str.match(DISTILLED, na=False)]
        prompted = group[is_prompted]
        if prompted.empty or tuned.empty:
            continue
        p, t = prompted.loc[prompted.score.idxmax()], tuned.loc[tuned.score.idxmax()]
        out.append(
            {
                "id": f"{source}/{task}/{metric}".replace(" ", "-"),
                **{k: t[k] for k in ("task", "task_type", "domain", "metric", "n_classes", "n_train")},
                "year": int(t.year),
                "prompted_score": round(p.score, 4),
                "prompted_model": p.model,
                "tuned_score": round(t.score, 4),
                "tuned_model": t.model,
                "tuned_method": METHODS.get(t.method, t.method),
                "source": t.source,
            }
        )
    return pd.DataFrame(out, columns=COLUMNS)


if __name__ == "__main__":
    table = pairs(pd.read_csv(sys.argv[1], low_memory=False))
    table["n_classes"] = table.n_classes.astype("Int64")
    table["n_train"] = table.n_train.round().astype("Int64")
    table.to_csv(sys.argv[2], index=False, lineterminator="\n")
    print(f"{len(table)} comparisons from {table.source.nunique()} sources")

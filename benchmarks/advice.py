"""Quality of the advice, leave-one-source-out: `python -m benchmarks.advice FOLDER` (evidence and curves as CSV).

Every line goes through the contract of `quality --batch`, answered with priors refitted without the line's source.
Not refitted: the stated assumptions (priors of the fit, costs of few examples, constants of the learning curve).
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from advisor.catalog.quality import priors_from
from advisor.commands.quality import DRAWS, SEED, case_from
from advisor.estimators.chance import Chance, expit
from advisor.estimators.versus import reached
from advisor.vocabulary import QualityPriors
from benchmarks import scoring
from benchmarks.fit_quality import fit, lab_of, pairs_of

PILOTS = (64, 256, 512)
EXTRAPOLATED_FROM = (64, 256, 1024)
TIMES = (4, 8, 16)
FAR_APART = 0.05
SMALLEST_REACH = 1.5  # a pilot of nearly all the data needs no extrapolation
NOT_TRAINED_ON_SIZES = ("peft2026",)  # scores along one training run, not by training size
SAME_TASK = {"SST-5": "sst5"}


class Bench:
    """The evidence, and priors fitted without one or more sources."""

    def __init__(self, folder: Path) -> None:
        self.evidence = pd.read_csv(folder / "evidence.csv", low_memory=False)
        self.evidence["lab"] = lab_of(self.evidence.src_key)
        self.pairs = pairs_of(self.evidence)
        curves = pd.read_csv(folder / "learning_curves.csv")
        curves["lab"] = lab_of(curves.source.str.split(" ").str[0])
        self.year = self.evidence.groupby("lab").year.max()
        trained = ~curves.lab.isin(NOT_TRAINED_ON_SIZES) & ~curves.method.str.startswith("icl")
        self.curves = [curve for _, curve in curves[trained].groupby("curve_id")]

    @functools.cache  # noqa: B019 - one bench lives as long as the program
    def priors_without(self, labs: tuple[str, ...]) -> QualityPriors:
        return priors_from(fit(self.evidence[~self.evidence.lab.isin(labs)]))

    def answer(self, line: dict[str, object], labs: tuple[str, ...]) -> dict[str, float]:
        """The chance, and quantiles of the tuned score."""
        given = {key: value for key, value in line.items() if value is not None and value == value}
        found = reached(case_from(given), self.priors_without(labs), Chance(SEED, DRAWS))
        quantiles = np.quantile(expit(found.tuned), scoring.SHARES)
        return {
            "chance": found.chance,
            **{f"q{share}": float(q) for share, q in zip(scoring.SHARES, quantiles, strict=True)},
        }

    def on_pairs(self, with_score: bool) -> pd.DataFrame:
        """Published pairs; a tie is half a win."""
        rows = []
        for pair in self.pairs.to_dict("records"):
            line = {key: pair[key] for key in ("task_type", "n_classes", "domain", "metric", "n_train", "year")}
            line |= {"method": pair["tuned_method"], "tuned_model_b": pair["tuned_b"]}
            if with_score:
                line |= {"prompted_score": pair["prompted_score"], "prompted_model_b": pair["prompted_b"]}
            rows.append({**pair, **self.answer(line, (pair["lab"],)), "weight": 1.0, "curve": pair["id"]})
        found = pd.DataFrame(rows).rename(columns={"prompted_score": "prompted", "tuned_score": "tuned"})
        return found.assign(won=np.where(found.tuned == found.prompted, 0.5, found.tuned > found.prompted))

    def on_pilots(self, up_to: int | None) -> pd.DataFrame:
        """Learning curves against every model prompted on the same task, seen up to a size; None: no pilot."""
        rows = []
        for curve in self.curves:
            line = self.line_of(curve, up_to)
            if line is None:
                continue
            lab, task = curve.lab.iloc[0], SAME_TASK.get(curve.task.iloc[0], curve.task.iloc[0])
            for rival in self.rivals(task, curve.metric.iloc[0]):
                asked = {**line, "prompted_score": rival["score"], "prompted_model_b": rival["model_params_b"]}
                found = self.answer(asked, tuple(sorted({lab, rival["lab"]})))
                tuned = curve.sort_values("n").score.iloc[-1]
                rows.append(
                    {"lab": lab, "task": task, "kind": "classification", "prompted": rival["score"], "tuned": tuned}
                    | {"won": float(tuned > rival["score"]), "curve": curve.curve_id.iloc[0], **found}
                )
        return scoring.weighted_by_task(pd.DataFrame(rows))

    def rivals(self, task: str, metric: str) -> list[dict[str, object]]:
        prompted = self.evidence[self.evidence.method.str.match(r"(?:zero|few)-shot", na=False)]
        prompted = prompted[(prompted.task == task) & (prompted.metric == metric)]
        best = prompted.sort_values("score").groupby(["lab", "model"]).tail(1)
        return list(best.to_dict("records"))

    def line_of(self, curve: pd.DataFrame, up_to: int | None, least_points: int = 1) -> dict[str, object] | None:
        """A curve's traits and its points up to a size, as a line of the contract; its end is what is asked."""
        points = curve.groupby("n", as_index=False).agg(score=("score", "mean"), runs=("runs", "max"))
        seen = points[points.n <= (up_to or 0)]
        target = float(points.n.max())
        if up_to is not None and (len(seen) < least_points or target < SMALLEST_REACH * seen.n.max()):
            return None
        pilot = [
            {"n": p.n, "score": p.score, "runs": int(p.runs) if p.runs == p.runs else 1} for p in seen.itertuples()
        ]
        one = curve.iloc[0]
        line = {"task_type": "classification", "n_classes": one.n_classes, "metric": one.metric, "n_train": target}
        line |= {"method": one.method, "tuned_model_b": one.model_params_b, "year": float(self.year[one.lab])}
        return {**line, "pilot": pilot} if pilot else line

    def on_curves(self, up_to: int) -> pd.DataFrame:
        """The end of every learning curve of two points or more up to a size, without any prompted score."""
        rows = []
        for curve in self.curves:
            line = self.line_of(curve, up_to, least_points=2)
            if line is not None:
                rows.append(self._end(curve, line))
        return scoring.weighted_by_task(pd.DataFrame(rows))

    def on_horizons(self, times: int) -> pd.DataFrame:
        """Every curve cut wherever a point about `times` further on is known."""
        rows = []
        for curve in self.curves:
            sizes = np.array(sorted(set(curve.n)))
            for size in sizes[sizes >= 16]:
                near = sizes[np.argmin(np.abs(np.log(sizes / (size * times))))]
                if abs(np.log(near / (size * times))) < 0.25:
                    cut = curve[curve.n <= near]
                    line = self.line_of(cut, int(size), least_points=2)
                    if line is not None:
                        rows.append(self._end(cut, line))
        return scoring.weighted_by_task(pd.DataFrame(rows))

    def _end(self, curve: pd.DataFrame, line: dict[str, object]) -> dict[str, object]:
        lab = curve.lab.iloc[0]
        tuned = curve.groupby("n").score.mean().iloc[-1]
        return {"lab": lab, "task": curve.task.iloc[0], "tuned": tuned, **self.answer(line, (lab,))}


def main(folder: Path) -> None:
    bench = Bench(folder)
    pairs = {"traits only": bench.on_pairs(False), "+ prompted score": bench.on_pairs(True)}
    pilots = {f"+ pilot ≤ {size}": bench.on_pilots(size) for size in PILOTS}
    scoring.print_who_wins(pairs, "Published pairs, each answered without its source")
    scoring.print_who_wins(
        {"no pilot": bench.on_pilots(None), **pilots}, "Learning curves × models prompted on the same task, per task"
    )
    curves = {f"from ≤ {size}": bench.on_curves(size) for size in EXTRAPOLATED_FROM}
    far = {name: rows[(rows.tuned - rows.prompted).abs() > FAR_APART] for name, rows in pilots.items()}
    scoring.print_who_wins(far, f"The same where the two end more than {FAR_APART} apart")
    ends = {**curves, **{f"× {times}": bench.on_horizons(times) for times in TIMES}}
    scoring.print_bands({**pairs, **pilots, **ends})
    scoring.print_errors(ends)
    scoring.print_goals(pairs, pilots, curves)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

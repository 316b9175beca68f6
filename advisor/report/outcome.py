"""The contract's `results` document, read once into figures; what is missing stays None."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from advisor.errors import ReportError
from advisor.report import names
from advisor.vocabulary import CAUTION, Estimate


@dataclass(frozen=True, slots=True)
class Score:
    """One arm's outcome on the held-out rows; `validation` is its score on the rows that chose who is compared."""

    arm: str
    method: str
    score: float | None
    low: float | None
    high: float | None
    n_test: int | None
    failed_rows: int
    invalid_outputs: int
    measured: dict[str, float | None]
    estimated: dict[str, Estimate]
    validation: float | None = None
    cautions: tuple[str, ...] = ()
    rows_timed: int | None = None

    @property
    def label(self) -> str:
        return names.method(self.arm)

    @property
    def family(self) -> str:
        return names.FAMILY_OF.get(self.method, names.FAMILY_OF.get(self.arm.partition(":")[0], "present"))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms on the same rows; `difference` is a minus b."""

    a: str
    b: str
    primary: bool
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    p_adjusted: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Point:
    """A score at a number of training examples."""

    n: int
    score: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The learning curve and where it leads with all the data the team has; `warnings` say why not to lean on it."""

    method: str
    points: tuple[Point, ...]
    at_full_data: Estimate | None
    rows_available: int | None
    warnings: tuple[str, ...] = ()


def scores(results: dict[str, Any]) -> tuple[Score, ...]:
    """The arms, best first; an arm without a score comes last."""
    found = tuple(_score(arm) for arm in _dicts(results, "arms"))
    return tuple(sorted(found, key=lambda s: -math.inf if s.score is None else s.score, reverse=True))


def comparisons(results: dict[str, Any]) -> tuple[Comparison, ...]:
    """The pairs that were compared."""
    return tuple(
        Comparison(
            str(c.get("a", "")), str(c.get("b", "")), c.get("primary") is True,
            number(c.get("difference")), number(c.get("low")), number(c.get("high")),
            number(c.get("p_value")), number(c.get("p_adjusted")), str(c.get("verdict") or ""),
        )
        for c in _dicts(results, "comparisons")
    )  # fmt: skip


def curve(results: dict[str, Any], rows_available: int | None = None) -> Curve | None:
    """The learning curve, points in order of size; None without a point."""
    document = results.get("learning_curve")
    if not isinstance(document, dict):
        return None
    points = [_point(p) for p in _dicts(document, "points")]
    known = sorted((p for p in points if p is not None), key=lambda p: p.n)
    if not known:
        return None
    rows = number(document.get("rows_available"))
    full = estimate(document.get("at_full_data"), "score")
    said = document.get("warnings")
    warnings = tuple(text for text in said if isinstance(text, str)) if isinstance(said, list) else ()
    method = str(document.get("method") or "")
    return Curve(method, tuple(known), full, int(rows) if rows else rows_available, warnings)


def shots_curve(results: dict[str, Any]) -> tuple[str, tuple[tuple[int, float], ...]]:
    """The prompted arm, and (examples in the prompt, score) of each number tried; no points where it was not."""
    document = results.get("shots_curve")
    if not isinstance(document, dict):
        return "", ()
    pairs = [(number(p.get("shots")), number(p.get("score"))) for p in _dicts(document, "points")]
    known = sorted((int(shots), score) for shots, score in pairs if shots is not None and score is not None)
    return str(document.get("arm") or ""), tuple(known)


def guards(results: dict[str, Any]) -> tuple[tuple[str, bool, str], ...]:
    """(guard, held, detail) of every guard that applied."""
    return tuple(
        (str(g.get("guard", "")), g.get("ok") is True, str(g.get("detail") or "")) for g in _dicts(results, "guards")
    )


def verdict(results: dict[str, Any]) -> dict[str, Any]:
    """The pilot's verdict; an empty document while there is none."""
    document = results.get("verdict")
    return document if isinstance(document, dict) else {}


def number(value: Any) -> float | None:
    """A finite number, else None: documents come from other machines."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def estimate(value: Any, unit: str) -> Estimate | None:
    """An Estimate document, or a bare number as one without a range."""
    bare = number(value)
    if bare is not None:
        return Estimate.exact(bare, unit, "", "estimated")
    if not isinstance(value, dict):
        return None
    ends = [number(value.get(key)) for key in ("value", "low", "high")]
    why = value.get("why_unknown")
    return Estimate(ends[0], ends[1], ends[2], str(value.get("unit") or unit), "estimated",
                    str(value.get("source") or ""), str(why) if why else None)  # fmt: skip


ROWS_FOR_P95 = 20  # of fewer, one row in twenty is no whole row
MEASURED = ("peak_memory_mib", "training_memory_mib", "train_seconds", "cost_usd")


def _score(arm: dict[str, Any]) -> Score:
    latency = arm.get("latency_ms") if isinstance(arm.get("latency_ms"), dict) else {}
    n_test = number(arm.get("n_test"))
    given = arm.get("estimated")
    expected = {key: estimate(value, "") for key, value in given.items()} if isinstance(given, dict) else {}
    return Score(
        arm=str(arm.get("arm", "")),
        method=str(arm.get("method") or ""),
        score=number(arm.get("score")),
        low=number(arm.get("low")),
        high=number(arm.get("high")),
        n_test=None if n_test is None else int(n_test),
        failed_rows=int(number(arm.get("failed_rows")) or 0),
        invalid_outputs=int(number(arm.get("invalid_outputs")) or 0),
        measured={
            "latency_p50_ms": number((latency or {}).get("p50")),
            "latency_p95_ms": number((latency or {}).get("p95")),
            **{key: number(arm.get(key)) for key in MEASURED},
            "usd_per_1k": number(arm.get("cost_per_1k_requests_usd")),
            "cell_seconds": number(given.get("measured_cell_seconds")) if isinstance(given, dict) else None,
        },
        estimated={key: value for key, value in expected.items() if value is not None and value.known},
        validation=number(arm.get("validation_score")),
        cautions=_cautions(arm.get("notes")),
        rows_timed=None if (timed := number((latency or {}).get("rows"))) is None else int(timed),
    )


def rows_timed(found: Sequence[Score]) -> str:
    """On how many answers the answer times rest; empty where nothing was timed, or an older record does not say."""
    counts = sorted({score.rows_timed for score in found if score.rows_timed})
    if not counts:
        return ""
    some = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    rough = f"; of fewer than {ROWS_FOR_P95} the slow end (p95) is rough" if counts[0] < ROWS_FOR_P95 else ""
    answers = "one answer" if counts == [1] else f"{some} answers of each way"
    return f"Answer times are those of {answers}, each timed by itself{rough}."


def _cautions(notes: Any) -> tuple[str, ...]:
    """What whoever reads the score has to know."""
    texts = notes if isinstance(notes, list) else []
    return tuple(n.removeprefix(CAUTION) for n in texts if isinstance(n, str) and n.startswith(CAUTION))


def _point(point: dict[str, Any]) -> Point | None:
    n, score = number(point.get("n")), number(point.get("score"))
    if n is None or n <= 0 or score is None:
        return None
    return Point(int(n), score, number(point.get("low")), number(point.get("high")))


def _dicts(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = document.get(key) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ReportError(
            f"The results cannot be read: '{key}' should be a list of objects.",
            "Take the document that `python -m experiments results RUN --json` prints.",
        )
    return found

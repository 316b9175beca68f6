"""`python -m advisor quality --batch FILE`: who wins, one case per line."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from advisor.catalog import facts
from advisor.catalog.quality import quality_priors
from advisor.commands.shell import DONE
from advisor.errors import InputError, TuneOrPromptError
from advisor.estimators.chance import Chance
from advisor.estimators.learning_curve import Point
from advisor.estimators.nearest import Traits, nearest_cases
from advisor.estimators.sharpen import sharpest
from advisor.estimators.versus import Case, versus
from advisor.questionnaire import BY_KEY
from advisor.vocabulary import PublishedResult

NAME = "quality"
HELP = "the chance that tuning beats prompting on quality, for a file with one case per line"
DRAWS = 4000
BELOW_GUESSING = 0.5  # of what guessing evenly reaches: less is a broken prompt or a broken metric
SEED = 20261125  # one seed for every line: the same case gets the same answer wherever it stands
NUMBERS = {
    "n_classes": (0.0, 1e6),
    "n_train": (1.0, 1e12),
    "prompted_score": (0.0, 1.0),
    "tuned_model_b": (1e-4, 1e5),
    "prompted_model_b": (1e-4, 1e5),
    "year": (2000.0, 2100.0),
    "n_test": (1.0, 1e12),
}
WHOLE = ("n_classes", "n_train", "n_test")
TEXTS = ("task_type", "domain", "metric", "method")
IGNORED = ("id", "task", "source", "name")  # a file's own labels of its lines
SAME_TASK = {
    "qa": "question_answering",
    "summarization": "summarisation",
    "ner": "extraction",
    "relation_extraction": "extraction",
    "information_extraction": "extraction",
    "sentiment": "classification",
    "nli": "classification",
    "sql": "text_to_sql",
    "multilabel": "multi_label_classification",
    "multi-label": "multi_label_classification",
    "multi_label": "multi_label_classification",
    "tool_calling": "function_calling",
    "math": "reasoning",
}
# part of a published name of a method → the card that stands for it; the first that fits counts
SAME_METHOD = (
    (("tfidf", "tf-idf", "tf_idf", "svm", "logreg", "logistic", "bayes", "classic"), "classical"),
    (("contrastive", "setfit", "feature", "embedding", "probe", "frozen"), "feature_extraction"),
    (("qlora",), "qlora"),
    (("prefix", "prompt-tuning", "prompt_tuning", "p-tuning", "soft"), "prefix_tuning"),
    (("adapter", "ia3"), "adapters"),
    (("lora",), "lora"),
    (("full", "distil", "prompt-ft", "sft", "fine"), "full_fine_tuning"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.epilog = (
        f"A line is an object with any of {', '.join((*TEXTS, *NUMBERS))}, and pilot: a list of points such as "
        '{"n": 64, "score": 0.7, "runs": 3}. What is left out counts as not known.'
    )
    parser.add_argument("--batch", metavar="FILE", required=True, help="JSON Lines; '-' for standard input")


def run(args: argparse.Namespace) -> int:
    """Answer every line; a line that cannot be answered becomes {"error": …} in its place."""
    for line in _lines(args.batch):
        sys.stdout.write(json.dumps(_answer(line), ensure_ascii=False, allow_nan=False) + "\n")
    return DONE


def _lines(source: str) -> Iterable[str]:
    if source == "-":
        text = sys.stdin.read()
    else:
        try:
            text = Path(source).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{source} cannot be read ({error}).", "Name a text file with one JSON object per line."
            ) from error
    return [line for line in text.splitlines() if line.strip()]


def _answer(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
        return _with_doubt(answer(case_from(document)), document)
    except TuneOrPromptError as error:
        return {"error": str(error)}
    except (ValueError, RecursionError) as error:
        return {"error": f"Not a JSON object: {error}"}


def _with_doubt(found: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A method that nobody knows counts as LoRA, which is said."""
    name = document.get("method")
    if isinstance(name, str) and name not in quality_priors().methods and _known_method(name) is None:
        found["warnings"].append(f"No method is called '{name}'; it counts as LoRA.")
    return found


def case_from(document: Any) -> Case:
    """One object of the contract as a case; unknown keys and impossible values are named."""
    if not isinstance(document, dict):
        raise InputError("A line must be a JSON object.", 'Such as {"task_type": "classification", "n_train": 1000}.')
    known = {*NUMBERS, *TEXTS, "pilot"}
    unknown = [key for key in document if key not in known and key not in IGNORED]
    if unknown:
        raise InputError(f"Unknown key '{unknown[0]}'.", f"Known are {', '.join(sorted(known))}.")
    numbers = {key: _number(document, key) for key in NUMBERS}
    texts = {key: _text(document, key) for key in TEXTS}
    task_type = SAME_TASK.get((texts["task_type"] or "").lower(), texts["task_type"])
    if task_type is not None and task_type not in BY_KEY["task_type"].choices:
        raise InputError(f"Unknown task_type '{task_type}'.", f"Known are {', '.join(BY_KEY['task_type'].choices)}.")
    classes = numbers["n_classes"]
    return Case(
        task_type=task_type,
        n_classes=classes if classes is not None and classes >= 2 else None,
        metric=texts["metric"],
        n_train=numbers["n_train"],
        prompted_score=numbers["prompted_score"],
        tuned_model_b=numbers["tuned_model_b"],
        method=_method(texts["method"]),
        year=numbers["year"],
        pilot=_pilot(document.get("pilot"), numbers["n_test"]),
        n_test=numbers["n_test"],
        prompted_model_b=numbers["prompted_model_b"],
        domain=texts["domain"],
    )


def _method(name: str | None) -> str | None:
    """The card a published name of a method stands for; a name nobody knows counts as LoRA."""
    prior = quality_priors().methods.get(name or "")
    if prior is not None and prior.learns != "examples":
        raise InputError(
            f"'{name}' trains nothing.", "'method' is the way of training that prompting is compared with."
        )
    if name is None or prior is not None:
        return name
    return _known_method(name) or "lora"


def _known_method(name: str) -> str | None:
    return next((card for words, card in SAME_METHOD if any(word in name.lower() for word in words)), None)


def _number(document: dict[str, Any], key: str) -> float | None:
    value, (low, high) = document.get(key), NUMBERS[key]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"'{key}' is {json.dumps(value)[:60]}.", f"It must be a number from {low:g} to {high:g}.")
    if key in WHOLE and value != int(value):
        raise InputError(f"'{key}' is {value:g}.", "It must be a whole number.")
    return float(value)


def _text(document: dict[str, Any], key: str) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        raise InputError(f"'{key}' is {json.dumps(value)[:60]}.", "It must be text.")
    return value


def _pilot(points: Any, n_test: float | None) -> tuple[Point, ...]:
    if points is None:
        return ()
    if not isinstance(points, list) or len(points) > 1_000:
        raise InputError("'pilot' must be a list of points.", 'Such as [{"n": 64, "score": 0.7, "runs": 3}].')
    found = []
    for point in points:
        n, score = (point.get("n"), point.get("score")) if isinstance(point, dict) else (None, None)
        runs = point.get("runs") if isinstance(point, dict) else 1
        usable = _is_in(n, 1e-9, 1e12) and _is_in(score, 0.0, 1.0) and _is_in(1 if runs is None else runs, 1, 1e6)
        if not usable or (runs is not None and runs != int(runs)):
            needed = "It needs n above 0, score from 0 to 1, and a whole number of runs from 1."
            raise InputError("A point of 'pilot' is not usable.", needed)
        found.append(Point(float(n or 0), float(score or 0), runs=int(runs or 1), n_test=n_test))
    return tuple(sorted(found, key=lambda p: p.n))


def _is_in(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def answer(case: Case) -> dict[str, Any]:
    """Who wins, the published cases nearest to it, and the one measurement that would sharpen it most."""
    chance, priors = Chance(SEED, DRAWS), quality_priors()
    found = versus(case, priors, chance)
    traits = Traits(case.task_type, case.n_classes, case.domain, case.n_train, case.prompted_score)
    best = sharpest(case, priors, chance)
    return {
        "chance_tuning_wins": found.chance_tuning_wins,
        "lift": found.lift.as_json(),
        "tuned_score": found.tuned_score.as_json(),
        "basis": found.basis,
        "warnings": [*found.warnings, *_unsaid(case)],
        "nearest": [_nearest_json(pair) for pair in nearest_cases(traits, facts().published)],
        "next_measurement": asdict(best) if best else None,
    }


def _unsaid(case: Case) -> Iterable[str]:
    """What these numbers leave out, or show to be doubtful themselves."""
    if case.n_test is None and (case.pilot or case.prompted_score is not None):
        yield "'n_test' is not given: scores count as if they came from endless test rows, so ranges are too narrow."
    if case.n_classes and case.prompted_score is not None and case.prompted_score < BELOW_GUESSING / case.n_classes:
        yield (
            f"'prompted_score' {case.prompted_score:g} is far below guessing among {case.n_classes:g} classes: is its "
            "answer read as it should be?"
        )


def _nearest_json(pair: PublishedResult) -> dict[str, Any]:
    return {
        "task": pair.task,
        "source": pair.source,
        "prompted": pair.prompted_score,
        "tuned": pair.tuned_score,
        "n_train": pair.n_train,
    }

"""Dataset + seed → train, validation and test. Rows that belong together never stand on two sides."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from advisor.errors import DataError
from advisor.vocabulary import CLASSIFYING, Dataset, Example, Split
from experiments import no_split
from experiments.dataset import dates, limits, normal, own_split
from experiments.dataset.power import (
    VALIDATION_SHARE,
    difference_for_rows,
    rows_for_difference,
    too_few,
    usual_test_rows,
    usual_validation_rows,
)
from experiments.strata import PARTS, Units, stratified, units_of


def split(
    dataset: Dataset,
    seed: int,
    *,
    test_rows: int | None = None,
    validation_share: float = VALIDATION_SHARE,
    by_time: bool | None = None,
) -> Split:
    """The same data set and seed give the same split. A given split is respected, its copies in training dealt with.

    `by_time` None: by time if the person named a column of dates. `test_rows` None: a fifth, at most a thousand.
    """
    by_time = dataset.columns.time is not None if by_time is None else by_time
    examples = dataset.examples
    if len(examples) < limits.FEWEST_SPLIT_ROWS:
        raise DataError(*too_few(len(examples)))
    rng = random.Random(seed)
    if own_split.given(examples):
        return _given(dataset, seed, rng, test_rows, validation_share)
    wanted_test = min(len(examples) - 2, test_rows if test_rows is not None else usual_test_rows(len(examples)))
    wanted_validation = usual_validation_rows(len(examples) - wanted_test, validation_share)
    units = units_of(dataset, range(len(examples)))
    sizes = {"test": max(1, wanted_test), "validation": wanted_validation}
    chosen = _newest(examples, units, sizes) if by_time else stratified(dataset, units, sizes, rng)
    how = _how(dataset, units, by_time=by_time)
    return _made(dataset, chosen, seed, how)


def _made(dataset: Dataset, chosen: dict[str, list[int]], seed: int, how: str) -> Split:
    train, validation, test = (tuple(sorted(chosen[part])) for part in ("train", "validation", "test"))
    if not train or not test or not validation:
        raise no_split.error(dataset, chosen)
    return Split(train, validation, test, seed, how)


def _newest(examples: Sequence[Example], units: Units, sizes: dict[str, int]) -> dict[str, list[int]]:
    """The newest sets are the test, the next newest validation; a set is as new as its newest row."""
    if any(example.time is None for example in examples):
        raise DataError(
            "Some rows have no date, so the rows cannot be split by time.", "Name a complete column with --time."
        )
    times = dates.sortable([example.time or "" for example in examples])
    chosen: dict[str, list[int]] = {part: [] for part in PARTS}
    sets = [*units.sets, *([place] for place in units.alone)]
    for members in sorted(sets, key=lambda found: (max(times[place] for place in found), found[0]), reverse=True):
        part = next((name for name in ("test", "validation") if len(chosen[name]) < sizes[name]), "train")
        chosen[part] += members
    return chosen


def _given(dataset: Dataset, seed: int, rng: random.Random, test_rows: int | None, validation_share: float) -> Split:
    """The file's own parts; copies of test rows leave training unless the person chose else."""
    examples = dataset.examples
    chosen: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        chosen[example.split or "train"].append(place)
    sizes = ", ".join(f"{len(chosen[part]):,} {part}" for part in reversed(PARTS) if chosen[part])
    said = [f"the file's own split ({sizes})"]
    if any(finding.check == own_split.STANDS_IN for finding in dataset.findings):
        said.append("its validation part is the test, as it has no other")
    said += _without_leaks(dataset, chosen)
    if not chosen["validation"]:
        units = units_of(dataset, chosen["train"])
        wanted = {"validation": usual_validation_rows(len(chosen["train"]), validation_share), "test": 0}
        again = stratified(dataset, units, wanted, rng)
        chosen["train"], chosen["validation"] = again["train"] + again["test"], again["validation"]
        said.append(f"{len(chosen['validation']):,} rows of its training part became validation")
    if test_rows is not None and 0 < test_rows < len(chosen["test"]):
        chosen["test"] = rng.sample(sorted(chosen["test"]), test_rows)
        said.append(f"{test_rows:,} test rows drawn by chance")
    return _made(dataset, chosen, seed, _sentence(said))


def _without_leaks(dataset: Dataset, chosen: dict[str, list[int]]) -> list[str]:
    """Take copies of test rows out of the other parts or the test; copies of validation rows always leave training."""
    keys = {place: normal.question(dataset.examples[place]) for places in chosen.values() for place in places}
    return [_test_leaks(dataset, chosen, keys), *_validation_leaks(chosen, keys)]


def _test_leaks(dataset: Dataset, chosen: dict[str, list[int]], keys: dict[int, str]) -> str:
    asked = {part: {keys[place] for place in chosen[part]} for part in PARTS}
    others = asked["train"] | asked["validation"]
    leaking = [place for place in chosen["test"] if keys[place] in others]
    if not leaking:
        return "no test row also stands in training or validation"
    where = own_split.other_parts({part for part in ("train", "validation") if asked["test"] & asked[part]})
    many = f"{len(leaking):,} of {len(chosen['test']):,} test rows also stand in {where}"
    if dataset.leaks == "keep":
        return f"{many} and were kept there as you said: the score is not clean"
    if dataset.leaks == "test":
        chosen["test"] = [place for place in chosen["test"] if keys[place] not in others]
        return f"{many} and were taken out of the test"
    for part in ("train", "validation"):
        chosen[part] = [place for place in chosen[part] if keys[place] not in asked["test"]]
    return f"{many}; their copies were taken out of {where}"


def _validation_leaks(chosen: dict[str, list[int]], keys: dict[int, str]) -> list[str]:
    """What is left in validation leaves training, or the choice of settings would be made on rows learned by heart."""
    held_out = {keys[place] for place in chosen["validation"]}
    copies = [place for place in chosen["train"] if keys[place] in held_out]
    chosen["train"] = [place for place in chosen["train"] if keys[place] not in held_out]
    return [f"{len(copies):,} copies of validation rows were taken out of training"] if copies else []


def _how(dataset: Dataset, units: Units, *, by_time: bool) -> str:
    first = "by time, the newest rows are the test" if by_time else "by chance"
    if not by_time and dataset.task_type in CLASSIFYING:
        first += ", each label in the same share everywhere"
    said = [first]
    if any(example.group is not None for example in dataset.examples):
        said.append(f"rows with the same '{dataset.columns.group}' on one side")
    if units.sets:
        rows = sum(map(len, units.sets))
        said.append(f"{rows:,} copies, near copies or rows of one group kept together in {len(units.sets):,} sets")
    return _sentence(said)


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


__all__ = ["difference_for_rows", "rows_for_difference", "split"]

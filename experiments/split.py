"""Dataset + seed → train, validation and test. Rows that belong together never stand on two sides."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from advisor.errors import DataError
from advisor.vocabulary import Dataset, Example, Split
from experiments.dataset import limits, near, normal, targets
from experiments.dataset.power import difference_for_rows, rows_for_difference

# assumption: a fifth for the test and 15 % of the rest for validation, as is usual; more than a thousand test rows
# show differences (under 3.5 points) that rarely decide between methods
TEST_SHARE = 0.2
MOST_TEST_ROWS, MOST_VALIDATION_ROWS = 1_000, 1_000
FEWEST_ROWS = 10
# a set of near copies larger than this is rows made from one template
TEMPLATE_ROWS, TEMPLATE_SHARE = 20, 0.1
PARTS = ("test", "validation", "train")


@dataclass(slots=True)
class _Units:
    """Rows in sets that stay together, and what was found on the way."""

    sets: list[list[int]]
    grouped: bool = False
    copies: int = 0
    near_copies: int = 0
    templated: int = 0
    said: list[str] = field(default_factory=list)


def split(
    dataset: Dataset,
    seed: int,
    *,
    test_rows: int | None = None,
    validation_share: float = 0.15,
    by_time: bool = False,
) -> Split:
    """The same data set and seed give the same split. A given split is respected, its copies in training dealt with."""
    examples = dataset.examples
    if len(examples) < FEWEST_ROWS:
        raise DataError(
            f"{len(examples)} rows cannot be split.", f"At least {FEWEST_ROWS} are needed, better some hundred."
        )
    rng = random.Random(seed)
    parts = [example.split for example in examples]
    if "test" in parts and parts.count("test") < len(parts):
        return _given(dataset, seed, rng, test_rows, validation_share)
    wanted_test = min(len(examples) - 2, test_rows if test_rows is not None else _usual_test_rows(len(examples)))
    wanted_validation = _validation_rows(len(examples) - wanted_test, validation_share)
    units = _units(examples, range(len(examples)))
    strata = _strata(dataset)
    sizes = {"test": max(1, wanted_test), "validation": wanted_validation}
    chosen = _newest(examples, units, sizes) if by_time else _stratified(units.sets, strata, sizes, rng)
    how = _how(dataset, units, by_time=by_time)
    return _made(chosen, seed, how)


def _usual_test_rows(rows: int) -> int:
    return min(MOST_TEST_ROWS, max(1, round(TEST_SHARE * rows)))


def _validation_rows(rest: int, share: float) -> int:
    return min(MOST_VALIDATION_ROWS, max(1, round(share * rest)))


def _made(chosen: dict[str, list[int]], seed: int, how: str) -> Split:
    train, validation, test = (tuple(sorted(chosen[part])) for part in ("train", "validation", "test"))
    if not train or not test or not validation:
        raise DataError(
            "The rows cannot be split: too many of them belong together.",
            "Say --group none if rows of one group may stand on both sides, or add rows.",
        )
    return Split(train, validation, test, seed, how)


def _units(examples: Sequence[Example], places: Sequence[int]) -> _Units:
    """Rows of one group, equal inputs and near copies of inputs, joined."""
    sets = near.Sets(len(examples))
    units = _Units([])
    first_of: dict[str, int] = {}
    keys: dict[str, int] = {}
    for place in places:
        example = examples[place]
        if example.group is not None:
            units.grouped = True
            sets.join(first_of.setdefault(example.group, place), place)
        key = normal.question(example)
        if key in keys:
            units.copies += 1
            sets.join(keys[key], place)
        else:
            keys[key] = place
    _join_near(units, sets, list(keys.items()))
    units.sets = sets.groups(places)
    return units


def _join_near(units: _Units, sets: near.Sets, different: list[tuple[str, int]]) -> None:
    """Near copies among different inputs; on a sample where there are very many."""
    sample = different
    if len(different) > limits.SAMPLE_ROWS:
        step = len(different) / limits.SAMPLE_ROWS
        sample = [different[int(number * step)] for number in range(limits.SAMPLE_ROWS)]
        units.said.append(f"near copies were looked for among {len(sample):,} of {len(different):,} different inputs")
    found = near.find([key for key, _ in sample])
    most = max(TEMPLATE_ROWS, round(TEMPLATE_SHARE * len(different)))
    groups, units.templated = near.clusters(len(sample), found, most)
    for members in groups:
        units.near_copies += len(members)
        for member in members[1:]:
            sets.join(sample[members[0]][1], sample[member][1])


def _strata(dataset: Dataset) -> list[tuple[str, ...]]:
    """What must be spread evenly: the labels of each row; nothing where answers are texts."""
    if dataset.task_type == "multi_label_classification":
        return [tuple(targets.labels_of(example.output)) or ("",) for example in dataset.examples]
    if dataset.task_type == "classification":
        return [(example.output,) for example in dataset.examples]
    return [("",)] * len(dataset.examples)


def _stratified(
    sets: list[list[int]], strata: list[tuple[str, ...]], sizes: dict[str, int], rng: random.Random
) -> dict[str, list[int]]:
    """Rarest label first, each set goes where that label is missing most (Sechidis, Tsoumakas and Vlahavas, 2011)."""
    places = [place for members in sets for place in members]
    total = len(places)
    counts = Counter(label for place in places for label in strata[place])
    left = {"test": float(sizes["test"]), "validation": float(sizes["validation"])}
    left["train"] = total - left["test"] - left["validation"]
    share = {part: left[part] / total for part in PARTS}
    missing = {part: {label: share[part] * count for label, count in counts.items()} for part in PARTS}
    chosen: dict[str, list[int]] = {part: [] for part in PARTS}
    order = sorted(sets, key=lambda members: members[0])
    rng.shuffle(order)
    rarest = {
        members[0]: min({x for p in members for x in strata[p]}, key=lambda x: (counts[x], x)) for members in order
    }
    order.sort(key=lambda members: (counts[rarest[members[0]]], rarest[members[0]], -len(members)))
    for members in order:
        label = rarest[members[0]]
        fitting = [part for part in PARTS if len(members) <= left[part] + 1] or ["train"]
        part = max(fitting, key=lambda name: (missing[name][label] > 0, missing[name][label], left[name]))
        chosen[part] += members
        left[part] -= len(members)
        for place in members:
            for found in strata[place]:
                missing[part][found] -= 1
    return chosen


def _newest(examples: Sequence[Example], units: _Units, sizes: dict[str, int]) -> dict[str, list[int]]:
    """The newest sets are the test, the next newest validation; a set is as new as its newest row."""
    if any(example.time is None for example in examples):
        raise DataError(
            "Some rows have no date, so the rows cannot be split by time.", "Name a complete column with --time."
        )
    times = _sortable([example.time or "" for example in examples])
    chosen: dict[str, list[int]] = {part: [] for part in PARTS}
    for members in sorted(units.sets, key=lambda found: (max(times[place] for place in found), found[0]), reverse=True):
        part = next((name for name in ("test", "validation") if len(chosen[name]) < sizes[name]), "train")
        chosen[part] += members
    return chosen


def _sortable(times: Sequence[str]) -> list[str]:
    """Dates as ISO text: `31.12.2024` and `31/12/2024` are day first unless a second number above 12 says otherwise."""
    month_first = any(_parts(time, 1) > 12 for time in times)
    return [_iso(time, month_first) for time in times]


def _parts(time: str, at: int) -> int:
    pieces = time.strip().split(" ")[0].replace(".", "/").split("/")
    return int(pieces[at]) if len(pieces) == 3 and pieces[at].isdigit() else 0


def _iso(time: str, month_first: bool) -> str:
    first, _, rest = time.strip().partition(" ")
    pieces = first.replace(".", "/").split("/")
    if len(pieces) != 3 or not all(piece.isdigit() for piece in pieces):
        return time.strip()
    day, month, year = pieces if not month_first else (pieces[1], pieces[0], pieces[2])
    return f"{int(year) + (2000 if len(year) == 2 else 0):04d}-{int(month):02d}-{int(day):02d} {rest}"


def _given(dataset: Dataset, seed: int, rng: random.Random, test_rows: int | None, validation_share: float) -> Split:
    """The file's own parts; copies of test rows leave training unless the person chose else."""
    examples = dataset.examples
    chosen: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        chosen[example.split or "train"].append(place)
    sizes = ", ".join(f"{len(chosen[part]):,} {part}" for part in reversed(PARTS) if chosen[part])
    said = [f"the file's own split ({sizes})"]
    said += _without_leaks(dataset, chosen)
    if not chosen["validation"]:
        units = _units(examples, chosen["train"])
        wanted = {"validation": _validation_rows(len(chosen["train"]), validation_share), "test": 0}
        again = _stratified(units.sets, _strata(dataset), wanted, rng)
        chosen["train"], chosen["validation"] = again["train"] + again["test"], again["validation"]
        said.append(f"{len(chosen['validation']):,} rows of its training part became validation")
    if test_rows is not None and 0 < test_rows < len(chosen["test"]):
        chosen["test"] = rng.sample(sorted(chosen["test"]), test_rows)
        said.append(f"{test_rows:,} test rows drawn by chance")
    return _made(dict(chosen), seed, _sentence(said))


def _without_leaks(dataset: Dataset, chosen: dict[str, list[int]]) -> list[str]:
    """Take copies of test rows out of training or test; validation copies always leave training."""
    keys = {place: normal.question(dataset.examples[place]) for places in chosen.values() for place in places}
    tested = {keys[place] for place in chosen["test"]}
    trained = {keys[place] for place in chosen["train"]} | {keys[place] for place in chosen["validation"]}
    leaking = [place for place in chosen["test"] if keys[place] in trained]
    if not leaking:
        return ["no test row also stands in training"]
    many = f"{len(leaking):,} of {len(chosen['test']):,} test rows also stand in training"
    if dataset.leaks == "keep":
        return [f"{many} and were kept there as you said: the score is not clean"]
    if dataset.leaks == "test":
        chosen["test"] = [place for place in chosen["test"] if keys[place] not in trained]
        return [f"{many} and were taken out of the test"]
    for part in ("train", "validation"):
        chosen[part] = [place for place in chosen[part] if keys[place] not in tested]
    return [f"{many}; their copies were taken out of training"]


def _how(dataset: Dataset, units: _Units, *, by_time: bool) -> str:
    first = "by time, the newest rows are the test" if by_time else "by chance"
    if not by_time and dataset.task_type in ("classification", "multi_label_classification"):
        first += ", each label in the same share everywhere"
    said = [first]
    if units.grouped:
        said.append(f"rows with the same '{dataset.columns.group}' on one side")
    if units.copies:
        said.append(f"{units.copies:,} copies of other rows on the side of their original")
    if units.near_copies:
        said.append(f"{units.near_copies:,} near copies kept together")
    if units.templated:
        said.append(f"{units.templated:,} rows follow a template, so only their closest copies were kept together")
    return _sentence([*said, *units.said])


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


__all__ = ["difference_for_rows", "rows_for_difference", "split"]

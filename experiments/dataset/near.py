"""Near copies: texts that share at least four fifths of their words, found exactly, without chance.

The words of each text are ordered from rare to common; two texts that share enough must meet among their first few
words, so only those are compared (Bayardo, Ma and Srikant, 2007). Scripts without spaces are cut into three signs.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from experiments.dataset import normal

SHARED_WORDS = 0.8
STRICTER = 0.9
WORD = re.compile(r"\w+")
LOOK_AT_CHARACTERS = 20_000
SIGNS = 3
NO_SPACES_CHARACTERS = 15
# steps of comparing, one per pair met and one per word of a pair compared: some ten seconds
MOST_STEPS = 60_000_000
MARK_BITS = 1_024


@dataclass(frozen=True, slots=True)
class Near:
    """Pairs of places with the share of words they have in common; `complete` unless there were too many to compare."""

    pairs: tuple[tuple[int, int, float], ...]
    complete: bool


def words(text: str) -> frozenset[str]:
    """The words of a text, or groups of three signs where words are not separated."""
    cut = normal.same(text[:LOOK_AT_CHARACTERS])
    found = WORD.findall(cut)
    if found and len(cut) / len(found) <= NO_SPACES_CHARACTERS:
        return frozenset(found)
    joined = "".join(found) or cut
    return frozenset(joined[at : at + SIGNS] for at in range(max(1, len(joined) - SIGNS + 1)))


def find(texts: Sequence[str], share: float = SHARED_WORDS) -> Near:
    """All pairs of texts that share at least this part of their words (Jaccard)."""
    by_words: dict[frozenset[str], list[int]] = {}
    once: dict[str, str] = {}  # a word is in memory once, however many texts have it
    for place, text in enumerate(texts):
        by_words.setdefault(frozenset(once.setdefault(word, word) for word in words(text)), []).append(place)
    pairs = [(places[0], other, 1.0) for places in by_words.values() for other in places[1:]]
    sets = [(places[0], found) for found, places in by_words.items() if found]
    joined, complete = _join(sets, share)
    return Near(tuple(pairs + joined), complete)


def _join(sets: list[tuple[int, frozenset[str]]], share: float) -> tuple[list[tuple[int, int, float]], bool]:
    counts = Counter(word for _, found in sets for word in found)
    order = {word: rank for rank, (word, _) in enumerate(sorted(counts.items(), key=lambda item: (item[1], item[0])))}
    records = sorted(sets, key=lambda record: (len(record[1]), record[0]))
    marks: list[int] = []
    index: dict[int, list[int]] = defaultdict(list)
    pairs: list[tuple[int, int, float]] = []
    steps = 0
    for here, (place, found) in enumerate(records):
        size = len(found)
        met: set[int] = set()
        ranks = sorted(order[word] for word in found)
        marks.append(_mark(ranks))
        for rank in ranks[: size - math.ceil(share * size - 1e-9) + 1]:
            met.update(index[rank])
            index[rank].append(here)
        steps += len(met)
        for there in met:
            other = records[there][1]
            apart = (marks[here] ^ marks[there]).bit_count()
            if len(other) < share * size or apart > (size + len(other)) * (1 - share) / (1 + share) + 1e-9:
                continue
            steps += size
            common = len(found & other)
            both = size + len(other) - common
            if common >= share * both - 1e-9:
                pairs.append((records[there][0], place, common / both))
        if steps > MOST_STEPS:
            return pairs, False
    return pairs, True


def _mark(ranks: Iterable[int]) -> int:
    """Bits for words: two texts have at least as many words not in common as bits that differ."""
    mark = 0
    for rank in ranks:
        mark |= 1 << rank % MARK_BITS
    return mark


class Sets:
    """Places that belong together, joined pair by pair."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def find(self, place: int) -> int:
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place

    def join(self, a: int, b: int) -> None:
        first, second = sorted((self.find(a), self.find(b)))
        self._up[second] = first

    def groups(self, places: Iterable[int]) -> list[list[int]]:
        """The sets among these places, each in order, by their first place."""
        found: dict[int, list[int]] = {}
        for place in places:
            found.setdefault(self.find(place), []).append(place)
        return list(found.values())


def clusters(count: int, near: Near, most: int) -> tuple[list[list[int]], int]:
    """Sets of near copies of at most `most` texts, and how many texts were in larger ones.

    A larger set is rows made from one template; it is cut at a stricter share, then into identical texts.
    """
    kept: list[list[int]] = []
    templated = 0
    level = _sets(count, near, SHARED_WORDS)
    for members in level:
        if len(members) <= most:
            kept.append(members)
            continue
        templated += len(members)
        inside = set(members)
        closer = Near(tuple(pair for pair in near.pairs if pair[0] in inside and pair[1] in inside), near.complete)
        for part in _sets(count, closer, STRICTER):
            kept += [part] if len(part) <= most else _sets(count, Near(_among(closer, part), True), 1.0)
    return kept, templated


def _among(near: Near, members: list[int]) -> tuple[tuple[int, int, float], ...]:
    inside = set(members)
    return tuple(pair for pair in near.pairs if pair[0] in inside and pair[1] in inside)


def _sets(count: int, near: Near, share: float) -> list[list[int]]:
    sets = Sets(count)
    touched: set[int] = set()
    for a, b, common in near.pairs:
        if common >= share - 1e-9:
            sets.join(a, b)
            touched.update((a, b))
    return sets.groups(sorted(touched))

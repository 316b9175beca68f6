"""Near copies are found exactly, whatever shortcut finds them, and long texts are sampled by their characters."""

from __future__ import annotations

import random

import pytest

from advisor.vocabulary import Example
from experiments.dataset import copies, limits, near

WORDS = [f"w{number}" for number in range(60)]


def texts(rng: random.Random, count: int, length: int) -> list[str]:
    """Random texts, every second one a copy of the one before with a few words changed."""
    found: list[str] = []
    for number in range(count):
        words = rng.sample(WORDS, length) if number % 2 == 0 else found[-1].split()
        for _ in range(rng.randrange(3)):
            words[rng.randrange(len(words))] = rng.choice(WORDS)
        found.append(" ".join(words))
    return found


@pytest.mark.parametrize(("seed", "length", "share"), [(0, 8, 0.8), (1, 20, 0.8), (2, 30, 0.9), (3, 12, 0.8)])
def test_the_pairs_are_those_of_comparing_every_text_with_every_other(seed: int, length: int, share: float) -> None:
    given = texts(random.Random(seed), 60, length)
    sets = [set(text.split()) for text in given]
    wanted = {
        (a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        for b in range(len(given))
        for a in range(b)
        if len(sets[a] & sets[b]) >= share * len(sets[a] | sets[b]) - 1e-9
    }
    found = near.find(given, share)
    assert found.complete
    assert {(min(a, b), max(a, b)): common for a, b, common in found.pairs} == pytest.approx(wanted)
    assert wanted


def test_long_texts_are_compared_up_to_a_number_of_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(0)
    examples = [
        Example(row=n, line=n + 1, input=" ".join(rng.sample(WORDS, 30)) + f" {n}", output="a") for n in range(40)
    ]
    assert copies.find(examples).looked_at == 40
    characters = sum(len(example.input) for example in examples)
    monkeypatch.setattr(limits, "SAMPLE_CHARACTERS", characters // 4)
    found = copies.find(examples)
    assert (found.looked_at, found.different) == (9, 40)  # 40 × a quarter, rounded down from just under 10
    assert copies.find(examples, every=True).looked_at == 40

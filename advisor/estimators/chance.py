"""Chance with a handle: the same seed and name give the same draws, whatever else is drawn."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np

from advisor.vocabulary import Draws


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of draws; a cause that two options share has one name, so both see the same draws."""

    seed: int
    n: int
    _drawn: dict[str, Draws] = field(default_factory=dict, compare=False, repr=False)

    def rng(self, name: str) -> np.random.Generator:
        """A generator of this name's own."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def normal(self, name: str) -> Draws:
        """`n` standard normals of this name's own."""
        if name not in self._drawn:
            draws = self.rng(name).standard_normal(self.n)
            draws.flags.writeable = False
            self._drawn[name] = draws
        return self._drawn[name]


def logit(share: Draws | float) -> Draws:
    """Log-odds, of shares kept within 0.01 to 0.99 (a published 1.00 is not certainty)."""
    kept = np.clip(share, 0.01, 0.99)
    return np.asarray(np.log(kept / (1 - kept)))


def expit(z: Draws | float) -> Draws:
    """The inverse of `logit`."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(z, dtype=float))))

"""Rows with their prompts as tokens, and what these share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.arms.label_scoring import common_prefix
from experiments.arms.rows import Asked


@dataclass(frozen=True, kw_only=True)
class Encoded(Asked):
    """One row with its prompt as tokens, and whether something of it had to go; `ms` is what rendering took."""

    ids: list[int]
    shortened: bool = False


def shared_prefix(encoded: Sequence[Encoded]) -> list[int]:
    """What all prompts begin with that show everything: a few too long ones must not cost the others that."""
    return common_prefix([e.ids for e in encoded if not e.shortened] or [e.ids for e in encoded])

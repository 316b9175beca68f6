"""The ways of adapting a model, in the order of the design's vocabulary. One file and one line each."""

import difflib

from advisor.errors import UnknownName
from advisor.methods import (
    adapters,
    classical,
    feature_extraction,
    few_shot,
    full_fine_tuning,
    lora,
    prefix_tuning,
    pretraining,
    qlora,
    retrieval_augmented,
    retrieved_few_shot,
    zero_shot,
)
from advisor.vocabulary import MethodCard

METHODS: tuple[MethodCard, ...] = (
    zero_shot.CARD,
    few_shot.CARD,
    retrieved_few_shot.CARD,
    retrieval_augmented.CARD,
    classical.CARD,
    feature_extraction.CARD,
    full_fine_tuning.CARD,
    lora.CARD,
    qlora.CARD,
    prefix_tuning.CARD,
    adapters.CARD,
    pretraining.CARD,
)


def card(name: str) -> MethodCard:
    """The card of a method by its name; hyphens and capitals do not matter."""
    wanted = name.strip().casefold().replace("-", "_").replace(" ", "_")
    for method in METHODS:
        if method.name == wanted:
            return method
    names = [method.name for method in METHODS]
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.3) or names
    raise UnknownName(f"There is no method called {name!r}.", f"Choose one of: {', '.join(near)}.")

"""Rows far longer than the others, in tokens: what they cost and what may be cut."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import tokens
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "lengths"
# assumption: small models are tuned on sequences of at most this many tokens on one ordinary GPU
LONG_TOKENS = 2_048


def run(draft: Draft) -> list[Finding]:
    """One warning for all long rows."""
    most_characters = LONG_TOKENS * draft.characters_per_token
    long: list[tuple[int, int, int]] = []
    for example in draft.examples:
        came_in = len(example.input) + sum(len(turn.content) for turn in example.turns)
        if came_in + len(example.output) > most_characters:
            long.append((example.row, came_in, len(example.output)))
    if not long:
        return []
    basis = draft.tokenizer.basis if draft.tokenizer is not None else tokens.ROUGH
    outputs = sum(out > most_characters / 2 for _, _, out in long)
    longest = max(came_in + out for _, came_in, out in long) / draft.characters_per_token
    what = f"; in {outputs:,} of them the answer alone is over {LONG_TOKENS // 2:,}" if outputs else ""
    text = (
        f"{many(len(long), 'row is', 'rows are')} "
        f"longer than {LONG_TOKENS:,} tokens ({basis}; the longest about {longest:,.0f}){what}."
    )
    mend = "They cost most, and a model with a shorter window cuts them. Shorten or split them, or leave them out."
    return [Finding(NAME, "warn", text, some([row for row, _, _ in long]), mend)]

"""How long prompts are: instructions, shots, passages and the input, by the card's arithmetic (design, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.vocabulary import Draws, MethodCard, TaskDraws

SHOT_FRAME_TOKENS = 8  # tokens around each worked example: roles, separators (design, section 5)
MOST_SHOTS = 64
CACHE_AT_LEAST_TOKENS = 1024  # providers cache prefixes from 1,024 tokens on: OpenAI's and Anthropic's documentation
CACHE_LIVES_S = 300.0  # five minutes since the last use: Anthropic's default, OpenAI's lower end


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tokens of one request per draw: the whole prompt, its part that never changes, and the answer."""

    tokens: Draws
    fixed: Draws
    output: Draws


def prompt_of(card: MethodCard, task: TaskDraws, context_tokens: int) -> Prompt:
    """The prompt of one request; fixed shots never fill more than half of the context."""
    example = task.input_tokens + task.output_tokens + SHOT_FRAME_TOKENS
    labelled = task.n_classes > 1
    most = np.floor(context_tokens / 2 / example)
    classes = np.clip(task.n_classes, card.fixed_shots, MOST_SHOTS)
    wanted = np.where(labelled, classes, card.fixed_shots) if card.fixed_shots else np.zeros(task.n)
    shots = np.minimum(wanted, most)
    retrieved = np.minimum(card.retrieved_shots, most)
    kept = np.where(labelled, card.instruction_share_kept_label, card.instruction_share_kept_other)
    fixed = task.instruction_tokens * kept + shots * example
    tokens = fixed + retrieved * example + card.retrieved_tokens + task.input_tokens
    return Prompt(tokens, fixed, task.output_tokens)


def cached_share(prompt: Prompt, requests_per_s: Draws) -> Draws:
    """Chance that the fixed part is still in the provider's cache: requests come at random, it lives five minutes."""
    warm = 1.0 - np.exp(-np.maximum(requests_per_s, 0.0) * CACHE_LIVES_S)
    return np.asarray(np.where(prompt.fixed >= CACHE_AT_LEAST_TOKENS, warm, 0.0))

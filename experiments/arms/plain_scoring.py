"""The label scores of `label_scoring` by plainer means: the yardstick, and what is left where the fast way fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from advisor.vocabulary import GuardResult
from experiments.arms.label_scoring import PASS_TOKENS, LabelScorer, Tokens, expanded, layers_of

Score = Callable[[Sequence[Tokens]], np.ndarray]
# nats per token by which two ways may differ; over a label's tokens the errors add up like a random walk. fp32 must
# agree to 1e-3; bf16 keeps 8 bits: on the starter, 6 to 10 tokens after 376 differed by 0.8 to 1.0 nats
TOLERANCE = {"fp32": 1e-3, "bf16": 0.5, "fp16": 0.1}
PROVED_LABELS = 3
GUARD = "label_scores_equal_plain_scoring"
# what models raise that take no such mask, or keep no keys and values; a failed allocation too: the next needs less
CANNOT = (RuntimeError, TypeError, ValueError, AttributeError, IndexError)


def score_plainly(model: Any, prompts: Sequence[Tokens], labels: Sequence[Tokens]) -> np.ndarray:
    """The same figures without any tree or cache: every prompt with every label, one by one. Slow; the yardstick."""
    scores = np.zeros((len(prompts), len(labels)))
    for row, prompt in enumerate(prompts):
        for column, label in enumerate(labels):
            ids = torch.tensor([[*prompt, *label]], device=model.device)
            with torch.inference_mode():
                logits = model(input_ids=ids, use_cache=False).logits[0, len(prompt) - 1 : -1].float()
            logs = torch.log_softmax(logits, dim=-1)
            scores[row, column] = float(logs[range(len(label)), list(label)].double().sum())
    return scores


def score_after_prompt(model: Any, prompts: Sequence[Tokens], labels: Sequence[Tokens]) -> np.ndarray:
    """Every prompt once, its keys and values kept; then all labels after it, in batches: no tree, nothing shared."""
    order = sorted(range(len(labels)), key=lambda i: len(labels[i]))
    scores = np.zeros((len(prompts), len(labels)))
    for row, prompt in enumerate(prompts):
        with torch.inference_mode():
            out = model(input_ids=torch.tensor([list(prompt)], device=model.device), use_cache=True)
            first = torch.log_softmax(out.logits[0, -1].float(), dim=-1).double()
            layers = layers_of(out.past_key_values)
            scores[row] = [float(first[label[0]]) for label in labels]
            at = next((place for place, i in enumerate(order) if len(labels[i]) > 1), len(order))
            while at < len(order):
                size = max(1, PASS_TOKENS // len(labels[order[-1]]))
                batch = order[at : at + size]
                scores[row, batch] += _rest(model, layers, len(prompt), [labels[i] for i in batch])
                at += size
    return scores


def _rest(model: Any, layers: list[tuple[Any, Any]], before: int, labels: Sequence[Tokens]) -> np.ndarray:
    """The log-probability of all tokens but the first of each label (of two tokens or more)."""
    longest = max(map(len, labels)) - 1
    ids = torch.zeros(len(labels), longest, dtype=torch.long)
    seen = torch.ones(len(labels), before + longest, dtype=torch.long)
    for row, label in enumerate(labels):
        ids[row, : len(label) - 1] = torch.tensor(list(label[:-1]))
        seen[row, before + len(label) - 1 :] = 0
    out = model(
        input_ids=ids.to(model.device),
        attention_mask=seen.to(model.device),
        position_ids=(before + torch.arange(longest)).expand(len(labels), -1).to(model.device),
        past_key_values=expanded(layers, len(labels), model.config),
        use_cache=True,
    )
    found = np.zeros(len(labels))
    for row, label in enumerate(labels):
        logs = torch.log_softmax(out.logits[row, : len(label) - 1].float(), dim=-1)
        found[row] = float(logs[range(len(label) - 1), list(label[1:])].double().sum())
    return found


def proved(
    scorer: LabelScorer, model: Any, dtype: str, prompt: Tokens, labels: Sequence[Tokens]
) -> tuple[Score, GuardResult | None, list[str]]:
    """The fastest way of scoring that agrees with the yardstick on one row; its proof, and what was given up before.

    `model` is asked plainly. One by one needs no proof, and any model can do it; it is hundreds of times slower.
    """
    few = sorted(range(len(labels)), key=lambda i: len(labels[i]))[-PROVED_LABELS:]
    plain = score_plainly(model, [prompt], [labels[i] for i in few])[0]
    allowed = TOLERANCE[dtype] * np.sqrt([len(labels[i]) for i in few])
    ways: tuple[tuple[str, Score], ...] = (
        ("token tree", scorer.score),
        ("labels after a kept prompt", lambda prompts: score_after_prompt(model, prompts, labels)),
    )
    given_up = []
    for name, score in ways:
        try:
            gaps = np.abs(score([prompt])[0][few] - plain)
        except CANNOT as error:
            given_up.append(f"Scoring by {name} failed ({type(error).__name__}); a slower way is taken.")
            continue
        if (gaps <= allowed).all():
            detail = (
                f"{name}: largest difference {gaps.max():.1e} nats over {len(few)} labels of one row; "
                f"{allowed.max():.2g} allowed"
            )
            return score, GuardResult(GUARD, True, detail), given_up
        given_up.append(f"Scores by {name} differed by {gaps.max():.2g} nats; a slower way is taken.")
    given_up.append("Labels are scored one by one, which takes far longer than planned.")
    return (lambda prompts: score_plainly(model, prompts, labels)), None, given_up

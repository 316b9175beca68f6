"""Free answers: greedy, in batches, up to the end token; what is cut at the limit is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from experiments.arms.label_scoring import begins, body, expanded, layers_of

Tokens = Sequence[int]
ROOM = 1.25  # assumption: an answer a quarter longer than the longest known one is still an answer
FALLBACK_NEW_TOKENS = 128  # assumption: where no answer is known
MOST_NEW_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Written:
    """One generated answer; `cut` when the limit came before the end token."""

    text: str
    cut: bool


def new_tokens_limit(answer_lengths: Sequence[int]) -> int:
    """How many tokens an answer may have, from the known answers (each with its end token)."""
    if not answer_lengths:
        return FALLBACK_NEW_TOKENS
    return min(MOST_NEW_TOKENS, int(max(answer_lengths) * ROOM) + 4)


class Writer:
    """Generates after prompts; the keys and values of `prefix`, with which most of them begin, are computed once."""

    def __init__(self, model: Any, tokenizer: Any, end_id: int, prefix: Tokens, max_new_tokens: int) -> None:
        self.model, self.tokenizer, self.end_id = model, tokenizer, end_id
        self.max_new_tokens = max_new_tokens
        self.prefix = list(prefix)
        self._layers: list[tuple[torch.Tensor, torch.Tensor]] = []
        if self.prefix:
            ids = torch.tensor([self.prefix], device=model.device)
            with torch.inference_mode():
                self._layers = layers_of(body(model)(input_ids=ids, use_cache=True).past_key_values)

    def write(self, prompts: Sequence[Tokens]) -> list[Written]:
        """One answer per prompt, in one pass for each beginning."""
        same = [begins(prompt, self.prefix) for prompt in prompts]
        if all(same):
            return self._after_prefix(prompts)
        whole = Writer(self.model, self.tokenizer, self.end_id, [], self.max_new_tokens)
        others = iter(whole.write([p for p, is_same in zip(prompts, same, strict=True) if not is_same]))
        mine = iter(self._after_prefix([p for p, is_same in zip(prompts, same, strict=True) if is_same]))
        return [next(mine if is_same else others) for is_same in same]

    def _after_prefix(self, prompts: Sequence[Tokens]) -> list[Written]:
        """Shorter queries are padded between the shared prefix and themselves."""
        if not prompts:
            return []
        queries = [list(p[len(self.prefix) :]) for p in prompts]
        longest = max(map(len, queries))
        pad = self.tokenizer.pad_token_id
        ids = [[*self.prefix, *[pad] * (longest - len(q)), *q] for q in queries]
        seen = [[*[1] * len(self.prefix), *[0] * (longest - len(q)), *[1] * len(q)] for q in queries]
        options: dict[str, Any] = {}
        if self._layers:
            options["past_key_values"] = expanded(self._layers, len(queries), self.model.config)
        with torch.inference_mode():
            out = self.model.generate(
                input_ids=torch.tensor(ids, device=self.model.device),
                attention_mask=torch.tensor(seen, device=self.model.device),
                max_new_tokens=self.max_new_tokens,
                eos_token_id=self.end_ids,
                pad_token_id=pad,
                do_sample=False,
                **options,
            )
        return [self._read(row[len(ids[0]) :].tolist()) for row in out]

    @property
    def end_ids(self) -> list[int]:
        """The template's end token, and the tokenizer's own where that is another."""
        return sorted({self.end_id, int(self.tokenizer.eos_token_id)})

    def _read(self, ids: list[int]) -> Written:
        stops = [i for i, token in enumerate(ids) if token in self.end_ids]
        answer = ids[: stops[0]] if stops else ids
        return Written(self.tokenizer.decode(answer, skip_special_tokens=True).strip(), cut=not stops)

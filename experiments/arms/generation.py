"""Free answers: greedy, in batches, up to the end token; what is cut at the limit is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import StoppingCriteria

from experiments.arms.label_scoring import begins, body, layers_of
from experiments.arms.roomy_cache import roomy_cache

Tokens = Sequence[int]


@dataclass(frozen=True, slots=True)
class Written:
    """One generated answer; `cut` when the limit came before the end token."""

    text: str
    cut: bool


class AfterEachToken(StoppingCriteria):  # type: ignore[misc]
    """Tells how many tokens stand after the first `before`; stops nothing."""

    def __init__(self, wrote: Callable[[int], None], before: int) -> None:
        self.wrote, self.before = wrote, before

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        self.wrote(input_ids.shape[1] - self.before)
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)


class Writer:
    """Generates after prompts; the keys and values of `prefix`, with which most of them begin, are computed once.

    `wrote` is told after each token how many were written since the batch began. A model that `has_own_past` puts keys
    and values of its own before every prompt (prefix tuning), and shares no prefix.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        end_id: int,
        prefix: Tokens,
        max_new_tokens: int,
        wrote: Callable[[int], None] | None = None,
        *,
        has_own_past: bool = False,
    ) -> None:
        self.model, self.tokenizer, self.end_id = model, tokenizer, end_id
        self.max_new_tokens = max_new_tokens
        self.wrote = wrote
        self.has_own_past = has_own_past
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
        whole = Writer(self.model, self.tokenizer, self.end_id, [], self.max_new_tokens, self.wrote)
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
        if not self.has_own_past:
            to_come = self.max_new_tokens + (longest if self.prefix else 0)
            options["past_key_values"] = self._cache(len(queries), to_come)
        if self.wrote is not None:
            options["stopping_criteria"] = [AfterEachToken(self.wrote, len(ids[0]))]
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

    def _cache(self, rows: int, room: int) -> Any:
        """The shared prefix for each row, with room for what comes after it (after the query, where none is shared)."""
        cache = roomy_cache(self.model.config, room)
        for index, (keys, values) in enumerate(self._layers):
            cache.update(keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1), index)
        return cache

    @property
    def end_ids(self) -> list[int]:
        """The template's end token, and the tokenizer's own where that is another."""
        return sorted({self.end_id, int(self.tokenizer.eos_token_id)})

    def _read(self, ids: list[int]) -> Written:
        stops = [i for i, token in enumerate(ids) if token in self.end_ids]
        answer = ids[: stops[0]] if stops else ids
        return Written(self.tokenizer.decode(answer, skip_special_tokens=True).strip(), cut=not stops)

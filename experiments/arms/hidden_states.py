"""A causal model's hidden states as features of a text: what it knows of it, before it says a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from experiments.models.loading import LoadedModel

BATCH = 16


@dataclass(frozen=True, slots=True)
class HiddenStates:
    """Texts → the mean of a layer's hidden states over their tokens; longer texts are cut at `max_tokens`."""

    loaded: LoadedModel
    max_tokens: int

    def read(self, texts: Sequence[str], depths: Sequence[float]) -> list[np.ndarray]:
        """One array (texts, width) in float32 per depth, the share of the layers gone through; one reading for all."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = [np.zeros((len(texts), self.loaded.model.config.hidden_size), dtype=np.float32) for _ in depths]
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            for vectors, batch in zip(found, self._batch([texts[i] for i in rows], depths), strict=True):
                vectors[rows] = batch
        return found

    def _batch(self, texts: Sequence[str], depths: Sequence[float]) -> list[np.ndarray]:
        tokenizer, model = self.loaded.tokenizer, self.loaded.model
        ids = [tokenizer(text or " ", add_special_tokens=False)["input_ids"][: self.max_tokens] for text in texts]
        longest = max(map(len, ids))
        padded = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in ids])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids]).to(model.device)
        with torch.inference_mode():
            out = model(padded.to(model.device), attention_mask=mask, output_hidden_states=True, logits_to_keep=1)
        weight = mask.unsqueeze(-1).float()
        last = len(out.hidden_states) - 1
        layers = [out.hidden_states[max(1, round(depth * last))].float() for depth in depths]
        return [((layer * weight).sum(1) / weight.sum(1)).cpu().numpy() for layer in layers]

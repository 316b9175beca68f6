"""Texts as vectors of a sentence embedder, as the pilot read them; `classify.py` or `answer.py` beside this file asks.

The embedder comes from the model hub, or from the folder that the environment variable EMBEDDER names.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

MAX_TOKENS = 256

Read = Callable[[str], np.ndarray]


def reader(name: str) -> Read:
    """Text → the mean of the embedder's last hidden states, of length 1."""
    folder = os.environ.get("EMBEDDER", name)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

    def read(text: str) -> np.ndarray:
        tokens = tokenizer([text], truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        with torch.inference_mode():
            hidden = model(**tokens).last_hidden_state[0].float()
        vector: np.ndarray = torch.nn.functional.normalize(hidden.sum(0) / max(len(hidden), 1), dim=-1).numpy()
        return vector

    return read


def nearest(name: str, rows: list[dict[str, Any]], count: int) -> Callable[[str], list[dict[str, Any]]]:
    """Text → the `count` rows whose input is most like it, the nearest last; equal ones in their order."""
    read = reader(name)
    known = np.stack([read(row["input"]) for row in rows])

    def found(text: str) -> list[dict[str, Any]]:
        best = np.argsort(-(known @ read(text)), kind="stable")[:count]
        return [rows[place] for place in best[::-1]]

    return found

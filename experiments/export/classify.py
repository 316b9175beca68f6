"""Answers as the pilot did, from what it fitted: the folder `classifier` beside this file, which holds no pickle.

    python classify.py "one text" "another text"

SERVING.md has the line for pip. In a program of your own, load once and ask often:

    from classify import load
    answer = load()
    answer(["one text", "another text"])

A sentence embedder or a base model, where one reads the texts, comes from the model hub, or from the folder that the
environment variable EMBEDDER or BASE_MODEL names. Texts are read one at a time, as when the pilot took the latency.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from typing import Any

import numpy as np
from scipy.sparse import hstack, vstack
from skops.io import load as load_objects

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "classifier"
TRUSTED = ["scipy.sparse._csr.csr_matrix"]  # beside these, only types that skops knows to be harmless are read
DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}

Read = Callable[[str], Any]
Answer = Callable[[Any], list[str]]


def load() -> Callable[[list[str]], list[str]]:
    """Texts → the answer to each; several labels are a JSON list."""
    settings = json.loads((HERE / "settings.json").read_text(encoding="utf-8"))
    plain = json.loads((FOLDER / "fitted.json").read_text(encoding="utf-8"))
    objects = load_objects(FOLDER / "fitted.skops", trusted=TRUSTED)
    read = READERS[plain["how"]](plain, objects, settings)
    answer = HEADS[plain["head"]](plain, objects)

    def answers(texts: list[str]) -> list[str]:
        if not texts:
            return []
        vectors = [read(text) for text in texts]
        rows = np.stack(vectors) if isinstance(vectors[0], np.ndarray) else vstack(vectors, format="csr")
        if "mean" in objects:
            rows = (rows - objects["mean"]) / objects["sd"]
        return answer(rows)

    return answers


def terms(plain: dict[str, Any], objects: dict[str, Any], _: dict[str, Any]) -> Read:
    """The weights of words and of parts of words."""
    for vectorizer, columns in zip(objects["vectorizers"], plain["terms"], strict=True):
        vectorizer.vocabulary_ = {term: column for column, term in enumerate(columns)}
    return lambda text: hstack([v.transform([text]) for v in objects["vectorizers"]], format="csr")


def sentence(_plain: dict[str, Any], _objects: dict[str, Any], settings: dict[str, Any]) -> Read:
    """The vector of the sentence embedder."""
    read: Read = run_path(str(HERE / "sentences.py"))["reader"](settings["base_model"])
    return read


def hidden_states(_plain: dict[str, Any], _objects: dict[str, Any], settings: dict[str, Any]) -> Read:
    """The mean of the base model's hidden states at the depth that the pilot chose."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    name, used = os.environ.get("BASE_MODEL", settings["base_model"]), settings["settings"]
    tokenizer = AutoTokenizer.from_pretrained(name)
    model = AutoModelForCausalLM.from_pretrained(name, dtype=getattr(torch, DTYPES[settings["dtype"]])).eval()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = model.to(device)

    def read(text: str) -> np.ndarray:
        tokens = tokenizer(text or " ", add_special_tokens=False)["input_ids"][: used["max_tokens"]]
        with torch.inference_mode():
            ids = torch.tensor([tokens], device=device)
            layers = model(ids, output_hidden_states=True, logits_to_keep=1).hidden_states
        layer = layers[max(1, round(used["depth"] * (len(layers) - 1)))]
        vector: np.ndarray = layer[0].float().mean(0).cpu().numpy()
        return vector

    return read


def only_label(plain: dict[str, Any], _: dict[str, Any]) -> Answer:
    """The one label that all training rows had."""
    return lambda rows: [plain["label"]] * rows.shape[0]


def one_label(_: dict[str, Any], objects: dict[str, Any]) -> Answer:
    """The most probable label."""
    (model,) = objects["models"]
    return lambda rows: [str(label) for label in model.predict(rows)]


def several_labels(plain: dict[str, Any], objects: dict[str, Any]) -> Answer:
    """Every label above the bar; a label without a model was in every training row."""
    names, models = plain["labels"], objects["models"]

    def answer(rows: Any) -> list[str]:
        chances = np.ones((rows.shape[0], len(models)))
        for column, model in enumerate(models):
            if model is not None:
                chances[:, column] = model.predict_proba(rows)[:, 1]
        return [json.dumps(chosen(row), ensure_ascii=False) for row in chances]

    def chosen(chances: np.ndarray) -> list[str]:
        found = [name for name, chance in zip(names, chances, strict=True) if chance >= plain["bar"]]
        return found or ([names[int(chances.argmax())]] if plain["at_least_one"] and names else [])

    return answer


def nearest_row(plain: dict[str, Any], objects: dict[str, Any]) -> Answer:
    """The answer of the training row that is most like."""
    return lambda rows: [plain["answers"][int(i)] for i in (rows @ objects["matrix"].T).toarray().argmax(axis=1)]


def votes(plain: dict[str, Any], objects: dict[str, Any]) -> Answer:
    """The answer with the most weight among the nearest training rows, each weighed by its cosine."""

    def answer(rows: np.ndarray) -> list[str]:
        return [vote(cosines) for cosines in rows @ objects["matrix"].T]

    def vote(cosines: np.ndarray) -> str:
        weights: dict[str, float] = defaultdict(float)
        for row in np.argsort(-cosines, kind="stable")[: plain["neighbours"]]:
            weights[plain["answers"][row]] += max(float(cosines[row]), 0.0)
        return max(weights, key=lambda said: weights[said])

    return answer


READERS = {"terms": terms, "sentence": sentence, "hidden_states": hidden_states}
HEADS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Answer]] = {
    "only_label": only_label,
    "one_label": one_label,
    "several_labels": several_labels,
    "nearest_row": nearest_row,
    "votes": votes,
}


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit('Give it at least one text: python classify.py "your text"')
    for said in load()(sys.argv[1:]):
        print(said)

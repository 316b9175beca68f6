"""`estimate --exact`: the memory of the document, traced by the dry run instead of counted by the closed form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from advisor.catalog import model_from
from advisor.catalog.reader import config_of
from advisor.commands.estimate_settings import question_of, training_settings
from advisor.dry_run import exact_training_memory
from advisor.estimators.answer import fit
from advisor.estimators.memory import exact_totals
from advisor.methods import card


def with_exact_memory(document: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its memory, and what follows from it, from the trace."""
    model = model_from(settings["model"])
    traced = exact_training_memory(
        config_of(model), card(settings["method"]), training_settings(settings), gpus=settings.get("gpus", 1)
    )
    totals = exact_totals(traced.peak_gib, traced.reserved_gib, traced.paged_gib)
    parts = ("weights", "adapters", "gradients", "optimizer", "activations", "logits", "runtime")
    memory: dict[str, Any] = {name: getattr(traced, f"{name}_gib") for name in parts}
    memory |= {"kv_cache": 0.0} | {name: estimate.as_json() for name, estimate in totals.items()}
    question = question_of(settings)
    if question.gpu is not None:
        document["fits"] = [fit(totals["device"], question.gpu, question.gpus)]
    notes = [document.get("note", ""), *traced.notes]
    versions = json.dumps(dict(traced.versions))
    note = " ".join(text for text in notes if text)
    return {
        **document,
        "note": f"{note} Traced in {traced.seconds:.0f} s with {versions}.".strip(),
        "memory_gib": memory,
    }

"""The closed form of training memory beside the exact dry run, component by component.

    python -m benchmarks.closed_form [--model ID …]

Prints GiB of both and the ratio of the peaks for the catalog's models under a few settings of every method.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Any

from advisor.catalog import model_from
from advisor.catalog.reader import config_of
from advisor.dry_run import exact_training_memory
from advisor.errors import TuneOrPromptError
from advisor.estimators.memory import training_memory
from advisor.methods import card
from advisor.vocabulary import TrainingSettings

MODELS = ("Llama-3.2-1B", "Qwen2.5-7B")
PARTS = ("weights", "adapters", "gradients", "optimizer", "activations", "logits")
SETTINGS: tuple[dict[str, Any], ...] = (
    {"batch_size": 1, "seq_len": 512},
    {"batch_size": 4, "seq_len": 1024, "packing": True},
    {"batch_size": 4, "seq_len": 1024},
    {"batch_size": 4, "seq_len": 1024, "packing": True, "gradient_checkpointing": False},
    {"batch_size": 4, "seq_len": 1024, "packing": True, "amp": True},
    {"batch_size": 4, "seq_len": 1024, "packing": True, "attention": "eager"},
    {"batch_size": 4, "seq_len": 1024, "packing": True, "loss": "fused"},
    {"batch_size": 4, "seq_len": 1024, "packing": True, "loss": "chunked"},
)
METHODS = ("full_fine_tuning", "lora", "qlora", "prefix_tuning", "adapters")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", nargs="*", default=MODELS)
    parser.add_argument("--method", nargs="*", default=METHODS)
    args = parser.parse_args()
    ratios = []
    for name in args.model:
        model = model_from(name)
        assert model.architecture is not None
        for method in args.method:
            for changes in SETTINGS:
                settings = TrainingSettings(**changes)
                closed = training_memory(card(method), model.architecture, settings)
                said = " ".join(f"{key}={value}" for key, value in changes.items())
                try:
                    traced = exact_training_memory(config_of(model), card(method), settings)
                except TuneOrPromptError as error:
                    print(f"{name} {method} {said}: {error}")
                    continue
                ratios.append((closed.peak.value or 0.0) / traced.peak_gib)
                parts = traced.memory_gib()
                beside = " ".join(f"{p} {getattr(closed, p):.2f}/{parts[p]:.2f}" for p in PARTS)
                print(
                    f"{name} {method} {said}: ratio {ratios[-1]:.3f} peak {closed.peak.value:.2f}/{traced.peak_gib:.2f}"
                )
                print(f"    {beside}; at {traced.moment}")
                sys.stdout.flush()
    off = [abs(ratio - 1) for ratio in ratios]
    print(f"closed/exact: {len(off)} settings, off by {statistics.median(off):.1%} (median), {max(off):.1%} (most)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

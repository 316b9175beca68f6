"""`python -m advisor gpus`: the accelerators of the catalog, with what they rent for."""

from __future__ import annotations

import argparse
from typing import Any

from advisor.catalog import facts
from advisor.commands.shell import DONE, print_json
from advisor.commands.tables import figure, show, source_json
from advisor.vocabulary import Gpu

NAME = "gpus"
HELP = "GPUs and one CPU: memory, bandwidth, arithmetic, rent per hour"


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the GPUs."""
    gpus = facts().gpus
    if args.json:
        print_json([gpu_json(gpu) for gpu in gpus])
        return DONE
    rows = [
        (
            gpu.id,
            gpu.name,
            figure(gpu.memory_gib),
            figure(gpu.bandwidth_gb_s),
            figure(gpu.bf16_tflops),
            _rent(gpu),
            "" if gpu.price_source is None else gpu.price_source.checked,
        )
        for gpu in gpus
    ]
    columns = ("GPU", "Name", "GiB", "GB/s", "16-bit TFLOPS", "USD an hour (low to high)", "Price checked")
    show("Accelerators", columns, rows, "Dense rates. – : no rent known. Sources: python -m advisor sources.")
    return DONE


def _rent(gpu: Gpu) -> str:
    if gpu.usd_per_hour is None:
        return "–"
    return f"{gpu.usd_per_hour:.2f} ({gpu.usd_per_hour_low:.2f} to {gpu.usd_per_hour_high:.2f})"


def gpu_json(gpu: Gpu) -> dict[str, Any]:
    """One GPU as JSON."""
    return {
        "id": gpu.id,
        "name": gpu.name,
        "kind": gpu.kind,
        "memory_gib": gpu.memory_gib,
        "bandwidth_gb_s": gpu.bandwidth_gb_s,
        "bf16_tflops": gpu.bf16_tflops,
        "fp8_tflops": gpu.fp8_tflops,
        "together": gpu.together,
        "usd_per_hour": {"low": gpu.usd_per_hour_low, "typical": gpu.usd_per_hour, "high": gpu.usd_per_hour_high},
        "aliases": list(gpu.aliases),
        "source": source_json(gpu.source),
        "price_source": source_json(gpu.price_source),
    }

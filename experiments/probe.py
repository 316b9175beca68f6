"""How fast this machine is: a model of the starter's shape with random weights, read and trained for a moment.

Run as a process of its own (`python -m experiments.probe`), so that nobody else imports torch for it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from experiments.pilot.writing import ATTEND_MS, ROWS_TIMED, WRITE_ALONE_TOKENS_PER_S, WRITE_TOKENS_PER_S

# SmolLM2-135M's layers (reference/starter_models.md), a few of its 30, time counted for all; a small vocabulary,
# for answers need few logits
LAYERS_PROBED, LAYERS = 2, 30
SHAPE = {
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": LAYERS_PROBED,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "vocab_size": 1024,
    "max_position_embeddings": 2048,
}
ROUNDS_AT_LEAST = 4
READ_TOKENS, TRAIN_ROWS, TRAIN_TOKENS = 256, 8, 50
RANK = 16
# the two cores on which the reference speeds of `pilot.seconds` were measured: bf16, one row of 256 tokens, 2,528 a
# second; a LoRA step of 403 tokens 0.82 s. What is not probed of a step (optimizer, head, embedding, peft's and the
# trainer's own bookkeeping) made it 1.2 (fp32) to 1.4 times (bf16) as long on another machine: 491 × 1.3
REFERENCE_READ_TOKENS_PER_S = 2_528.0
REFERENCE_TRAIN_TOKENS_PER_S = 640.0
WRITTEN_BEFORE, LONG_BEFORE = 128, 1_500
FREE = 100.0  # reading back that is too quick to be seen counts as so much faster than the reference
HEAD = 1.27  # writing reads every weight for each token: 134.5 M with the head that is not probed, 106 M in the layers
HOPELESS = 0.7  # a dtype that reads slower than this share of the first one is emulated: not worth training in


def main(argv: list[str] | None = None) -> int:
    """Print one JSON document: accelerator, quantities and what they were measured from."""
    parser = argparse.ArgumentParser(prog="python -m experiments.probe", description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long to measure, about")
    args = parser.parse_args(argv)
    json.dump(measure(args.threads, args.seconds), sys.stdout)
    return 0


def measure(threads: int, seconds: float) -> dict[str, Any]:
    """Speeds beside the reference (2.0 = twice as fast), per dtype this machine can compute in."""
    import torch

    torch.set_num_threads(threads)
    accelerator = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    ratios: dict[str, float] = {}
    measured: dict[str, dict[str, float]] = {}
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        model = _model(torch, dtype, accelerator)
        read = READ_TOKENS / _seconds(_read, (torch, model), seconds / 4)
        if measured and read < HOPELESS * measured["fp32"]["read_tokens_per_s"]:
            continue
        alone, batch, long = (
            _seconds(_writer(torch, model, rows, before), (torch, model), seconds / 12)
            for rows, before in ((1, WRITTEN_BEFORE), (ROWS_TIMED, WRITTEN_BEFORE), (ROWS_TIMED, LONG_BEFORE))
        )
        attend_ms = 1000 * max(0.0, long - batch) / (ROWS_TIMED * (LONG_BEFORE - WRITTEN_BEFORE))
        write, write_alone = ROWS_TIMED / batch / HEAD, 1 / alone / HEAD
        _with_low_rank(torch, model)
        train = TRAIN_ROWS * TRAIN_TOKENS / _seconds(_train, (torch, model), seconds / 4)
        ratios[f"{accelerator}/{name}/read"] = round(read / REFERENCE_READ_TOKENS_PER_S, 4)
        ratios[f"{accelerator}/{name}/train"] = round(train / REFERENCE_TRAIN_TOKENS_PER_S, 4)
        ratios[f"{accelerator}/{name}/write"] = round(write / WRITE_TOKENS_PER_S, 4)
        ratios[f"{accelerator}/{name}/write_alone"] = round(write_alone / WRITE_ALONE_TOKENS_PER_S, 4)
        ratios[f"{accelerator}/{name}/attend"] = round(ATTEND_MS / max(attend_ms, ATTEND_MS / FREE), 4)
        measured[name] = {
            "read_tokens_per_s": round(read, 1),
            "train_tokens_per_s": round(train, 1),
            "write_tokens_per_s": round(write, 1),
            "write_alone_tokens_per_s": round(write_alone, 1),
            "attend_ms": round(attend_ms, 5),
        }
    return {"accelerator": accelerator, "threads": threads, "ratios": ratios, "measured": measured}


def _model(torch: Any, dtype: Any, device: str) -> Any:
    from transformers import LlamaConfig, LlamaModel

    torch.manual_seed(0)
    model = LlamaModel(LlamaConfig(**SHAPE)).to(device=device, dtype=dtype).requires_grad_(False).eval()
    return model


def _with_low_rank(torch: Any, model: Any) -> None:
    """Low-rank matrices in fp32 beside every linear layer, as LoRA has them."""
    linear = torch.nn.functional.linear
    for layer in [module for module in model.modules() if isinstance(module, torch.nn.Linear)]:
        down = torch.zeros((RANK, layer.in_features), device=model.device, requires_grad=True)
        up = torch.zeros((layer.out_features, RANK), device=model.device, requires_grad=True)

        def beside(_: Any, given: Any, out: Any, down: Any = down, up: Any = up) -> Any:
            return (out + linear(linear(given[0].float(), down), up) * 2.0).to(out.dtype)

        layer.register_forward_hook(beside)


def _read(torch: Any, model: Any) -> None:
    with torch.inference_mode():
        model(input_ids=torch.zeros((1, READ_TOKENS), dtype=torch.long, device=model.device), use_cache=False)


def _writer(torch: Any, model: Any, rows: int, before: int) -> Callable[[Any, Any], None]:
    """One more token for some rows, after so many that stand before: their keys and values are made up."""
    from experiments.arms.roomy_cache import roomy_cache

    token = torch.zeros((rows, 1), dtype=torch.long, device=model.device)
    size = (rows, SHAPE["num_key_value_heads"], before, SHAPE["hidden_size"] // SHAPE["num_attention_heads"])
    cache = roomy_cache(model.config, 1)
    for layer in range(LAYERS_PROBED):
        cache.update(*(torch.randn(size, device=model.device, dtype=model.dtype) for _ in range(2)), layer)

    def write(torch: Any, model: Any) -> None:
        with torch.inference_mode():
            model(input_ids=token, past_key_values=cache, use_cache=True)
            cache.crop(-1)

    return write


def _train(torch: Any, model: Any) -> None:
    """Forward and backward through frozen layers and the matrices beside them."""
    model.set_attn_implementation("eager" if model.device.type == "cpu" else "sdpa")  # as the arms train
    rows = torch.randn((TRAIN_ROWS, TRAIN_TOKENS, SHAPE["hidden_size"]), device=model.device, dtype=model.dtype)
    rows.requires_grad_(True)
    model(inputs_embeds=rows, use_cache=False).last_hidden_state.float().pow(2).mean().backward()


def _seconds(work: Callable[[Any, Any], None], given: tuple[Any, Any], seconds: float) -> float:
    """The time of a piece of work for all layers: the fast quarter of many short rounds, for others' work only adds."""
    times: list[float] = []
    work(*given)
    end = time.perf_counter() + seconds
    while len(times) < ROUNDS_AT_LEAST or time.perf_counter() < end:
        began = time.perf_counter()
        work(*given)
        if given[0].cuda.is_available():
            given[0].cuda.synchronize()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 4] * LAYERS / LAYERS_PROBED


if __name__ == "__main__":
    sys.exit(main())

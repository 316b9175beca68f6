"""What each tuning method puts into the frozen model, with the real peft where peft has it.

Runs in the child process only. ADAPTERS says which method adds what; a method that trains everything adds nothing.
"""

from __future__ import annotations

from typing import Any

import peft
import torch
from torch import nn

from advisor.dry_run.model import decoder_blocks
from advisor.errors import ModelError

ATTENTION = ("self_attn", "self_attention", "attn", "attention")
FEED_FORWARD = ("mlp", "feed_forward", "block_sparse_moe", "moe")
NARROWING = 16  # bottleneck = width / 16, Houlsby et al. 2019 (arXiv 1902.00751) use width / 12 to width / 96


def low_rank(model: Any, settings: dict[str, Any]) -> Any:
    """LoRA through peft; its matrices are fp32 whatever the base is (peft's default)."""
    config = peft.LoraConfig(
        r=settings["rank"],
        lora_alpha=2 * settings["rank"],
        target_modules=_targets(model, settings["target_modules"]),
        task_type="CAUSAL_LM",
    )
    try:
        return peft.get_peft_model(model, config, low_cpu_mem_usage=True)
    except ValueError as error:
        raise ModelError(f"peft cannot add LoRA here: {str(error).splitlines()[0][:200]}.", _choices(model)) from error


def prefix(model: Any, settings: dict[str, Any]) -> Any:
    """Prefix tuning through peft: keys and values of virtual tokens in front of every layer's own."""
    config = peft.PrefixTuningConfig(num_virtual_tokens=settings["virtual_tokens"], task_type="CAUSAL_LM")
    with torch.device("meta"):
        return peft.get_peft_model(model, config)


def bottleneck(model: Any, settings: dict[str, Any]) -> Any:
    """Two serial adapters per block, behind attention and behind the feed-forward part (Houlsby et al. 2019)."""
    width = model.config.hidden_size
    narrow = settings["bottleneck"] or max(1, width // NARROWING)
    model.requires_grad_(False)
    for block in decoder_blocks(model):
        for names in (ATTENTION, FEED_FORWARD):
            name = next((n for n in names if hasattr(block, n)), None)
            if name is None:
                raise ModelError(
                    f"{type(block).__name__} has no part named {' or '.join(names)}.", "Leave out --exact."
                )
            setattr(block, name, Adapted(getattr(block, name), width, narrow))
    model.enable_input_require_grads()
    return model


ADAPTERS = {"lora": low_rank, "qlora": low_rank, "prefix_tuning": prefix, "adapters": bottleneck}
WITHOUT_CHECKPOINTING = {"prefix_tuning": "peft's prefix tuning passes a cache and refuses gradient checkpointing"}
WITHOUT_PREPARATION = ("trl",)  # no prepare_model_for_kbit_training, adapters in bf16: trl 1.16, sft_trainer.py


def lower(model: Any) -> None:
    """TRL's adapters on a quantised base are bf16."""
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(torch.bfloat16)


class Adapted(nn.Module):  # type: ignore[misc]
    """A sub-layer followed by a bottleneck with a residual connection around it; fp32 as peft keeps its adapters."""

    def __init__(self, inner: Any, width: int, narrow: int) -> None:
        super().__init__()
        self.inner = inner
        self.down = nn.Linear(width, narrow, device="meta", dtype=torch.float32)
        self.up = nn.Linear(narrow, width, device="meta", dtype=torch.float32)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        out = self.inner(*args, **kwargs)
        hidden, *rest = out if isinstance(out, tuple) else (out,)
        adapted = hidden + self.up(nn.functional.gelu(self.down(hidden.float()))).to(hidden.dtype)
        return (adapted, *rest) if isinstance(out, tuple) else adapted


def _linear_names(model: Any, parts: tuple[str, ...] | None = None) -> set[str]:
    names = set()
    for block in decoder_blocks(model):
        for path, module in block.named_modules():
            inside = parts is None or path.split(".")[0] in parts
            if inside and (isinstance(module, nn.Linear) or type(module).__name__ == "Conv1D"):
                names.add(path.split(".")[-1])
    return names


def _targets(model: Any, wanted: list[str]) -> str | list[str]:
    """'all-linear' is peft's own word; 'attention' is every linear layer of the attention part."""
    if wanted == ["all-linear"]:
        return "all-linear"
    return sorted(_linear_names(model, ATTENTION)) if wanted == ["attention"] else wanted


def _choices(model: Any) -> str:
    return f"This model has {', '.join(sorted(_linear_names(model)))}, or use all-linear or attention."

"""GGUF → an ordinary transformers folder. Runs in a child process only: it imports torch at the top."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

MAX_TOKENS = 8192  # the context SmolLM2 was trained with; the GGUF's tokenizer claims 1e30


def main(gguf: str, into: str, name: str) -> None:
    """De-quantise `gguf` into bf16 safetensors with tokenizer and chat template under `into`.

    The base is 4-bit (Q4_1): bf16 keeps every digit that a bf16 run would use, at half the disk of fp32.
    """
    source, target = Path(gguf), Path(into)
    model = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    # transformers ignores the GGUF's pre-tokenizer "smollm": without this, digits are not split one by one
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.model_max_length = MAX_TOKENS
    tokenizer.padding_side = "left"
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)
    overwrite(target / "config.json", {"_name_or_path": name, "_model_name_or_path": name})
    overwrite(target / "tokenizer_config.json", {"name_or_path": name, "model_max_length": MAX_TOKENS})


def overwrite(path: Path, values: dict[str, object]) -> None:
    """Correct what the file says about itself: the GGUF's own name is of an unreleased mix of the model."""
    document = json.loads(path.read_text(encoding="utf-8"))
    document.update({key: value for key, value in values.items() if key in document})
    for key in ("quantization_config", "is_local", "local_files_only"):
        document.pop(key, None)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

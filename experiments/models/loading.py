"""A checked folder → a model in memory. Imported by workers only: torch and transformers stand at the top."""

from __future__ import annotations

import copy
import logging
import os
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from advisor.errors import ModelError
from experiments.models.plain_template import NO_TEMPLATE, PLAIN_TEMPLATE

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
EMBEDDER_MAX_TOKENS = 256  # all-MiniLM-L6-v2's sentence_bert_config.json
EMBEDDER_BATCH = 32


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A causal model on its device with its tokenizer; `notes` is what a person should know about it."""

    model: Any
    tokenizer: Any
    accelerator: str
    dtype: str
    notes: tuple[str, ...] = ()


def quiet() -> None:
    """Keep the libraries' progress bars and harmless messages out of a worker's log."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.getLogger("transformers").setLevel(logging.ERROR)
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()


def load_tokenizer(folder: Path) -> tuple[Any, tuple[str, ...]]:
    """The folder's own tokenizer; with a plain template, and a note, where it has none."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise ModelError(f"The tokenizer in {folder.name} cannot be read ({first_line(error)}).", "") from error
    if tokenizer.eos_token_id is None:
        raise ModelError(f"The tokenizer in {folder.name} has no end token.", "Choose another model.")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token  # padding is masked by length here, never by id
    if not tokenizer.chat_template:
        tokenizer.chat_template = PLAIN_TEMPLATE
        return tokenizer, (NO_TEMPLATE,)
    return tokenizer, ()


def load_causal(folder: Path, dtype: str, accelerator: str, *, quantised: bool = False) -> LoadedModel:
    """The model in `dtype` on `accelerator`, in NF4 with double quantisation when `quantised`, ready to answer."""
    quiet()
    tokenizer, notes = load_tokenizer(folder)
    options: dict[str, Any] = {
        "dtype": DTYPES[dtype],
        "attn_implementation": "sdpa",
        "local_files_only": True,
        "trust_remote_code": False,
        "use_safetensors": True,
    }
    if quantised:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=DTYPES[dtype],
        )
        options["device_map"] = {"": accelerator}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = AutoModelForCausalLM.from_pretrained(folder, **options)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"{folder.name} cannot be loaded: {first_line(error)}", "Check that the folder is complete."
        ) from error
    if quantised:
        keep_trainable_on_cpu(model)
    else:
        model = model.to(accelerator)
    model.generation_config = plain_generation(model, tokenizer)
    return LoadedModel(model.eval(), tokenizer, accelerator, dtype, notes)


def plain_generation(model: Any, tokenizer: Any) -> Any:
    """Greedy, without the sampling defaults that many folders carry: the same rows give the same answers."""
    config = copy.deepcopy(model.generation_config)
    config.update(do_sample=False, temperature=None, top_p=None, top_k=None, max_length=None)
    config.pad_token_id = tokenizer.pad_token_id
    return config


def keep_trainable_on_cpu(model: Any) -> None:
    """Bitsandbytes repacks 4-bit weights for a CPU path that has no backward pass; keep the plain layout."""
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False


def first_line(error: BaseException) -> str:
    """What a library says, without its long tail."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


@dataclass(frozen=True, slots=True)
class Embedder:
    """Texts → unit vectors: masked mean of the last hidden states, then L2."""

    model: Any
    tokenizer: Any

    def embed(self, texts: list[str]) -> np.ndarray:
        """One row per text, float32, in the order given; longer texts are cut at 256 tokens."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = np.zeros((len(texts), self.model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), EMBEDDER_BATCH):
            rows = order[start : start + EMBEDDER_BATCH]
            vectors[rows] = self._embed_batch([texts[i] for i in rows])
        return vectors

    def _embed_batch(self, texts: list[str]) -> np.ndarray:
        batch = self.tokenizer(
            texts, padding=True, truncation=True, max_length=EMBEDDER_MAX_TOKENS, return_tensors="pt"
        ).to(self.model.device)
        with torch.inference_mode():
            hidden = self.model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1).float()
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        unit: np.ndarray = torch.nn.functional.normalize(mean, dim=-1).cpu().numpy()
        return unit


def load_embedder(folder: Path, accelerator: str = "cpu") -> Embedder:
    """The sentence embedder in fp32."""
    quiet()
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        model = AutoModel.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False, use_safetensors=True
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"The embedder in {folder.name} cannot be loaded: {first_line(error)}", "") from error
    return Embedder(model.to(accelerator).eval(), tokenizer)


def fastest_dtype(accelerator: str) -> str:
    """bf16 where this machine is fast at it, else fp32: on a CPU without bf16 units bf16 is tens of times slower."""
    if accelerator == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    if accelerator != "cpu":
        return "fp32"
    return "bf16" if matmul_seconds(torch.bfloat16) < matmul_seconds(torch.float32) else "fp32"


def matmul_seconds(dtype: torch.dtype) -> float:
    """The best of three products of the size of one layer of a small model on a few hundred tokens."""
    left, right = torch.ones(128, 576, dtype=dtype), torch.ones(576, 1536, dtype=dtype)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return best


def accelerator_here() -> str:
    """`cuda`, `mps` or `cpu`: what this machine computes on."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"

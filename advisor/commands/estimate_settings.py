"""The settings of `estimate`, as flags and as keys of a batch line, checked and turned into an answer."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.catalog import facts, find_gpu, model_from
from advisor.errors import InputError, ModelError, TuneOrPromptError, UnknownName, all_at_once
from advisor.estimators.answer import Question, serving_answer, training_answer
from advisor.estimators.storage import dtype_name
from advisor.methods import METHODS, card
from advisor.vocabulary import ServingSettings, TrainingSettings

INFERENCE = "inference"
CHOICES = {
    "optimizer": ("adamw", "adamw_fused", "adamw_8bit", "paged_adamw_8bit", "sgd"),
    "attention": ("sdpa", "eager", "flash"),
    "loss": ("full", "chunked", "fused"),
    "sharding": ("none", "ddp", "zero2", "zero3", "fsdp"),
    "dtype": ("bf16", "fp16", "fp32"),
    "kv_dtype": ("bf16", "fp16", "fp8", "int8"),
    "weight_dtype": ("bf16", "fp16", "fp32", "fp8", "fp4", "int8", "int4", "nf4"),
}
DTYPES = ("dtype", "kv_dtype", "weight_dtype")
SPELLINGS = {
    "adamw_torch": "adamw",
    "adamw_torch_fused": "adamw_fused",
    "adamw_bnb_8bit": "adamw_8bit",
    "paged_adamw": "paged_adamw_8bit",
    "adamw_hf": "adamw",
    "adam": "adamw",
    "flash_attention_2": "flash",
    "flash_attention": "flash",
    "zero_2": "zero2",
    "zero_3": "zero3",
    "liger": "fused",
}
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Flag:
    """One setting: its key, its type on the command line, its help."""

    key: str
    kind: Any
    help: str
    metavar: str | None = None

    @property
    def option(self) -> str:
        return "--" + self.key.replace("_", "-")


FLAGS: tuple[Flag, ...] = (
    Flag("model", str, "a name of the catalog, a config.json or a model folder", "ID"),
    Flag("method", str, f"a method ({', '.join(m.name for m in METHODS)}) or inference", "METHOD"),
    Flag("gpu", str, "a GPU of the catalog, or cpu; without one there is no time", "NAME"),
    Flag("gpus", int, "how many of them", "N"),
    Flag("batch_size", int, "rows per GPU and micro-batch", "N"),
    Flag("gradient_accumulation", int, "micro-batches per step", "N"),
    Flag("seq_len", int, "tokens per row", "N"),
    Flag("packing", bool, "rows are filled with several examples"),
    Flag("rank", int, "LoRA rank", "N"),
    Flag("virtual_tokens", int, "prefix tuning: virtual tokens", "N"),
    Flag("bottleneck", int, "adapters: inner width", "N"),
    Flag("target_modules", str, "all-linear, attention, or layer names with commas", "NAMES"),
    Flag("gradient_checkpointing", bool, "recompute activations instead of keeping them"),
    Flag("dtype", str, "computing type: bf16, fp16, fp32", "TYPE"),
    Flag("amp", bool, "mixed precision: autocast over fp32 weights"),
    Flag("weight_dtype", str, "how the weights are held: bf16 … int4, nf4", "TYPE"),
    Flag("double_quant", bool, "nf4: quantise the scales too"),
    Flag("optimizer", str, "adamw, adamw_fused, adamw_8bit, paged_adamw_8bit, sgd", "NAME"),
    Flag("attention", str, "sdpa, eager, flash", "NAME"),
    Flag("loss", str, "full, chunked, fused", "NAME"),
    Flag("logits_upcast", bool, "the loss turns the logits into fp32"),
    Flag("examples", int, "rows to train on, for the total time", "N"),
    Flag("epochs", float, "times each row is seen", "N"),
    Flag("framework", str, "transformers, trl, peft, litgpt, torchtune, axolotl …", "NAME"),
    Flag("sharding", str, "none, ddp, zero2, zero3, fsdp", "NAME"),
    Flag("engine", str, "inference: vllm, sglang, tensorrt-llm, transformers, llama.cpp", "NAME"),
    Flag("concurrency", int, "inference: requests in flight", "N"),
    Flag("input_tokens", int, "inference: tokens of the prompt", "N"),
    Flag("output_tokens", int, "inference: tokens of the answer", "N"),
    Flag("kv_dtype", str, "inference: type of the cache: bf16, fp8, int8", "TYPE"),
)
BY_KEY = {flag.key: flag for flag in FLAGS}


def answer(given: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's document for these settings; wrong ones raise an error that names the setting."""
    settings = checked(given)
    question = question_of(settings)
    if settings["method"].casefold() == INFERENCE:
        held = settings.get("weight_dtype") or settings.get("dtype") or "bf16"
        serving = ServingSettings(**_fields(ServingSettings, {**settings, "weight_dtype": held}))
        return serving_answer(question, serving, facts().gpus)
    method = card(settings["method"])
    if method.trained == "nothing":
        raise InputError(f"{method.label} trains nothing.", f"Ask for --method {INFERENCE} to see what serving needs.")
    return training_answer(question, method, training_settings(settings), facts().gpus)


def exact_answer(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same document with its memory traced from the real training step."""
    settings = checked(given)
    if settings["method"].casefold() == INFERENCE:
        raise InputError("--exact traces a training step.", "Leave it out for inference.")
    from advisor.commands.estimate_exact import with_exact_memory

    return with_exact_memory(answer(given), settings)


def training_settings(settings: Mapping[str, Any]) -> TrainingSettings:
    """The training part of checked settings."""
    return TrainingSettings(**_fields(TrainingSettings, settings))


def question_of(settings: Mapping[str, Any]) -> Question:
    """The model and the place of checked settings."""
    model = model_from(settings["model"])
    if model.architecture is None:
        raise ModelError(
            f"{model.name} has no published architecture, so nothing can be counted.",
            "Choose an open model: python -m advisor models.",
        )
    gpu = find_gpu(settings["gpu"]) if settings.get("gpu") else None
    return Question(
        model, model.architecture, gpu, settings.get("gpus", 1), settings.get("examples"), settings.get("epochs")
    )


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting in its own type and usual spelling; null counts as not given."""
    settings: dict[str, Any] = {}
    wrong: list[TuneOrPromptError] = []
    for key, value in given.items():
        if value is None:
            continue
        try:
            settings[key] = _named(key, _typed(key, value))
        except TuneOrPromptError as error:
            wrong.append(error)
    for needed in ("model", "method"):
        if given.get(needed) is None:
            mend = "Give a model and a method (or inference)."
            wrong.append(InputError(f"The setting {needed!r} is missing (--{needed}).", mend))
    if wrong:
        raise all_at_once(wrong, InputError, "settings cannot be used", "Mend these.")
    return settings


def _named(key: str, value: Any) -> Any:
    """A name must be known; the setting itself stays as it was given."""
    if key == "model":
        model_from(value)
    elif key == "gpu":
        find_gpu(value)
    elif key == "method" and value.casefold() != INFERENCE:
        card(value)
    return value


def _typed(key: str, value: Any) -> Any:
    if key not in BY_KEY:
        near = difflib.get_close_matches(key, BY_KEY, n=2)
        raise InputError(f"There is no setting {key!r}.", f"Did you mean {' or '.join(near)}?" if near else "")
    kind = BY_KEY[key].kind
    if key == "target_modules":
        return _modules(value)
    if kind is bool:
        if not isinstance(value, bool):
            raise InputError(f"{key} is {value!r}.", "It must be true or false.")
        return value
    if kind in (int, float):
        return _number(key, value, kind)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{key} is {value!r}.", "It must be a word.")
    return _word(key, value.strip())


def _number(key: str, value: Any, kind: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or value != value or value <= 0 or value > LARGEST or (kind is int and value != int(value)):
        what = "a whole number above zero" if kind is int else "a number above zero"
        raise InputError(f"{key} is {value!r}.", f"It must be {what}.")
    return kind(value)


def _word(key: str, value: str) -> str:
    if key not in CHOICES:
        return value
    plain = dtype_name(value) if key in DTYPES else SPELLINGS.get(value.casefold(), value.casefold())
    if plain not in CHOICES[key]:
        raise UnknownName(f"{key} {value!r} is not known.", f"Choose one of: {', '.join(CHOICES[key])}.")
    return plain


def _modules(value: Any) -> tuple[str, ...]:
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(isinstance(n, str) and n for n in names):
        raise InputError(f"target_modules is {value!r}.", "Give all-linear, attention, or a list of layer names.")
    return tuple(names)


def _fields(kind: Any, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are fields of this dataclass."""
    names = {field.name for field in dataclasses.fields(kind)}
    return {key: value for key, value in settings.items() if key in names}

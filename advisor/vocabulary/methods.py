"""A way of adapting a model, as data: what varies between methods stands on its card, the formulas are common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from advisor.vocabulary.advice import Blocked, Option
from advisor.vocabulary.facts import Architecture, Family, Gpu, MethodName, ModelCard

Trained = Literal["nothing", "head", "adapter", "all"]
Effort = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How one training step is run; defaults are those of a careful single-GPU run with transformers + peft."""

    batch_size: int = 4
    gradient_accumulation: int = 1
    seq_len: int = 512
    packing: bool = False
    rank: int = 16
    virtual_tokens: int = 20
    bottleneck: int | None = None
    target_modules: tuple[str, ...] = ("all-linear",)
    gradient_checkpointing: bool = True
    dtype: Literal["bf16", "fp16", "fp32"] = "bf16"
    amp: bool = False
    weight_dtype: str | None = None
    double_quant: bool = True
    optimizer: Literal["adamw", "adamw_fused", "adamw_8bit", "paged_adamw_8bit", "sgd"] = "adamw"
    attention: Literal["sdpa", "eager", "flash"] = "sdpa"
    loss: Literal["full", "chunked", "fused"] = "full"
    logits_upcast: bool = True
    sharding: Literal["none", "ddp", "zero2", "zero3", "fsdp"] = "none"
    framework: str = "transformers"


@dataclass(frozen=True, slots=True)
class ServingSettings:
    """How a model answers requests."""

    engine: str = "vllm"
    concurrency: int = 1
    input_tokens: int = 512
    output_tokens: int = 128
    weight_dtype: str = "bf16"
    kv_dtype: str = "bf16"


@dataclass(frozen=True, slots=True)
class MethodCard:
    """One method.

    `engineer_days` and `upkeep_hours_per_month` are (low, typical, high), their basis in `effort_source`.
    `trainable_parameters(architecture, settings)` counts what is trained. `base_weight_dtype` is how the frozen
    or trained base is held while training ("bf16", "nf4"). Prompt arithmetic: design, section 5. A higher
    `simplicity` is simpler to run. `saved_values_per_token(architecture, settings, cast)` counts the values per token
    and block that the adapters keep for the backward pass, `cast` if each keeps a copy of its input in its own
    dtype; `virtual_tokens` says that settings.virtual_tokens lengthen every sequence; `labels_at_least` labels are
    bought when the team has fewer; `hosted_tuning` marks what providers of hosted models sell as tuning.
    """

    name: MethodName
    label: str
    family: Family
    one_line: str
    trained: Trained
    trainable_parameters: Callable[[Architecture, TrainingSettings], int]
    base_weight_dtype: str
    simplicity: int
    fixed_shots: int
    retrieved_shots: int
    retrieved_tokens: int
    instruction_share_kept_label: float
    instruction_share_kept_other: float
    needs_labels: bool
    needs_open_weights: bool
    learning_rate: float | None
    epochs: float | None
    engineer_days: Effort
    upkeep_hours_per_month: Effort
    effort_source: str
    tokens_at_least: float | None = None
    saved_values_per_token: Callable[[Architecture, TrainingSettings, bool], int] | None = None
    virtual_tokens: bool = False
    labels_at_least: int = 0
    hosted_tuning: bool = False

    def __hash__(self) -> int:
        """By its name alone: estimates are remembered under it thousands of times."""
        return hash(self.name)


@dataclass(frozen=True, slots=True)
class Placement:
    """Hardware an option uses: a GPU (or CPU) and how many."""

    gpu: Gpu
    count: int


@dataclass(frozen=True, slots=True)
class OptionPlan:
    """An option with the hardware chosen for it and the facts that rule it out whatever the numbers say."""

    option: Option
    card: MethodCard
    model: ModelCard
    serve: Placement | None
    train: Placement | None
    blocked: tuple[Blocked, ...] = ()

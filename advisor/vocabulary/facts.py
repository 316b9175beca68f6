"""Facts that age: models, GPUs, prices, published results; each with source and date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MethodName = Literal[
    "zero_shot",
    "few_shot",
    "retrieved_few_shot",
    "retrieval_augmented",
    "classical",
    "feature_extraction",
    "full_fine_tuning",
    "lora",
    "qlora",
    "prefix_tuning",
    "adapters",
    "pretraining",
]
Family = Literal["prompting", "classical", "tuning"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, and when it was last looked at (ISO date)."""

    text: str
    url: str
    checked: str


@dataclass(frozen=True, slots=True)
class Architecture:
    """The shape of a decoder-only transformer, as its config.json gives it; enough to count parameters and bytes."""

    model_type: str
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    mlp_width: int
    vocabulary: int
    tied_embeddings: bool = False
    gated_mlp: bool = True
    attention_bias: bool = False
    output_bias: bool = False
    mlp_bias: bool = False
    query_key_norm: bool = False
    norms_per_layer: int = 2
    layer_norm_bias: bool = False
    learned_positions: int = 0
    max_positions: int = 0
    sliding_window: int | None = None
    experts: int = 0
    experts_per_token: int = 0
    shared_expert_width: int = 0
    classification: bool = False

    def __hash__(self) -> int:
        """By its size alone: estimates are remembered under it thousands of times."""
        return hash((self.model_type, self.width, self.layers, self.mlp_width))


@dataclass(frozen=True, slots=True)
class Capability:
    """How able a model is on the evidence's logit scale (0 = the median prompted model there)."""

    mean: float
    sd: float
    source: str


@dataclass(frozen=True, slots=True)
class TokenPrice:
    """USD per million tokens of a hosted model; `cached_input` is None where the provider has no cache price."""

    input_usd_per_mtok: float
    output_usd_per_mtok: float
    cached_input_usd_per_mtok: float | None
    source: Source


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model: open (has an architecture) or hosted (has a provider and a price).

    `ends`: the provider stops answering that day. `tuning_ends`: the last day of new tuning jobs of a hosted
    model; None: its provider does not offer tuning of it, as far as we know.
    """

    id: str
    name: str
    family: str
    parameters_b: float | None
    active_parameters_b: float | None
    context_tokens: int
    licence: str
    commercial_use: bool | None
    capability: Capability
    source: Source
    architecture: Architecture | None = None
    provider: str | None = None
    price: TokenPrice | None = None
    ends: str | None = None
    tuning_ends: str | None = None
    aliases: tuple[str, ...] = ()
    default: bool = False

    def __hash__(self) -> int:
        """By its id alone: estimates are remembered under it thousands of times."""
        return hash(self.id)

    @property
    def hosted(self) -> bool:
        return self.provider is not None


@dataclass(frozen=True, slots=True)
class Gpu:
    """One accelerator (or a CPU, then `kind == "cpu"`): memory, bandwidth, dense peak rates, rent.

    `together`: how many of them one machine usually holds, so that one model can be spread over them.
    """

    id: str
    name: str
    memory_gib: float
    bandwidth_gb_s: float
    bf16_tflops: float
    fp8_tflops: float | None
    usd_per_hour_low: float | None
    usd_per_hour: float | None
    usd_per_hour_high: float | None
    source: Source
    price_source: Source | None = None
    kind: Literal["gpu", "cpu"] = "gpu"
    aliases: tuple[str, ...] = ()
    together: int = 8

    def __hash__(self) -> int:
        """By its id alone: estimates are remembered under it thousands of times."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class PublishedResult:
    """One published comparison on one task: best prompting beside best tuning, scores 0..1."""

    id: str
    task: str
    task_type: str
    domain: str
    metric: str
    n_classes: int | None
    n_train: float | None
    year: int
    prompted_score: float
    prompted_model: str
    tuned_score: float
    tuned_model: str
    tuned_method: str
    source: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything `advise` may know about the world, read once by the catalog.

    `tools` are no candidates to prompt or tune: the encoder of feature extraction, the classical learner.
    """

    models: tuple[ModelCard, ...]
    gpus: tuple[Gpu, ...]
    published: tuple[PublishedResult, ...]
    catalog_date: str
    notes: tuple[str, ...] = field(default=())
    tools: tuple[ModelCard, ...] = ()

"""What the forward pass keeps for the backward pass, in bytes. Counted from the modelling code of transformers."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.estimators.frameworks import framework_of
from advisor.estimators.storage import BYTES, QUANTISED
from advisor.vocabulary import Architecture, MethodCard, TrainingSettings, key_width, query_width

ADAPTER_BYTES = 4.0  # peft holds adapters in fp32 and casts their inputs (autocast_adapter_dtype, peft 0.21)
EAGER_BYTES = 5.8  # softmax in fp32 and its 16-bit copy, per head and pair of positions; fitcheck's fit on a T4
EAGER_TRANSIENT_BYTES = 8.0  # scores, mask and softmax of the block at work
UNFUSED = ("fsdp",)  # a fused loss finds no plain head to fuse with there: fms runs with liger equal those without
CHUNKS = 8  # chunked cross-entropy: torchtune's default number of chunks
# bytes per position and vocabulary entry while the loss is differentiated: log-softmax, its gradient and the loss's
LOGITS_BYTES = {"upcast": 12.0, "16-bit": 6.0}  # 3 copies; transformers PR 33902; fits fms single-GPU runs


@dataclass(frozen=True, slots=True)
class Activations:
    """Bytes on one GPU: kept over the whole forward pass, of the block being recomputed, and of the loss."""

    kept: float
    block: float
    logits: float


def activation_bytes(card: MethodCard, a: Architecture, settings: TrainingSettings) -> Activations:
    """Kept values of all blocks (block inputs only, with checkpointing), one block's work, and the loss."""
    tokens = float(settings.batch_size * settings.seq_len)
    unit = stream_bytes(card, settings)
    per_token = block_bytes_per_token(card, a, settings)
    pairs = settings.batch_size * a.heads * settings.seq_len**2 * (1 if settings.attention == "eager" else 0)
    block = tokens * per_token + pairs * EAGER_BYTES
    working = tokens * unit * _gradient_values(a) + pairs * EAGER_TRANSIENT_BYTES
    final = tokens * unit * 2 * a.width  # the last norm's input and output, read by the head
    if card.trained in ("nothing", "head"):
        return Activations(0.0, working, tokens * a.width * unit)
    if settings.gradient_checkpointing:
        kept = a.layers * tokens * a.width * unit
        return Activations(kept + final, block + working, logits_bytes(card, a, settings))
    return Activations(a.layers * block + final, working, logits_bytes(card, a, settings))


def stream_bytes(card: MethodCard, settings: TrainingSettings) -> float:
    """Bytes per value of the residual stream: 4 where k-bit preparation upcast norms and embeddings, else the dtype's.

    bitsandbytes hands its result back in the dtype it got, so that the whole block runs at that width.
    """
    quantised = card.trained != "all" and base_dtype(card, settings) in QUANTISED
    if quantised and framework_of(settings.framework).upcasts:
        return 4.0
    return BYTES[settings.dtype]


def base_dtype(card: MethodCard, settings: TrainingSettings) -> str:
    """How the base is held: as asked for, else as the card says for a quantised base, else the computing dtype.

    Mixed precision (`amp`) of a fully trained model keeps the weights in fp32.
    """
    if settings.weight_dtype:
        return settings.weight_dtype
    if card.base_weight_dtype in QUANTISED:
        return card.base_weight_dtype
    return "fp32" if settings.amp and card.trained == "all" else settings.dtype


def block_bytes_per_token(card: MethodCard, a: Architecture, settings: TrainingSettings) -> float:
    """What one block keeps per token when nothing is recomputed.

    Norms keep their input in fp32; attention keeps q, k, v and its output; the MLP the inputs of its products. A
    trained linear layer keeps its input, a frozen one only needs its weight; an adapted one the adapter's input.
    """
    unit = stream_bytes(card, settings)
    q, k = query_width(a), key_width(a)
    f = a.mlp_width * max(a.experts_per_token, 1) + a.shared_expert_width
    norms = 4.0 * a.norms_per_layer * a.width
    attention = unit * (2 * q + 2 * k)
    products = unit * f * (3 if a.gated_mlp else 1)
    if card.trained == "all":
        norms += unit * a.norms_per_layer * a.width
        inputs = unit * (2 * a.width + f)
        return norms + attention + products + inputs
    cast = unit != ADAPTER_BYTES
    width = unit if settings.amp and unit == 2 else ADAPTER_BYTES
    saved = card.saved_values_per_token(a, settings, cast) if card.saved_values_per_token else 0
    return norms + attention + products + width * saved


def logits_bytes(card: MethodCard, a: Architecture, settings: TrainingSettings) -> float:
    """The loss over the vocabulary: usually the largest single tensor of a small model."""
    tokens = float(settings.batch_size * settings.seq_len)
    if settings.loss == "fused" and settings.sharding not in UNFUSED:
        return tokens * a.width * 4.0
    full = tokens * a.vocabulary * LOGITS_BYTES["upcast" if settings.logits_upcast else "16-bit"]
    if stream_bytes(card, settings) == 4.0:
        full = tokens * a.vocabulary * 16.0  # fp32 logits beside the three; fitcheck's fit for nf4
    return full / CHUNKS if settings.loss == "chunked" else full


def _gradient_values(a: Architecture) -> float:
    """Values per token alive while a block is differentiated: gradients of the MLP's products and of its input."""
    return 2.0 * (a.mlp_width * max(a.experts_per_token, 1) + a.shared_expert_width) + 2.0 * a.width

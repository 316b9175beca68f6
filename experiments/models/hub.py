"""Models from the Hugging Face hub: only when a person named one, and never with code of their author."""

from __future__ import annotations

import logging
import socket
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

from advisor.errors import ModelError

HUB_FILES = ("*.json", "*.safetensors", "*.jinja", "merges.txt", "vocab.txt", "LICENSE*", "README.md")


def download(name: str, refuse_early: Callable[[Path, str], None]) -> Path:
    """The files of a hub model, from the cache where it is; else the config first, for `refuse_early` to judge."""
    from huggingface_hub import hf_hub_download, snapshot_download

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        return Path(snapshot_download(name, local_files_only=True, allow_patterns=list(HUB_FILES)))
    except (OSError, ValueError):
        reach_hub(name)
    try:
        config = Path(hf_hub_download(name, "config.json"))
        refuse_early(config.parent, name)
        return Path(snapshot_download(name, allow_patterns=list(HUB_FILES), ignore_patterns=["*/*"]))
    except (OSError, ValueError) as error:
        raise hub_error(name, error) from error


def reach_hub(name: str) -> None:
    """Say at once that there is no way to the hub: the library would try for half a minute."""
    from huggingface_hub import constants

    host = urllib.parse.urlsplit(constants.ENDPOINT).hostname or ""
    if constants.HF_HUB_OFFLINE or (not urllib.request.getproxies() and not has_address(host)):
        raise unreachable(name)


def has_address(host: str) -> bool:
    """True when this machine can look the host up."""
    try:
        return bool(socket.getaddrinfo(host, 443))
    except OSError:
        return False


def unreachable(name: str) -> ModelError:
    """The sentence for a model that is not here while the hub cannot be asked."""
    return ModelError(
        f"{name} is not on this machine and the hub cannot be reached.",
        "Connect this machine, or download the model elsewhere and give its folder with --model.",
    )


def hub_error(name: str, error: Exception) -> ModelError:
    """One sentence for each way in which the hub may refuse."""
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return ModelError(
            f"{name} is gated: its owner lets only approved accounts download it.",
            "Ask for access on the model's page, then log in with `hf auth login` and try again.",
        )
    if isinstance(error, errors.RepositoryNotFoundError):
        return ModelError(
            f"The hub knows no public model '{name}'.", "Check the spelling; for a private one run `hf auth login`."
        )
    if isinstance(error, errors.EntryNotFoundError) and not isinstance(error, errors.LocalEntryNotFoundError):
        return ModelError(f"{name} on the hub is not a transformers model: it has no config.json.", "Choose another.")
    if getattr(error, "errno", None) == 28:  # ENOSPC
        return ModelError(f"The disk became full while downloading {name}.", "Free some space and try again.")
    return unreachable(name)

"""Names as people write them → the row of the table that is meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from advisor.catalog.reader import every_model, facts
from advisor.errors import UnknownName
from advisor.vocabulary import Facts, Gpu, ModelCard

Named = TypeVar("Named", ModelCard, Gpu)
Form = Callable[[str], str]
MAKERS = re.compile(r"\b(?:nvidia|geforce|tesla|amd|instinct|intel|graphics|gpu|accelerator|generation|pcie card)\b")
# endings that name a variant of one shape: tuned for chat, quantised by somebody, converted
VARIANT = re.compile(
    r"(?:[-_ ](?:instruct|chat|it|hf|base|sft|dpo|gptq|awq|gguf|int4|int8|fp8|bf16|nvfp4|4bit|8bit|bnb|v0\.\d|\d{4}))+$"
)


def find_model(name: str, among: Facts | None = None) -> ModelCard:
    """The card of a model by id, short name or usual spelling; `UnknownName` lists the nearest.

    Shapes that are known but not listed as candidates are found too.
    """
    listed = among.models if among else ()
    everything = (*listed, *every_model())
    found = _find(name, everything, (_plain, _compact_model, _without_variant))
    if found is None:
        raise _unknown("model", name, [n for m in everything for n in (m.id, m.name)], "python -m advisor models")
    return found


def find_gpu(name: str, among: Facts | None = None) -> Gpu:
    """The row of a GPU (or `cpu`) by id or usual spelling; `UnknownName` lists the nearest."""
    known = (among or facts()).gpus
    found = _find(name, known, (_plain, _compact_gpu, _without_memory))
    if found is None:
        raise _unknown("GPU", name, [n for g in known for n in (g.id, *g.aliases)], "python -m advisor gpus")
    return found


def _find(name: str, known: Sequence[Named], forms: tuple[Form, ...]) -> Named | None:
    """The first item with a name equal to `name` in the strictest of the forms that matches anything."""
    for form in forms:
        wanted = form(name)
        found = next((item for item in known if wanted and wanted in _spellings(item, form)), None)
        if found is not None:
            return found
    return None


def _spellings(item: ModelCard | Gpu, form: Form) -> set[str]:
    return {form(spelling) for spelling in (item.id, item.name, *item.aliases)}


def _plain(name: str) -> str:
    return name.strip().casefold()


def _compact_model(name: str) -> str:
    """Without the maker's account and punctuation: "Qwen/Qwen2.5-7B" and "qwen2.5 7b" are one."""
    return re.sub(r"[^a-z0-9.]", "", _plain(name).rsplit("/", 1)[-1].replace("_", ".")).replace("meta", "")


def _without_variant(name: str) -> str:
    return _compact_model(VARIANT.sub("", _plain(name).rsplit("/", 1)[-1]))


def _compact_gpu(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", MAKERS.sub("", _plain(name)))


def _without_memory(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\d+ ?gi?b\b.*$", "", MAKERS.sub("", _plain(name))))


def _unknown(kind: str, name: str, spellings: list[str], command: str) -> UnknownName:
    by_plain = {_plain(s): s for s in spellings}
    near = difflib.get_close_matches(_plain(name), by_plain, n=3, cutoff=0.4)
    hint = f"The nearest known: {', '.join(by_plain[n] for n in near)}. " if near else ""
    return UnknownName(f"Nobody here knows a {kind} called {name!r}.", f"{hint}All of them: {command}.")

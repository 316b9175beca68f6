"""The libraries that an arm really used, and those that `classify.py` needs, in the versions that it ran with."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.arms import card
from experiments.export.left import Kind, Left

MODEL = ("torch", "transformers")
OF_KIND = {
    Kind.LORA: ("peft",),
    Kind.PREFIX: ("peft",),
    Kind.CLASSIFIER: ("scikit-learn", "skops"),
}
OF_NEED = {"base": MODEL, "embedder": MODEL, "bitsandbytes": ("bitsandbytes",), "service": ("openai",)}
OF_METRIC = {"chrf": ("sacrebleu",)}


def used(left: Left, metric: str, versions: Mapping[str, str]) -> dict[str, str]:
    """Those of a run's versions that the arm and its score come from; numpy is in all of them."""
    names = {*_libraries(left), *OF_METRIC.get(metric, ()), "numpy"}
    return {name: version for name, version in versions.items() if name in names}


def needed(left: Left, versions: Mapping[str, str]) -> list[str]:
    """What pip has to install for `classify.py`; empty where there is nothing for it to read."""
    if left.kind is not Kind.CLASSIFIER or left.folder is None:
        return []
    local = {
        name: versions[name].partition("+")[0] for name in _libraries(left) if name in versions
    }  # no index has +cpu
    return [f"{name}=={local[name]}" if name in local else name for name in _libraries(left)]


def _libraries(left: Left) -> list[str]:
    of_needs = [name for need in card(left.arm).needs for name in OF_NEED.get(need, ())]
    return list(dict.fromkeys([*OF_KIND.get(left.kind, ()), *of_needs]))

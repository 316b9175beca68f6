"""Watches every operation and writes down when a storage is born and when it dies.

Runs in the child process only. Storages are followed, not tensors: views share one, and a storage dies when its last
tensor does, exactly as its memory on a GPU would be given back.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from advisor.dry_run.allocator import Event

IN_KERNEL = "in_kernel"  # what a kernel allocates for itself while it runs
PHASES = {"forward": "activations", "backward": "activations", "step": "optimizer_step"}


class Ledger(TorchDispatchMode):  # type: ignore[misc]
    """The events of a training step. `phase` is set by who runs it; `in_kernel` says what a kernel takes for itself."""

    def __init__(self, vocabulary: int, in_kernel: Callable[[Any, tuple[Any, ...], dict[str, Any]], int]) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.phase = "setup"
        self._vocabulary = vocabulary
        self._in_kernel = in_kernel
        self._alive: dict[int, tuple[Any, int, str]] = {}
        self._count = 0
        self._moment = "setup"

    def hold(self, tensors: Iterable[Any], component: str) -> None:
        """Enter tensors that exist already, or say to which component known ones belong."""
        for tensor in tensors:
            storage = tensor.untyped_storage()
            known = self._alive.get(storage._cdata)
            if known is None or known[0]() is None:
                self._born(storage, component)
            elif known[2] != component:
                self._alive[storage._cdata] = (known[0], known[1], component)
                self.events.append(Event("rename", known[1], 0, component, self._moment))

    def forget(self, tensors: Iterable[Any]) -> int:
        """Leave tensors out from now on (they live outside the allocator); returns their bytes."""
        total = 0
        for tensor in tensors:
            storage = tensor.untyped_storage()
            known = self._alive.pop(storage._cdata, None)
            if known is not None:
                self.events.append(Event("free", known[1], 0, known[2], self._moment))
            total += storage.nbytes()
        return total

    def reserve(self, size: int, component: str) -> None:
        """Memory that stays taken from now on without a tensor of ours (workspaces of libraries)."""
        self._count += 1
        self.events.append(Event("allocate", self._count, size, component, self._moment))

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        self._moment = f"{self.phase}: {func.__name__.split('.')[0]}"
        for tensor in tree_leaves(out):
            if not isinstance(tensor, torch.Tensor) or tensor.device.type != "meta":
                continue
            storage = tensor.untyped_storage()
            known = self._alive.get(storage._cdata)
            if known is None or known[0]() is None:
                self._born(storage, self._component(tensor))
        extra = self._in_kernel(func, args, kwargs)
        if extra:
            self.reserve(extra, IN_KERNEL)
            self.events.append(Event("free", self._count, 0, IN_KERNEL, self._moment))
        return out

    def _component(self, tensor: Any) -> str:
        component = PHASES.get(self.phase, self.phase)
        over_words = tensor.dim() >= 2 and tensor.shape[-1] == self._vocabulary
        return "logits" if over_words and component == "activations" else component

    def _born(self, storage: Any, component: str) -> None:
        self._count += 1
        key, number = storage._cdata, self._count
        gone = weakref.ref(storage, lambda _: self._died(key, number))
        self._alive[key] = (gone, number, component)
        self.events.append(Event("allocate", number, storage.nbytes(), component, self._moment))

    def _died(self, key: int, number: int) -> None:
        known = self._alive.get(key)
        if known is not None and known[1] == number:
            del self._alive[key]
            self.events.append(Event("free", number, 0, known[2], self._moment))

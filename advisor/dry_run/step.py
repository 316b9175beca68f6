"""One training step of the real model on tensors without memory, watched by the ledger. Runs in the child only."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import peft
import torch
import transformers.masking_utils

from advisor.dry_run import adapters, losses, model, optimizers
from advisor.dry_run.allocator import Peak, replay
from advisor.dry_run.cuda import CUBLAS_HANDLES, CUBLAS_WORKSPACE, Autocast, in_kernel_bytes, on_cuda
from advisor.dry_run.ledger import Ledger
from advisor.errors import ModelError

LARGEST_NORM = 1.0  # gradients are clipped, the default of transformers' and TRL's trainers
KEEPS_OUTPUTS = ("peft",)  # its own training loops hold the logits until the backward pass is over; trainers do not


class Job:
    """What is trained and how; `run` gives the peak, the numbers of parameters and what was left outside."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.card: dict[str, Any] = request["card"]
        self.settings: dict[str, Any] = request["settings"]
        self.notes: list[str] = []
        self.compute = model.DTYPES[self.settings["dtype"]]
        self.stored: str = request["stored"]
        self.config = model.read_config(request["config"])
        self.checkpointing = self.settings["gradient_checkpointing"]
        why_not = adapters.WITHOUT_CHECKPOINTING.get(self.card["name"])
        if self.checkpointing and why_not:
            self.checkpointing = False
            self.notes.append(f"Traced without gradient checkpointing: {why_not}.")

    def run(self) -> dict[str, Any]:
        """Build, trace, and put the events through the allocator."""
        with on_cuda(), _one_sequence_per_row():
            network = self._build()
            ledger = Ledger(self.config.vocab_size, in_kernel_bytes)
            paged = self._trace(network, ledger)
        parameters = list(network.parameters())
        weights = sum(event.size for event in ledger.events if event.moment == "setup" and event.component == "weights")
        peak = replay(ledger.events, measured_from="forward", warm_up=weights)
        return {
            "peak": _as_document(peak),
            "paged": paged,
            "trainable": sum(p.numel() for p in parameters if p.requires_grad),
            "operations": len(ledger.events),
            "notes": self.notes,
        }

    def _build(self) -> Any:
        plain = self.stored in model.DTYPES
        network = model.empty_model(self.config, self.stored if plain else self.settings["dtype"], self._attention())
        if not plain:
            model.quantise(network, self.stored, self.settings["double_quant"], self.compute)
        if not plain and any(p.dim() > 2 for p in network.parameters()):
            self.notes.append("bitsandbytes leaves experts that are stored as one tensor in 16 or 32 bits.")
        prepares = not plain and self.settings["framework"].casefold() not in adapters.WITHOUT_PREPARATION
        if prepares:
            peft.prepare_model_for_kbit_training(network, use_gradient_checkpointing=False)
        if self.card["trained"] == "adapter":
            network = self._adapted(network)
        if not plain and not prepares:
            adapters.lower(network)
        base = network.get_base_model() if hasattr(network, "get_base_model") else network
        losses.put_in(base, self.settings["loss"], self.settings["logits_upcast"])
        if self.checkpointing:
            again = (lambda: (contextlib.nullcontext(), self._precision())) if self.settings["amp"] else None
            base.activation_checkpointing_enable({"use_reentrant": False, **({"context_fn": again} if again else {})})
        return network.train()

    def _attention(self) -> str:
        return "eager" if self.settings["attention"] == "eager" else "sdpa"

    def _adapted(self, network: Any) -> Any:
        add = adapters.ADAPTERS.get(self.card["name"])
        if add is None:
            known = ", ".join(adapters.ADAPTERS)
            raise ModelError(f"The dry run does not know what '{self.card['name']}' adds.", f"It knows {known}.")
        return add(network, self.settings)

    def _precision(self) -> Any:
        return Autocast(self.compute) if self.settings["amp"] else contextlib.nullcontext()

    def _trace(self, network: Any, ledger: Ledger) -> int:
        """Steady state: the optimizer's states are there before the traced step begins. Returns paged bytes."""
        trained = [p for p in network.parameters() if p.requires_grad]
        optimizer = optimizers.BUILD[self.settings["optimizer"]](trained)
        own = trained if self.card["trained"] == "adapter" else []
        ledger.hold(model.held_by(network), "weights")
        ledger.hold(own, "adapters")
        for parameter in trained:
            parameter.register_post_accumulate_grad_hook(lambda p: ledger.hold([p.grad], "gradients"))
        batch = self._batch()
        with ledger:
            ledger.hold(batch.values(), "inputs")
            for _ in range(CUBLAS_HANDLES):
                ledger.reserve(CUBLAS_WORKSPACE, "workspace")
            for parameter in trained:
                parameter.grad = torch.empty_like(parameter)
            optimizer.step()
            optimizer.zero_grad()
            kept = optimizers.states(optimizer)
            paged = ledger.forget(t for t in kept if optimizers.paged(t))
            ledger.hold([t for t in kept if t.device.type == "meta" and not optimizers.paged(t)], "optimizer")
            self._step(network, optimizer, batch, ledger)
        return paged

    def _step(self, network: Any, optimizer: Any, batch: dict[str, Any], ledger: Ledger) -> None:
        for _ in range(min(self.settings["gradient_accumulation"], 2)):  # from the second on all are alike
            ledger.phase = "forward"
            with self._precision():
                outputs = network(**batch)
            loss = outputs.loss
            if self.settings["framework"].casefold() not in KEEPS_OUTPUTS:
                del outputs
            ledger.phase = "backward"
            loss.backward()
            loss = outputs = None
        ledger.phase = "step"
        trained = [p for p in network.parameters() if p.grad is not None]
        torch.nn.utils.clip_grad_norm_(trained, LARGEST_NORM, foreach=True)
        optimizer.step()
        optimizer.zero_grad()

    def _batch(self) -> dict[str, Any]:
        """Full rows; rows beside each other come with a mask, since in practice one of them is shorter."""
        shape = (self.settings["batch_size"], self.settings["seq_len"])
        batch = {name: torch.zeros(shape, dtype=torch.long, device="meta") for name in ("input_ids", "labels")}
        if shape[0] > 1 and not self.settings["packing"]:
            batch["attention_mask"] = torch.ones(shape, dtype=torch.long, device="meta")
        return batch


@contextlib.contextmanager
def _one_sequence_per_row() -> Iterator[None]:
    """Answers two questions transformers asks of values that are not there: rows are one sequence each, some padded."""
    masks = transformers.masking_utils
    before = masks.find_packed_sequence_indices, masks.fast_all
    masks.find_packed_sequence_indices, masks.fast_all = (lambda _: None), (lambda _: False)
    try:
        yield
    finally:
        masks.find_packed_sequence_indices, masks.fast_all = before


def _as_document(peak: Peak) -> dict[str, Any]:
    return {
        "allocated": peak.allocated,
        "reserved": peak.reserved,
        "moment": peak.moment,
        "held": peak.held,
        "most": peak.most,
    }
